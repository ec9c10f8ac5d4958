import type { HealthMembership, HealthSegment, InactiveReason } from '../../domain/health.ts';
import type { AgencyRecord } from '../../domain/record.ts';
import type { Day } from '../../domain/time.ts';
import { sortOut } from '../claims.ts';
import type { Peserta } from './contract.ts';

export const name = 'BPJS_KESEHATAN';

/** The only status code that is published. */
const activeCode = '0';

/** A member as the agency answers for one service date, in the hub's vocabulary. */
export function toRecord(peserta: Peserta, serviceDate: Day): AgencyRecord {
  return {
    agency: name,
    recordId: peserta.noKartu,
    // VClaim does not say when a record was changed.
    asOf: null,
    person: {
      name: peserta.nama,
      alias: null,
      sex: peserta.sex === 'P' ? 'FEMALE' : peserta.sex === 'L' ? 'MALE' : null,
      dateOfBirth: peserta.tglLahir,
      placeOfBirth: null,
      motherName: null,
      phone: peserta.mr?.noTelepon ?? null,
      area: null,
      ...sortOut([
        ['JKN_CARD', peserta.noKartu],
        ['NIK', peserta.nik],
      ]),
    },
    placements: [],
    coverages: [],
    healthMemberships: [toMembership(peserta, serviceDate)],
    cases: [],
    stays: [],
  };
}

function toMembership(peserta: Peserta, serviceDate: Day): HealthMembership {
  const { kode: statusCode, keterangan: statusText } = peserta.statusPeserta;
  const active = statusCode === activeCode;
  return {
    card: peserta.noKartu,
    serviceDate,
    active,
    statusCode,
    statusText,
    inactiveReason: active ? null : inactiveReason(statusText),
    segment: segment(peserta.jenisPeserta.kode, peserta.jenisPeserta.keterangan),
    segmentCode: peserta.jenisPeserta.kode,
    segmentText: peserta.jenisPeserta.keterangan,
    wardClass: peserta.hakKelas?.kode ?? null,
    familyRole: peserta.pisa,
    start: peserta.tglTMT,
    end: peserta.tglTAT,
    facility:
      peserta.provUmum?.kdProvider === undefined || peserta.provUmum.kdProvider === null
        ? null
        : { code: peserta.provUmum.kdProvider, name: peserta.provUmum.nmProvider ?? peserta.provUmum.kdProvider },
  };
}

/** Why a membership is not active, by the agency's words: its codes for that are not published. */
export function inactiveReason(statusText: string): InactiveReason {
  if (/premi|tunggak|iuran/i.test(statusText)) return 'ARREARS';
  if (/luar negeri|angguh/i.test(statusText)) return 'SUSPENDED_ABROAD';
  if (/meninggal/i.test(statusText)) return 'DECEASED';
  return 'OTHER';
}

const segmentsByCode: Readonly<Record<string, HealthSegment>> = { '13': 'PPU', '15': 'BP', '21': 'PBI', '22': 'PBI' };

/** The segment by the codes that public sources show, else by the words, else unknown. */
export function segment(code: string, text: string): HealthSegment | null {
  const known = segmentsByCode[code];
  if (known !== undefined) return known;
  const named = /\b(PBI|PPU|PBPU|BP)\b/i.exec(text)?.[1]?.toUpperCase();
  if (named !== undefined) return named as HealthSegment;
  return /\bPEKERJA MANDIRI\b/i.test(text) ? 'PBPU' : null;
}
