// Linking against an index of many people in PostgreSQL, through the hub's own path: the first load in bulk, then one changed record at a time.
// `npm run bench -- linkIndex`, `PEOPLE=100000 npm run bench -- linkIndex`; DATABASE_URL names a database (empty, or filled by an earlier run), else an embedded one is started.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { createWorld } from '../../src/agencies/world/world.ts';
import type { AgencyRecord } from '../../src/domain/record.ts';
import { personSchema } from '../../src/identity/attributes.ts';
import { type Crosswalk, createCrosswalk } from '../../src/identity/crosswalk.ts';
import { createModelKeeper, putInForce } from '../../src/identity/hub/model.ts';
import { filePending } from '../../src/identity/hub/pending.ts';
import { link } from '../../src/identity/link.ts';
import { recordOf } from '../../src/identity/record.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { startEmbedded } from '../../src/store/embedded.ts';

const batchSize = 2_000;
const today = '2026-11-22';

function* batches(size: number): Iterable<AgencyRecord[]> {
  const world = createWorld({ seed: 1, size, today });
  let batch: AgencyRecord[] = [];
  for (let index = 0; index < size; index++) {
    batch.push(...world.person(index).records);
    if (batch.length >= batchSize) {
      yield batch;
      batch = [];
    }
  }
  yield batch;
}

export async function linkIndex(quick: boolean): Promise<string> {
  const people = Number(process.env.PEOPLE ?? (quick ? 5_000 : 1_000_000));
  await using parts = new AsyncDisposableStack();
  const dataDir = parts.adopt(await mkdtemp(join(tmpdir(), 'payung-bench-')), (folder) => rm(folder, { recursive: true, force: true }));
  const url = process.env.DATABASE_URL ?? parts.adopt(await startEmbedded({ dataDir }), (server) => server.stop()).url;
  const database = parts.adopt(await openDatabase({ url, connections: 3 }), (d) => d.close());
  const crosswalk = await createCrosswalk(database);

  const say = (line: string) => process.stderr.write(`${(performance.now() / 1000).toFixed(0).padStart(5)} s  ${line}\n`);
  const there = await database.run((q) => q.execute(sql`select 1 from agency_record limit 1`));
  const rates = there.length > 0 ? [] : await fill(database, crosswalk, people, say);

  const stored = await database.run((q) => q.execute<{ body: AgencyRecord }>(sql`select body from agency_record where number % (select greatest(1, count(*) / 1000) from agency_record) = 1 limit 1000`));
  const times: number[] = [];
  let changes = 0;
  const cpu = await processorTime(database);
  const slips = [
    (record: AgencyRecord, k: number) => ({ ...record.person, phone: `+62812${String(10_000_000 + k)}` }),
    (record: AgencyRecord) => ({ ...record.person, name: record.person.name && `${record.person.name.slice(0, 3)}${record.person.name.slice(4)}` }),
    (record: AgencyRecord, k: number) => ({ ...record.person, identifiers: [...record.person.identifiers, { kind: 'PASSPORT' as const, value: `Z${String(1_000_000 + k)}` }] }),
  ];
  for (const [k, { body }] of stored.entries()) {
    const changed = { ...body, person: slips[k % slips.length]!(body, k + Math.floor(Math.random() * 1e6)) };
    const began = performance.now();
    await crosswalk.remember([changed], new Date());
    // The first thousandth warms caches and statements up.
    if (k >= 50) times.push(performance.now() - began);
    changes++;
  }
  const spent = await cpu();
  const each = (ms: number) => `${(ms / changes).toFixed(1)} ms`;
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => `${sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!.toFixed(1)} ms`;
  const [size] = await database.run((q) => q.execute<{ records: number; keys: string; all: string }>(sql`
    select (select count(*)::int from agency_record) as records, pg_size_pretty(pg_total_relation_size('blocking_key')) as keys, pg_size_pretty(pg_database_size(current_database())) as all`));
  return [
    ...rates,
    '| records in the index | changed, one at a time | median | p95 | p99 | worst | processor, hub | processor, database | keys on disk | database | load |', '|---|---|---|---|---|---|---|---|---|---|---|',
    `| ${size!.records} | ${changes} | ${at(0.5)} | ${at(0.95)} | ${at(0.99)} | ${at(1)} | ${each(spent.hub)} | ${each(spent.database)} | ${size!.keys} | ${size!.all} | ${loadavg()[0]!.toFixed(1)} |`, '',
  ].join('\n');
}

/** Processor time from now on, milliseconds: of this process, and of the database's for this process (0 where it runs elsewhere). */
async function processorTime(database: Database): Promise<() => Promise<{ hub: number; database: number }>> {
  const backends = await database.run((q) => q.execute<{ pid: number }>(sql`select pid from pg_stat_activity where datname = current_database() and application_name = 'payung'`));
  const ofBackends = async () => {
    const ticks = await Promise.all(backends.map(async ({ pid }) => {
      const stat = (await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')).split(') ')[1]?.split(' ') ?? [];
      return Number(stat[11] ?? 0) + Number(stat[12] ?? 0);
    }));
    // A hundred ticks a second on Linux.
    return ticks.reduce((sum, count) => sum + count, 0) * 10;
  };
  const [hub, before] = [process.cpuUsage(), await ofBackends()];
  return async () => {
    const { user, system } = process.cpuUsage(hub);
    return { hub: (user + system) / 1000, database: (await ofBackends()) - before };
  };
}

/** Fills an empty database as the first reading of all feeds does, and tells the rates. */
async function fill(database: Database, crosswalk: Crosswalk, people: number, say: (line: string) => void): Promise<string[]> {
  const sample = createWorld({ seed: 4, size: 4_000, today });
  const { model, report } = link(Array.from({ length: 4_000 }, (_, i) => sample.person(i).records.map(recordOf)).flat(), personSchema);
  const learned = { model, scores: report.best };
  await database.transaction((q) => putInForce(q, learned, 12_000, new Date()));
  let loaded = 0;
  let spent = 0;
  for (const batch of batches(people)) {
    const began = performance.now();
    await database.transaction((q) => crosswalk.rememberIn(q, batch, new Date(), { defer: true, news: false }));
    spent += performance.now() - began;
    loaded += batch.length;
    if (loaded % 100_000 < batchSize) say(`${loaded} records came in, ${((1000 * loaded) / spent).toFixed(0)} a second`);
  }
  await database.run((q) => q.execute(sql`analyze`));
  let began = performance.now();
  const looked = await crosswalk.linkPending({ batch: 200, signal: AbortSignal.timeout(10_000) });
  const looking = (1000 * looked) / (performance.now() - began);
  say(`the model looked at ${looked}, ${looking.toFixed(0)} a second`);
  began = performance.now();
  let filed = 0;
  await filePending({ database, models: createModelKeeper(), onFiled: (count) => {
    filed = count;
    if (count % 100_000 < 2_000) say(`${count} filed, ${((1000 * count) / (performance.now() - began)).toFixed(0)} a second`);
  } });
  const filing = (1000 * filed) / (performance.now() - began);
  await database.run((q) => q.execute(sql`vacuum analyze`));
  return ['| step | records a second |', '|---|---|', `| coming in (compared with those that share a number) | ${((1000 * loaded) / spent).toFixed(0)} |`, `| looked at by the model (the first ${looked}) | ${looking.toFixed(0)} |`, `| filed only | ${filing.toFixed(0)} |`, ''];
}
