import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sql } from 'drizzle-orm';
import { createWorld } from '../../src/agencies/world/world.ts';
import type { AgencyRecord } from '../../src/domain/record.ts';
import { fileEvents, readEvents } from '../../src/events/outbox.ts';
import { todayInJakarta } from '../../src/domain/time.ts';
import { assessAll } from '../../src/gaps/all.ts';
import { findGaps } from '../../src/gaps/find.ts';
import { type AssessingOptions, followUp, passOn, prepareShards, reassessAll, type Step } from '../../src/gaps/pass.ts';
import { createCrosswalk, type Crosswalk } from '../../src/identity/crosswalk.ts';
import { defaultOptions } from '../../src/protection/input.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { lanes, lockLane } from '../../src/store/lanes.ts';
import { gap } from '../../src/store/eventTables.ts';
import { agencyRecord, restriction, syncState } from '../../src/store/tables.ts';
import { createFollowing } from '../../src/sync/following.ts';
import { caseFile } from '../protection/kit.ts';
import { testDatabase } from '../support/database.ts';

const today = '2026-11-22';
const noon = (day: string) => new Date(`${day}T05:00:00Z`);
const agencies = [
  { name: 'BP2MI', holds: ['IDENTITY', 'PLACEMENT'] },
  { name: 'BPJS_KETENAGAKERJAAN', holds: ['IDENTITY', 'SOCIAL_SECURITY'] },
  { name: 'BPJS_KESEHATAN', holds: ['IDENTITY', 'HEALTH_INSURANCE'] },
  { name: 'PERWAKILAN', holds: ['IDENTITY', 'CASE', 'STAY'] },
] as const;
const feeds = ['BP2MI', 'BPJS_KETENAGAKERJAAN', 'PERWAKILAN'];
const known = new Set(agencies.filter(({ name }) => feeds.includes(name)).flatMap(({ holds }) => [...holds]));
const world = createWorld({ seed: 1, size: 120, today });

