import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MockServer } from '../../src/agencies/mocking/server.ts';
import { createWorld, type World } from '../../src/agencies/world/world.ts';
import type { Bounds } from '../../src/access/bounds.ts';
import { createKeys } from '../../src/access/keys.ts';
import type { Scope } from '../../src/access/scopes.ts';
import { readConfig } from '../../src/config.ts';
import { todayInJakarta } from '../../src/domain/time.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { testDatabase } from './database.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** The hub as an operator starts it, in a process of its own that can be killed; agencies and database stay. */
export interface HubProcess extends AsyncDisposable {
  readonly world: World;
  readonly mocks: Readonly<Record<string, MockServer>>;
  readonly database: Database;
  /** A key that the hub takes, whether or not it runs. */
  key(scopes: readonly Scope[], bounds?: Bounds): Promise<string>;
  /** Starts it; resolves when it answers. */
  start(): Promise<void>;
  /** Ends it at once, as a crash does; resolves when it is gone. Killing one that is gone changes nothing. */
  kill(): Promise<void>;
  /** Data of an answer; null where the hub is gone, or goes before it has answered. */
  ask<T>(query: string, variables: object, key: string): Promise<T | null>;
}

export interface HubProcessOptions {
  readonly people: number;
  readonly settings?: Record<string, string>;
}

export async function prepareHubProcess({ people, settings = {} }: HubProcessOptions): Promise<HubProcess> {
  await using parts = new AsyncDisposableStack();
  const dataDir = parts.adopt(await mkdtemp(join(tmpdir(), 'payung-killed-')), (folder) => rm(folder, { recursive: true, force: true }));
  const { url: databaseUrl } = parts.use(await testDatabase());
  const database = parts.adopt(await openDatabase({ url: databaseUrl, connections: 3 }), (d) => d.close());
  const keys = parts.adopt(await createKeys(database, { acceptTest: true }), (k) => k.close());
  const world = createWorld({ seed: 1, size: people, today: todayInJakarta(new Date()) });
  const mocks: Record<string, MockServer> = {};
  for (const { definition, settings: own } of readConfig({}).agencies) mocks[definition.name] = parts.adopt(await definition.startMock({ world, settings: own, port: 0 }), (mock) => mock.close());
  const urls = Object.fromEntries(Object.entries(mocks).map(([name, mock]) => [`AGENCY_${name}_URL`, mock.url]));
  const environment = { ...process.env, DATABASE_URL: databaseUrl, DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'fatal', SYNC_INTERVAL_MS: '100', WEBHOOK_NETWORKS: '127.0.0.0/8', ...urls, ...settings };
  let running: { readonly child: ChildProcess; readonly gone: Promise<unknown>; readonly url: string } | null = null;

  async function kill(): Promise<void> {
    if (!running) return;
    const { child, gone } = running;
    running = null;
    child.kill('SIGKILL');
    await gone;
  }
  parts.defer(kill);
  const owned = parts.move();
  return {
    world,
    mocks,
    database,
    async key(scopes, bounds = {}) {
      return (await keys.create({ name: 'killed', scopes, bounds, expiresAt: new Date(Date.now() + 3_600_000), environment: 'live' })).key;
    },
    async start() {
      await kill();
      const child = spawn(process.execPath, [main], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
      const gone = once(child, 'close');
      let text = '';
      const url = await new Promise<string>((answers, failed) => {
        for (const stream of [child.stdout, child.stderr]) {
          stream.setEncoding('utf8').on('data', (part: string) => {
            text += part;
            const found = /Payung answers at (\S+)\/graphql/.exec(text)?.[1];
            if (found) answers(found);
          });
        }
        void gone.then(() => failed(new Error(`the hub did not start: ${text}`)));
      });
      running = { child, gone, url };
    },
    kill,
    async ask(query, variables, key) {
      if (!running) return null;
      try {
        const response = await fetch(`${running.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-purpose': 'SERVICE', authorization: `Bearer ${key}` },
          body: JSON.stringify({ query, variables }),
        });
        const { data, errors } = (await response.json()) as { data?: never; errors?: readonly { readonly message: string }[] };
        if (!data) throw new Error(`the hub answered ${response.status}: ${errors?.[0]?.message}`);
        return data;
      } catch (error) {
        // A connection that ends, or that nobody takes: the hub is gone.
        if (error instanceof TypeError) return null;
        throw error;
      }
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
