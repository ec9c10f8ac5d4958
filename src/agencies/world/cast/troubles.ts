import { amount, atBp2mi, atHealth, atMission, atSocial, caseAlone, caseFile, cover, place, placement, truthOf } from './kit.ts';
import type { Part } from './kit.ts';
import { addDays, addMonths } from '../../../domain/time.ts';

/** Members with cases at a mission. */

const siti = truthOf({
  name: 'Siti Nurhayati', sex: 'FEMALE', born: '1984-03-11', birthplace: 'Lombok Tengah', mother: 'Inaq Rohani', phone: '081907700100', area: '52.02.05', nik: '5202055103849991', passports: ['AP1100100'],
});
const joko = truthOf({
  name: 'Joko Prasetyo', sex: 'MALE', born: '1994-11-02', birthplace: 'Brebes', mother: 'Sarinah', phone: '085842200106', area: '33.29.08', nik: '3329080211949992', passports: ['AP3100106'],
});
const rizal = truthOf({
  name: 'Rizal Syahputra', sex: 'MALE', born: '2002-05-06', birthplace: 'Deli Serdang', mother: 'Rosmaida', phone: '081370000108', area: '12.07.26', nik: '1207260605029993', passports: ['AP3100108'],
});
const nur = truthOf({
  name: 'Nur Kholifah', sex: 'FEMALE', born: '1995-01-29', birthplace: 'Cianjur', mother: 'Euis Sumiati', phone: '085795500119', area: '32.03.14', nik: '3203146901959994', passports: ['AP3100119'],
});
const lina = truthOf({
  name: 'Lina Marlina', sex: 'FEMALE', born: '2003-08-14', birthplace: 'Sukabumi', mother: 'Yayah', phone: '083811100120', area: '32.02.10', nik: '3202105408039995', passports: ['AP3100120'],
});
const hasan = truthOf({
  name: 'Hasan Basri', sex: 'MALE', born: '1979-12-24', birthplace: 'Bangkalan', mother: 'Musrifah', phone: '082332200121', area: '35.26.10', nik: '3526102412799996', passports: ['AP1100121'],
});
const rusli = truthOf({
  name: 'Rusli Tahir', sex: 'MALE', born: '1988-10-18', birthplace: 'Bone', mother: 'Hasnah', phone: '085299900124', area: '73.08.10', nik: '7308101810889997', passports: ['AP2100124'],
});
const tini = truthOf({
  name: 'Tini Sumarni', sex: 'FEMALE', born: '1986-06-26', birthplace: 'Cilacap', mother: 'Parsiyem', phone: '085726600125', area: '33.01.08', nik: '3301086606869998', passports: ['AP2100125'],
});
const dewi = truthOf({
  name: 'Dewi Rahmawati', sex: 'FEMALE', born: '1997-05-14', birthplace: 'Banyumas', mother: 'Sartinah', phone: '081548800126', area: '33.02.15', nik: '3302155405979992', passports: ['AP3100126'],
});
const yanti = truthOf({
  name: 'Yanti Safitri', sex: 'FEMALE', born: '1994-02-17', birthplace: 'Bandung', mother: 'Iis Aisyah', phone: '082127700127', area: '32.04.13', nik: '3204135702949993', passports: ['AP3100127'],
});

const klang = place('MY', 'Selangor', 'Klang');

