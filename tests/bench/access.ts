// What the whole of access costs: key, purpose, scopes, cost, limits and audit. `npm run bench -- access`
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '../../src/store/embedded.ts';
import { interleave, type Pace, startProcess, type Subject, table } from './measure.ts';

const operation = readFileSync(new URL('../../schema/operations/workers.graphql', import.meta.url), 'utf8');

export async function access(_quick: boolean, pace: Pace): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'payung-bench-'));
  await using parts = new AsyncDisposableStack();
  parts.defer(() => rm(dataDir, { recursive: true, force: true }));
  const database = parts.adopt(await startEmbedded({ dataDir }), (server) => server.stop());
  const own = async <T>(file: string, core: number, environment: Record<string, string>) => {
    const started = await startProcess<T>(file, core, environment);
    parts.defer(() => void started.child.kill('SIGKILL'));
    return started;
  };
  const { urls, niks } = (await own<{ urls: Record<string, string>; niks: string[] }>('replay.ts', 1, {})).ready;
  const out: string[] = [];
  for (const [title, cacheMs] of [['from the agencies, at 0 ms', '0'], ['from memory', '3600000']] as const) {
    const environment = { BENCH_URLS: JSON.stringify(urls), DATABASE_URL: database.url, PORT: '0', CACHE_MS: cacheMs, BENCH_SYNC: '1' };
    const subjects: Subject[] = [];
    for (const [name, file] of [['with access', 'hub.ts'], ['without', 'open.ts']] as const) {
      const { child, ready } = await own<{ url: string; key: string }>(file, 0, environment);
      subjects.push({ name, url: ready.url, body: JSON.stringify({ query: operation, variables: { by: niks.map((nik) => ({ nik })) } }), headers: { authorization: `Bearer ${ready.key}`, 'x-purpose': 'SERVICE' }, child });
    }
    out.push(table(`25 workers, ${title}, 32 connections`, await interleave(subjects, { connections: 32, ...pace }), 'without'));
  }
  return out.join('\n');
}
