import { sql } from 'drizzle-orm';
import * as fc from 'fast-check';
import { caseCategories, caseKinds, caseStatuses, stayKinds, type Case, type Stay } from '../../../src/domain/case.ts';
import { coveragePhases, coverageStatuses, paymentStatuses, programmes, type Coverage } from '../../../src/domain/coverage.ts';
import { healthSegments, inactiveReasons, type HealthMembership } from '../../../src/domain/health.ts';
import { sexes } from '../../../src/domain/person.ts';
import { employerKinds, placementStages, procedures, schemes, sectors, type Placement } from '../../../src/domain/placement.ts';
import type { AgencyRecord } from '../../../src/domain/record.ts';
import type { FoundGap } from '../../../src/gaps/find.ts';
import { readOpen, writeGaps } from '../../../src/gaps/write.ts';
import { keepIndex } from '../../../src/index/keep.ts';
import { actors, severities } from '../../../src/protection/rule.ts';
import type { Database } from '../../../src/store/database.ts';

/** Days near each other, so that spans touch, overlap and lie in each other. */
const day = fc.integer({ min: 0, max: 80 }).map((n) => new Date(Date.UTC(2022, 0, 1) + n * 23 * 86_400_000).toISOString().slice(0, 10));
const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: null, freq: 4 });
const money = (...currencies: string[]) => fc.record({ amount: fc.integer({ min: 0, max: 900_000 }).map((n) => (n / 100).toFixed(2)), currency: fc.constantFrom(...currencies) });
const place = fc.record({ country: fc.constantFrom('MY', 'TW', 'HK'), region: maybe(fc.constantFrom('Selangor', 'Sabah')), district: maybe(fc.constantFrom('Tawau', 'Klang')) });

const placement = fc.record<Placement>({
  number: fc.uuid(), scheme: fc.constantFrom(...schemes), procedure: fc.constantFrom(...procedures), stage: fc.constantFrom(...placementStages), place,
  mission: maybe(fc.constantFrom('KBRI_KUALA_LUMPUR', 'KJRI_HONG_KONG')), p3mi: maybe(fc.constantFrom('1', '2').map((n) => ({ id: `P3MI-00${n}`, name: `PT ${n}` }))),
  employer: maybe(fc.record({ name: fc.constant('X'), kind: fc.constantFrom(...employerKinds) })), sector: fc.constantFrom(...sectors), job: fc.constantFrom('HOUSE MAID', 'Worker', 'it\'s "odd", 100%_'),
  contract: fc.record({ start: maybe(day), end: maybe(day), months: maybe(fc.constantFrom(12, 24)), wage: maybe(money('MYR', 'IDR')), signedOn: fc.constant(null) }),
  registeredOn: maybe(day), departedOn: maybe(day), arrivedOn: maybe(day), returnedOn: maybe(day), passport: fc.constant(null), passportValidUntil: maybe(day), oneChannelSystem: maybe(fc.boolean()), renews: fc.constant(null),
});
const coverage = fc.record<Coverage>({
  kpj: fc.stringMatching(/^\d{11}$/), programme: fc.constantFrom(...programmes), phase: fc.constantFrom(...coveragePhases), status: fc.constantFrom(...coverageStatuses), registeredOn: maybe(day),
  window: fc.record({ start: maybe(day), end: maybe(day) }), payment: fc.record({ status: fc.constantFrom(...paymentStatuses, 'PAID' as const), owed: maybe(money('IDR')), paid: maybe(money('IDR')), paidOn: maybe(day) }),
  contractMonths: maybe(fc.constantFrom(12, 24)), claims: fc.constant([]),
});
const health = fc.record<HealthMembership>({
  card: fc.stringMatching(/^\d{13}$/), serviceDate: day, active: fc.boolean(), statusCode: fc.constant('1'), statusText: fc.constant(''), inactiveReason: maybe(fc.constantFrom(...inactiveReasons)),
  segment: maybe(fc.constantFrom(...healthSegments)), segmentCode: fc.constant('1'), segmentText: fc.constant(''), wardClass: maybe(fc.constantFrom('1', '2', '')), familyRole: fc.constant(null), start: maybe(day), end: maybe(day), facility: fc.constant(null),
});
const caseFile = fc.record<Case>({
  number: fc.uuid(), mission: fc.constantFrom('KBRI_KUALA_LUMPUR', 'KJRI_HONG_KONG'), category: fc.constantFrom(...caseCategories), subcategory: maybe(fc.constantFrom('GAJI_TIDAK_DIBAYAR', 'OVERSTAY')), kind: fc.constantFrom(...caseKinds),
  status: fc.constantFrom(...caseStatuses), place: maybe(place), openedOn: day, closedOn: maybe(day), claimed: maybe(money('MYR', 'HKD')), recovered: maybe(money('MYR')), parties: fc.constant([]), events: fc.constant([]),
});
const stay = fc.record<Stay>({ number: fc.uuid(), kind: fc.constantFrom(...stayKinds), mission: fc.constantFrom('KBRI_KUALA_LUMPUR', 'KJRI_HONG_KONG'), place, reportedOn: day, verifiedOn: maybe(day) });

