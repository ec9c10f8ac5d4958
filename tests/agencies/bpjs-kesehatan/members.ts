import * as fc from 'fast-check';
import { segment, inactiveReason } from '../../../src/agencies/bpjs-kesehatan/map.ts';
import type { HealthMembership } from '../../../src/domain/health.ts';
import type { AgencyRecord } from '../../../src/domain/record.ts';
import { addDays } from '../../../src/domain/time.ts';
import { bareRecord } from '../fakeWorld.ts';

export const today = '2026-11-22';
export const now = () => new Date('2026-11-22T03:00:00Z');
export const demo = { CONS_ID: '9999', SECRET: 'a secret', USER_KEY: 'a key', MOCK_SIGNATURE_WINDOW_S: 600 };

/** A record of BPJS Kesehatan about person `i`. */
export function member(i: number, changes: Partial<HealthMembership> = {}): AgencyRecord {
  const card = String(1_234_500_000 + i).padStart(13, '0');
  const nik = `350701410190${9000 + i}`;
  const identifiers = [{ kind: 'JKN_CARD', value: card }, { kind: 'NIK', value: nik }] as const;
  const membership: HealthMembership = {
    card,
    serviceDate: today,
    active: true,
    statusCode: '0',
    statusText: 'AKTIF',
    inactiveReason: null,
    segment: 'PPU',
    segmentCode: '13',
    segmentText: 'PEGAWAI SWASTA',
    wardClass: '2',
    familyRole: '1',
    start: '2020-01-01',
    end: null,
    facility: { code: '0114A026', name: 'KLINIK CONTOH' },
    ...changes,
  };
  return {
    ...bareRecord('BPJS_KESEHATAN', card, identifiers, { name: `PESERTA ${i}`, sex: i % 2 === 0 ? 'FEMALE' : 'MALE', dateOfBirth: '1990-01-01', phone: '081200000000' }),
    healthMemberships: [membership],
  };
}

const words = fc.stringMatching(/^[A-Z][A-Z ().]{0,20}[A-Z]$/);
const day = fc.integer({ min: 0, max: 20_000 }).map((days) => addDays('1960-01-01', days));
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });

/** Any record that the wire form can carry. */
export const anyMember: fc.Arbitrary<AgencyRecord> = fc
  .record({
    i: fc.nat(900),
    name: maybe(words),
    sex: maybe(fc.constantFrom('FEMALE' as const, 'MALE' as const)),
    dateOfBirth: maybe(day),
    phone: maybe(fc.stringMatching(/^08\d{8,10}$/)),
    rawNik: fc.option(fc.constantFrom('35070141O1909001', '3,50701E+15', '350701')),
    status: fc.constantFrom(['0', 'AKTIF'], ['5', 'Non Aktif Karena Premi'], ['8', 'PESERTA MENINGGAL'], ['9', 'DITANGGUHKAN DI LUAR NEGERI'], ['7', 'LAIN']),
    segment: fc.constantFrom(['13', 'PEGAWAI SWASTA'], ['21', 'PBI (APBN)'], ['22', 'PBI (APBD)'], ['15', 'PENERIMA PENSIUN PNS'], ['14', 'PEKERJA MANDIRI'], ['99', 'SESUATU']),
    wardClass: maybe(fc.constantFrom('1', '2', '3')),
    familyRole: maybe(fc.constantFrom('1', '2', '3')),
    start: maybe(day),
    length: maybe(fc.nat(8_000)),
    facility: maybe(fc.record({ code: fc.stringMatching(/^[0-9A-Z]{6,8}$/), name: words })),
  })
  .map(({ i, rawNik, status, segment: [segmentCode = '', segmentText = ''], start, length, name, sex, dateOfBirth, phone, ...rest }) => {
    const [statusCode = '', statusText = ''] = status;
    const active = statusCode === '0';
    // Of an active member, cover that does not hold on the service date would be sent as not active.
    const from = active && start !== null && start > today ? today : start;
    const end = length === null ? null : addDays(active ? today : (from ?? today), length);
    const record = member(i, {
      ...rest,
      statusCode,
      statusText,
      active,
      inactiveReason: active ? null : inactiveReason(statusText),
      segment: segment(segmentCode, segmentText),
      segmentCode,
      segmentText,
      start: from,
      end,
    });
    const numbers = rawNik === null ? {} : { identifiers: record.person.identifiers.slice(0, 1), raw: [{ kind: 'NIK' as const, text: rawNik }] };
    return { ...record, person: { ...record.person, name, sex, dateOfBirth, phone, ...numbers } };
  });
