import { amount, atBp2mi, atHealth, atMission, atSocial, cover, coverBefore, coverUnpaid, place, placement, truthOf } from './kit.ts';
import type { Part } from './kit.ts';
import { addDays, addMonths } from '../../../domain/time.ts';

/** Members whose protection is the story: what covers them, and what does not. */

const wati = truthOf({
  name: 'Wati Komalasari', sex: 'FEMALE', born: '1996-12-03', birthplace: 'Indramayu', mother: 'Carinih', phone: '081222200101', area: '32.12.15', nik: '3212154312969991', passports: ['AP3100101'],
});
const ningsih = truthOf({
  name: 'Ningsih Puspitasari', sex: 'FEMALE', born: '1988-05-19', birthplace: 'Blitar', mother: 'Mujiati', phone: '085755500110', area: '35.05.10', nik: '3505105905889992', passports: ['AP3100110'],
});
const endang = truthOf({
  name: 'Endang Sulistyowati', sex: 'FEMALE', born: '1981-10-10', birthplace: 'Banyuwangi', mother: 'Ponirah', phone: '082233300111', area: '35.10.11', nik: '3510115010819993', passports: ['AP1100111'],
});
const tuti = truthOf({
  name: 'Tuti Handayani', sex: 'FEMALE', born: '1993-07-27', birthplace: 'Cirebon', mother: 'Daryati', phone: '081324400112', area: '32.09.21', nik: '3209216707939994', passports: ['AP3100112'],
});
const lastri = truthOf({
  name: 'Lastri Mulyani', sex: 'FEMALE', born: '1985-02-14', birthplace: 'Malang', mother: 'Kasiyem', phone: '081333300113', area: '35.07.22', nik: '3507225402859995', passports: ['AP2100113'],
});
const aminah = truthOf({
  name: 'Aminah Fitriani', sex: 'FEMALE', born: '1999-09-09', birthplace: 'Lombok Timur', mother: 'Rukiah', phone: '087866600114', area: '52.03.07', nik: '5203074909999996', passports: ['AP3100114'],
});
const ayu = truthOf({
  name: 'Putu Ayu Lestari', sex: 'FEMALE', born: '1997-03-23', birthplace: 'Buleleng', mother: 'Luh Sukerti', phone: '081999900122', area: '51.08.03', nik: '5108036303979997', passports: ['AP3100122'],
});
const slamet = truthOf({
  name: 'Slamet Widodo', sex: 'MALE', born: '1991-04-30', birthplace: 'Lampung Timur', mother: 'Sumarni', phone: '085266600123', area: '18.07.10', nik: '1807103004919998', passports: ['AP2100123'],
});
const agus = truthOf({
  name: 'Agus Hermawan', sex: 'MALE', born: '2000-06-16', birthplace: 'Subang', mother: 'Entin', phone: '081322200118', area: '32.13.08', nik: '3213081606009991', passports: ['AP3100118'],
});