const person = fc.record({
  name: fc.constant('SITI'), alias: fc.constant(null), sex: maybe(fc.constantFrom(...sexes)), dateOfBirth: maybe(fc.integer({ min: 1960, max: 2009 }).map((year) => `${year}-03-17`)), placeOfBirth: fc.constant(null), motherName: fc.constant(null),
  phone: fc.constant(null), area: maybe(fc.constantFrom('35', '35.07', '35.07.10', '35.07.10.2001', '52.03', '52.03.01')), identifiers: fc.constant([]), raw: fc.constant([]),
});
const record = (agency: string, facts: Partial<Record<'placements' | 'coverages' | 'healthMemberships' | 'cases' | 'stays', fc.Arbitrary<readonly unknown[]>>>) =>
  fc.record({ agency: fc.constant(agency), recordId: fc.constantFrom('A', 'B'), asOf: fc.constant(null), person, placements: fc.constant([]), coverages: fc.constant([]), healthMemberships: fc.constant([]), cases: fc.constant([]), stays: fc.constant([]), ...facts }) as unknown as fc.Arbitrary<AgencyRecord>;
const many = <T>(one: fc.Arbitrary<T>, maxLength: number) => fc.array(one, { maxLength });

/** A gap, and which of her placements it concerns: by place, null for none, one beyond the last for one that is gone. */
const foundGap = fc.record({
  rule: fc.constantFrom('COVER_MISSING', 'WAGES_UNPAID', 'CASE_OVERDUE', 'PASSPORT_ENDS_BEFORE_CONTRACT', 'A_RULE_THAT_WENT'), severity: fc.constantFrom(...severities), actor: fc.constantFrom(...actors),
  programmes: fc.subarray(['JKK', 'JKM'] as const), since: maybe(day), until: maybe(day), country: maybe(fc.constantFrom('MY', 'TW')), mission: maybe(fc.constantFrom('KBRI_KUALA_LUMPUR', 'KJRI_HONG_KONG')), p3mi: maybe(fc.constantFrom('P3MI-001', 'P3MI-002')),
  place: maybe(fc.integer({ min: 0, max: 3 })), rests: fc.boolean(), file: maybe(fc.record({ mission: fc.constantFrom('KBRI_KUALA_LUMPUR', 'KJRI_HONG_KONG'), category: fc.constantFrom(...caseCategories) })),
});
const gapsOf = fc.uniqueArray(foundGap, { maxLength: 4, selector: ({ rule }) => rule });

/** Gives workers new gaps at a moment, the same ones every time; those that are not found again are closed. */
export async function giveGaps(database: Database, workers: readonly string[], at: Date, seed: number): Promise<void> {
  const made = fc.sample(gapsOf, { numRuns: workers.length, seed });
  await database.transaction(async (q) => {
    const rows = await q.execute<{ worker_id: string; agency: string; record_id: string; key: string }>(sql`select worker_id, agency, record_id, key from indexed_placement where recorded_to is null order by 1, 2, 3, 4`);
    const placements = Map.groupBy(rows, ({ worker_id }) => worker_id);
    const assessments = workers.map((workerId, i) => ({
      workerId,
      found: {
        unknown: new Set<string>(), ending: [],
        gaps: made[i]!.map(({ place: which, rests, file, ...gap }): FoundGap => {
          const placed = which === null ? null : (placements.get(workerId)?.[which] ?? { agency: 'BP2MI', record_id: 'A', key: 'gone' });
          return {
            ...gap, about: file ? 'a case' : '', evidence: [], placementAgency: placed?.agency ?? null, placementRecord: placed?.record_id ?? null, placementNumber: placed?.key ?? null,
            reach: { facets: [rests ? 'PLACEMENT' : 'SOCIAL_SECURITY', ...(file ? (['CASE'] as const) : [])], ...(rests && { placement: { p3mi: gap.p3mi, mission: gap.mission } }), ...(file && { case: file }) },
          };
        }),
      },
    }));
    await writeGaps(q, assessments, await readOpen(q, sql`worker_id = any(${`{${workers.join()}}`}::uuid[])`), { at, news: false });
  });
}

const records = fc
  .tuple(
    maybe(record('BP2MI', { placements: many(placement, 5) })),
    maybe(record('BPJS_KETENAGAKERJAAN', { coverages: many(coverage, 14) })),
    maybe(record('BPJS_KESEHATAN', { healthMemberships: many(health, 2) })),
    maybe(record('PERWAKILAN', { cases: many(caseFile, 3), stays: many(stay, 2) })),
  )
  .map((all) => all.filter((one) => one !== null));

export const agencyOrder = ['BP2MI', 'BPJS_KETENAGAKERJAAN', 'BPJS_KESEHATAN', 'PERWAKILAN'];

/** Adds workers without records. */
export async function addWorkers(database: Database, count: number): Promise<string[]> {
  const rows = await database.run((q) => q.execute<{ id: string }>(sql`insert into worker select from generate_series(1, ${count}) returning id`));
  return rows.map(({ id }) => id);
}

/** Gives workers new records at a moment, the same ones every time. */
export async function giveRecords(database: Database, workers: readonly string[], at: Date, seed: number): Promise<void> {
  const made = fc.sample(records, { numRuns: workers.length, seed });
  await database.transaction((q) => keepIndex(q, new Map(workers.map((id, i) => [id, made[i]!])), agencyOrder, at));
}