export const troubleParts: readonly Part[] = [
  {
    slug: 'siti-selangor', truth: siti, mismatches: ['NAME_BIN'],
    story: 'Domestic worker in Klang, Selangor, for eight years, unpaid for seven of them. Her two-year contract, her cover and her passport ended long ago; her JKN was never suspended. The embassy in Kuala Lumpur claims her wages.',
    records(t) {
      const departed = t.ago(97);
      const selangor = placement({ number: 'PEN-900000001', place: klang, job: 'DOMESTIC WORKER', employer: 'AZMAN BIN IDRIS', wage: amount(1200, 'MYR'), departed, passport: 'AP1100100', passportValidUntil: addMonths(departed, 57) });
      const wages = caseFile({
        number: 'KBRI-KUALA-LUMPUR-900000001', place: klang, category: 'KETENAGAKERJAAN', subcategory: 'GAJI_TIDAK_DIBAYAR', claimed: amount(1200 * 84, 'MYR'), recovered: amount(20000, 'MYR'),
        parties: [{ role: 'WORKER', name: 'Siti Nurhayati' }, { role: 'EMPLOYER', name: 'AZMAN BIN IDRIS' }, { role: 'REPORTER', name: 'Tetangga majikan' }],
        events: [
          [t.ago(5), 'WAITING_VERIFICATION', 'Laporan tetangga: tujuh tahun tidak digaji, tidak boleh keluar rumah.'], [t.ago(5, 3), 'IN_PROCESS', 'Dijemput bersama polisi, ditampung di shelter KBRI.'],
          [t.ago(3), 'IN_PROCESS', 'Majikan dipanggil, sebagian gaji dibayar.'], [t.ago(1), 'IN_PROCESS', 'Sisa gaji dituntut melalui jabatan tenaga kerja.'],
        ],
      });
      return [
        atBp2mi(siti, 'PMI-90000001', departed, [selangor], { phone: null }),
        atSocial(siti, '18900000001', departed, cover({ kpj: '18900000001', today: t.today, paid: addDays(departed, -30), placement: selangor }), { passports: ['AP1100100'] }),
        atHealth(siti, '0003000000001', t, 'PBI'),
        atMission(siti, { number: 'LD-900000001', place: klang, on: t.ago(5, 4), passports: ['AP1100100'], name: 'Siti Nurhayati Binti Mahsun', cases: [wages] }),
      ];
    },
  },
  {
    slug: 'joko-fisherman', truth: joko, mismatches: [],
    story: 'Fisherman on a Taiwanese vessel, sent by a manning agent, so that BP2MI has no placement of him. He was hurt at sea; his case number is the only trace beside JKN.',
    records(t) {
      const where = place('TW', 'Kaohsiung');
      const injured = caseFile({
        number: 'KDEI-TAIPEI-900000061', place: where, category: 'ABK', subcategory: 'KECELAKAAN_KAPAL', parties: [{ role: 'WORKER', name: 'Joko Prasetyo' }, { role: 'EMPLOYER', name: 'FV GOLDEN HILL 61' }],
        events: [[t.ago(3), 'WAITING_VERIFICATION', 'Nakhoda melaporkan kecelakaan di geladak.'], [t.ago(3, 2), 'IN_PROCESS', 'Dirawat di rumah sakit, biaya ditagihkan ke pemilik kapal.'], [t.ago(1), 'IN_PROCESS', 'Upah dua bulan belum dibayar.']],
      });
      return [atHealth(joko, '0003000000061', t, 'PBI'), caseAlone(joko, injured, { passports: ['AP3100106'] })];
    },
  },
  {
    slug: 'rizal-cambodia', truth: rizal, mismatches: [],
    story: 'Answered an advertisement for customer service and flew to Cambodia as a tourist. Placed outside procedure, he was held in a compound and freed; BP2MI has him from the complaint only.',
    records(t) {
      const sihanouk = place('KH', 'Preah Sihanouk');
      const departed = t.ago(10);
      const outside = placement(
        { number: 'PEN-900000081', place: sihanouk, job: 'CUSTOMER SERVICE', employer: 'TIDAK DIKETAHUI', kind: 'LEGAL_ENTITY', scheme: 'PERSEORANGAN', wage: amount(800, 'USD'), departed, passport: 'AP3100108', passportValidUntil: t.ago(-105) },
        { procedure: 'NON_PROSEDURAL', registeredOn: t.ago(3), employer: null, contract: { start: null, end: null, months: null, wage: null, signedOn: null } },
      );
      const freed = caseFile({
        number: 'KBRI-PHNOM-PENH-900000081', place: sihanouk, category: 'KEIMIGRASIAN', subcategory: 'TIDAK_BERDOKUMEN', parties: [{ role: 'WORKER', name: 'Rizal Syahputra' }, { role: 'FAMILY', name: 'Rosmaida' }],
        events: [[t.ago(4), 'WAITING_VERIFICATION', 'Keluarga melapor: paspor ditahan, dipaksa bekerja.'], [t.ago(4, 6), 'IN_PROCESS', 'Nota kepada kepolisian setempat.'], [t.ago(2), 'IN_PROCESS', 'Keluar dari kompleks, menunggu penghapusan denda overstay.']],
      });
      return [atBp2mi(rizal, 'PMI-90000081', t.ago(3), [outside]), atHealth(rizal, '0003000000081', t, 'PBI'), caseAlone(rizal, freed, { passports: ['AP3100108'] })];
    },
  },
  {
    slug: 'nur-dismissed', truth: nur, mismatches: [],
    story: 'Dismissed by her employer in Hong Kong ten months into the contract while covered: JKK owes her for it, and the consulate’s case is the evidence.',
    records(t) {
      const where = place('HK', 'Hong Kong Island');
      const departed = t.ago(12);
      const hongKong = placement({ number: 'PEN-900000191', place: where, job: 'BABY SITTER', employer: 'LEE PEI SHAN', wage: amount(4990, 'HKD'), departed, passport: 'AP3100119', passportValidUntil: t.ago(-47) });
      const dismissed = caseFile({
        number: 'KJRI-HONG-KONG-900000191', place: where, category: 'KETENAGAKERJAAN', subcategory: 'PHK_SEPIHAK', claimed: amount(9980, 'HKD'), recovered: amount(9980, 'HKD'),
        parties: [{ role: 'WORKER', name: 'Nur Kholifah' }, { role: 'EMPLOYER', name: 'LEE PEI SHAN' }],
        events: [[t.ago(2), 'WAITING_VERIFICATION', 'Diberhentikan tanpa pemberitahuan.'], [t.ago(2, 2), 'IN_PROCESS', 'Majikan dihubungi.'], [t.ago(1), 'CLOSED', 'Gaji dan pengganti pemberitahuan dibayar.']],
      });
      const claim = {
        number: 'KLM-900000191', benefit: 'JKK PEMUTUSAN HUBUNGAN KERJA', status: 'FILED' as const, filedOn: t.ago(1, 5), decidedOn: null, amount: null, caseNumber: dismissed.number,
      };
      return [
        atBp2mi(nur, 'PMI-90000191', departed, [hongKong]),
        atSocial(nur, '25900000191', t.ago(1, 5), cover({ kpj: '25900000191', today: t.today, paid: t.ago(14), placement: hongKong, claims: [claim] })),
        atHealth(nur, '0003000000191', t, 'PBI'),
        atMission(nur, { number: 'LD-900000191', place: where, on: t.ago(11), passports: ['AP3100119'], cases: [dismissed] }),
      ];
    },
  },
  {
    slug: 'lina-trafficked', truth: lina, mismatches: ['AGE_FALSIFIED', 'NIK_MISSING'],
    story: 'Taken to Dubai at nineteen on a passport that makes her four years older, and sold on from house to house. A trafficking case (TPPO) at the consulate; no agency at home but JKN knows her.',
    records(t) {
      const dubai = place('AE', 'Dubai');
      const sold = caseFile({
        number: 'KJRI-DUBAI-900000201', place: dubai, category: 'TPPO', subcategory: 'EKSPLOITASI', kind: 'KHUSUS', parties: [{ role: 'WORKER', name: 'Lina Marlina' }, { role: 'EMPLOYER', name: null }, { role: 'AUTHORITY', name: 'Kepolisian Dubai' }],
        events: [[t.ago(6), 'WAITING_VERIFICATION', 'Diserahkan kepolisian.'], [t.ago(6, 1), 'IN_PROCESS', 'Hasil penapisan: korban TPPO, ditampung di shelter.'], [t.ago(3), 'IN_PROCESS', 'Berkas dikirim ke Bareskrim.']],
      });
      return [atHealth(lina, '0003000000201', t, 'PBI'), caseAlone(lina, sold, { nik: null, passports: ['AP3100120'], dateOfBirth: '1999-08-14' })];
    },
  },
  {
    slug: 'hasan-overstay', truth: hasan, mismatches: [],
    story: 'Family driver in Jeddah whose contract ended four years ago; he stayed on without permit or passport, and asks to go home.',
    records(t) {
      const jeddah = place('SA', 'Makkah', 'Jeddah');
      const departed = t.ago(75);
      const saudi = placement({ number: 'PEN-900000211', place: jeddah, job: 'FAMILY DRIVER', employer: 'KHALID AL GHAMDI', scheme: 'PERSEORANGAN', wage: amount(1800, 'SAR'), departed, passport: 'AP1100121', passportValidUntil: addMonths(departed, 56) });
      const home = caseFile({
        number: 'KJRI-JEDDAH-900000211', place: jeddah, category: 'KEIMIGRASIAN', subcategory: 'OVERSTAY', parties: [{ role: 'WORKER', name: 'Hasan Basri' }],
        events: [[t.ago(2), 'WAITING_VERIFICATION', 'Minta dipulangkan, izin tinggal habis.'], [t.ago(1), 'IN_PROCESS', 'Denda diajukan untuk dihapus.']],
      });
      return [
        atBp2mi(hasan, 'PMI-90000211', departed, [saudi]),
        atSocial(hasan, '20900000211', departed, cover({ kpj: '20900000211', today: t.today, paid: addDays(departed, -20), placement: saudi })),
        atMission(hasan, { number: 'LD-900000211', place: jeddah, on: t.ago(73), passports: ['AP1100121'], cases: [home] }),
      ];
    },
  },
  {
    slug: 'rusli-sabah', truth: rusli, mismatches: [],
    story: 'Plantation worker in Sabah. BP2MI knows the state only, which leaves two missions possible; his lapor diri says Lahad Datu, so that the consulate in Tawau is in charge.',
    records(t) {
      const departed = t.ago(8);
      const sabah = placement(
        {
          number: 'PEN-900000241', place: place('MY', 'Sabah'), job: 'PLANTATION WORKER', employer: 'CONTOH RED MAPLE INDUSTRIES 24', kind: 'LEGAL_ENTITY', wage: amount(1700, 'MYR'), departed, passport: 'AP2100124', passportValidUntil: t.ago(-45),
        },
      );
      return [
        atBp2mi(rusli, 'PMI-90000241', departed, [sabah]),
        atSocial(rusli, '25900000241', departed, cover({ kpj: '25900000241', today: t.today, paid: t.ago(10), placement: sabah })),
        atHealth(rusli, '0003000000241', t, 'PBI'),
        atMission(rusli, { number: 'LD-900000241', place: place('MY', 'Sabah', 'Lahad Datu'), on: t.ago(7), passports: ['AP2100124'] }),
      ];
    },
  },
  {
    slug: 'tini-deceased', truth: tini, mismatches: [],
    story: 'Died of illness in Singapore four months ago while covered. The embassy’s case is the evidence with which her heirs were paid by JKM; JKN has her as deceased.',
    records(t) {
      const singapore = place('SG');
      const died = t.ago(4);
      const departed = t.ago(17);
      const post = placement(
        { number: 'PEN-900000251', place: singapore, job: 'HOUSE MAID', employer: 'LIM CHUN KIT', wage: amount(620, 'SGD'), departed, passport: 'AP2100125', passportValidUntil: t.ago(-25) }, { stage: 'RETURNED', returnedOn: addDays(died, 6) },
      );
      const death = caseFile({
        number: 'KBRI-SINGAPURA-900000251', place: singapore, category: 'MENINGGAL', subcategory: 'MENINGGAL_SAKIT', parties: [{ role: 'WORKER', name: 'Tini Sumarni' }, { role: 'FAMILY', name: 'Sarno' }],
        events: [[died, 'WAITING_VERIFICATION', 'Rumah sakit memberitahukan kematian.'], [addDays(died, 1), 'IN_PROCESS', 'Pemulangan jenazah diurus.'], [addDays(died, 6), 'CLOSED', 'Jenazah diserahkan kepada keluarga.']],
      });
      const claim = {
        number: 'KLM-900000251', benefit: 'JKM MENINGGAL', status: 'PAID' as const, filedOn: addDays(died, 20), decidedOn: addDays(died, 50), amount: amount(85_000_000, 'IDR'), caseNumber: death.number,
      };
      return [
        atBp2mi(tini, 'PMI-90000251', addDays(died, 6), [post]),
        atSocial(tini, '25900000251', addDays(died, 50), cover({ kpj: '25900000251', today: t.today, paid: t.ago(19), placement: post, claims: [claim], died })),
        atHealth(tini, '0003000000251', t, 'PBI', [{ from: died, until: null, reason: 'DECEASED' }]),
        atMission(tini, { number: 'LD-900000251', place: singapore, on: t.ago(16), passports: ['AP2100125'], cases: [death] }),
      ];
    },
  },
  {
    slug: 'dewi-other-work', truth: dewi, mismatches: [],
    story: 'Went to Singapore to look after a child, and was put to work in her employer’s restaurant besides. The embassy has a case of work other than in the contract; she was covered, and nobody has claimed the benefit yet.',
    records(t) {
      const singapore = place('SG');
      const departed = t.ago(9);
      const post = placement({ number: 'PEN-900000261', place: singapore, job: 'BABY SITTER', employer: 'GOH WEI LING', wage: amount(650, 'SGD'), departed, passport: 'AP3100126', passportValidUntil: t.ago(-50) });
      const other = caseFile({
        number: 'KBRI-SINGAPURA-900000261', place: singapore, category: 'KETENAGAKERJAAN', subcategory: 'PEKERJAAN_TIDAK_SESUAI', parties: [{ role: 'WORKER', name: 'Dewi Rahmawati' }, { role: 'EMPLOYER', name: 'GOH WEI LING' }],
        events: [[t.ago(2), 'WAITING_VERIFICATION', 'Melapor dipekerjakan di restoran majikan.'], [t.ago(2, 5), 'IN_PROCESS', 'Majikan dipanggil, perjanjian kerja diperiksa.'], [t.ago(1), 'IN_PROCESS', 'Surat keterangan perwakilan dibuat.']],
      });
      return [
        atBp2mi(dewi, 'PMI-90000261', departed, [post]),
        atSocial(dewi, '25900000261', departed, cover({ kpj: '25900000261', today: t.today, paid: t.ago(11), placement: post })),
        atHealth(dewi, '0003000000261', t, 'PBI'),
        atMission(dewi, { number: 'LD-900000261', place: singapore, on: t.ago(8), passports: ['AP3100126'], cases: [other] }),
      ];
    },
  },
  {
    slug: 'yanti-accompanied', truth: yanti, mismatches: [],
    story: 'House maid in Taichung, covered. Her case at the trade office is one of rape: only callers with case:sensitive see that there is one. She is accompanied, and the benefit that the law grants her has not been claimed.',
    records(t) {
      const taichung = place('TW', 'Taichung');
      const departed = t.ago(15);
      const taiwan = placement({ number: 'PEN-900000271', place: taichung, job: 'HOUSE MAID', employer: 'WU CHIA LING', wage: amount(20000, 'TWD'), departed, passport: 'AP3100127', passportValidUntil: t.ago(-45) });
      // The file names nobody but her, and tells nothing that a claim does not need.
      const harm = caseFile({
        number: 'KDEI-TAIPEI-900000271', place: taichung, category: 'KEKERASAN', subcategory: 'PERKOSAAN', kind: 'KHUSUS', parties: [{ role: 'WORKER', name: 'Yanti Safitri' }],
        events: [[t.ago(1), 'WAITING_VERIFICATION', 'Diterima, ditampung dan didampingi.'], [t.ago(1, 2), 'IN_PROCESS', 'Pendampingan berjalan.']],
      });
      return [
        atBp2mi(yanti, 'PMI-90000271', departed, [taiwan]),
        atSocial(yanti, '25900000271', departed, cover({ kpj: '25900000271', today: t.today, paid: t.ago(17), placement: taiwan })),
        atHealth(yanti, '0003000000271', t, 'PBI'),
        atMission(yanti, { number: 'LD-900000271', place: taichung, on: t.ago(14), passports: ['AP3100127'], cases: [harm] }),
      ];
    },
  },
];
