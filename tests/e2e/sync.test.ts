import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestHub, startTestHub } from '../support/hub.ts';

interface AgencySync {
  readonly mode: string;
  readonly lagSeconds: number | null;
  readonly caughtUp: boolean | null;
  readonly outcome: string | null;
  readonly removalsWaiting: number | null;
  readonly workers: number | null;
  readonly neverAsked: number | null;
  readonly askedToday: number | null;
}

describe('keeping up with the agencies', () => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await startTestHub({ people: 80, settings: { SYNC_MAX_REMOVAL_SHARE: '0.2' } });
    await hub.hub.crawling.run();
    await hub.hub.following.drain();
  });
  afterAll(() => hub[Symbol.asyncDispose]());
  const agencies = async () => {
    const answer = await hub.ask<{ agencies: { name: string; sync: AgencySync | null }[]; indexing: { waiting: number; waitingSince: string | null } }, object>(
      '{ agencies { name sync { mode lagSeconds caughtUp caughtUpAt pages lastRunAt outcome removalsWaiting workers neverAsked oldestAskedAt askedToday } } indexing { waiting waitingSince } }', {});
    expect(answer.errors).toEqual([]);
    return { indexing: answer.data!.indexing, of: new Map(answer.data!.agencies.map(({ name, sync }) => [name, sync])) };
  };

  it('brings the membership in JKN of everybody of whom the mock has one into the index', async () => {
    const [row] = await hub.hub.database.run((q) => q.execute<{ members: number; niks: number }>(sql`
      select (select count(distinct worker_id)::int from indexed_health where recorded_to is null) as members,
        (select count(distinct worker_id)::int from identifier where kind in ('NIK', 'JKN_CARD') and agency <> 'BPJS_KESEHATAN') as niks`));
    // By the world's ground truth, through the numbers that the other agencies know.
    const members = Array.from({ length: 80 }, (_, i) => hub.world.person(i)).filter(({ records }) => records.some(({ agency }) => agency === 'BPJS_KESEHATAN')).length;
    expect(row!.members).toBeGreaterThan(members * 0.85);
    expect((await agencies()).of.get('BPJS_KESEHATAN')).toMatchObject({ mode: 'CRAWL', caughtUp: true, workers: row!.niks, neverAsked: 0, askedToday: row!.niks, outcome: null, removalsWaiting: null });
  });

  it('tells the lag of each agency, and what waits to be indexed', async () => {
    const { of, indexing } = await agencies();
    for (const name of ['BP2MI', 'BPJS_KETENAGAKERJAAN', 'PERWAKILAN']) {
      expect(of.get(name)).toMatchObject({ mode: 'FEED', caughtUp: true, outcome: 'CAUGHT_UP', removalsWaiting: 0, workers: null });
      expect(of.get(name)!.lagSeconds).toBeGreaterThanOrEqual(0);
    }
    expect(indexing).toEqual({ waiting: 0, waitingSince: null });
    const metrics = await (await fetch(`${hub.hub.url}/metrics`)).text();
    expect(metrics).toMatch(/payung_sync_lag_seconds\{agency="BP2MI"\} \d/);
    expect(metrics).toContain('payung_sync_caught_up{agency="PERWAKILAN"} 1');
    expect(metrics).toContain('payung_crawl_never_asked{agency="BPJS_KESEHATAN"} 0');
    expect(metrics).toContain('payung_follow_up_waiting 0');
  });

  it('says that removals wait, and keeps the records', async () => {
    const ids = (await hub.hub.database.run((q) => q.execute<{ record_id: string }>(sql`select record_id from agency_record where agency = 'BP2MI' order by 1`))).map((row) => row.record_id);
    for (const id of ids.slice(0, Math.ceil(ids.length / 2))) hub.mocks['BP2MI']!.book.remove(id);
    const result = (await hub.hub.syncing.run()).get('BP2MI')!;
    expect(result).toMatchObject({ removed: 0, held: Math.ceil(ids.length / 2), outcome: 'REMOVALS_HELD' });
    await expect.poll(async () => (await agencies()).of.get('BP2MI'), { timeout: 10_000 }).toMatchObject({ outcome: 'REMOVALS_HELD', removalsWaiting: Math.ceil(ids.length / 2), caughtUp: true });
    expect(await (await fetch(`${hub.hub.url}/metrics`)).text()).toContain('payung_sync_held{agency="BP2MI"} 1');
    expect((await hub.hub.database.run((q) => q.execute(sql`select 1 from agency_record where agency = 'BP2MI'`))).length).toBe(ids.length);
  });
});