describe('keeping gaps up', () => {
  let url: string;
  let drop: () => Promise<void>;
  let database: Database;
  let crosswalk: Crosswalk;
  let now: Date;
  let options: AssessingOptions;
  let followed: number;
  beforeEach(async () => {
    ({ url, drop } = await testDatabase());
    database = await openDatabase({ url });
    crosswalk = await createCrosswalk(database);
    now = noon(today);
    options = { database, agencies, thresholds: defaultOptions, coverEndingDays: 30, records: 40, now: () => now };
    await prepareShards(database);
    const records = Array.from({ length: world.size }, (_, n) => world.person(n).records.filter(({ agency }) => feeds.includes(agency))).flat();
    await database.transaction((q) => crosswalk.rememberIn(q, records, now, { news: false }));
    await database.run((q) => q.insert(syncState).values(feeds.map((agency) => ({ agency, caughtUp: true, firstCaughtUpAt: now }))));
  });
  afterEach(async () => {
    await database.close();
    await drop();
  });

  /** Follows up on changed records, then assesses whoever is due; gives back the steps of the pass. */
  async function settle(by = options): Promise<Step[]> {
    const following = createFollowing({ database: by.database, followers: [{ name: 'gaps', follow: (q, workers, at) => followUp(q, workers, by, at) }], logger: pino({ level: 'silent' }), now: () => now });
    followed = await following.drain();
    const steps: Step[] = [];
    for (let step = await passOn(by); step; step = await passOn(by)) steps.push(step);
    return steps;
  }
  const openGaps = async () => (await database.run((q) => q.select().from(gap).where(sql`closed_at is null`))).map(({ workerId, rule, about, since, until }) => `${workerId} ${rule} ${about} ${since} ${until}`).toSorted();
  async function expected(asOf = today): Promise<string[]> {
    const rows = await database.run((q) => q.select().from(agencyRecord).orderBy(agencyRecord.agency, agencyRecord.recordId));
    return [...Map.groupBy(rows, ({ workerId }) => workerId)].flatMap(([workerId, own]) =>
      findGaps(own.map(({ body }) => body), { asOf, known, thresholds: defaultOptions, coverEndingDays: 30 }).gaps.map(({ rule, about, since, until }) => `${workerId} ${rule} ${about} ${since} ${until}`),
    ).toSorted();
  }
  async function heard(after = 0) {
    await fileEvents(database);
    return readEvents(database, { after, limit: 10_000 });
  }
  const cast = async (slug: string) => {
    const { nik } = world.cast.find((one) => one.slug === slug)!;
    return (await crosswalk.byIdentifiers([{ kind: 'NIK', value: nik }]))[0]!.id;
  };
  const recordOf = (slug: string, agency: string): AgencyRecord => {
    const index = world.cast.findIndex((one) => one.slug === slug);
    return world.person(index).records.find((record) => record.agency === agency)!;
  };

  it('finds at first what each worker’s records show, without news', async () => {
    await settle();
    expect((await openGaps()).length).toBeGreaterThan(30);
    expect(await openGaps()).toEqual(await expected());
    expect(await heard()).toEqual([]);
  });

  it('says nothing of anybody before a feed was read to its end', async () => {
    await database.run((q) => q.update(syncState).set({ firstCaughtUpAt: null }));
    expect(await settle()).toEqual([]);
    expect(await openGaps()).toEqual([]);
  });

  it('tells of the gaps that a changed record opens and closes, and of no others', async () => {
    await settle();
    const workerId = await cast('wati-lapsed');
    const cover = recordOf('wati-lapsed', 'BPJS_KETENAGAKERJAAN');
    const paid = { ...cover, coverages: cover.coverages.flatMap((one) => [one, { ...one, phase: 'DURING' as const, status: 'ACTIVE' as const, window: { start: '2026-07-01', end: '2030-01-01' }, payment: { ...one.payment, status: 'PAID' as const, paidOn: '2026-07-01' } }]) };
    await crosswalk.remember([paid], now);
    expect(await settle()).toEqual([]);
    expect(followed).toBe(1);
    expect(await openGaps()).toEqual(await expected());
    const closed = (await heard()).map((event) => `${event.workerId} ${event.kind} ${event.rule}`);
    expect(closed).toContain(`${workerId} GAP_CLOSED COVER_MISSING`);
    expect(closed.every((text) => text.startsWith(`${workerId} GAP_`))).toBe(true);
    await crosswalk.remember([cover], now);
    await settle();
    expect((await heard()).filter(({ kind, rule }) => kind === 'GAP_OPENED' && rule === 'COVER_MISSING').map((event) => event.workerId)).toEqual([workerId]);
    expect(await openGaps()).toEqual(await expected());
  });

  it('assesses everybody when the day has changed: gaps open because a date has passed', async () => {
    await settle();
    now = noon('2026-11-23');
    expect((await settle()).reduce((sum, { workers }) => sum + workers, 0)).toBeGreaterThanOrEqual(world.size);
    now = noon('2027-03-01');
    await settle();
    expect(await openGaps()).toEqual(await expected('2027-03-01'));
    const kinds = new Set((await heard()).map(({ kind }) => kind));
    expect([...kinds].toSorted()).toEqual(['COVER_ENDING', 'GAP_OPENED']);
    expect(await settle()).toEqual([]);
  });

  it('tells once of a cover that ends soon', async () => {
    await settle();
    const told: string[] = [];
    for (const day of ['2027-01-10', '2027-01-11', '2027-02-08', '2027-03-05', '2027-03-25']) {
      now = noon(day);
      await settle();
    }
    for (const event of await heard()) if (event.kind === 'COVER_ENDING') told.push(`${event.workerId} ${event.subject!.fact}`);
    expect(told.length).toBeGreaterThan(0);
    expect(new Set(told).size).toBe(told.length);
  });

  it('does not close a gap because the records do not tell any more', async () => {
    const healthy = await cast('endang-arrears');
    const card = recordOf('endang-arrears', 'BPJS_KESEHATAN');
    // As BPJS Kesehatan answers: for the day it was asked.
    await crosswalk.remember([{ ...card, healthMemberships: card.healthMemberships.slice(0, 1).map((one) => ({ ...one, serviceDate: today })) }], now);
    await settle();
    const hers = async () => (await openGaps()).filter((text) => text.startsWith(healthy) && text.includes('HEALTH_INSURANCE_INACTIVE'));
    expect(await hers()).toHaveLength(1);
    now = noon('2026-11-25');
    await settle();
    expect(await hers()).toHaveLength(1);
  });

  it('keeps two cases of one rule apart', async () => {
    await settle();
    const file = recordOf('siti-selangor', 'PERWAKILAN');
    const old = (number: string) => caseFile({ number, mission: 'KBRI_KUALA_LUMPUR', openedOn: '2026-01-02', subcategory: 'LAIN' });
    await crosswalk.remember([{ ...file, cases: [...file.cases, old('OLD-1'), old('OLD-2')] }], now);
    await settle();
    const workerId = await cast('siti-selangor');
    expect((await openGaps()).filter((text) => text.startsWith(`${workerId} CASE_OVERDUE`)).map((text) => text.split(' ')[4])).toEqual(expect.arrayContaining(['OLD-1', 'OLD-2']));
    expect(await openGaps()).toEqual(await expected());
  });

  it('closes the gaps of a worker whose records are gone', async () => {
    await settle();
    const workerId = await cast('wati-lapsed');
    const rows = await database.run((q) => q.select().from(agencyRecord).where(sql`worker_id = ${workerId}::uuid`));
    await database.transaction(async (q) => {
      for (const { agency, recordId } of rows) await crosswalk.removeIn(q, agency, [recordId], now);
    });
    await settle();
    expect((await openGaps()).filter((text) => text.startsWith(workerId))).toEqual([]);
  });

  it('leaves whom nothing may be done with', async () => {
    await settle();
    const workerId = await cast('wati-lapsed');
    const before = await openGaps();
    await database.run((q) => q.insert(restriction).values({ workerId, reason: 'SUBJECT_REQUEST', since: now, setBy: 'x' }));
    await crosswalk.remember([{ ...recordOf('wati-lapsed', 'BPJS_KETENAGAKERJAAN'), coverages: [] }], now);
    await settle();
    expect(await openGaps()).toEqual(before);
    expect((await heard()).filter(({ kind }) => kind.startsWith('GAP'))).toEqual([]);
  });

  it('goes on where a pass was broken off, and lets several instances share it', async () => {
    for (let n = 0; n < 5; n += 1) await passOn(options);
    const other = await openDatabase({ url });
    try {
      await Promise.all([settle(), settle({ ...options, database: other })]);
    } finally {
      await other.close();
    }
    await settle();
    expect(await openGaps()).toEqual(await expected());
    await reassessAll(database);
    await settle();
    expect(await openGaps()).toEqual(await expected());
    expect(await heard()).toEqual([]);
  });

  it('follows up on whoever changes while a pass is under way, whether or not it has come to her', async () => {
    for (let n = 0; n < 3; n += 1) await passOn(options);
    const records = Array.from({ length: world.size }, (_, n) => world.person(n).records.filter(({ agency }) => agency === 'BPJS_KETENAGAKERJAAN')).flat();
    await crosswalk.remember(records.map((record) => ({ ...record, coverages: [] })), now);
    await settle();
    expect(await openGaps()).toEqual(await expected());
  });

  it('waits for whoever follows up on changed records of the same workers, so that no older state is written over a newer one', async () => {
    const [free, held] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const following = database.transaction(async (q) => {
      for (let lane = 0; lane < lanes; lane += 1) await lockLane(q, lane);
      held.resolve();
      await free.promise;
    });
    await held.promise;
    let done = false;
    const step = passOn(options).then(() => (done = true));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(done).toBe(false);
    free.resolve();
    await Promise.all([following, step]);
    expect(done).toBe(true);
  });

  it('assesses everybody on several threads, with the same result', async () => {
    const steps: Step[] = [];
    const before = todayInJakarta(new Date());
    await database.run((q) => q.execute(sql`update sync_state set first_caught_up_at = now()`));
    await assessAll({ url, agencies, thresholds: defaultOptions, coverEndingDays: 30, threads: 2, onStep: (step) => void steps.push(step) });
    expect(steps.reduce((sum, { workers }) => sum + workers, 0)).toBeGreaterThanOrEqual(world.size);
    // The day on which it was done, which may have ended since.
    const [done] = await database.run((q) => q.execute<{ day: string }>(sql`select max(day)::text as day from gap_shard`));
    expect([before, todayInJakarta(new Date())]).toContain(done!.day);
    expect(await openGaps()).toEqual(await expected(done!.day));
  });

  it('takes other thresholds for no news', async () => {
    await settle();
    options = { ...options, thresholds: { ...defaultOptions, unpaidWagesDays: 1, caseServiceDays: 1 } };
    const before = (await openGaps()).length;
    await settle();
    expect((await openGaps()).length).toBeGreaterThan(before);
    expect(await heard()).toEqual([]);
  });
});
