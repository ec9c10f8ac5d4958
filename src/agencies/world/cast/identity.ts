import { amount, atBp2mi, atHealth, atMission, atSocial, caseFile, caseAlone, cover, place, placement, truthOf } from './kit.ts';
import type { Part } from './kit.ts';
import { addDays, addMonths } from '../../../domain/time.ts';

/** Members whose records do not agree on who they are. */

const rina = truthOf({
  name: 'Rina Wulandari', sex: 'FEMALE', born: '1998-04-17', birthplace: 'Tulungagung', mother: 'Supiyah', phone: '081234500201', area: '35.04.09', nik: '3504095704989991', passports: ['AP4400201'],
});
const rini = truthOf({
  name: 'Rini Wulandari', sex: 'FEMALE', born: '1998-04-17', birthplace: 'Tulungagung', mother: 'Supiyah', phone: '081234500202', area: '35.04.09', nik: '3504095704989992', passports: ['AP4400202'],
});
const yuni = truthOf({
  name: 'Yuni Astuti', sex: 'FEMALE', born: '1989-06-02', birthplace: 'Ponorogo', mother: 'Kasinem', phone: '085233300204', area: '35.02.12', nik: '3502124206899993', passports: ['AP2100204', 'AP7300204'],
});
const surati = truthOf({
  name: 'Surati', sex: 'FEMALE', born: '1983-11-21', birthplace: 'Brebes', mother: 'Warsi', phone: '087733300205', area: '33.29.10', nik: '3329106111839994', passports: ['AP3300205'],
});
const maria = truthOf({
  name: 'Maria Goreti Tefa', sex: 'FEMALE', born: '2001-02-08', birthplace: 'Kupang', mother: 'Yuliana Benu', phone: '082144400207', area: '53.01.11', nik: '5301114802019995', passports: ['SP9900207'],
});
const friendNik = '5203080907849998';
const kasim = truthOf({
  name: 'Kasim Mahnan', sex: 'MALE', born: '1986-09-30', birthplace: 'Lombok Timur', mother: 'Inaq Sahnim', phone: '081755500209', area: '52.03.08', nik: '5203083009869996', passports: ['AP5500209'],
});
const rahman = truthOf({
  name: 'Muhammad Rahman Hakim', sex: 'MALE', born: '1990-01-12', birthplace: 'Lombok Tengah', mother: 'Nuraini', phone: '081933300216', area: '52.02.04', nik: '5202041201909997', passports: ['AP6600216'],
});
const partini = truthOf({
  name: 'Partini Rahayu', sex: 'FEMALE', born: '1992-08-25', birthplace: 'Kendal', mother: 'Sukarti', phone: '085640000217', area: '33.24.07', nik: '3324076508929991', passports: ['AP6700217'],
});
const budi = truthOf({
  name: 'Budi Santoso', sex: 'MALE', born: '1987-03-05', birthplace: 'Cilacap', mother: 'Tumini', phone: '081327700215', area: '33.01.05', nik: '3301050503879992', passports: ['AP2800215', 'AP8800215'],
});

