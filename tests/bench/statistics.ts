import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { graphql } from 'graphql';
import { pino } from 'pino';
import postgres from 'postgres';
import type { Scope } from '../../src/access/scopes.ts';
import { agencies } from '../../src/agencies/index.ts';
import { createWorld } from '../../src/agencies/world/world.ts';
import { addDays } from '../../src/domain/time.ts';
import { schema } from '../../src/graph/schema.ts';
import { createFacts } from '../../src/index/facts/facts.ts';
import { filesOf } from '../../src/index/facts/files.ts';
import { createStatistics } from '../../src/index/statistics/statistics.ts';
import { keepIndex } from '../../src/index/keep.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { handwritten } from './analysisSql.ts';
import { asAnswered } from './fill.ts';
import { median, quantile } from './measure.ts';

const folder = new URL('../../schema/operations/analysis/', import.meta.url);
const callers = { exact: new Set<Scope>(['statistics:read', 'statistics:exact', 'case:sensitive']), protected: new Set<Scope>(['statistics:read', 'case:sensitive']) };

interface Timing {
  readonly wallMs: number;
  /** Of this process and those that it has started, on all cores. */
  readonly cpuMs: number;
}

/** Processor time of the processes that this one has started, ended ones too, and memory of those there are; by Linux' own account (in hundredths of a second). */
async function ofChildren(): Promise<{ cpuMs: number; megabytes: number }> {
  const own = (await readFile('/proc/self/stat', 'utf8').catch(() => '')).split(') ').at(-1)!.split(' ');
  const all = { cpuMs: (Number(own[13] ?? 0) + Number(own[14] ?? 0)) * 10, megabytes: 0 };
  const pids = (await readFile(`/proc/self/task/${process.pid}/children`, 'utf8').catch(() => '')).split(' ').filter(Boolean);
  for (const pid of pids) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    all.cpuMs += (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * 10;
    all.megabytes += (Number(fields[21] ?? 0) * 4_096) / 1e6;
  }
  return all;
}

async function timed(work: () => Promise<unknown>): Promise<Timing> {
  const children = await ofChildren();
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  await work();
  const wallMs = performance.now() - began;
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs, cpuMs: (user + system) / 1000 + (await ofChildren()).cpuMs - children.cpuMs };
}

/** Days that are asked about, each once, so that no answer was given before. */
const dayAt = (i: number) => addDays('2026-11-22', -((i * 37) % 700));

/** Changes a placement of a worker as a feed would, gives `work` its turn, and leaves the rows of the index as they were. */
async function withChange(database: Database, people: number, work: () => Promise<void>): Promise<void> {
  const world = createWorld({ seed: 1, size: people, today: '2026-11-22' });
  const order = agencies.map(({ name }) => name);
  const person = Array.from({ length: 1_000 }, (_, i) => world.person((i * 7_919) % people)).find(({ records }) => records.some(({ placements }) => placements.length > 0))!;
  const records = person.records.map((record) => asAnswered(record, '2026-11-22'));
  const placed = records.find(({ placements }) => placements.length > 0)!;
  const [row] = await database.run((q) => q.execute<{ worker_id: string }>(sql`select worker_id from indexed_placement where agency = ${placed.agency} and record_id = ${placed.recordId} and recorded_to is null limit 1`));
  if (!row) throw new Error('The database holds other people than tests/bench/fill.ts makes.');
  const changed = records.map((record) => (record === placed ? { ...record, placements: record.placements.map((placement) => ({ ...placement, job: `${placement.job}, CHANGED` })) } : record));
  const at = new Date();
  await database.transaction((q) => keepIndex(q, new Map([[row.worker_id, changed]]), order, at));
  try {
    await work();
  } finally {
    await database.transaction(async (q) => {
      await q.execute(sql`delete from indexed_placement where worker_id = ${row.worker_id} and recorded_from = ${at.toISOString()}::timestamptz`);
      await q.execute(sql`update indexed_placement set recorded_to = null where worker_id = ${row.worker_id} and recorded_to = ${at.toISOString()}::timestamptz`);
    });
  }
}

const at = (values: readonly number[], fraction: number) => quantile(values, fraction).toFixed(0);

/** How long PostgreSQL takes for the questions that are written in SQL by hand. */
async function bySql(url: string, times: number, exact: ReadonlyMap<string, number>): Promise<string[]> {
  const client = postgres(url, { max: 1, onnotice: () => {} });
  try {
    const rows: string[] = [];
    for (const [name, query] of Object.entries(handwritten)) {
      const all: number[] = [];
      for (let i = 0; i <= times; i += 1) {
        const began = performance.now();
        await client.unsafe(query, [dayAt(i)]);
        // The first brings the tables into memory.
        if (i > 0) all.push(performance.now() - began);
      }
      rows.push(`| ${name} | ${median(all).toFixed(0)} | ${(median(all) / exact.get(name)!).toFixed(1)} |`);
    }
    return rows;
  } finally {
    await client.end();
  }
}

