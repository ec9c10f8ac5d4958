import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Logger, pino } from 'pino';
import { print } from 'graphql';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { agencies } from '../../src/agencies/index.ts';
import type { MockServer } from '../../src/agencies/mocking/server.ts';
import { createWorld } from '../../src/agencies/world/world.ts';
import type { World } from '../../src/agencies/world/world.ts';
import { readConfig } from '../../src/config.ts';
import { demoCallers, type DemoCaller } from '../../src/demo.ts';
import { todayInJakarta } from '../../src/domain/time.ts';
import { type Hub, startHub } from '../../src/hub.ts';
import { testDatabase } from './database.ts';

export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly data: T | null | undefined;
  readonly errors: readonly { readonly message: string; readonly path?: readonly (string | number)[]; readonly extensions: Record<string, unknown> }[];
  readonly extensions: Record<string, unknown> | undefined;
}

export interface AskOptions {
  /** Default `desk`; null sends no key. */
  readonly as?: DemoCaller | null;
  readonly headers?: Record<string, string>;
}

/** A hub with its own database, mocks and keys, spoken to over HTTP like any other. */
export interface TestHub extends AsyncDisposable {
  readonly hub: Hub;
  readonly world: World;
  readonly databaseUrl: string;
  /** By agency name. */
  readonly mocks: Readonly<Record<string, MockServer>>;
  readonly keys: Readonly<Record<DemoCaller, string>>;
  /** By the hub's clock: when keys of tests expire. */
  readonly inAnHour: Date;
  ask<T, V>(document: TypedDocumentNode<T, V> | string, variables: V, options?: AskOptions): Promise<Answer<T>>;
  /** Calls of each agency since the last reset. */
  calls(): Record<string, number>;
  /** All failure switches off, all counts zero, all breakers as they are. */
  reset(): void;
}

export interface TestHubOptions {
  /** Default 200. */
  readonly people?: number;
  /** Settings by their names. Unless set, every port is free, CACHE_MS is 0, and reading facts, which gives way to all else, may take a minute. */
  readonly settings?: Record<string, string>;
  /** The time at which hub, mocks and world stand still. Default: the system clock. */
  readonly now?: Date;
  /** Default: one that says nothing. */
  readonly logger?: Logger;
  /** Another hub whose database, mocks and keys this one uses too: a second instance. Default: its own. */
  readonly beside?: TestHub;
  /** Whether to read the change feeds before the first question. Default: true, but not for a second instance. */
  readonly sync?: boolean;
}

export async function startTestHub(options: TestHubOptions = {}): Promise<TestHub> {
  await using parts = new AsyncDisposableStack();
  const clock = options.now === undefined ? {} : { now: () => options.now! };
  const world = createWorld({ seed: 1, size: options.people ?? 200, today: todayInJakarta(options.now ?? new Date()) });
  const dataDir = parts.adopt(await mkdtemp(join(tmpdir(), 'payung-hub-')), (folder) => rm(folder, { recursive: true, force: true }));
  const config = readConfig({ DATA_DIR: dataDir, PORT: '0', CACHE_MS: '0', SYNC_INTERVAL_MS: '0', LOG_LEVEL: 'silent', STATISTICS_TIMEOUT_MS: '60000', ...options.settings });
  const { beside } = options;
  const databaseUrl = beside?.databaseUrl ?? parts.use(await testDatabase()).url;
  const mocks: Record<string, MockServer> = { ...beside?.mocks };
  if (!beside) for (const { definition, settings } of config.agencies) mocks[definition.name] = parts.adopt(await definition.startMock({ world, settings, port: 0, ...clock }), (mock) => mock.close());
  const agencyUrls = Object.fromEntries(Object.entries(mocks).map(([name, mock]) => [name, mock.url]));
  const hub = parts.use(await startHub({ config, databaseUrl, agencyUrls, logger: options.logger ?? pino({ level: config.LOG_LEVEL }), ...clock }));
  if (options.sync ?? !beside) {
    await hub.syncing.run();
    await hub.following.drain();
  }
  const inAnHour = new Date((options.now ?? new Date()).getTime() + 3_600_000);
  const keys = beside?.keys ?? Object.fromEntries(
    await Promise.all(Object.entries(demoCallers).map(async ([name, { scopes, bounds }]) => [name, (await hub.keys.create({ name, scopes, bounds, expiresAt: inAnHour, environment: 'test' })).key])),
  ) as Record<DemoCaller, string>;
  const owned = parts.move();

  const testHub: TestHub = {
    hub,
    world,
    databaseUrl,
    mocks,
    keys,
    inAnHour,
    async ask(document, variables, ask = {}) {
      const as = ask.as === undefined ? 'desk' : ask.as;
      const response = await fetch(`${hub.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-purpose': 'SERVICE', ...(as ? { authorization: `Bearer ${keys[as]}` } : {}), ...ask.headers },
        body: JSON.stringify({ query: typeof document === 'string' ? document : print(document), variables }),
      });
      const body = (await response.json()) as { data?: never; errors?: Answer<never>['errors']; extensions?: Record<string, unknown> };
      return { status: response.status, headers: response.headers, data: body.data, errors: body.errors ?? [], extensions: body.extensions };
    },
    calls: () => Object.fromEntries(agencies.map(({ name }) => [name, mocks[name]!.calls.total])),
    reset() {
      for (const mock of Object.values(mocks)) {
        mock.faults.reset();
        mock.calls.reset();
      }
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
  testHub.reset();
  return testHub;
}
