import type { Case, Stay } from '../../domain/case.ts';
import type { Money } from '../../domain/money.ts';
import type { Place } from '../../domain/placement.ts';
import type { AgencyRecord } from '../../domain/record.ts';
import type { Change, PersonKey } from '../agency.ts';
import { numbersOf } from '../batch.ts';
import { sortOut } from '../claims.ts';
import { flipDay, fromJakarta } from '../dates.ts';
import { caseStatusWords, roleWords, sexWords } from './contract.ts';
import type { Berkas, Kasus, LaporDiri, Lokasi, Orang, Perubahan, Uang } from './contract.ts';

export const agency = 'PERWAKILAN';

/** What the missions are asked for one person; null where they can look up by none of her numbers. */
export function toOrang(key: PersonKey): Orang | null {
  const numbers = {
    nik: numbersOf(key, 'NIK'),
    paspor: numbersOf(key, 'PASSPORT'),
    ktkln: numbersOf(key, 'KTKLN'),
    nomorLaporDiri: numbersOf(key, 'LAPOR_DIRI'),
    nomorKasus: numbersOf(key, 'CASE_NUMBER'),
  };
  const given = Object.entries(numbers).filter(([, list]) => list.length > 0);
  return given.length === 0 ? null : Object.fromEntries(given);
}

export function toRecord(row: Berkas): AgencyRecord {
  const { identitas } = row;
  return {
    agency,
    recordId: row.nomorBerkas,
    asOf: row.diperbarui === null ? null : toInstant(row.diperbarui),
    person: {
      name: identitas.namaLengkap,
      alias: identitas.namaLain,
      sex: identitas.jenisKelamin === null ? null : sexWords.toHub[identitas.jenisKelamin],
      dateOfBirth: toDay(identitas.tanggalLahir),
      placeOfBirth: identitas.tempatLahir,
      motherName: identitas.namaIbu,
      phone: identitas.telepon,
      area: identitas.kodeWilayahAsal,
      ...sortOut([
        ['NIK', identitas.nik],
        ...identitas.paspor.map((text) => ['PASSPORT', text] as const),
        ['KTKLN', identitas.ktkln],
        ['PMI_ID', identitas.idPmi],
        ...row.laporDiri.map((stay) => ['LAPOR_DIRI', stay.nomorLaporDiri] as const),
        ...row.kasus.map((kasus) => ['CASE_NUMBER', kasus.nomorKasus] as const),
      ]),
    },
    placements: [],
    coverages: [],
    healthMemberships: [],
    cases: row.kasus.map(toCase),
    stays: row.laporDiri.map(toStay),
  };
}

export function toChange(entry: Perubahan): Change {
  return entry.dihapus ? { kind: 'delete', recordId: entry.nomorBerkas } : { kind: 'upsert', record: toRecord(entry.berkas) };
}

function toStay(row: LaporDiri): Stay {
  return {
    number: row.nomorLaporDiri,
    kind: row.jenis,
    mission: row.perwakilan,
    place: toPlace(row.lokasi),
    reportedOn: flipDay(row.tanggalLapor),
    verifiedOn: toDay(row.tanggalVerifikasi),
  };
}

function toCase(row: Kasus): Case {
  return {
    number: row.nomorKasus,
    mission: row.perwakilan,
    category: row.kategori,
    subcategory: row.subKategori,
    kind: row.jenis,
    status: caseStatusWords.toHub[row.status],
    place: row.lokasi === null ? null : toPlace(row.lokasi),
    openedOn: flipDay(row.tanggalBuka),
    closedOn: toDay(row.tanggalTutup),
    claimed: toMoney(row.tuntutan),
    recovered: toMoney(row.dipulihkan),
    parties: row.pihak.map((party) => ({ role: roleWords.toHub[party.peran], name: party.nama })),
    events: row.riwayat.map((event) => ({ at: toInstant(event.waktu), status: caseStatusWords.toHub[event.status], note: event.keterangan })),
  };
}

function toPlace(lokasi: Lokasi): Place {
  return { country: lokasi.negara, region: lokasi.wilayah, district: lokasi.distrik };
}

function toMoney(uang: Uang | null): Money | null {
  return uang === null ? null : { amount: uang.nilai, currency: uang.mataUang };
}

function toDay(tanggal: string | null): string | null {
  return tanggal === null ? null : flipDay(tanggal);
}

function toInstant(waktu: string): string {
  return fromJakarta(flipDay(waktu.slice(0, 10)), waktu.slice(11));
}