export const protectionParts: readonly Part[] = [
  {
    slug: 'wati-lapsed', truth: wati, mismatches: [],
    story: 'Paid for the cover before work, then waited eight months for her visa to Taiwan. The cover ended after five months, she did not pay again, and left without any.',
    records(t) {
      const taiwan = placement({ number: 'PEN-900000011', place: place('TW', 'Taoyuan'), job: 'CAREGIVER', employer: 'HUANG YU TING', wage: amount(20000, 'TWD'), departed: t.ago(4), passport: 'AP3100101', passportValidUntil: t.ago(-55) }, { registeredOn: t.ago(13) });
      const paid = t.ago(12);
      return [
        atBp2mi(wati, 'PMI-90000011', t.ago(4), [taiwan]),
        atSocial(wati, '25900000011', addMonths(paid, 5), [...coverBefore('25900000011', t.today, paid, t.ago(4)), ...coverUnpaid('25900000011', t.today, addDays(paid, -2), taiwan)]),
        atHealth(wati, '0003000000011', t, 'PBI'),
      ];
    },
  },
  {
    slug: 'ningsih-suspended', truth: ningsih, mismatches: [],
    story: 'Pays her JKN herself and has suspended it while in Taiwan, as the law allows after six months abroad. Inactive, and no fault.',
    records(t) {
      const taiwan = placement({ number: 'PEN-900000101', place: place('TW', 'Kaohsiung'), job: 'CAREGIVER', employer: 'TSAI CHIA HAO', months: 36, wage: amount(20000, 'TWD'), departed: t.ago(16), passport: 'AP3100110', passportValidUntil: t.ago(-42) });
      return [
        atBp2mi(ningsih, 'PMI-90000101', t.ago(16), [taiwan]),
        atSocial(ningsih, '24900000101', t.ago(18), cover({ kpj: '24900000101', today: t.today, paid: t.ago(18), placement: taiwan })),
        atHealth(ningsih, '0003000000101', t, 'PBPU', [{ from: t.ago(15), until: null, reason: 'SUSPENDED_ABROAD' }]),
        atMission(ningsih, { number: 'LD-900000101', place: place('TW', 'Kaohsiung'), on: t.ago(15), passports: ['AP3100110'] }),
      ];
    },
  },
  {
    slug: 'endang-arrears', truth: endang, mismatches: [],
    story: 'Home from Hong Kong for two years. Nothing covers her work abroad any more, and her JKN is inactive for arrears since she stopped paying a year ago.',
    records(t) {
      const hongKong = placement({ number: 'PEN-900000111', place: place('HK', 'New Territories'), job: 'HOUSE MAID', employer: 'LAM KA YAN', wage: amount(4730, 'HKD'), departed: t.ago(49), returned: t.ago(24), passport: 'AP1100111', passportValidUntil: t.ago(-4) });
      return [
        atBp2mi(endang, 'PMI-90000111', t.ago(24), [hongKong]),
        atSocial(endang, '22900000111', t.ago(24), cover({ kpj: '22900000111', today: t.today, paid: t.ago(51), placement: hongKong })),
        atHealth(endang, '0003000000111', t, 'PBPU', [{ from: t.ago(12), until: null, reason: 'ARREARS' }]),
      ];
    },
  },
  {
    slug: 'tuti-short-cover', truth: tuti, mismatches: [],
    story: 'Her contract in Japan runs for 36 months, her cover was paid for 24: for the last eleven months of the contract nothing covers her, and the gap has just begun.',
    records(t) {
      const japan = placement({
        number: 'PEN-900000121', place: place('JP', 'Aichi'), job: 'FOOD PROCESSING WORKER', employer: 'CONTOH LOTUS INDUSTRIES 12', kind: 'LEGAL_ENTITY', months: 36, wage: amount(172000, 'JPY'), departed: t.ago(26), passport: 'AP3100112',
        passportValidUntil: t.ago(-33),
      });
      return [
        atBp2mi(tuti, 'PMI-90000121', t.ago(26), [japan]),
        atSocial(tuti, '24900000121', t.ago(28), cover({ kpj: '24900000121', today: t.today, paid: t.ago(28), placement: japan, months: 24 })),
        atHealth(tuti, '0003000000121', t, 'PBI'),
      ];
    },
  },
  {
    slug: 'lastri-extended', truth: lastri, mismatches: [],
    story: 'Extended her contract in Hong Kong by two years without coming home. The mission recorded the extension, nobody extended the cover.',
    records(t) {
      const where = place('HK', 'Kowloon');
      const first = placement(
        { number: 'PEN-900000131', place: where, job: 'HOUSE MAID', employer: 'CHAN WAI MING', wage: amount(4870, 'HKD'), departed: t.ago(33), passport: 'AP2100113', passportValidUntil: t.ago(-20) }, { stage: 'RENEWED' },
      );
      const start = addDays(first.contract.end!, 1);
      const second = {
        ...first, number: 'PEN-900000132', stage: 'ARRIVED' as const, registeredOn: addDays(start, -20), departedOn: null, arrivedOn: null, renews: first.number,
        contract: { start, end: addDays(addMonths(start, 24), -1), months: 24, wage: amount(4990, 'HKD'), signedOn: addDays(start, -20) },
      };
      return [
        atBp2mi(lastri, 'PMI-90000131', addDays(start, -19), [first, second]),
        atSocial(lastri, '24900000131', t.ago(35), cover({ kpj: '24900000131', today: t.today, paid: t.ago(35), placement: first })),
        atHealth(lastri, '0003000000131', t, 'PBPU', [{ from: t.ago(32), until: null, reason: 'SUSPENDED_ABROAD' }]),
        atMission(lastri, { number: 'LD-900000131', place: where, on: t.ago(32), passports: ['AP2100113'] }),
      ];
    },
  },
  {
    slug: 'aminah-outside-channel', truth: aminah, mismatches: [],
    story: 'Domestic worker in Kuala Lumpur, placed by a company, but past the One Channel System, the only lawful way since April 2022.',
    records(t) {
      const kl = placement(
        { number: 'PEN-900000141', place: place('MY', 'Kuala Lumpur'), job: 'DOMESTIC WORKER', employer: 'FARIDAH BINTI OSMAN', wage: amount(1500, 'MYR'), departed: t.ago(7), passport: 'AP3100114', passportValidUntil: t.ago(-52) }, { oneChannelSystem: false },
      );
      return [
        atBp2mi(aminah, 'PMI-90000141', t.ago(7), [kl]),
        atHealth(aminah, '0003000000141', t, 'PBI'),
        atMission(aminah, { number: 'LD-900000141', place: place('MY', 'Kuala Lumpur'), on: t.ago(6), verified: null, passports: ['AP3100114'] }),
      ];
    },
  },
  {
    slug: 'ayu-protected', truth: ayu, mismatches: [],
    story: 'The model case: nurse in Frankfurt, placed government to government, covered by JKK, JKM and JHT, JKN lawfully suspended, stay reported and verified, all papers in agreement.',
    records(t) {
      const germany = placement({
        number: 'PEN-900000221', place: place('DE', 'Hessen', 'Frankfurt'), job: 'NURSE', employer: 'CONTOH WHITE CRANE SERVICES 22', kind: 'LEGAL_ENTITY', scheme: 'G_TO_G', wage: amount(2800, 'EUR'), departed: t.ago(11), passport: 'AP3100122',
        passportValidUntil: t.ago(-98),
      });
      const kpj = '25900000221';
      const mandatory = cover({ kpj, today: t.today, paid: t.ago(13), placement: germany });
      const during = mandatory.find((row) => row.phase === 'DURING')!;
      const oldAge = { ...during, programme: 'JHT' as const, payment: { status: 'PAID' as const, owed: amount(4_800_000, 'IDR'), paid: amount(4_800_000, 'IDR'), paidOn: during.payment.paidOn } };
      return [
        atBp2mi(ayu, 'PMI-90000221', t.ago(11), [germany]),
        atSocial(ayu, kpj, t.ago(11), [...mandatory, oldAge], { passports: ['AP3100122'] }),
        atHealth(ayu, '0003000000221', t, 'PBPU', [{ from: t.ago(10), until: null, reason: 'SUSPENDED_ABROAD' }]),
        atMission(ayu, { number: 'LD-900000221', place: place('DE', 'Hessen', 'Frankfurt'), on: t.ago(11, 9), passports: ['AP3100122'] }),
      ];
    },
  },
  {
    slug: 'slamet-just-home', truth: slamet, mismatches: [],
    story: 'Came home from a Malaysian plantation twelve days ago at the end of his contract; the cover after work holds for thirty days.',
    records(t) {
      const back = addDays(t.today, -12);
      const johor = placement({
        number: 'PEN-900000231', place: place('MY', 'Johor', 'Kluang'), job: 'PLANTATION WORKER', employer: 'CONTOH EVERGREEN HOLDINGS 23', kind: 'LEGAL_ENTITY', wage: amount(1700, 'MYR'), departed: addMonths(addDays(back, -4), -24), returned: back,
        passport: 'AP2100123', passportValidUntil: t.ago(-28),
      });
      return [
        atBp2mi(slamet, 'PMI-90000231', back, [johor]),
        atSocial(slamet, '24900000231', back, cover({ kpj: '24900000231', today: t.today, paid: t.ago(26), placement: johor })),
        atHealth(slamet, '0003000000231', t, 'PBI'),
        atMission(slamet, { number: 'LD-900000231', place: place('MY', 'Johor', 'Kluang'), on: t.ago(22), passports: ['AP2100123'] }),
      ];
    },
  },
  {
    slug: 'agus-failed', truth: agus, mismatches: [],
    story: 'Trained and paid for a factory job in Poland, then the employer withdrew and he never left; the failed departure is claimed from JKK.',
    records(t) {
      const paid = t.ago(5);
      const poland = placement(
        { number: 'PEN-900000181', place: place('PL', 'Mazowieckie'), job: 'FACTORY OPERATOR', employer: 'CONTOH NEW BRIDGE WORKS 18', kind: 'LEGAL_ENTITY', wage: amount(4300, 'PLN'), departed: t.ago(2), passport: 'AP3100118', passportValidUntil: t.ago(-56) },
        { stage: 'FAILED_TO_DEPART', departedOn: null, arrivedOn: null, contract: { start: null, end: null, months: 24, wage: amount(4300, 'PLN'), signedOn: t.ago(6) }, registeredOn: t.ago(9) },
      );
      const failed = addDays(paid, 60);
      const claim = {
        number: 'KLM-900000181', benefit: 'JKK GAGAL BERANGKAT', status: 'IN_REVIEW' as const, filedOn: addDays(failed, 14), decidedOn: null, amount: null, caseNumber: null,
      };
      const rows = coverBefore('26900000181', t.today, paid, null).map((row) => ({
        ...row, status: 'EXPIRED' as const, window: { start: paid, end: failed }, claims: row.programme === 'JKK' ? [claim] : [],
      }));
      return [atBp2mi(agus, 'PMI-90000181', failed, [poland]), atSocial(agus, '26900000181', addDays(failed, 14), rows), atHealth(agus, '0003000000181', t, 'PBI')];
    },
  },
];
