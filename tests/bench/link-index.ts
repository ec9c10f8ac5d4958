// Linking against an index of many people in PostgreSQL, through the hub's own path: some records looked at by the model in batches, then one changed record at a time.
// `npm run bench -- linkIndex`, `PEOPLE=100000 npm run bench -- linkIndex` on an embedded database that is filled first; `BENCH_DATABASE_URL=... npm run bench -- linkIndex` on
// a copy of one that `fill.ts` has filled.
import { chmodSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import type { AgencyRecord } from '../../src/domain/record.ts';
import { createCrosswalk } from '../../src/identity/crosswalk.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { startEmbedded } from '../../src/store/embedded.ts';
import { copied } from './copied.ts';
import { fileAllKeys, putStartingModel } from './file-keys.ts';
import { fillDatabase } from './fill.ts';

export async function linkIndex(quick: boolean): Promise<string> {
  await using parts = new AsyncDisposableStack();
  const say = (line: string) => process.stderr.write(`${(performance.now() / 1000).toFixed(0).padStart(5)} s  ${line}\n`);
  const url = await filled(quick, parts, say);
  const database = parts.adopt(await openDatabase({ url, connections: 3 }), (d) => d.close());
  const crosswalk = await createCrosswalk(database);
  await putStartingModel(database);
  const [pending] = await database.run((q) => q.execute<{ count: number }>(sql`select count(*)::int as count from link_pending`));
  if (pending!.count > 0) {
    const began = performance.now();
    await fileAllKeys(url, database);
    const seconds = (performance.now() - began) / 1000;
    say(`${pending!.count} records filed in ${seconds.toFixed(0)} s`);
  }

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

/** A database with records, none of which anybody will miss. */
async function filled(quick: boolean, parts: AsyncDisposableStack, say: (line: string) => void): Promise<string> {
  const given = process.env['BENCH_DATABASE_URL'];
  if (given !== undefined) return parts.use(await copied(given)).url;
  const folder = parts.adopt(await mkdtemp(join(tmpdir(), 'payung-bench-')), (path) => rm(path, { recursive: true, force: true }));
  chmodSync(folder, 0o711);
  const { url } = parts.adopt(await startEmbedded({ dataDir: join(folder, 'data') }), (server) => server.stop());
  const people = Number(process.env['PEOPLE'] ?? (quick ? 5_000 : 333_000));
  await fillDatabase({ url, people });
  say(`${people} people filled in`);
  return url;
}
