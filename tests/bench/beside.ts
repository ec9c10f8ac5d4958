// What the desks' reads feel of heavy questions. `BENCH_DATABASE_URL=postgres://... npm run bench -- beside`, the database filled by tests/bench/fill.ts.
import { loadavg } from 'node:os';
import { createWorld } from '../../src/agencies/world/world.ts';
import { addDays } from '../../src/domain/time.ts';
import { asker, startFilledHub } from './filledHub.ts';
import { median, quantile } from './measure.ts';

const byKey = 'query ($nik: NIK!) { worker(by: {nik: $nik}) { id name placements { number stage } socialSecurity { kpjs } } }';
/** Reads a whole table, and finds nothing. */
const list = '{ placements(where: {job: {contains: "no such job"}}, first: 50) { edges { node { id } } } }';
const statistics = 'query ($asOf: Date) { placementStatistics(groupBy: [REGENCY, JOB], asOf: $asOf, first: 50) { groups { count people withoutCover withoutCoverShare } } }';

/** Heavy questions under way at a time. */
const heavyAtOnce = 10;

export async function beside(quick: boolean): Promise<string> {
  const url = process.env['BENCH_DATABASE_URL'];
  if (url === undefined) return 'BENCH_DATABASE_URL names no filled database (tests/bench/fill.ts): not run.\n';
  const people = Number(process.env['BENCH_PEOPLE'] ?? 1_000_000);
  await using parts = new AsyncDisposableStack();
  const ask = asker(await startFilledHub({ url, people, cores: '0-1' }, parts));
  const world = createWorld({ seed: 1, size: people, today: '2026-11-22' });
  const niks = Array.from({ length: quick ? 50 : 1_000 }, (_, i) => world.person((i * 331) % people).truth.nik);
  const reads = async () => {
    const times: number[] = [];
    for (const nik of niks) times.push((await ask(byKey, { nik })).ms);
    return times;
  };
  // Waits until the facts are made.
  await ask(statistics);
  await reads();
  const rounds = quick ? 1 : 5;
  const rows: string[] = [];
  for (const [what, heavy] of [['statistics', statistics], ['lists', list]] as const) {
    const [alone, meanwhile]: [number[][], number[][]] = [[], []];
    let ended = 0;
    for (let round = 0; round < rounds; round += 1) {
      alone.push(await reads());
      const stop = new AbortController();
      const load = Array.from({ length: heavyAtOnce }, async (_, i) => {
        for (let turn = 0; !stop.signal.aborted; turn += 1) {
          // No answer was given before.
          await ask(heavy, heavy === statistics ? { asOf: addDays('2026-11-22', -((round * 20 + turn) * heavyAtOnce + i)) } : {});
          ended += 1;
        }
      });
      meanwhile.push(await reads());
      stop.abort();
      await Promise.all(load);
    }
    const of = (all: readonly number[][], fraction: number) => median(all.map((times) => quantile(times, fraction)));
    const ratio = median(meanwhile.map((times, i) => quantile(times, 0.95) / quantile(alone[i]!, 0.95)));
    rows.push(`| ${heavyAtOnce} heavy ${what} (${ended} ended) | ${of(alone, 0.5).toFixed(1)} | ${of(alone, 0.95).toFixed(1)} | ${of(meanwhile, 0.5).toFixed(1)} | ${of(meanwhile, 0.95).toFixed(1)} | ${ratio.toFixed(2)} |`);
  }
  return [`${people.toLocaleString('en')} people; a worker by NIK with placements and cover, one after the other over HTTP, with audit and limits; the hub, what it starts, the mocks, PostgreSQL and the client share all cores; ${rounds} rounds of ${niks.length} reads alone and then beside, medians; load ${loadavg()[0]!.toFixed(1)} at the end.`, '', '| Beside | alone: p50 ms | p95 | beside: p50 | p95 | ratio of p95 |', '|---|---|---|---|---|---|', ...rows, ''].join('\n');
}
