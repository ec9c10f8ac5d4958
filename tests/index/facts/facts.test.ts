import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { sql } from 'drizzle-orm';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFacts, type Facts } from '../../../src/index/facts/facts.ts';
import { bucketBits, filesOf } from '../../../src/index/facts/files.ts';
import { createStatistics, type Statistics } from '../../../src/index/statistics/statistics.ts';
import { catalogue } from '../../../src/index/catalogue.ts';
import { type Database, openDatabase } from '../../../src/store/database.ts';
import { testDatabase, type TestDatabase } from '../../support/database.ts';
import { addWorkers, giveRecords } from '../statistics/register.ts';

const caller = { scopes: new Set(['statistics:read', 'statistics:exact', 'case:sensitive'] as const), bounds: {}, purposes: null };
const start = new Date('2025-01-01T00:00:00Z');
const later = new Date('2026-01-01T00:00:00Z');

let made: TestDatabase;
let database: Database;
let folder: string;
let workers: string[];
const opened: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  made = await testDatabase();
  database = await openDatabase({ url: made.url });
  folder = await mkdtemp(join(tmpdir(), 'payung-facts-'));
  workers = await addWorkers(database, 40);
  await giveRecords(database, workers, start, 1);
});
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
  await database.close();
  await made.drop();
  await rm(folder, { recursive: true, force: true });
});

function open(more: { processFrom?: number; databaseUrl?: string } = {}): { facts: Facts; statistics: Statistics } {
  const facts = createFacts({ database, databaseUrl: made.url, dataDir: folder, memoryMb: 400, threads: 1, logger: pino({ level: 'silent' }), ...more });
  const statistics = createStatistics({ facts, threads: 1, memoryMb: 300, concurrency: 1, timeoutMs: 20_000, costLimit: 1e9 });
  opened.push(facts, statistics);
  return { facts, statistics };
}

async function count(statistics: Statistics, entity: 'worker' | 'placement' = 'worker'): Promise<number> {
  const measures = catalogue[entity].measures.filter(({ name }) => name === 'count');
  const { groups } = await statistics.ask({ entity, where: { and: [] }, groupBy: [], rollUp: false, measures, day: '2030-01-01', knownAt: null }, caller);
  return groups[0]!.figures.get('count')!.value!;
}

const live = async (table: string) => (await database.run((q) => q.execute<{ n: number }>(sql`select count(*)::int n from ${sql.identifier(table)} where recorded_to is null`)))[0]!.n;
const parquet = async (of: string) => (await readdir(join(of, 'facts'), { recursive: true })).filter((name) => name.endsWith('.parquet')).toSorted();
const restrict = (id: string) => database.run((q) => q.execute(sql`insert into restriction (worker_id, reason, since, set_by) values (${id}, 'SUBJECT_REQUEST', now(), 'test')`));

/** Processes that make facts for this one. */
const makers = () => (spawnSync('pgrep', ['-P', String(process.pid), '-f', 'facts/making.ts'], { encoding: 'utf8' }).stdout.match(/\d+/g) ?? []);

/** Keys of facts, by number of their worker. */
async function keysOf(entity: string): Promise<Map<number, number[]>> {
  const duck = await (await DuckDBInstance.create(':memory:')).connect();
  try {
    const read = await duck.runAndReadAll(`select serial, list("factKey" order by "factKey") from read_parquet('${join(folder, 'facts', entity)}/*.parquet') group by serial`);
    return new Map(read.getRowsJS().map(([serial, keys]) => [serial as number, keys as number[]]));
  } finally {
    duck.closeSync();
  }
}

