import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Orderer } from '../../src/index/exports/job.ts';
import { exportFormats } from '../../src/index/exports/formats.ts';
import { createJobs } from '../../src/index/exports/jobs.ts';
import { createRunner } from '../../src/index/exports/runner.ts';
import type { ExportSource } from '../../src/index/exports/source.ts';
import { openDatabase } from '../../src/store/database.ts';
import { startEmbedded } from '../../src/store/embedded.ts';

const orderer: Orderer = { kind: 'KEY', id: 'BENCH001', name: 'bench', scopes: [], bounds: {}, purposes: null, environment: 'test', personsPerDay: 1, requestId: 'bench', purpose: null, caseReference: null };

/** So many rows of twelve columns, such as a list of placements has, made as they are read. */
function rowsOf(count: number, sample: () => void): ExportSource {
  return {
    columns: [...Array.from({ length: 8 }, (_, i) => ({ name: `text${i}`, type: 'text' as const })), { name: 'months', type: 'integer' }, { name: 'wage', type: 'decimal' }, { name: 'start', type: 'date' }, { name: 'end', type: 'date' }],
    classes: [],
    async read(take) {
      for (let from = 0; from < count; from += 2_000) {
        const rows = Array.from({ length: Math.min(2_000, count - from) }, (_, i) => [...Array.from({ length: 8 }, (_text, k) => `value ${(from + i) * 8 + k}`), 24, '1500.50', '2024-01-31', '2026-01-30']);
        await take({ rows, workers: [] });
        sample();
      }
    },
  };
}

/** Rate and memory of exports, by format and size: the job as the hub runs it, from rows made up to pieces in the embedded database. */
export async function exportsBench(quick: boolean): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'payung-bench-'));
  await using parts = new AsyncDisposableStack();
  parts.defer(() => rm(folder, { recursive: true, force: true }));
  const server = parts.adopt(await startEmbedded({ dataDir: join(folder, 'data') }), (embedded) => embedded.stop());
  const database = parts.adopt(await openDatabase({ url: server.url }), (opened) => opened.close());
  const jobs = createJobs({ database, now: () => new Date(), mostOpen: 1, keepMs: 3_600_000 });
  const lines = ['| Rows | Format | Size | Time | CPU of the hub | Rows per second | Most memory (RSS) above the start |', '|---|---|---|---|---|---|---|'];
  for (const count of quick ? [10_000, 100_000] : [10_000, 100_000, 1_000_000]) {
    for (const format of exportFormats) {
      globalThis.gc?.();
      const start = process.memoryUsage.rss();
      let most = start;
      const sample = () => (most = Math.max(most, process.memoryUsage.rss()));
      const runner = createRunner({ jobs, database, open: async () => rowsOf(count, sample), audit: async () => {}, mayRead: () => true, mostRows: count, logger: pino({ level: 'silent' }), now: () => new Date() });
      const job = (await jobs.add(orderer, { of: 'bench', given: {} }, format, false))!;
      const [began, cpu, watch] = [performance.now(), process.cpuUsage(), setInterval(sample, 50)];
      await runner.drain();
      clearInterval(watch);
      const [seconds, used] = [(performance.now() - began) / 1000, process.cpuUsage(cpu)];
      const done = (await jobs.find(job.id, orderer.id))!;
      if (done.state !== 'DONE' || done.rows !== count) throw new Error(`The export ended as ${done.state} with ${done.rows} rows.`);
      lines.push(`| ${count.toLocaleString('en')} | ${format} | ${(done.bytes / 1e6).toFixed(1)} MB | ${seconds.toFixed(1)} s | ${((used.user + used.system) / 1e6).toFixed(1)} s | ${Math.round(count / seconds).toLocaleString('en')} | ${((most - start) / 1e6).toFixed(0)} MB |`);
    }
  }
  return `${lines.join('\n')}\n`;
}
