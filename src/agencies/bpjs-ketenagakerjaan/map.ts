import type { Coverage } from '../../domain/coverage.ts';
import type { Money } from '../../domain/money.ts';
import type { AgencyRecord } from '../../domain/record.ts';
import type { Change, PersonKey } from '../agency.ts';
import { numbersOf } from '../batch.ts';
import { sortOut } from '../claims.ts';
import { fromJakarta } from '../dates.ts';
import { claimWords, paymentWords, phaseWords, sexWords, statusWords } from './contract.ts';
import type { Entri, Perlindungan, Perubahan, Peserta } from './contract.ts';

export const agency = 'BPJS_KETENAGAKERJAAN';

/** What the agency is asked for one person; null where it can look up by none of her numbers. */
export function toEntri(key: PersonKey): Entri | null {
  const nik = numbersOf(key, 'NIK');
  const kpj = numbersOf(key, 'KPJ');
  if (nik.length + kpj.length === 0) return null;
  return { ...(nik.length > 0 && { nik }), ...(kpj.length > 0 && { kpj }) };
}

export function toRecord(row: Peserta): AgencyRecord {
  return {
    agency,
    recordId: row.kpj,
    asOf: row.tglUpdate === null ? null : fromJakarta(row.tglUpdate.slice(0, 10), row.tglUpdate.slice(11)),
    person: {
      name: row.namaPeserta,
      alias: row.namaLain,
      sex: row.jenisKelamin === null ? null : sexWords.toHub[row.jenisKelamin],
      dateOfBirth: row.tglLahir,
      placeOfBirth: row.tempatLahir,
      motherName: row.namaIbuKandung,
      phone: row.noHp,
      area: row.kodeWilayah,
      ...sortOut([
        ['KPJ', row.kpj],
        ...row.kpjLain.map((text) => ['KPJ', text] as const),
        ['NIK', row.nik],
        ...row.noPaspor.map((text) => ['PASSPORT', text] as const),
        ['PMI_ID', row.idPmi],
      ]),
    },
    placements: [],
    coverages: row.perlindungan.map(toCoverage),
    healthMemberships: [],
    cases: [],
    stays: [],
  };
}

function toCoverage(row: Perlindungan): Coverage {
  return {
    kpj: row.kpj,
    programme: row.program,
    phase: phaseWords.toHub[row.fase],
    status: statusWords.toHub[row.status],
    registeredOn: row.tglDaftar,
    window: { start: row.masaPerlindungan.mulai, end: row.masaPerlindungan.akhir },
    payment: {
      status: paymentWords.toHub[row.iuran.status],
      owed: rupiah(row.iuran.tagihan),
      paid: rupiah(row.iuran.dibayar),
      paidOn: row.iuran.tglBayar,
    },
    contractMonths: row.masaKontrakBulan,
    claims: row.klaim.map((claim) => ({
      number: claim.noKlaim,
      benefit: claim.manfaat,
      status: claimWords.toHub[claim.status],
      filedOn: claim.tglPengajuan,
      decidedOn: claim.tglKeputusan,
      amount: rupiah(claim.nilai),
      caseNumber: claim.noKasusPerwakilan,
    })),
  };
}

function rupiah(amount: string | null): Money | null {
  return amount === null ? null : { amount, currency: 'IDR' };
}

export function toChange(entry: Perubahan): Change {
  return entry.aksi === 'HAPUS' ? { kind: 'delete', recordId: entry.kpj } : { kind: 'upsert', record: toRecord(entry.peserta) };
}
