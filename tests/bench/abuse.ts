// How fast each shape of abuse is refused, and how long another caller waits meanwhile. `npm run bench -- abuse`
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '../../src/store/embedded.ts';
import { abuses, send } from '../server/abuse.ts';
import { median, startProcess } from './measure.ts';

/** Milliseconds of one request, to the end of its answer. */
async function time(sending: () => ReturnType<typeof send>): Promise<{ ms: number; status: number; bytes: number }> {
  const began = performance.now();
  const { status, text } = await sending();
  return { ms: performance.now() - began, status, bytes: text.length };
}

export async function abuse(quick: boolean): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'payung-bench-'));
  await using parts = new AsyncDisposableStack();
  parts.defer(() => rm(dataDir, { recursive: true, force: true }));
  const database = parts.adopt(await startEmbedded({ dataDir }), (server) => server.stop());
  const own = async <T>(file: string, core: number, environment: Record<string, string>) => {
    const started = await startProcess<T>(file, core, environment);
    parts.defer(() => void started.child.kill('SIGKILL'));
    return started.ready;
  };
  const { urls } = await own<{ urls: Record<string, string> }>('replay.ts', 1, {});
  const { url, key } = await own<{ url: string; key: string }>('hub.ts', 0, { BENCH_URLS: JSON.stringify(urls), DATABASE_URL: database.url, PORT: '0' });
  const headers = { 'content-type': 'application/json', 'x-purpose': 'SERVICE', authorization: `Bearer ${key}` };
  const other = () => time(() => send(url, headers, { name: 'no abuse', body: '{"query":"{ viewer { name } }"}' }));
  for (let i = 0; i < 200; i += 1) await other();

  const rows: string[] = [];
  for (const abuse of abuses) {
    const times: number[] = [];
    const others: number[] = [];
    let last = { status: 0, bytes: 0 };
    for (let round = 0; round < (quick ? 3 : 15); round += 1) {
      const refused = time(() => send(url, headers, abuse));
      const beside = other();
      const { ms, ...rest } = await refused;
      last = rest;
      times.push(ms);
      others.push((await beside).ms);
    }
    rows.push(`| ${abuse.name} | ${last.status} | ${median(times).toFixed(1)} | ${Math.max(...times).toFixed(1)} | ${Math.max(...others).toFixed(1)} | ${last.bytes} |`);
  }
  return ['| abuse | status | ms, median | ms, longest | another caller, longest ms | bytes |', '|---|---|---|---|---|---|', ...rows, ''].join('\n');
}
