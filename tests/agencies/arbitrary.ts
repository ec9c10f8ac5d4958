import * as fc from 'fast-check';
import { caseCategories, caseKinds, caseStatuses, partyRoles, stayKinds } from '../../src/domain/case.ts';
import type { Case, Stay } from '../../src/domain/case.ts';
import { claimStatuses, coveragePhases, coverageStatuses, paymentStatuses, programmes } from '../../src/domain/coverage.ts';
import type { Claim, Coverage } from '../../src/domain/coverage.ts';
import type { Identifier, IdentifierKind } from '../../src/domain/identifier.ts';
import { canonical, isPlaceholder } from '../../src/domain/identifier.ts';
import type { Money } from '../../src/domain/money.ts';
import { sexes } from '../../src/domain/person.ts';
import { employerKinds, placementStages, procedures, schemes, sectors } from '../../src/domain/placement.ts';
import type { Placement } from '../../src/domain/placement.ts';
import type { AgencyRecord } from '../../src/domain/record.ts';
import { bareRecord } from './fakeWorld.ts';

/** Arbitrary records of each agency, more varied than the world's: every word of every list, nulls everywhere, damaged numbers, empty lists. */

const maybe = <T>(arb: fc.Arbitrary<T>) => fc.option(arb, { nil: null });
const day = fc.date({ min: new Date('1940-01-01'), max: new Date('2035-12-31'), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10));
/** To the second, and now and then to the millisecond. */
const instant = fc
  .tuple(fc.integer({ min: 1_000_000_000, max: 1_900_000_000 }), fc.option(fc.integer({ min: 1, max: 999 }), { nil: 0, freq: 2 }))
  .map(([seconds, ms]) => new Date(seconds * 1_000 + ms).toISOString());
const text = fc.oneof(fc.constantFrom('SITI AMINAH', "Ai'nun", 'M. Firman', 'SURATI', 'Nur "Noer" Ï'), fc.string({ minLength: 1, maxLength: 30 }));
const digits = (length: number) => fc.integer({ min: 0, max: 10 ** Math.min(length, 9) - 1 }).map((n) => `7${String(n).padStart(length - 1, '2')}`.slice(0, length));
const amount = fc.nat({ max: 900_000 }).map((n): Money => ({ amount: `${n}.50`, currency: 'MYR' }));
const rupiah = fc.nat({ max: 900_000_000 }).map((n): Money => ({ amount: String(n), currency: 'IDR' }));
const place = fc.record({ country: fc.constantFrom('MY', 'TW', 'HK', 'SA'), region: maybe(text), district: maybe(text) });

const placement: fc.Arbitrary<Placement> = fc.record({
  number: digits(10).map((d) => `PEN-${d}`),
  scheme: fc.constantFrom(...schemes),
  procedure: fc.constantFrom(...procedures),
  stage: fc.constantFrom(...placementStages),
  place,
  mission: maybe(fc.constantFrom('KBRI_KUALA_LUMPUR', 'KDEI_TAIPEI')),
  p3mi: maybe(fc.record({ id: digits(4), name: text })),
  employer: maybe(fc.record({ name: text, kind: fc.constantFrom(...employerKinds) })),
  sector: fc.constantFrom(...sectors),
  job: text,
  contract: fc.record({ start: maybe(day), end: maybe(day), months: maybe(fc.nat(60)), wage: maybe(amount), signedOn: maybe(day) }),
  registeredOn: maybe(day),
  departedOn: maybe(day),
  arrivedOn: maybe(day),
  returnedOn: maybe(day),
  passport: maybe(digits(7).map((d) => `C${d}`)),
  passportValidUntil: maybe(day),
  oneChannelSystem: maybe(fc.boolean()),
  renews: maybe(digits(10).map((d) => `PEN-${d}`)),
});

const claim: fc.Arbitrary<Claim> = fc.record({
  number: digits(10).map((d) => `KLM-${d}`),
  benefit: text,
  status: fc.constantFrom(...claimStatuses),
  filedOn: day,
  decidedOn: maybe(day),
  amount: maybe(rupiah),
  caseNumber: maybe(digits(9).map((d) => `KBRI-${d}`)),
});

