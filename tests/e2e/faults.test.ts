import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { agencies } from '../../src/agencies/index.ts';
import { noFaults, type Faults } from '../../src/agencies/mocking/faults.ts';
import { errorCodes } from '../../src/domain/failure.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';

/**
 * Every failure switch of every agency, as a caller sees it: what the switch does to a worker whose records the hub knows, and to one it has never met.
 * `fails`: the agency's fields are STALE or null and there is one error of the code. `survives`: the answer is as if nothing were wrong.
 */
const effects: Record<keyof Faults, { set: Partial<Faults>; codes?: readonly string[]; survives?: true; loses?: true }> = {
  down: { set: { down: true }, codes: ['AGENCY_UNREACHABLE'] },
  slowMs: { set: { slowMs: 5_000 }, codes: ['AGENCY_TIMEOUT'] },
  slowJitterMs: { set: { slowMs: 3_000, slowJitterMs: 2_000 }, codes: ['AGENCY_TIMEOUT'] },
  errorRate: { set: { errorRate: 1 }, codes: ['AGENCY_ERROR'] },
  garbage: { set: { garbage: true }, codes: ['AGENCY_INVALID_ANSWER'] },
  truncated: { set: { truncated: true }, codes: ['AGENCY_INVALID_ANSWER', 'AGENCY_UNREACHABLE'] },
  wrongContentType: { set: { wrongContentType: true }, codes: ['AGENCY_INVALID_ANSWER'] },
  huge: { set: { huge: true }, codes: ['AGENCY_INVALID_ANSWER'] },
  duplicated: { set: { duplicated: true }, survives: true },
  reordered: { set: { reordered: true }, survives: true },
  missing: { set: { missing: true }, loses: true },
  extra: { set: { extra: true }, survives: true },
  clockOffsetMs: { set: { clockOffsetMs: -7_200_000 }, codes: ['AGENCY_REFUSED'] },
  quotaSpent: { set: { quotaSpent: true }, codes: ['AGENCY_QUOTA_EXCEEDED'] },
  retryAfterSeconds: { set: { quotaSpent: true, retryAfterSeconds: 7 }, codes: ['AGENCY_QUOTA_EXCEEDED'] },
};
/** The clock matters only to the agency that checks signed times; the others do not look. */
const heedsClock = new Set(['BPJS_KESEHATAN']);

const query = `query ($by: [WorkerKey!]!) { workers(by: $by) { id nik
  placements { number provenance { agency freshness ageSeconds } }
  socialSecurity { coverages { kpj programme phase provenance { agency freshness } } }
  healthInsurance { card status provenance { agency freshness } }
  cases { number provenance { agency freshness } }
  sources { agency state code } } }`;
interface Seen {
  workers: ({ id: string; nik: string; placements: object[] | null; socialSecurity: { coverages: object[] } | null; healthInsurance: object[] | null; cases: object[] | null; sources: { agency: string; state: string; code: string | null }[] } | null)[];
}
const fieldOf: Record<string, 'placements' | 'socialSecurity' | 'healthInsurance' | 'cases'> = { BP2MI: 'placements', BPJS_KETENAGAKERJAAN: 'socialSecurity', BPJS_KESEHATAN: 'healthInsurance', PERWAKILAN: 'cases' };
const withoutFreshness = (value: unknown) => JSON.stringify(value).replaceAll(/"freshness":"[A-Z]+"|"ageSeconds":\d+/g, '');