/**
 * Makes the facts of a database and asks every ready question of them. The database is one that `fill.ts` has filled, on a PostgreSQL server: `BENCH_DATABASE_URL`.
 */
export async function statisticsBench(quick: boolean): Promise<string> {
  const url = process.env['BENCH_DATABASE_URL'];
  if (!url) return 'Not run: set BENCH_DATABASE_URL to a database that tests/bench/fill.ts has filled.\n';
  const times = quick ? 5 : 40;
  const people = Number(process.env['BENCH_PEOPLE'] ?? 1_000_000);
  const dataDir = await mkdtemp(join(tmpdir(), 'payung-bench-'));
  const database = await openDatabase({ url });
  const facts = createFacts({ database, databaseUrl: url, dataDir, memoryMb: 1_024, threads: 2, logger: pino({ level: 'silent' }) });
  const statistics = createStatistics({ facts, threads: 2, memoryMb: 1_024, concurrency: 1, timeoutMs: 60_000, costLimit: 1e9 });
  try {
    let making = 0;
    const watch = setInterval(() => void ofChildren().then(({ megabytes }) => (making = Math.max(making, megabytes))), 250);
    const build = await timed(async () => (await facts.hold()).release());
    clearInterval(watch);
    const held = await facts.hold();
    const files = [...filesOf(held.manifest)];
    held.release();
    const disk = (await Promise.all(files.map(async (file) => (await stat(join(dataDir, 'facts', file))).size))).reduce((sum, size) => sum + size, 0);
    const rows: string[] = [];
    /** Of each question, by an exact caller: median, milliseconds. */
    const exact = new Map<string, number>();
    for (const file of (await readdir(folder)).toSorted()) {
      const source = await readFile(new URL(file, folder), 'utf8');
      const cells: string[] = [];
      for (const scopes of Object.values(callers)) {
        const caller = { scopes, bounds: {}, purposes: null };
        const ask = async (i: number) => {
          const { errors } = await graphql({ schema, source, variableValues: { asOf: dayAt(i) }, contextValue: { caller, today: '2026-11-22', statistics, trail: { sawClass: () => {} }, missingScopes: new Set() } });
          if (errors) throw errors[0]!;
        };
        await ask(0);
        const all: Timing[] = [];
        for (let i = 1; i <= times; i += 1) all.push(await timed(() => ask(i)));
        if (scopes === callers.exact) exact.set(file.replace('.graphql', ''), median(all.map(({ wallMs }) => wallMs)));
        cells.push(at(all.map(({ wallMs }) => wallMs), 0.5), at(all.map(({ wallMs }) => wallMs), 0.95), at(all.map(({ cpuMs }) => cpuMs), 0.5));
      }
      rows.push(`| ${file.replace('.graphql', '')} | ${cells.join(' | ')} |`);
    }
    const refreshes: number[] = [];
    for (let i = 0; i < (quick ? 1 : 5); i += 1) {
      await withChange(database, people, async () => {
        const { wallMs } = await timed(async () => {
          if ((await facts.refresh()) === 0) throw new Error('The change was not seen.');
        });
        refreshes.push(wallMs);
      });
      await facts.refresh();
    }
    return [
      `${held.manifest.workers} workers, ${files.length} files; facts made in ${(build.wallMs / 1000).toFixed(0)} s (${(build.cpuMs / 1000).toFixed(0)} s of processor time in this process and the one that makes them, which took ${making.toFixed(0)} MB at most), ${(disk / 1e6).toFixed(0)} MB on disk; after one changed record they are up in ${at(refreshes, 0.5)} ms (median; longest ${Math.max(...refreshes).toFixed(0)}). Resident: ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB in this process, ${(await ofChildren()).megabytes.toFixed(0)} MB in those that read. Each question is about another day.`,
      '',
      '| Question | exact: p50 ms | p95 | CPU | protected: p50 ms | p95 | CPU |',
      '|---|---|---|---|---|---|---|',
      ...rows,
      '',
      '| The same by SQL over the index, written by hand (tests/bench/analysisSql.ts) | p50 ms | ratio to the facts |',
      '|---|---|---|',
      ...(await bySql(url, quick ? 1 : 3, exact)),
      '',
    ].join('\n');
  } finally {
    await statistics.close();
    await facts.close();
    await database.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}