const coverage: fc.Arbitrary<Coverage> = fc.record({
  kpj: digits(11),
  programme: fc.constantFrom(...programmes),
  phase: fc.constantFrom(...coveragePhases),
  status: fc.constantFrom(...coverageStatuses),
  registeredOn: maybe(day),
  window: fc.record({ start: maybe(day), end: maybe(day) }),
  payment: fc.record({ status: fc.constantFrom(...paymentStatuses), owed: maybe(rupiah), paid: maybe(rupiah), paidOn: maybe(day) }),
  contractMonths: maybe(fc.nat(60)),
  claims: fc.array(claim, { maxLength: 2 }),
});

const stay = (number: string): fc.Arbitrary<Stay> => fc.record({
  number: fc.constant(number),
  kind: fc.constantFrom(...stayKinds),
  mission: fc.constantFrom('KBRI_KUALA_LUMPUR', 'KJRI_JOHOR_BAHRU'),
  place,
  reportedOn: day,
  verifiedOn: maybe(day),
});

const file = (number: string): fc.Arbitrary<Case> => fc.record({
  number: fc.constant(number),
  mission: fc.constantFrom('KBRI_KUALA_LUMPUR', 'KRI_TAWAU'),
  category: fc.constantFrom(...caseCategories),
  subcategory: maybe(fc.constant('GAJI_TIDAK_DIBAYAR')),
  kind: fc.constantFrom(...caseKinds),
  status: fc.constantFrom(...caseStatuses),
  place: maybe(place),
  openedOn: day,
  closedOn: maybe(day),
  claimed: maybe(amount),
  recovered: maybe(amount),
  parties: fc.array(fc.record({ role: fc.constantFrom(...partyRoles), name: maybe(text) }), { maxLength: 3 }),
  events: fc.array(fc.record({ at: instant, status: fc.constantFrom(...caseStatuses), note: text }), { maxLength: 3 }),
});

/** Numbers of person `i`, shared with nobody. */
const numbers: Record<IdentifierKind, (i: number, ordinal: number) => string> = {
  NIK: (i) => `350701410190${9000 + i}`,
  PASSPORT: (i, ordinal) => `C${7_000_000 + i * 10 + ordinal}`,
  PMI_ID: (i, ordinal) => `PMI-${1_000_000 + i * 10 + ordinal}`,
  KPJ: (i, ordinal) => `1923${5_000_000 + i * 10 + ordinal}`,
  JKN_CARD: (i) => `000${1_234_000_000 + i}`,
  KTKLN: (i) => `KTK${1_000_000 + i}`,
  CASE_NUMBER: (i, ordinal) => `KBRI-KL-${100_000 + i * 10 + ordinal}`,
  LAPOR_DIRI: (i, ordinal) => `LD-${100_000 + i * 10 + ordinal}`,
};
const id = (kind: IdentifierKind, i: number, ordinal = 0): Identifier => ({ kind, value: numbers[kind](i, ordinal) });

/** A kind's number on a record: in order, damaged, or not there. */
const number = (kind: IdentifierKind, i: number) => fc.oneof(
  { weight: 4, arbitrary: fc.constant({ identifiers: [id(kind, i)], raw: [] }) },
  { weight: 1, arbitrary: fc.constant({ identifiers: [], raw: [{ kind, text: `${numbers[kind](i, 0).slice(0, 3)}?O` }] }) },
  { weight: 1, arbitrary: fc.constant({ identifiers: [], raw: [] }) },
);
const several = (kind: IdentifierKind, i: number) =>
  fc.subarray([0, 1, 2]).map((ordinals) => ({ identifiers: ordinals.map((ordinal) => id(kind, i, ordinal)), raw: [] }));

