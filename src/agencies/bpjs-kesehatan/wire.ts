import type { HealthMembership } from '../../domain/health.ts';
import type { AgencyRecord } from '../../domain/record.ts';
import { addMonths, daysBetween } from '../../domain/time.ts';
import type { Day } from '../../domain/time.ts';
import { textsOf } from '../claims.ts';
import { name } from './map.ts';

/*
 * Records in the wire forms of VClaim and PCare, as the mock sends them. All fields that public clients list are there, also those that the hub does
 * not read.
 */

export function toPeserta(record: AgencyRecord, membership: HealthMembership, today: Day): unknown {
  const { person } = record;
  return {
    cob: { nmAsuransi: null, noAsuransi: null, tglTAT: null, tglTMT: null },
    hakKelas: { keterangan: membership.wardClass === null ? '' : `KELAS ${'I'.repeat(Number(membership.wardClass))}`, kode: membership.wardClass ?? '' },
    informasi: { dinsos: null, noSKTM: null, prolanisPRB: null, eSEP: null },
    jenisPeserta: { keterangan: membership.segmentText, kode: membership.segmentCode },
    mr: { noMR: null, noTelepon: person.phone },
    nama: person.name,
    nik: nikOf(record),
    noKartu: membership.card,
    pisa: membership.familyRole,
    provUmum: { kdProvider: membership.facility?.code ?? null, nmProvider: membership.facility?.name ?? null },
    sex: sexOf(record),
    statusPeserta: { keterangan: membership.statusText, kode: membership.statusCode },
    tglCetakKartu: membership.start,
    tglLahir: person.dateOfBirth,
    tglTAT: membership.end,
    tglTMT: membership.start,
    umur: { umurSaatPelayanan: age(person.dateOfBirth, membership.serviceDate), umurSekarang: age(person.dateOfBirth, today) },
  };
}

export function toPcare(record: AgencyRecord, membership: HealthMembership): unknown {
  const { person } = record;
  return {
    noKartu: membership.card,
    nama: person.name,
    hubunganKeluarga: membership.familyRole,
    sex: sexOf(record),
    tglLahir: turned(person.dateOfBirth),
    tglMulaiAktif: turned(membership.start),
    tglAkhirBerlaku: turned(membership.end),
    kdProviderPst: { kdProvider: membership.facility?.code ?? null, nmProvider: membership.facility?.name ?? null },
    kdProviderGigi: { kdProvider: null, nmProvider: null },
    jnsKelas: { nama: membership.wardClass === null ? null : `KELAS ${'I'.repeat(Number(membership.wardClass))}`, kode: membership.wardClass },
    jnsPeserta: { nama: membership.segmentText, kode: membership.segmentCode },
    golDarah: null,
    noHP: person.phone,
    noKTP: nikOf(record),
    pstProl: null,
    pstPrb: null,
    aktif: membership.active,
    ketAktif: membership.statusText,
    asuransi: { kdAsuransi: null, nmAsuransi: null, noAsuransi: null, cob: false },
    tunggakan: membership.inactiveReason === 'ARREARS' ? 1 : 0,
  };
}

function nikOf({ person }: AgencyRecord): string | null {
  return textsOf(person, 'NIK')[0] ?? null;
}

function sexOf({ person }: AgencyRecord): 'L' | 'P' | null {
  if (person.sex === null) return null;
  return person.sex === 'FEMALE' ? 'P' : 'L';
}

/** `dd-MM-yyyy`. */
function turned(day: Day | null): string | null {
  return day === null ? null : day.split('-').toReversed().join('-');
}

/** Such as `35 tahun ,2 bulan ,10 hari`; the odd spacing is the agency's. */
function age(born: Day | null, on: Day): string | null {
  if (born === null || born > on) return null;
  let months = 0;
  for (let step = 1_200; step >= 1; step = Math.floor(step / 2)) {
    while (addMonths(born, months + step) <= on) months += step;
  }
  return `${Math.floor(months / 12)} tahun ,${months % 12} bulan ,${daysBetween(addMonths(born, months), on)} hari`;
}

/** BPJS's own development data have a newborn under the NIK of sixteen zeros; so has the mock, as a trap for whoever links by it. */
export const newborn = {
  nik: '0000000000000000',
  record: (today: Day): AgencyRecord => ({
    agency: name,
    recordId: '0009999999990',
    asOf: null,
    person: {
      name: 'BAYI BARU LAHIR',
      alias: null,
      sex: 'MALE',
      dateOfBirth: today,
      placeOfBirth: null,
      motherName: null,
      phone: null,
      area: null,
      identifiers: [
        { kind: 'JKN_CARD', value: '0009999999990' },
        { kind: 'NIK', value: newborn.nik },
      ],
      raw: [],
    },
    placements: [],
    coverages: [],
    healthMemberships: [
      {
        card: '0009999999990',
        serviceDate: today,
        active: true,
        statusCode: '0',
        statusText: 'AKTIF',
        inactiveReason: null,
        segment: 'PBI',
        segmentCode: '21',
        segmentText: 'PBI (APBN)',
        wardClass: '3',
        familyRole: '3',
        start: today,
        end: null,
        facility: null,
      },
    ],
    cases: [],
    stays: [],
  }),
};