describe.each(agencies.map(({ name }) => name))('when %s is at fault', (agency) => {
  let hub: TestHub;
  let people: { nik: string }[];
  beforeAll(async () => {
    // Short times keep the suite short; a breaker that never opens lets each switch be seen by itself.
    hub = await startTestHub({ people: 1_000, settings: { AGENCY_ATTEMPT_TIMEOUT_MS: '200', AGENCY_CALL_TIMEOUT_MS: '400', AGENCY_BREAKER_THRESHOLD: '100000', AGENCY_BODY_LIMIT: '2000000' } });
    const everywhere = Array.from({ length: 1_000 }, (_, i) => hub.world.person(i)).filter(({ records, mismatches }) => mismatches.length === 0 && new Set(records.map((record) => record.agency)).size === 4);
    expect(everywhere.length).toBeGreaterThan(3);
    people = everywhere.slice(0, 4).map(({ truth }) => ({ nik: truth.nik }));
    // BPJS Kesehatan has no feed: its records become known by being read.
    await hub.ask(query, { by: people });
    await hub.hub.flush();
  });
  afterAll(() => hub[Symbol.asyncDispose]());
  beforeEach(() => hub.reset());

  it.each(Object.keys(noFaults) as (keyof Faults)[])('%s costs its own fields only', async (fault) => {
    const { set, codes, survives, loses } = effects[fault];
    const clean = (await hub.ask<Seen, object>(query, { by: people })).data!.workers;
    hub.mocks[agency]!.faults.set(set);
    const { status, data, errors } = await hub.ask<Seen, object>(query, { by: people });
    expect(status).toBe(200);
    const mine = fieldOf[agency]!;

    data!.workers.forEach((worker, i) => {
      for (const field of Object.values(fieldOf)) if (field !== mine) expect(withoutFreshness(worker![field]), field).toBe(withoutFreshness(clean[i]![field]));
      expect(worker!.id).toBe(clean[i]!.id);
    });
    const states = data!.workers.map((worker) => worker!.sources.find((source) => source.agency === agency)!);
    const untouched = survives || (fault === 'clockOffsetMs' && !heedsClock.has(agency));
    if (untouched) {
      expect(errors).toEqual([]);
      expect(withoutFreshness(data)).toBe(withoutFreshness({ workers: clean }));
    } else if (loses) {
      expect(errors).toEqual([]);
      expect(states.map(({ state }) => state)).toContain('ABSENT');
    } else {
      expect(errors.map(({ extensions }) => extensions.agency)).toEqual([agency]);
      expect(codes).toContain(errors[0]!.extensions.code);
      expect(errors[0]!.extensions).toMatchObject({ retryable: expect.any(Boolean), requestId: expect.any(String) });
      expect(states.map(({ state, code }) => [state, code])).toEqual(people.map(() => ['STALE', errors[0]!.extensions.code]));
      // The last known records stand in, with nothing lost.
      expect(withoutFreshness(data)).toBe(withoutFreshness({ workers: clean }).replaceAll(`"agency":"${agency}","state":"OK","code":null`, `"agency":"${agency}","state":"STALE","code":"${String(errors[0]!.extensions.code)}"`));
    }
    for (const { extensions } of errors) expect(Object.keys(errorCodes)).toContain(extensions.code);
  });

  it('down costs a worker whom the hub has never met that agency’s fields, and names it FAILED', async () => {
    const stranger = Array.from({ length: 1_000 }, (_, i) => hub.world.person(i)).find(({ records, mismatches, truth }) => mismatches.length === 0 && new Set(records.map((record) => record.agency)).size === 4 && !people.some(({ nik }) => nik === truth.nik));
    await hub.hub.database.run(async (q) => {
      const { identifier, agencyRecord } = await import('../../src/store/tables.ts');
      const { eq } = await import('drizzle-orm');
      const [known] = await hub.hub.crosswalk.byIdentifiers([{ kind: 'NIK', value: stranger!.truth.nik }]);
      await q.delete(identifier).where(eq(identifier.workerId, known!.id));
      await q.delete(agencyRecord).where(eq(agencyRecord.workerId, known!.id));
      await hub.hub.crosswalk.forget([known!.id]);
    });
    hub.mocks[agency]!.faults.set({ down: true });
    const { data, errors } = await hub.ask<Seen, object>(query, { by: [{ nik: stranger!.truth.nik }] });
    const worker = data!.workers[0]!;
    expect(worker[fieldOf[agency]!]).toBeNull();
    for (const field of Object.values(fieldOf)) if (field !== fieldOf[agency]) expect(worker[field], field).not.toBeNull();
    expect(worker.sources.find((source) => source.agency === agency)).toMatchObject({ state: 'FAILED', code: 'AGENCY_UNREACHABLE' });
    expect(errors).toHaveLength(1);
  });
});