const claimOf = (always: readonly Identifier[], others: readonly fc.Arbitrary<Pick<AgencyRecord['person'], 'identifiers' | 'raw'>>[]) => fc.tuple(
  fc.record({
    name: maybe(text), alias: maybe(text), sex: maybe(fc.constantFrom(...sexes)), dateOfBirth: maybe(day), placeOfBirth: maybe(text),
    motherName: maybe(text), phone: maybe(fc.constantFrom('+60 12-345', '0812')), area: maybe(fc.constantFrom('35.07.10', '52.03')),
  }),
  fc.tuple(...others),
).map(([said, lists]) => ({
  ...said,
  identifiers: [...always, ...lists.flatMap((list) => list.identifiers)],
  raw: lists.flatMap((list) => list.raw),
}));

/** Records of person `i` at each of the agencies that the hub knows a wire form of. */
export const recordsOf: Record<string, (i: number) => fc.Arbitrary<readonly AgencyRecord[]>> = {
  BP2MI: (i) => fc.tuple(
    claimOf([id('PMI_ID', i)], [number('NIK', i), several('PASSPORT', i), number('KTKLN', i), several('KPJ', i), number('JKN_CARD', i)]),
    fc.array(placement, { maxLength: 3 }),
    maybe(instant),
  ).map(([person, placements, asOf]) => [{ ...bareRecord('BP2MI', numbers.PMI_ID(i, 0), []), asOf, person, placements }]),

  BPJS_KETENAGAKERJAAN: (i) => fc.tuple(...[0, 1].map((ordinal) => fc.tuple(
    claimOf([id('KPJ', i, ordinal)], [number('NIK', i), several('PASSPORT', i), number('PMI_ID', i)]),
    fc.array(coverage, { maxLength: 3 }),
    maybe(instant),
  ).map(([person, coverages, asOf]): AgencyRecord => ({ ...bareRecord('BPJS_KETENAGAKERJAAN', numbers.KPJ(i, ordinal), []), asOf, person, coverages })))),

  PERWAKILAN: (i) => fc.tuple(...[0, 1].map((ordinal) => {
    const report = id('LAPOR_DIRI', i, ordinal);
    const number1 = id('CASE_NUMBER', i, ordinal);
    const own = [number('NIK', i), several('PASSPORT', i), number('KTKLN', i), number('PMI_ID', i)];
    // The first is a case that stands alone, the second a report of stay with a case under it.
    return fc.tuple(claimOf(ordinal === 0 ? [number1] : [report, number1], own), file(number1.value), stay(report.value), maybe(instant))
      .map(([person, one, reported, asOf]): AgencyRecord => ({
        ...bareRecord('PERWAKILAN', ordinal === 0 ? number1.value : report.value, []), asOf, person, cases: [one], stays: ordinal === 0 ? [] : [reported],
      }));
  })),
};

/** People with records at one agency, the same ones every time. */
export function someRecords(agency: string, people: number): readonly (readonly AgencyRecord[])[] {
  const of = recordsOf[agency];
  if (of === undefined) throw new Error(`tests/agencies/arbitrary.ts makes no records of ${agency}`);
  return Array.from({ length: people }, (_, i) => fc.sample(of(i), { numRuns: 1, seed: 1_000 + i })[0]!);
}

/** The record with its numbers in one order: a wire form may keep another one, which means nothing. */
export function inOrder(record: AgencyRecord): AgencyRecord {
  const { person } = record;
  const key = (kind: string, value: string) => `${kind}:${value}`;
  return {
    ...record,
    person: {
      ...person,
      identifiers: person.identifiers.toSorted((a, b) => (key(a.kind, a.value) < key(b.kind, b.value) ? -1 : 1)),
      raw: person.raw.toSorted((a, b) => (key(a.kind, a.text) < key(b.kind, b.text) ? -1 : 1)),
    },
  };
}

for (const kind of Object.keys(numbers) as IdentifierKind[]) {
  const made = canonical(kind, numbers[kind](1, 0));
  if (made?.value !== numbers[kind](1, 0) || isPlaceholder(made)) throw new Error(`${kind}: the numbers made here are not canonical`);
}
