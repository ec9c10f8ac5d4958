import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const anyPort = { PORT: '0', AGENCY_BP2MI_MOCK_PORT: '0', AGENCY_BPJS_KETENAGAKERJAAN_MOCK_PORT: '0', AGENCY_BPJS_KESEHATAN_MOCK_PORT: '0', AGENCY_PERWAKILAN_MOCK_PORT: '0' };
/** Nothing of the tests' own environment: a newcomer has none. */
const bare = { PATH: process.env.PATH!, HOME: process.env.HOME ?? '/' };

interface Run {
  readonly child: ChildProcess;
  output(): string;
  /** Resolves with the first match in what was said; rejects when the process ends without it. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  ended: Promise<number | null>;
}

/** As a newcomer starts it; signals go to npm alone, which must hand them on. */
function run(settings: Record<string, string>): Run {
  const child = spawn('npm', ['start', '--silent'], { cwd: root, env: { ...bare, ...anyPort, WORLD_PEOPLE: '100', ...settings } });
  let text = '';
  const watchers = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      for (const watch of watchers) watch();
    });
  }
  const ended = once(child, 'close').then(([code]) => code as number | null);
  onTestFinished(() => void child.kill('SIGTERM'));
  return {
    child,
    ended,
    output: () => text,
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const watch = () => {
          const match = pattern.exec(text);
          if (match) resolve(match);
        };
        watchers.add(watch);
        watch();
        void ended.then(() => reject(new Error(`ended without saying ${pattern}:\n${text}`)));
      }),
  };
}

const alive = (pid: number) => existsSync(`/proc/${pid}`);
const databasePid = (dataDir: string) => Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);

/** The hub says in its data folder who holds it. */
const hubPid = (dataDir: string) => Number(readFileSync(join(dataDir, 'hub.pid'), 'utf8'));

// Each start is a whole one, and a busy machine takes its time.
describe('npm start', { timeout: 120_000 }, () => {
  let dataDir: string;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'payung-start-test-'));
  });
  afterAll(() => rm(dataDir, { recursive: true, force: true }));

  async function ask(said: string): Promise<unknown> {
    // The sample as it is printed: what a newcomer pastes.
    const [, url] = /curl -s (\S+)/.exec(said)!;
    const headers = Object.fromEntries([...said.matchAll(/-H '([^:]+): ([^']+)'/g)].map((match) => [match[1]!, match[2]!]));
    const [, body] = /-d '(.+)'/.exec(said)!;
    const response = await fetch(url!, { method: 'POST', headers, body: body! });
    const { data, errors } = (await response.json()) as { data: unknown; errors?: unknown };
    return { data, ...(errors === undefined ? {} : { errors }) };
  }

  it('answers the sample it prints, ends on Ctrl-C with nothing left behind, and finds its data and keys again', async () => {
    const answers: unknown[] = [];
    const keys: string[] = [];
    for (let start = 0; start < 2; start += 1) {
      const hub = run({ DATA_DIR: dataDir });
      await hub.says(/-d '.+'\n/);
      // The model comes into force once.
      expect(hub.output().includes('linked by the starting model')).toBe(start === 0);
      answers.push(await ask(hub.output()));
      keys.push(readFileSync(join(dataDir, 'demo-keys.json'), 'utf8'));
      const database = databasePid(dataDir);
      expect(alive(database)).toBe(true);
      hub.child.kill('SIGINT');
      // The terminal and npm may both send it.
      hub.child.kill('SIGINT');
      expect(await hub.ended).toBe(0);
      await expect.poll(() => alive(database)).toBe(false);
    }
    expect(answers[0]).toMatchObject({ data: { worker: { name: expect.any(String), sources: expect.arrayContaining([{ agency: 'BP2MI', state: 'OK' }]) } } });
    expect(answers[0]).not.toHaveProperty('errors');
    expect(answers[1]).toEqual(answers[0]);
    expect(keys[1]).toBe(keys[0]);
    expect(Object.keys(JSON.parse(keys[0]!) as object)).toEqual(['admin', 'desk', 'analyst', 'steward', 'partner']);
  });

  it('says in one line that its data folder is in use', async () => {
    const first = run({ DATA_DIR: dataDir });
    await first.says(/Payung answers at/);
    const second = run({ DATA_DIR: dataDir });
    expect(await second.ended).toBe(1);
    expect(second.output().trim().split('\n')).toEqual([expect.stringContaining(dataDir)]);
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);
  });

  it('recovers from a crash of everything', async () => {
    const first = run({ DATA_DIR: dataDir });
    await first.says(/Payung answers at/);
    const database = databasePid(dataDir);
    process.kill(hubPid(dataDir), 'SIGKILL');
    await first.ended;
    const second = run({ DATA_DIR: dataDir });
    await second.says(/-d '.+'\n/);
    expect(await ask(second.output())).toMatchObject({ data: { worker: { name: expect.any(String) } } });
    expect(databasePid(dataDir)).not.toBe(database);
    second.child.kill('SIGINT');
    expect(await second.ended).toBe(0);
  });

  it.each(['PORT', 'AGENCY_BP2MI_MOCK_PORT'])('says in one line that a port is taken, and how to choose another (%s)', async (setting) => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    onTestFinished(() => void squatter.close());
    const { port } = squatter.address() as AddressInfo;
    const hub = run({ DATA_DIR: dataDir, [setting]: String(port) });
    expect(await hub.ended).toBe(1);
    expect(hub.output().trim().split('\n').at(-1)).toMatch(new RegExp(`^Port ${port} .*is taken.*${setting}`));
    await expect.poll(() => existsSync(join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false);
  });

  it.each([
    [{ PORT: 'http' }, /^Wrong setting PORT: /],
    [{ DATABASE_URL: 'mysql://localhost/x' }, /^Wrong setting DATABASE_URL: /],
    [{ AGENCY_BP2MI_URL: 'siskop2mi' }, /^Wrong setting AGENCY_BP2MI_URL: /],
    [{ CACHE_MS: '-1' }, /^Wrong setting CACHE_MS: /],
  ])('names a wrong setting in one line: %o', async (settings, line) => {
    const hub = run({ DATA_DIR: dataDir, ...settings });
    expect(await hub.ended).toBe(1);
    expect(hub.output().trim()).toMatch(line);
    expect(hub.output().trim().split('\n')).toHaveLength(1);
  });

  it('says in one line that a database server does not answer', async () => {
    const hub = run({ DATA_DIR: dataDir, DATABASE_URL: 'postgres://payung:secret@127.0.0.1:1/payung' });
    expect(await hub.ended).toBe(1);
    expect(hub.output()).not.toContain('secret');
    expect(hub.output().trim().split('\n').at(-1)).toContain('DATABASE_URL');
  });
});
