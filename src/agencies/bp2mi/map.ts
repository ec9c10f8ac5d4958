import type { AgencyRecord } from '../../domain/record.ts';
import type { Change, PersonKey } from '../agency.ts';
import type { Placement } from '../../domain/placement.ts';
import { sortOut } from '../claims.ts';
import { numbersOf } from '../batch.ts';
import { employerWords, procedureWords, schemeWords, sectorWords, sexWords, stageWords } from './contract.ts';
import type { Orang, Penempatan, Perubahan, Pmi } from './contract.ts';

export const agency = 'BP2MI';

/** What BP2MI is asked for one person; null where it can look up by none of her numbers. */
export function toOrang(key: PersonKey): Orang | null {
  const idPmi = numbersOf(key, 'PMI_ID');
  const nik = numbersOf(key, 'NIK');
  const paspor = numbersOf(key, 'PASSPORT');
  if (idPmi.length + nik.length + paspor.length === 0) return null;
  return { ...(idPmi.length > 0 && { idPmi }), ...(nik.length > 0 && { nik }), ...(paspor.length > 0 && { paspor }) };
}

export function toRecord(row: Pmi): AgencyRecord {
  return {
    agency,
    recordId: row.idPmi,
    asOf: row.diperbaruiPada === null ? null : new Date(row.diperbaruiPada).toISOString(),
    person: {
      name: row.nama,
      alias: row.namaLain,
      sex: row.jenisKelamin === null ? null : sexWords.toHub[row.jenisKelamin],
      dateOfBirth: row.tanggalLahir,
      placeOfBirth: row.tempatLahir,
      motherName: row.namaIbuKandung,
      phone: row.nomorTelepon,
      area: row.kodeWilayah,
      ...sortOut([
        ['PMI_ID', row.idPmi],
        ['NIK', row.nik],
        ...row.paspor.map((text) => ['PASSPORT', text] as const),
        ['KTKLN', row.nomorKtkln],
        ...row.nomorKpj.map((text) => ['KPJ', text] as const),
        ['JKN_CARD', row.nomorKartuJkn],
      ]),
    },
    placements: row.penempatan.map(toPlacement),
    coverages: [],
    healthMemberships: [],
    cases: [],
    stays: [],
  };
}

function toPlacement(row: Penempatan): Placement {
  return {
    number: row.nomorPenempatan,
    scheme: schemeWords.toHub[row.skema],
    procedure: procedureWords.toHub[row.prosedur],
    stage: stageWords.toHub[row.tahap],
    place: { country: row.negara, region: row.wilayahNegara, district: row.distrik },
    mission: row.perwakilan,
    p3mi: row.p3mi === null ? null : { id: row.p3mi.kode, name: row.p3mi.nama },
    employer: row.pemberiKerja === null ? null : { name: row.pemberiKerja.nama, kind: employerWords.toHub[row.pemberiKerja.jenis] },
    sector: sectorWords.toHub[row.sektor],
    job: row.jabatan,
    contract: {
      start: row.kontrak.mulai,
      end: row.kontrak.selesai,
      months: row.kontrak.bulan,
      wage: row.kontrak.upah === null ? null : { amount: row.kontrak.upah.jumlah, currency: row.kontrak.upah.mataUang },
      signedOn: row.kontrak.tanggalTandaTangan,
    },
    registeredOn: row.tanggalDaftar,
    departedOn: row.tanggalBerangkat,
    arrivedOn: row.tanggalTiba,
    returnedOn: row.tanggalPulang,
    passport: row.paspor,
    passportValidUntil: row.pasporBerlakuSampai,
    oneChannelSystem: row.sistemSatuKanal,
    renews: row.perpanjanganDari,
  };
}

export function toChange(entry: Perubahan): Change {
  return entry.jenis === 'HAPUS' ? { kind: 'delete', recordId: entry.idPmi } : { kind: 'upsert', record: toRecord(entry.pmi) };
}
