import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { createMetrics } from '../../src/server/metrics.ts';
import type { Metrics } from '../../src/server/metrics.ts';
import { createServer } from '../../src/server/server.ts';
import type { Server, ServerOptions } from '../../src/server/server.ts';
import { librarySchema } from './library.ts';
import type { LibraryContext } from './library.ts';

interface Caller {
  readonly id: string;
  readonly name: string;
}

export const key = 'key-of-the-tests';

export interface LibraryServer extends Server {
  readonly metrics: Metrics;
  /** Parsed log lines. */
  readonly log: Record<string, unknown>[];
  /** Everything logged, as text. */
  logText(): string;
  /** A GraphQL request with the key; POST of JSON unless told. */
  ask(body: unknown, headers?: Record<string, string>): Promise<{ status: number; headers: Headers; body: Answer }>;
}

export interface Answer {
  data?: Record<string, unknown> | null;
  errors?: { message: string; path?: (string | number)[]; locations?: unknown; extensions: Record<string, unknown> }[];
  extensions?: Record<string, unknown>;
}

/** The server over the library schema on a free port. */
export async function startLibrary(options: Partial<ServerOptions<Caller, LibraryContext>> = {}): Promise<LibraryServer> {
  const metrics = createMetrics({ processMetrics: false });
  const lines: string[] = [];
  const log: Record<string, unknown>[] = [];
  const write = (line: string): void => {
    lines.push(line);
    log.push(JSON.parse(line));
  };
  const folder = await mkdtemp(join(tmpdir(), 'payung-operations-'));
  const server = await createServer<Caller, LibraryContext>({
    schema: librarySchema(),
    authenticate: async (headers) => (headers.authorization === `Bearer ${key}` ? { id: 'tests', name: 'tests' } : null),
    context: ({ signal }) => ({ signal, calls: [] }),
    ready: async () => ({ ready: true, checks: { database: true } }),
    metrics,
    logger: pino({ level: 'trace' }, { write }),
    operationsDir: folder,
    port: 0,
    ...options,
  });
  return {
    ...server,
    metrics,
    log,
    logText: () => lines.join(''),
    async close() {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
    async ask(body, headers = {}) {
      const response = await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}`, ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      return { status: response.status, headers: response.headers, body: (await response.json()) as Answer };
    },
  };
}
