// What GraphQL, crosswalk, provenance and access control cost over plain code. `npm run bench -- live`
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '../../src/store/embedded.ts';
import { interleave, type Pace, type Rounds, startProcess, type Subject, table, tell, together } from './measure.ts';

const operation = readFileSync(new URL('../../schema/operations/workers.graphql', import.meta.url), 'utf8');

/** Starts of each server for the first tables: a process is faster or slower than the next of the same code by up to a fifth, for as long as it lives. */
const mostStarts = 5;

/** Runs the benchmark and gives its tables. */
export async function live(quick: boolean, pace: Pace): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'payung-bench-'));
  await using parts = new AsyncDisposableStack();
  parts.defer(() => rm(dataDir, { recursive: true, force: true }));
  const database = parts.adopt(await startEmbedded({ dataDir }), (server) => server.stop());
  const own = async <T>(file: string, core: number, environment: Record<string, string>, of: AsyncDisposableStack = parts) => {
    const started = await startProcess<T>(file, core, environment);
    of.defer(() => void started.child.kill('SIGKILL'));
    return started;
  };

  const replay = await own<{ urls: Record<string, string>; niks: string[] }>('replay.ts', 1, {});
  const { urls, niks } = replay.ready;
  const shared = { BENCH_URLS: JSON.stringify(urls), DATABASE_URL: database.url, PORT: '0' };
  const query = JSON.stringify({ query: operation, variables: { by: niks.map((nik) => ({ nik })) } });
  const withHealth = JSON.stringify({ query: operation.replace('cases {', 'healthInsurance { card active statusText } cases {'), variables: { by: niks.map((nik) => ({ nik })) } });

  const plainAt = async (of: AsyncDisposableStack): Promise<Subject> => {
    const { child, ready } = await own<{ url: string }>('plain.ts', 0, shared, of);
    const subject = { name: 'plain code', url: ready.url, body: JSON.stringify({ niks }), headers: {}, child };
    await check(subject);
    return subject;
  };
  const hubAt = async (name: string, body: string, environment: Record<string, string>, of: AsyncDisposableStack = parts): Promise<Subject> => {
    const { child, ready } = await own<{ url: string; key: string }>('hub.ts', 0, { ...shared, CACHE_MS: '0', ...environment }, of);
    const subject = { name, url: ready.url, body, headers: { authorization: `Bearer ${ready.key}`, 'x-purpose': 'SERVICE' }, child };
    await check(subject);
    return subject;
  };
  const plain = await plainAt(parts);
  const { requests } = await tell<{ requests: object }>(replay.child, { requests: true });
  const onlyLookUps = Object.fromEntries(Object.entries(requests as Record<string, { path: string }[]>).map(([agency, list]) => [agency, list.filter(({ path }) => !path.includes('token'))]));

  const [atOnce, alone]: [Rounds[], Rounds[]] = [[], []];
  const starts = quick ? 1 : Math.min(mostStarts, pace.rounds);
  const each = { ...pace, rounds: Math.ceil(pace.rounds / starts) };
  for (let start = 0; start < starts; start += 1) {
    await using these = new AsyncDisposableStack();
    const bareProcess = await own<{ url: string }>('bare.ts', 0, { ...shared, BENCH_REQUESTS: JSON.stringify(onlyLookUps) }, these);
    const subjects: Subject[] = [
      await hubAt('hub', query, { BENCH_SYNC: '1' }, these),
      await plainAt(these),
      { name: 'bare', url: bareProcess.ready.url, body: '{}', headers: {}, child: bareProcess.child },
    ];
    atOnce.push(await interleave(subjects, { connections: 32, ...each }));
    await tell(replay.child, { delayMs: 20 });
    alone.push(await interleave(subjects, { connections: 1, ...each }));
    await tell(replay.child, { delayMs: 0 });
  }
  const out = [
    table('25 workers, placements, cover and cases; upstreams at 0 ms, 32 connections', together(atOnce), plain.name),
    table('The same, upstreams at 20 ms, 1 connection', together(alone), plain.name),
  ];

  await tell(replay.child, { delayMs: 20 });
  const plainHealth: Subject = { ...plain, name: 'plain code, 16 calls at once', body: JSON.stringify({ niks, health: true }) };
  const wideProcess = await own<{ url: string }>('plain.ts', 0, { ...shared, AGENCY_CONCURRENCY: '64' });
  const plainWide: Subject = { ...plainHealth, name: 'plain code, 64 calls at once', url: wideProcess.ready.url, child: wideProcess.child };
  const health = await hubAt('hub, 16 calls at once', withHealth, {});
  const wide = await hubAt('hub, 64 calls at once', withHealth, { AGENCY_CONCURRENCY: '64' });
  out.push(table('The same with JKN: 25 more single, encrypted look-ups, upstreams at 20 ms, 1 connection', await interleave([health, plainHealth, wide, plainWide], { connections: 1, ...pace }), plainHealth.name));
  await tell(replay.child, { delayMs: 0 });

  const cached = await hubAt('hub', query, { CACHE_MS: '3600000' });
  const apolloProcess = await own<{ url: string; key: string }>('apollo-default.ts', 0, { ...shared, CACHE_MS: '3600000' });
  const apollo: Subject = { name: 'Apollo Server, defaults', url: apolloProcess.ready.url, body: query, headers: { authorization: `Bearer ${apolloProcess.ready.key}` }, child: apolloProcess.child };
  await check(apollo);
  out.push(table('From memory: answers cached, no upstream, 32 connections', await interleave([cached, apollo], { connections: 32, ...pace }), apollo.name));
  return out.join('\n');
}

/** A benchmark of wrong answers measures nothing: 25 workers must come, with placements, and without an error. */
async function check(subject: Subject): Promise<void> {
  const response = await fetch(subject.url, { method: 'POST', headers: { 'content-type': 'application/json', ...subject.headers }, body: subject.body });
  const { data, errors } = (await response.json()) as { data?: { workers: ({ placements: object[] } | null)[] }; errors?: object[] };
  if (errors || data?.workers.length !== 25 || !data.workers.every((worker) => worker && worker.placements.length > 0)) throw new Error(`${subject.name} answers wrongly: ${JSON.stringify(errors)}`);
}
