import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { agencies } from '../../src/agencies/index.ts';
import { noFaults, type Faults } from '../../src/agencies/mocking/faults.ts';
import type { FailureCode } from '../../src/domain/failure.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';

/**
 * What every failure switch does, as a caller sees it. `fails`: the last known records stand in as STALE, with one error of one of the codes. `survives`: the
 * answer is as if nothing were wrong. `loses`: some people are absent.
 */
type Effect = { readonly set: Partial<Faults> } & ({ readonly fails: readonly FailureCode[] } | { readonly survives: true } | { readonly loses: true });
const effects: Record<keyof Faults, Effect> = {
  down: { set: { down: true }, fails: ['AGENCY_UNREACHABLE'] },
  slowMs: { set: { slowMs: 5_000 }, fails: ['AGENCY_TIMEOUT'] },
  slowJitterMs: { set: { slowMs: 3_000, slowJitterMs: 2_000 }, fails: ['AGENCY_TIMEOUT'] },
  errorRate: { set: { errorRate: 1 }, fails: ['AGENCY_ERROR'] },
  garbage: { set: { garbage: true }, fails: ['AGENCY_INVALID_ANSWER'] },
  truncated: { set: { truncated: true }, fails: ['AGENCY_INVALID_ANSWER', 'AGENCY_UNREACHABLE'] },
  wrongContentType: { set: { wrongContentType: true }, fails: ['AGENCY_INVALID_ANSWER'] },
  huge: { set: { huge: true }, fails: ['AGENCY_INVALID_ANSWER'] },
  duplicated: { set: { duplicated: true }, survives: true },
  reordered: { set: { reordered: true }, survives: true },
  missing: { set: { missing: true }, loses: true },
  extra: { set: { extra: true }, survives: true },
  clockOffsetMs: { set: { clockOffsetMs: -7_200_000 }, survives: true },
  quotaSpent: { set: { quotaSpent: true }, fails: ['AGENCY_QUOTA_EXCEEDED'] },
  retryAfterSeconds: { set: { quotaSpent: true, retryAfterSeconds: 7 }, fails: ['AGENCY_QUOTA_EXCEEDED'] },
};
/** Where one agency differs: BPJS Kesehatan checks signed times, and an answer for one person that is about another is no answer. */
const exceptions: Record<string, Partial<typeof effects>> = {
  BPJS_KESEHATAN: {
    extra: { set: { extra: true }, fails: ['AGENCY_MISATTRIBUTED'] },
    clockOffsetMs: { set: { clockOffsetMs: -7_200_000 }, fails: ['AGENCY_REFUSED'] },
  },
};
const switches = Object.keys(noFaults) as (keyof Faults)[];

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
    // A breaker that never opens lets each switch be seen by itself.
    hub = await startTestHub({ people: 1_000, settings: { AGENCY_CALL_TIMEOUT_MS: '2500', AGENCY_BREAKER_THRESHOLD: '100000', AGENCY_BODY_LIMIT: '2000000' } });
    const everywhere = Array.from({ length: 1_000 }, (_, i) => hub.world.person(i)).filter(({ records, mismatches }) => mismatches.length === 0 && new Set(records.map((record) => record.agency)).size === 4);
    if (everywhere.length < 5) throw new Error('the world has too few people whom all agencies know');
    people = everywhere.slice(0, 4).map(({ truth }) => ({ nik: truth.nik }));
    // BPJS Kesehatan has no feed: its records become known by being read.
    await hub.ask(query, { by: people });
    await hub.hub.flush();
  });
  afterAll(() => hub[Symbol.asyncDispose]());
  beforeEach(() => hub.reset());

  // Before the switches below: a spent quota keeps the hub from asking for a while.
  it('down costs a worker whom the hub has never met that agency’s fields, and names it FAILED', async () => {
    const stranger = Array.from({ length: 1_000 }, (_, i) => hub.world.person(i)).find(({ records, mismatches, truth }) => mismatches.length === 0 && new Set(records.map((record) => record.agency)).size === 4 && !people.some(({ nik }) => nik === truth.nik));
    const [known] = await hub.hub.crosswalk.byIdentifiers([{ kind: 'NIK', value: stranger!.truth.nik }]);
    await hub.hub.database.transaction(async (q) => {
      for (const record of known!.records.values()) await hub.hub.crosswalk.removeIn(q, record.agency, [record.recordId], new Date());
    });
    await hub.hub.crosswalk.forget([known!.id]);
    hub.mocks[agency]!.faults.set({ down: true });
    const { data, errors } = await hub.ask<Seen, object>(query, { by: [{ nik: stranger!.truth.nik }] });
    const worker = data!.workers[0]!;
    expect(Object.values(fieldOf).filter((field) => worker[field] === null)).toEqual([fieldOf[agency]]);
    expect(worker.sources.find((source) => source.agency === agency)).toMatchObject({ state: 'FAILED', code: 'AGENCY_UNREACHABLE' });
    expect(errors).toHaveLength(1);
  });

  const effectOf = (fault: keyof Faults): Effect => exceptions[agency]?.[fault] ?? effects[fault];
  const having = (kind: 'fails' | 'survives' | 'loses') => switches.filter((fault) => kind in effectOf(fault));
  const read = async () => hub.ask<Seen, object>(query, { by: people });
  const mine = fieldOf[agency]!;

  it('every switch has its effect told here', () => {
    expect([...having('survives'), ...having('loses'), ...having('fails')].toSorted()).toEqual(switches.toSorted());
  });

  it.each(having('survives'))('%s changes nothing', async (fault) => {
    const clean = await read();
    hub.mocks[agency]!.faults.set(effectOf(fault).set);
    const { status, data, errors } = await read();
    expect({ status, errors }).toEqual({ status: 200, errors: [] });
    expect(withoutFreshness(data)).toBe(withoutFreshness(clean.data));
  });

  it.each(having('loses'))('%s costs the people left out that agency’s fields only', async (fault) => {
    const clean = (await read()).data!.workers;
    hub.mocks[agency]!.faults.set(effectOf(fault).set);
    const { data, errors } = await read();
    expect(errors).toEqual([]);
    expect(data!.workers.map((worker) => worker!.sources.find((source) => source.agency === agency)!.state)).toContain('ABSENT');
    const others = (worker: Seen['workers'][number]) => withoutFreshness(Object.values(fieldOf).filter((field) => field !== mine).map((field) => worker![field]));
    expect(data!.workers.map(others)).toEqual(clean.map(others));
  });

  it.each(having('fails'))('%s makes the last known records stand in, with one error', async (fault) => {
    const clean = await read();
    hub.mocks[agency]!.faults.set(effectOf(fault).set);
    const { status, data, errors } = await read();
    expect(status).toBe(200);
    expect(errors).toHaveLength(1);
    const { code } = errors[0]!.extensions;
    expect((effectOf(fault) as { fails: readonly string[] }).fails).toContain(code);
    expect(errors[0]!.extensions).toEqual({ code, agency, retryable: expect.any(Boolean), requestId: expect.any(String) });
    const expected = withoutFreshness(clean.data).replaceAll(`"agency":"${agency}","state":"OK","code":null`, `"agency":"${agency}","state":"STALE","code":"${String(code)}"`);
    expect(withoutFreshness(data)).toBe(expected);
    expect(JSON.stringify(data!.workers.map((worker) => worker![mine]))).not.toContain('LIVE');
  });
});
