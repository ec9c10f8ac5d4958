// The gaps of everybody by a filled index, from nothing and again, then of one whose record changes. `npm run bench -- assessAll`, `PEOPLE=20000 npm run bench -- assessAll`
// on an embedded database that is filled first; `BENCH_DATABASE_URL=... npm run bench -- assessAll` on a copy of one that `fill.ts` has filled.
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { pino } from 'pino';
import postgres from 'postgres';
import { agencies } from '../../src/agencies/index.ts';
import { readConfig, thresholdsOf } from '../../src/config.ts';
import type { AgencyRecord } from '../../src/domain/record.ts';
import { createEventLog } from '../../src/events/log.ts';
import { assessAll } from '../../src/gaps/all.ts';
import { followUp } from '../../src/gaps/pass.ts';
import { createCrosswalk } from '../../src/identity/crosswalk.ts';
import { keepIndex } from '../../src/index/keep.ts';
import { openDatabase, type Queries } from '../../src/store/database.ts';
import { startEmbedded } from '../../src/store/embedded.ts';
import { createFollowing } from '../../src/sync/following.ts';
import { copied } from './copied.ts';
import { fillDatabase } from './fill.ts';

const config = readConfig({});
const rules = { agencies: agencies.map(({ name, holds }) => ({ name, holds })), thresholds: thresholdsOf(config), coverEndingDays: config.COVER_ENDING_DAYS };

export async function assessAllBench(quick: boolean): Promise<string> {
  await using parts = new AsyncDisposableStack();
  const url = await database(quick, parts);
  const rows: string[] = [];
  const load = () => loadavg()[0]!.toFixed(1);
  for (const what of ['first, nothing assessed before', 'again, nothing changed']) {
    const count = { workers: 0, opened: 0 };
    const began = performance.now();
    const cpu = process.cpuUsage();
    await assessAll({
      url, ...rules, records: 4_000,
      onStep: ({ workers, opened }) => {
        count.workers += workers;
        count.opened += opened;
      },
    });
    const seconds = (performance.now() - began) / 1_000;
    const { user, system } = process.cpuUsage(cpu);
    rows.push(`| ${what} | ${count.workers} | ${count.opened} | ${seconds.toFixed(1)} | ${Math.round(count.workers / seconds)} | ${((seconds / count.workers) * 1e6).toFixed(0)} | ${((user + system) / count.workers).toFixed(0)} | ${load()} |`);
  }
  const client = postgres(url, { max: 1, onnotice: () => {} });
  const [size] = await client<{ gaps: number; records: number; bytes: string }[]>`select (select count(*)::int from gap) as gaps, (select count(*)::int from agency_record) as records, pg_size_pretty(pg_total_relation_size('gap')) as bytes`;
  await client.end();
  const news = await oneByOne(url, quick ? 20 : 200);
  return [
    `${size!.records} records, ${size!.gaps} gaps (${size!.bytes}), ${availableParallelism()} threads, the database on the same cores.`, '',
    '| Pass | Workers | Gaps opened | Seconds | Workers a second | Seconds a million | Processor, µs a worker, without the database | Load |', '|---|---|---|---|---|---|---|---|', ...rows, '',
    'One record at a time whose cover was never paid, from the end of the transaction that saves it until the gap is stored and its event can be read:', '',
    '| Changed | median, ms | p95, ms | longest, ms | Load |', '|---|---|---|---|---|', `| ${news.length} | ${[0.5, 0.95, 1].map((share) => news[Math.min(news.length - 1, Math.floor(news.length * share))]!.toFixed(0)).join(' | ')} | ${load()} |`, '',
  ].join('\n');
}

async function database(quick: boolean, parts: AsyncDisposableStack): Promise<string> {
  const filled = process.env['BENCH_DATABASE_URL'];
  if (filled !== undefined) return parts.use(await copied(filled)).url;
  const folder = parts.adopt(await mkdtemp(join(tmpdir(), 'payung-bench-')), (path) => rm(path, { recursive: true, force: true }));
  chmodSync(folder, 0o711);
  const { url } = parts.adopt(await startEmbedded({ dataDir: join(folder, 'data') }), (server) => server.stop());
  await fillDatabase({ url, people: Number(process.env['PEOPLE'] ?? (quick ? 5_000 : 100_000)), processes: 2 });
  return url;
}

/**
 * Takes the payment away from the cover of one worker after the other who is abroad and covered. Gives back how long each gap took until it was stored and told of,
 * from the end of the transaction that saves the record; sorted.
 */
async function oneByOne(url: string, count: number): Promise<number[]> {
  await using parts = new AsyncDisposableStack();
  const store = parts.adopt(await openDatabase({ url, connections: 6 }), (d) => d.close());
  const logger = pino({ level: 'silent' });
  const log = parts.adopt(await createEventLog(store, { keepDays: 30, onFault: (error) => process.stderr.write(`${String(error)}\n`) }), (l) => l.close());
  const crosswalk = await createCrosswalk(store);
  const order = agencies.map(({ name }) => name);
  const followers = [
    { name: 'index', follow: async (q: Queries, workers: ReadonlyMap<string, readonly AgencyRecord[]>, at: Date) => void (await keepIndex(q, workers, order, at)) },
    { name: 'gaps', follow: (q: Queries, workers: ReadonlyMap<string, readonly AgencyRecord[]>, at: Date) => followUp(q, workers, rules, at) },
  ];
  const following = parts.adopt(createFollowing({ database: store, followers, logger, now: () => new Date() }), (f) => f.close());
  await following.start();
  const covered = await store.run((q) => q.execute<{ worker_id: string; body: AgencyRecord }>(sql`
    select distinct on (c.worker_id) c.worker_id, r.body from indexed_coverage c join agency_record r on (r.worker_id, r.agency, r.record_id) = (c.worker_id, c.agency, c.record_id)
      join indexed_placement p on p.worker_id = c.worker_id and p.recorded_to is null and p.abroad_from <= current_date and coalesce(p.abroad_to, 'infinity') >= current_date
    where c.recorded_to is null and c.programme = 'JKK' and c.phase = 'DURING' and c.covers_from <= current_date and c.covers_to >= current_date
      and not exists (select 1 from gap g where g.worker_id = c.worker_id and g.rule = 'COVER_MISSING' and g.closed_at is null)
      and not exists (select 1 from agency_record o where o.worker_id = c.worker_id and o.agency = c.agency and o.record_id <> c.record_id)
    limit ${count}`));
  const times: number[] = [];
  for (const { worker_id: workerId, body } of covered) {
    const changed = { ...body, coverages: body.coverages.map((one) => ({ ...one, payment: { ...one.payment, status: 'UNPAID' as const, paid: null, paidOn: null } })) };
    let after = log.last;
    await crosswalk.remember([changed], new Date());
    const began = performance.now();
    for (let told = false; !told; ) {
      await log.grown(after);
      for (const event of await log.read({ after, limit: 100 })) {
        told ||= event.workerId === workerId && event.kind === 'GAP_OPENED' && event.rule === 'COVER_MISSING';
        after = event.id;
      }
      if (performance.now() - began > 30_000) throw new Error('a gap was not told of within half a minute');
    }
    times.push(performance.now() - began);
  }
  return times.toSorted((a, b) => a - b);
}
