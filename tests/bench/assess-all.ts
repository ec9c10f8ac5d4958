import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import postgres from 'postgres';
import { agencies } from '../../src/agencies/index.ts';
import { assessAll } from '../../src/gaps/all.ts';
import { defaultOptions } from '../../src/protection/input.ts';
import { startEmbedded } from '../../src/store/embedded.ts';
import { fillDatabase } from './fill.ts';

/** Assesses everybody of a filled index, from nothing and again: `npm run bench -- assessAll`, with PEOPLE=1000000 for as many. */
export async function assessAllBench(quick: boolean): Promise<string> {
  const people = Number(process.env['PEOPLE'] ?? (quick ? 5_000 : 100_000));
  const folder = await mkdtemp(join(tmpdir(), 'payung-bench-'));
  chmodSync(folder, 0o711);
  const server = await startEmbedded({ dataDir: join(folder, 'data') });
  try {
    await fillDatabase({ url: server.url, people, processes: 2 });
    const rows: string[] = [];
    for (const what of ['first, nothing assessed before', 'again, nothing changed']) {
      const count = { workers: 0, opened: 0 };
      const began = performance.now();
      await assessAll({
        url: server.url, agencies, thresholds: defaultOptions, coverEndingDays: 30, records: 4_000,
        onStep: ({ workers, opened }) => {
          count.workers += workers;
          count.opened += opened;
        },
      });
      const seconds = (performance.now() - began) / 1_000;
      rows.push(`| ${what} | ${count.workers} | ${count.opened} | ${seconds.toFixed(1)} | ${Math.round(count.workers / seconds)} | ${((seconds / count.workers) * 1e6).toFixed(0)} |`);
    }
    const sql = postgres(server.url, { max: 1, onnotice: () => {} });
    const [size] = await sql<{ gaps: number; records: number; bytes: string }[]>`select (select count(*)::int from gap) as gaps, (select count(*)::int from agency_record) as records, pg_size_pretty(pg_total_relation_size('gap')) as bytes`;
    await sql.end();
    return `${size!.records} records of ${people} people, ${size!.gaps} gaps (${size!.bytes}), ${availableParallelism()} threads, the database on the same cores.\n\n| Pass | Workers | Gaps opened | Seconds | Workers a second | Seconds a million |\n|---|---|---|---|---|---|\n${rows.join('\n')}\n`;
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) process.stdout.write(await assessAllBench(process.argv.includes('--quick')));