describe('facts', () => {
  it('of every kind have keys of their own, that follow from their worker\'s', async () => {
    const kinds = ['placement', 'coverage', 'case', 'health', 'stay'];
    const keysOfAll = async () => new Map(await Promise.all(kinds.map(async (kind) => [kind, await keysOf(kind)] as const)));
    await open().facts.hold();
    const before = await keysOfAll();
    // Of each kind a worker who has such facts.
    const changed = new Set([...before.values()].map((keys) => [...keys.keys()][0]!));
    await database.run((q) => q.execute(sql`update worker set cell_key = (cell_key + 1) % 4294967296 where serial in ${[...changed]}`));
    for (const one of opened.splice(0).toReversed()) await one.close();
    await rm(join(folder, 'facts'), { recursive: true });
    await open().facts.hold();
    const after = await keysOfAll();
    for (const kind of kinds) {
      const all = [...before.get(kind)!.values()].flat();
      expect(before.get(kind)!.size).toBeGreaterThan(3);
      expect(new Set(all).size).toBe(all.length);
      expect(Math.max(...all)).toBeGreaterThan(2 ** 24);
      const ofOthers = (keys: ReadonlyMap<number, number[]>) => new Map([...keys].filter(([serial]) => !changed.has(serial)));
      expect(ofOthers(after.get(kind)!)).toEqual(ofOthers(before.get(kind)!));
      const anew = [...changed].flatMap((serial) => after.get(kind)!.get(serial) ?? []);
      expect(anew.length).toBeGreaterThan(0);
      expect(anew.filter((key) => all.includes(key))).toEqual([]);
    }
  });

  it('are made when first asked for, and hold what the index holds', async () => {
    const { statistics } = open();
    expect(await readdir(folder)).toEqual([]);
    expect(await count(statistics)).toBe(await live('indexed_worker'));
    expect(await count(statistics, 'placement')).toBe(await live('indexed_placement'));
  });

  it('are the same where a process of its own makes them, and go on from there', async () => {
    await open().facts.hold();
    const keys = await keysOf('placement');
    for (const one of opened.splice(0).toReversed()) await one.close();
    await rm(join(folder, 'facts'), { recursive: true });
    const { facts, statistics } = open({ processFrom: 1 });
    expect(await count(statistics)).toBe(40);
    expect(await keysOf('placement')).toEqual(keys);
    expect(await facts.refresh()).toBe(0);
    await giveRecords(database, workers.slice(0, 1), later, 2);
    expect(await facts.refresh()).toBe(1);
    expect(await count(statistics, 'placement')).toBe(await live('indexed_placement'));
  });

  it('are not made by a process that cannot, which is said; nor by one that goes on when they are closed', async () => {
    const wrong = open({ processFrom: 1, databaseUrl: 'postgres://nobody@127.0.0.1:1/none' });
    await expect(wrong.facts.hold()).rejects.toThrow('Facts could not be made');
    expect(makers()).toEqual([]);
    const { facts } = open({ processFrom: 1 });
    const held = facts.hold();
    held.catch(() => {});
    await expect.poll(makers, { timeout: 20_000 }).toHaveLength(1);
    await facts.close();
    await expect(held).rejects.toThrow('aborted');
    await expect.poll(makers, { timeout: 5_000 }).toEqual([]);
  });

  it('take in a change by rewriting the bucket it is in, and say until when they are up', async () => {
    // A few workers in a bucket of their own.
    await database.run((q) => q.execute(sql`select setval('worker_serial_seq', ${1 << bucketBits})`));
    const far = await addWorkers(database, 8);
    await giveRecords(database, far, start, 4);
    const { facts, statistics } = open();
    const before = await count(statistics, 'placement');
    const held = await facts.hold();
    const files = await parquet(folder);
    await giveRecords(database, far, later, 5);
    expect(await facts.refresh()).toBe(8);
    held.release();
    expect(await count(statistics, 'placement')).toBe(await live('indexed_placement'));
    expect(await count(statistics, 'placement')).not.toBe(before);
    const kept = files.filter((name) => name.includes('/0-'));
    expect(kept.length).toBeGreaterThan(4);
    expect((await parquet(folder)).filter((name) => kept.includes(name))).toEqual(kept);
    const after = await facts.hold();
    expect(after.manifest.through > held.manifest.through).toBe(true);
    after.release();
    expect(await facts.refresh()).toBe(0);
  });

  it('keep the files of a state as long as somebody reads it, and no longer', async () => {
    const { facts } = open();
    const held = await facts.hold();
    const files = await parquet(folder);
    await giveRecords(database, workers.slice(0, 3), later, 2);
    await facts.refresh();
    expect(await parquet(folder)).toEqual(expect.arrayContaining(files));
    held.release();
    await giveRecords(database, workers.slice(3, 6), later, 3);
    await facts.refresh();
    const { manifest, release } = await facts.hold();
    expect(await parquet(folder)).toEqual([...filesOf(manifest)].toSorted());
    release();
    // Profiles are the same where no new ones came.
    expect((await parquet(folder)).filter((name) => files.includes(name) && !name.startsWith('profiles/'))).toEqual([]);
  });

  it('stay readable after a crash in the middle of a refresh, whose leavings go', async () => {
    const first = open();
    const before = await count(first.statistics, 'placement');
    for (const one of opened.splice(0).toReversed()) await one.close();
    // What a refresh that was killed leaves: files, and a manifest that was not renamed.
    await writeFile(join(folder, 'facts', 'placement', '0-99.parquet'), 'half');
    await writeFile(join(folder, 'facts', 'manifest.json.new'), '{');
    await mkdir(join(folder, 'facts', 'spill'));
    await writeFile(join(folder, 'facts', 'spill', 'half.tmp'), 'half');
    const version = JSON.parse(await readFile(join(folder, 'facts', 'manifest.json'), 'utf8')).version as number;
    const second = open();
    expect(await count(second.statistics, 'placement')).toBe(before);
    expect(await readdir(join(folder, 'facts'), { recursive: true })).not.toContain('placement/0-99.parquet');
    expect(await readdir(join(folder, 'facts', 'spill'))).toEqual([]);
    expect(JSON.parse(await readFile(join(folder, 'facts', 'manifest.json'), 'utf8')).version).toBe(version);
  });

  it('are made anew where they are of another database, or cannot be read', async () => {
    const first = open();
    await count(first.statistics);
    for (const one of opened.splice(0).toReversed()) await one.close();
    const path = join(folder, 'facts', 'manifest.json');
    const manifest = JSON.parse(await readFile(path, 'utf8')) as object;
    await writeFile(path, JSON.stringify({ ...manifest, database: 'another' }));
    await giveRecords(database, workers.slice(0, 20), later, 6);
    expect(await count(open().statistics, 'placement')).toBe(await live('indexed_placement'));
    for (const one of opened.splice(0).toReversed()) await one.close();
    await writeFile(path, '{');
    expect(await count(open().statistics, 'placement')).toBe(await live('indexed_placement'));
  });

  it('do not hold workers whose processing is restricted, from the next refresh on and until it is lifted', async () => {
    await restrict(workers[0]!);
    const { facts, statistics } = open();
    const all = await live('indexed_worker');
    const holding = new Set((await database.run((q) => q.execute<{ worker_id: string }>(sql`select worker_id from indexed_worker where recorded_to is null`))).map((row) => row.worker_id));
    const without = (...ids: string[]) => all - ids.filter((id) => holding.has(id)).length;
    expect(await count(statistics)).toBe(without(workers[0]!));
    await restrict(workers[1]!);
    await facts.refresh();
    expect(await count(statistics)).toBe(without(workers[0]!, workers[1]!));
    await database.run((q) => q.execute(sql`delete from restriction`));
    await facts.refresh();
    expect(await count(statistics)).toBe(all);
    expect(without(workers[0]!, workers[1]!)).toBeLessThan(all);
  });

  it('are not made again for what was read while another transaction was under way', async () => {
    // It holds back from when on changes are looked for, on the whole server: other databases' transactions do so too.
    const finish = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const slow = database.transaction(async (q) => {
      await q.execute(sql`select pg_current_xact_id()`);
      begun.resolve();
      await finish.promise;
    });
    await begun.promise;
    const others = await addWorkers(database, 3);
    await giveRecords(database, others, later, 4);
    const { facts } = open();
    (await facts.hold()).release();
    expect(await facts.refresh()).toBe(0);
    finish.resolve();
    await slow;
  });

  it('are a copy of its own for each of several hubs on one folder', async () => {
    const [one, other] = [open(), open()];
    expect(await count(one.statistics)).toBe(await count(other.statistics));
    expect((await readdir(folder)).toSorted()).toEqual(['facts', 'facts-2']);
  });

  it('miss no change of a transaction that was under way while they were read', async () => {
    const { facts, statistics } = open();
    await count(statistics);
    let finish = () => {};
    const underWay = new Promise<void>((resolve) => (finish = resolve));
    const begun = Promise.withResolvers<void>();
    const slow = database.transaction(async (q) => {
      await q.execute(sql`update indexed_placement set recorded_to = ${later.toISOString()}::timestamptz where recorded_to is null and worker_id = ${workers[2]!}`);
      await q.execute(sql`insert into indexed_change (worker_id, xid) values (${workers[2]!}, pg_current_xact_id()::text::bigint) on conflict (worker_id) do update set xid = excluded.xid`);
      begun.resolve();
      await underWay;
    });
    await begun.promise;
    await giveRecords(database, workers.slice(10, 12), later, 8);
    await facts.refresh();
    finish();
    await slow;
    await facts.refresh();
    expect(await count(statistics, 'placement')).toBe(await live('indexed_placement'));
  });
});