export const identityParts: readonly Part[] = [
  {
    slug: 'rina-twin', truth: rina, mismatches: ['TWIN'],
    story: 'Twin of rini-twin: same district, day of birth and mother, names one letter apart, NIKs that differ in the last four digits only. Caregiver in Taiwan.',
    records(t) {
      const taiwan = placement({ number: 'PEN-900000021', place: place('TW', 'Taichung'), job: 'CAREGIVER', employer: 'CHEN MEI LING', wage: amount(20000, 'TWD'), departed: t.ago(14), passport: 'AP4400201', passportValidUntil: t.ago(-44) });
      return [
        atBp2mi(rina, 'PMI-90000021', t.ago(14), [taiwan]),
        atSocial(rina, '24900000021', t.ago(16), cover({ kpj: '24900000021', today: t.today, paid: t.ago(16), placement: taiwan }), { passports: ['AP4400201'] }),
        atHealth(rina, '0003000000021', t, 'PBI'),
      ];
    },
  },
  {
    slug: 'rini-twin', truth: rini, mismatches: ['TWIN'],
    story: 'Twin of rina-twin. Caregiver in Taiwan, too, with another employer; only she has reported her stay.',
    records(t) {
      const taiwan = placement({ number: 'PEN-900000031', place: place('TW', 'Tainan'), job: 'CAREGIVER', employer: 'LIN SHU FEN', wage: amount(20000, 'TWD'), departed: t.ago(13), passport: 'AP4400202', passportValidUntil: t.ago(-44) });
      return [
        atBp2mi(rini, 'PMI-90000031', t.ago(13), [taiwan]),
        atSocial(rini, '24900000031', t.ago(15), cover({ kpj: '24900000031', today: t.today, paid: t.ago(15), placement: taiwan })),
        atHealth(rini, '0003000000031', t, 'PBI'),
        atMission(rini, { number: 'LD-900000031', place: place('TW', 'Tainan'), on: t.ago(12), passports: ['AP4400202'] }),
      ];
    },
  },
  {
    slug: 'yuni-two-passports', truth: yuni, mismatches: ['PASSPORT_OLD'],
    story: 'House maid in Hong Kong who renewed her passport there: BP2MI and her first lapor diri know the old number, the second lapor diri the new one. Her NIK stands on the agencies’ records at home only.',
    records(t) {
      const hongKong = placement({ number: 'PEN-900000041', place: place('HK', 'Kowloon'), job: 'HOUSE MAID', employer: 'WONG SIU FONG', wage: amount(4870, 'HKD'), departed: t.ago(20), passport: 'AP2100204', passportValidUntil: t.ago(-1) });
      const where = place('HK', 'Kowloon');
      return [
        atBp2mi(yuni, 'PMI-90000041', t.ago(20), [hongKong], { passports: ['AP2100204'] }),
        atSocial(yuni, '24900000041', t.ago(22), cover({ kpj: '24900000041', today: t.today, paid: t.ago(22), placement: hongKong }), { passports: ['AP2100204'] }),
        atMission(yuni, { number: 'LD-900000041', place: where, on: t.ago(19), passports: ['AP2100204'], nik: null }),
        atMission(yuni, { number: 'LD-900000042', kind: 'PERPINDAHAN', place: where, on: t.ago(3), passports: ['AP7300204'], nik: null }),
      ];
    },
  },
  {
    slug: 'surati-mononym', truth: surati, mismatches: ['NAME_DOUBLED', 'NAME_BIN'],
    story: 'Has one name only. On her passport it stands twice (SURATI SURATI), in Riyadh she is Surati Binti Warsono.',
    records(t) {
      const saudi = placement({ number: 'PEN-900000051', place: place('SA', 'Riyadh'), job: 'HOUSE MAID', employer: 'NOURA AL HARBI', wage: amount(1500, 'SAR'), departed: t.ago(10), passport: 'AP3300205', passportValidUntil: t.ago(-40) });
      return [
        atBp2mi(surati, 'PMI-90000051', t.ago(10), [saudi], { name: 'SURATI SURATI' }),
        atSocial(surati, '25900000051', t.ago(12), cover({ kpj: '25900000051', today: t.today, paid: t.ago(12), placement: saudi }), { name: 'SURATI' }),
        atHealth(surati, '0003000000051', t, 'PBI'),
        atMission(surati, { number: 'LD-900000051', place: place('SA', 'Riyadh'), on: t.ago(9), passports: ['AP3300205'], nik: null, name: 'Surati', alias: 'Binti Warsono' }),
      ];
    },
  },
  {
    slug: 'maria-mission-only', truth: maria, mismatches: ['SPLP', 'NIK_MISSING'],
    story: 'Left Kupang without papers; no agency at home knows her. The consulate in Johor Bahru, to which she fled, gave her a travel document and has her only case.',
    records(t) {
      const johor = place('MY', 'Johor', 'Kulai');
      const fled = caseFile({
        number: 'KJRI-JOHOR-BAHRU-900000071', place: johor, category: 'KEKERASAN', subcategory: 'KEKERASAN_MAJIKAN', parties: [{ role: 'WORKER', name: 'Maria Goreti Tefa' }, { role: 'EMPLOYER', name: null }],
        events: [[t.ago(2), 'WAITING_VERIFICATION', 'Datang sendiri ke KJRI, ditampung di shelter.'], [t.ago(2, 4), 'IN_PROCESS', 'SPLP diterbitkan, menunggu izin keluar.']],
      });
      return [caseAlone(maria, fled, { nik: null, passports: ['SP9900207'], dateOfBirth: '2001-01-01' })];
    },
  },
  {
    slug: 'kasim-borrowed', truth: kasim, mismatches: ['IDENTITY_BORROWED'],
    story: 'Works on a plantation in Sarawak under the name, NIK and passport of a friend from his village who has died. Only his JKN card is in his own name; should he die, his heirs could not claim.',
    records(t) {
      const friend = { name: 'SAHARUDIN', nik: friendNik, passports: ['AP5500209'], dateOfBirth: '1984-07-09', motherName: 'INAQ RABIAH' } as const;
      const sarawak = placement({
        number: 'PEN-900000091', place: place('MY', 'Sarawak', 'Miri'), job: 'PLANTATION WORKER', employer: 'CONTOH GREEN VALLEY INDUSTRIES 9', kind: 'LEGAL_ENTITY', wage: amount(1700, 'MYR'), departed: t.ago(18),
        passport: 'AP5500209', passportValidUntil: t.ago(-30),
      });
      return [
        atBp2mi(kasim, 'PMI-90000091', t.ago(18), [sarawak], friend),
        atSocial(kasim, '24900000091', t.ago(20), cover({ kpj: '24900000091', today: t.today, paid: t.ago(20), placement: sarawak }), friend),
        atHealth(kasim, '0003000000091', t, 'PBI'),
        atMission(kasim, { number: 'LD-900000091', place: place('MY', 'Sarawak', 'Miri'), on: t.ago(17), ...friend, name: 'Saharudin', motherName: null }),
      ];
    },
  },
  {
    slug: 'rahman-three-names', truth: rahman, mismatches: ['NAME_SPELLING', 'NAME_BIN', 'NAME_DROPPED'],
    story: 'Muhammad Rahman Hakim on his identity card, MOCH. RAHMAN HAKIM at BPJS Ketenagakerjaan, Mohd Rahman Bin Jalaludin in Penang.',
    records(t) {
      const penang = placement({
        number: 'PEN-900000161', place: place('MY', 'Pulau Pinang'), job: 'WORKER', employer: 'CONTOH BLUE RIVER WORKS 16', kind: 'LEGAL_ENTITY', wage: amount(1700, 'MYR'), departed: t.ago(15), passport: 'AP6600216', passportValidUntil: t.ago(-40),
      });
      return [
        atBp2mi(rahman, 'PMI-90000161', t.ago(15), [penang]),
        atSocial(rahman, '24900000161', t.ago(17), cover({ kpj: '24900000161', today: t.today, paid: t.ago(17), placement: penang }), { name: 'MOCH. RAHMAN HAKIM' }),
        atHealth(rahman, '0003000000161', t, 'PBPU'),
        atMission(rahman, { number: 'LD-900000161', place: place('MY', 'Pulau Pinang'), on: t.ago(14), name: 'Mohd Rahman Bin Jalaludin', passports: ['AP6600216'], nik: null }),
      ];
    },
  },
  {
    slug: 'partini-mistyped', truth: partini, mismatches: ['NIK_TYPO'],
    story: 'BPJS Ketenagakerjaan has her NIK with two digits exchanged, so that a look-up by her NIK finds no cover, though she has paid for it.',
    records(t) {
      const singapore = placement({ number: 'PEN-900000171', place: place('SG'), job: 'HOUSE MAID', employer: 'TAN HUI MIN', wage: amount(650, 'SGD'), departed: t.ago(9), passport: 'AP6700217', passportValidUntil: t.ago(-50) });
      return [
        atBp2mi(partini, 'PMI-90000171', t.ago(9), [singapore]),
        atSocial(partini, '25900000171', t.ago(11), cover({ kpj: '25900000171', today: t.today, paid: t.ago(11), placement: singapore }), { nik: '3324076509829991' }),
        atHealth(partini, '0003000000171', t, 'PBI'),
      ];
    },
  },
  {
    slug: 'budi-several-kpj', truth: budi, mismatches: ['PASSPORT_OLD'],
    story: 'Three KPJ from three registrations; only the latest covers him now, at his second placement in Korea.',
    records(t) {
      const korea = { place: place('KR', 'Gyeonggi'), job: 'WORKER', employer: 'CONTOH SILVER STAR WORKS 5', kind: 'LEGAL_ENTITY', scheme: 'G_TO_G', wage: amount(2060000, 'KRW'), months: 36 } as const;
      const first = placement({ ...korea, number: 'PEN-900000151', departed: t.ago(80), returned: t.ago(44), passport: 'AP2800215', passportValidUntil: t.ago(30) });
      const second = placement({ ...korea, number: 'PEN-900000152', departed: t.ago(12), passport: 'AP8800215', passportValidUntil: t.ago(-46) });
      const early = t.ago(22);
      const lapsed = placement({ ...korea, number: 'PEN-900000153', departed: t.ago(12), passport: 'AP8800215', passportValidUntil: t.ago(-46) });
      return [
        atBp2mi(budi, 'PMI-90000151', t.ago(12), [first, second]),
        atSocial(budi, '20900000151', t.ago(44), cover({ kpj: '20900000151', today: t.today, paid: t.ago(82), placement: first }), { passports: ['AP2800215'] }),
        atSocial(budi, '24900000152', addMonths(early, 5), cover({ kpj: '24900000152', today: t.today, paid: early, placement: lapsed }).filter((row) => row.phase === 'BEFORE')),
        atSocial(budi, '25900000153', t.ago(12), cover({ kpj: '25900000153', today: t.today, paid: addDays(t.ago(12), -40), placement: second }), { passports: ['AP8800215'] }),
        atHealth(budi, '0003000000151', t, 'PPU'),
      ];
    },
  },
];
