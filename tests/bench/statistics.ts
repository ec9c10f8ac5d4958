import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { graphql } from 'graphql';
import { pino } from 'pino';
import type { Scope } from '../../src/access/scopes.ts';
import { schema } from '../../src/graph/schema.ts';
import { createFacts } from '../../src/index/facts/facts.ts';
import { filesOf } from '../../src/index/facts/files.ts';
import { createStatistics } from '../../src/index/statistics/statistics.ts';
import { openDatabase } from '../../src/store/database.ts';

const folder = new URL('../../schema/operations/analysis/', import.meta.url);
const callers = { exact: new Set<Scope>(['statistics:read', 'statistics:exact', 'case:sensitive']), protected: new Set<Scope>(['statistics:read', 'case:sensitive']) };

interface Timing {
  readonly wallMs: number;
  /** Of this process on all cores. */
  readonly cpuMs: number;
}

async function timed(work: () => Promise<unknown>): Promise<Timing> {
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs: performance.now() - began, cpuMs: (user + system) / 1000 };
}

const at = (values: readonly number[], fraction: number) => values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * fraction))]!.toFixed(0);

/**
 * Makes the facts of a database and asks every ready question of them. The database is one that `fill.ts` has filled, on a PostgreSQL server: `BENCH_DATABASE_URL`.
 */
export async function statisticsBench(quick: boolean): Promise<string> {
  const url = process.env['BENCH_DATABASE_URL'];
  if (!url) return 'Not run: set BENCH_DATABASE_URL to a database that tests/bench/fill.ts has filled.\n';
  const times = quick ? 5 : 40;
  const dataDir = await mkdtemp(join(tmpdir(), 'payung-bench-'));
  const database = await openDatabase({ url });
  const facts = createFacts({ database, dataDir, memoryMb: 1_024, threads: 2, logger: pino({ level: 'silent' }) });
  const statistics = createStatistics({ facts, threads: 2, memoryMb: 1_024, concurrency: 1, timeoutMs: 60_000, costLimit: 1e9 });
  try {
    const build = await timed(async () => (await facts.hold()).release());
    const held = await facts.hold();
    const files = [...filesOf(held.manifest)];
    held.release();
    const rows: string[] = [];
    for (const file of (await readdir(folder)).toSorted()) {
      const source = await readFile(new URL(file, folder), 'utf8');
      const cells: string[] = [];
      for (const scopes of Object.values(callers)) {
        const caller = { scopes, bounds: {}, purposes: null };
        const ask = async () => {
          const { errors } = await graphql({ schema, source, contextValue: { caller, today: '2026-11-22', statistics, trail: { sawClass: () => {} }, missingScopes: new Set() } });
          if (errors) throw errors[0]!;
        };
        await ask();
        const all: Timing[] = [];
        for (let i = 0; i < times; i += 1) all.push(await timed(ask));
        cells.push(at(all.map(({ wallMs }) => wallMs), 0.5), at(all.map(({ wallMs }) => wallMs), 0.95), at(all.map(({ cpuMs }) => cpuMs), 0.5));
      }
      rows.push(`| ${file.replace('.graphql', '')} | ${cells.join(' | ')} |`);
    }
    const refresh = await timed(() => facts.refresh());
    return [
      `${held.manifest.workers} workers, ${files.length} files; facts made in ${(build.wallMs / 1000).toFixed(0)} s (${(build.cpuMs / 1000).toFixed(0)} s of CPU in this process), looked for changes in ${refresh.wallMs.toFixed(0)} ms, ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB resident`,
      '',
      '| Question | exact: p50 ms | p95 | CPU | protected: p50 ms | p95 | CPU |',
      '|---|---|---|---|---|---|---|',
      ...rows,
      '',
    ].join('\n');
  } finally {
    await statistics.close();
    await facts.close();
    await database.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}
