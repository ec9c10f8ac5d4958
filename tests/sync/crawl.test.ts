import { sql } from 'drizzle-orm';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Crosswalk } from '../../src/identity/crosswalk.ts';
import { createCrosswalk } from '../../src/identity/crosswalk.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { readSyncStatus } from '../../src/store/syncStatus.ts';
import { createCrawlList, type CrawlRules } from '../../src/sync/crawl.ts';
import { createCrawling, type CrawlStep } from '../../src/sync/crawling.ts';
import { createFollowing, type Following } from '../../src/sync/following.ts';
import { bareRecord } from '../agencies/fakeWorld.ts';
import { testDatabase } from '../support/database.ts';
import { type FakeAgency, fakeAgency, timedOut } from '../support/fake-agency.ts';

const nik = (n: number) => `32010101${String(n).padStart(4, '0')}9001`;

describe('an agency without a feed', () => {
  let url: string;
  let drop: () => Promise<void>;
  let database: Database;
  let crosswalk: Crosswalk;
  let agency: FakeAgency;
  let following: Following;
  let time: Date;
  const restricted = new Set<string>();
  const now = () => time;
  beforeEach(async () => {
    ({ url, drop } = await testDatabase());
    database = await openDatabase({ url });
    crosswalk = await createCrosswalk(database);
    time = new Date('2026-11-22T03:00:00Z');
    restricted.clear();
    agency = fakeAgency({ name: 'JKN', holds: ['HEALTH_INSURANCE'], looksUpBy: ['JKN_CARD', 'NIK'], batchLimit: 1, feedless: true });
    agency.records = Array.from({ length: 15 }, (_, n) => bareRecord('JKN', `CARD-${n}`, [{ kind: 'NIK', value: nik(n) }], { name: `PERSON ${n}` }));
    following = createFollowing({ database, followers: [createCrawlList([agency])], logger: pino({ level: 'silent' }), now });
    await crosswalk.remember(Array.from({ length: 20 }, (_, n) => bareRecord('B', `R-${n}`, [{ kind: 'NIK', value: nik(n) }], { name: `PERSON ${n}` })), time);
    await crosswalk.remember([bareRecord('B', 'R-nobody', [{ kind: 'PASSPORT', value: 'C1234567' }], { name: 'NO NIK' })], time);
    await following.drain();
  });
  afterEach(async () => {
    await database.close();
    await drop();
  });
  const crawling = (rules: Partial<CrawlRules> = {}, on: { database: Database; crosswalk: Crosswalk } = { database, crosswalk }) =>
    createCrawling({ agencies: [agency], ...on, restricted, logger: pino({ level: 'silent' }), now, rules: () => ({ perSecond: 1_000, perDay: 1_000, leastAgeMs: 3_600_000, ...rules }) });
  const asked = () => agency.asked.flat().map(({ identifiers }) => identifiers[0]!.value);
  const crawl = async (rules?: Partial<CrawlRules>) => {
    const steps: CrawlStep[] = [];
    agency.asked.length = 0;
    await crawling(rules).run((step) => steps.push(step));
    return steps.reduce((sum, step) => sum + step.asked, 0);
  };
  const workerOf = async (n: number) => (await crosswalk.byIdentifiers([{ kind: 'NIK', value: nik(n) }]))[0]!.id;

  it('is asked about everybody with a number it can look up, once, and then again when that is long ago', async () => {
    expect(await crawl()).toBe(20);
    expect(asked().toSorted()).toEqual(Array.from({ length: 20 }, (_, n) => nik(n)).toSorted());
    const known = await crosswalk.byIdentifiers([{ kind: 'NIK', value: nik(3) }]);
    expect([...known[0]!.records.values()].map(({ agency: name }) => name).toSorted()).toEqual(['B', 'JKN']);
    expect(await crawl()).toBe(0);
    time = new Date('2026-11-22T05:00:00Z');
    expect(await crawl()).toBe(20);
    expect((await readSyncStatus(database)).get('JKN')).toMatchObject({ feed: null, crawl: { workers: 20, neverAsked: 0, oldestAskedAt: time } });
  });

  it('is asked first about those who were never asked about, then about those who were so longest ago', async () => {
    await crawl({ perDay: 5 });
    const early = asked();
    time = new Date('2026-11-23T03:00:00Z');
    await crawl({ perDay: 15 });
    expect(asked().filter((value) => early.includes(value))).toEqual([]);
    time = new Date('2026-11-24T03:00:00Z');
    await crawl({ perDay: 5 });
    expect(asked().toSorted()).toEqual(early.toSorted());
  });

  it('is not asked more often in a day than its quota allows, by all instances together', async () => {
    const other = await openDatabase({ url });
    const both = [{ database, crosswalk }, { database: other, crosswalk: await createCrosswalk(other) }];
    await Promise.all(both.map((on) => crawling({ perDay: 12 }, on).run()));
    expect(agency.asked).toHaveLength(12);
    time = new Date('2026-11-23T03:00:00Z');
    await Promise.all(both.map((on) => crawling({ perDay: 12 }, on).run()));
    await other.close();
    // Nobody twice: eight were left.
    expect(asked()).toHaveLength(24);
    expect(new Set(asked()).size).toBe(20);
  });

  it('is asked at the pace that is set, by all instances together', async () => {
    const began = performance.now();
    const other = await openDatabase({ url });
    const both = [{ database, crosswalk }, { database: other, crosswalk: await createCrosswalk(other) }];
    await Promise.all(both.map((on) => crawling({ perSecond: 40, perDay: 16 }, on).run()));
    await other.close();
    expect(agency.asked).toHaveLength(16);
    // The first call waits for nothing, and the last for the 15 before it. A pace is a least time; nothing is said of the most.
    expect(performance.now() - began).toBeGreaterThan(370);
  });

  it('is never asked about those whose processing is restricted', async () => {
    const [set, meanwhile] = [await workerOf(2), await workerOf(4)];
    await database.run((q) => q.execute(sql`insert into restriction (worker_id, reason, since, set_by) values (${set}, 'SUBJECT_REQUEST', now(), 'test')`));
    restricted.add(meanwhile);
    await crawl();
    expect(asked()).toHaveLength(18);
    expect(asked()).not.toContain(nik(2));
    expect(asked()).not.toContain(nik(4));
  });

  it('is asked about a worker who was merged away under the id that she has now', async () => {
    const [from, to] = [await workerOf(6), await workerOf(7)];
    await database.transaction(async (q) => {
      await q.execute(sql`update agency_record set worker_id = ${to} where worker_id = ${from}`);
      await q.execute(sql`update identifier set worker_id = ${to} where worker_id = ${from}`);
      await q.execute(sql`update worker set merged_into = ${to} where id = ${from}`);
    });
    // Before and after that has been followed up.
    expect(await crawl({ perDay: 19 })).toBe(19);
    await following.drain();
    expect((await readSyncStatus(database)).get('JKN')!.crawl!.workers).toBe(19);
    expect(agency.asked.flat().map(({ ref }) => ref)).not.toContain(from);
  });

  it('is left alone when it fails, and asked later about those who were not asked about', async () => {
    agency.failing = timedOut;
    expect(await crawl({ perSecond: 5 })).toBe(0);
    expect(agency.asked.length).toBeLessThan(10);
    const { used } = (await database.run((q) => q.execute<{ used: number }>(sql`select used from sync_crawl_day`)))[0]!;
    expect(used).toBe(agency.asked.length);
    agency.failing = null;
    time = new Date('2026-11-22T04:00:00Z');
    expect(await crawl()).toBe(20);
  });

  it('is asked again about those whom an instance had claimed that died', async () => {
    agency.gate = new Promise(() => {});
    void crawling().run();
    await expect.poll(() => agency.asked.length).toBeGreaterThan(0);
    agency.gate = null;
    expect(await crawl()).toBe(0);
    time = new Date('2026-11-22T03:02:00Z');
    expect(await crawl()).toBe(20);
  });

  it('writes no news of what was there before', async () => {
    const events = async () => (await database.run((q) => q.execute<{ n: number }>(sql`select count(*)::int as n from event_inbox`)))[0]!.n;
    const before = await events();
    await crawl();
    expect(await events()).toBe(before);
    // A record that comes to somebody who was asked about before is.
    agency.records.push(bareRecord('JKN', 'CARD-17', [{ kind: 'NIK', value: nik(17) }], { name: 'PERSON 17' }));
    time = new Date('2026-11-22T05:00:00Z');
    await crawl();
    expect(await events()).toBe(before + 1);
  });
});
