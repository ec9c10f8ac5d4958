import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWorld } from '../../src/agencies/world/world.ts';
import { readConfig } from '../../src/config.ts';
import { startProcess } from './measure.ts';

export interface FilledHubOptions {
  /** Of a database that `fill.ts` has filled. */
  readonly url: string;
  readonly people: number;
  /** Cores that the hub and what it starts may use, as `taskset` takes them. */
  readonly cores: number | string;
}

export interface FilledHub {
  readonly url: string;
  readonly key: string;
}

/** A hub over a filled database and the mocks of its people, with a key that may ask everything. */
export async function startFilledHub({ url, people, cores }: FilledHubOptions, parts: AsyncDisposableStack): Promise<FilledHub> {
  const world = createWorld({ seed: 1, size: people, today: '2026-11-22' });
  const urls: Record<string, string> = {};
  for (const { definition, settings } of readConfig({}).agencies) {
    const mock = parts.adopt(await definition.startMock({ world, settings, port: 0 }), (m) => m.close());
    urls[definition.name] = mock.url;
  }
  const dataDir = parts.adopt(await mkdtemp(join(tmpdir(), 'payung-bench-')), (path) => rm(path, { recursive: true, force: true }));
  const { child, ready } = await startProcess<FilledHub>('hub.ts', cores, { DATABASE_URL: url, BENCH_URLS: JSON.stringify(urls), BENCH_CALLER: 'admin', DATA_DIR: dataDir, REQUEST_TIMEOUT_MS: '300000' });
  parts.defer(() => void child.kill('SIGKILL'));
  return ready;
}

type Data = Record<string, { pageInfo?: { endCursor: string | null }; edges?: object[] } | null>;

/** Asks a hub, and fails where there is any error: a benchmark of wrong answers measures nothing. */
export function asker({ url, key }: FilledHub): (query: string, variables?: object) => Promise<{ ms: number; data: Data }> {
  return async (query, variables = {}) => {
    const began = performance.now();
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${key}`, 'x-purpose': 'SERVICE' }, body: JSON.stringify({ query, variables }) });
    const { data, errors } = (await response.json()) as { data: Data; errors?: object[] };
    if (errors) throw new Error(`${query.slice(0, 80)}: ${JSON.stringify(errors)}`);
    return { ms: performance.now() - began, data };
  };
}
