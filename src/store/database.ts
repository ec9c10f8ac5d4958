import { fileURLToPath } from 'node:url';
import { DrizzleQueryError, sql } from 'drizzle-orm';
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import { promptSockets } from './socket.ts';

export interface DatabaseOptions {
  /** `postgres://user:password@host:port/name` of a PostgreSQL server, 15 or newer. */
  readonly url: string;
  /** Most connections of this instance. Default 10. */
  readonly connections?: number;
  /** Most connections besides, for lists and searches. Default 4. */
  readonly listConnections?: number;
  /** Longest time for one statement of a list or search, milliseconds. Default 5000. */
  readonly listTimeoutMs?: number;
}

/** Queries, inside a transaction or not. */
export type Queries = Pick<PostgresJsDatabase, 'select' | 'selectDistinct' | 'selectDistinctOn' | 'insert' | 'update' | 'delete' | 'execute' | 'with' | '$with' | '_'>;

/** The hub's database: one driver and one path, whether the server is the embedded one or not. */
export interface Database {
  /** Runs queries. Any fault comes out as a {@link StoreFault}, which carries no values. */
  run<T>(work: (queries: Queries) => Promise<T>): Promise<T>;
  /** One statement that is the same every time: each connection takes it in once, and then it costs one way there and back instead of two. Parameters are texts. */
  prepared(statement: string, parameters: readonly string[]): Promise<unknown>;
  /** The same as `run` in one transaction. */
  transaction<T>(work: (queries: Queries) => Promise<T>): Promise<T>;
  /**
   * `run` for lists and searches: on connections of their own that only read and where each statement has a limit of time, so that they hold up nothing else; with
   * `timeoutMs` that limit, where it is the shorter one.
   */
  list<T>(work: (queries: Queries) => Promise<T>, timeoutMs?: number): Promise<T>;
  /** Calls `onMessage` for each notification on the channel, until closed. `onLive` is called at each (re)connection: messages before it may have been missed. */
  listen(channel: string, onMessage: (payload: string) => void, onLive?: () => void): Promise<void>;
  close(): Promise<void>;
}

/** A fault of the database without the values that were sent to it: drizzle's own error carries every bound parameter, so a NIK. */
export class StoreFault extends Error {
  override readonly name = 'StoreFault';
  /** SQLSTATE, or the driver's code, such as `ECONNREFUSED`. */
  readonly code: string;
  constructor(code: string, statement: string) {
    super(`database fault ${code}${statement ? ` in: ${statement}` : ''}`);
    this.code = code;
  }
}

/** What work throws to end its transaction on purpose: it comes out as it is, so it must carry no values. */
export class Refused extends Error {}

function withoutValues(error: unknown): unknown {
  if (error instanceof Refused) return error;
  const cause = error instanceof DrizzleQueryError ? error.cause : error;
  if (error instanceof DrizzleQueryError || cause instanceof postgres.PostgresError || (cause instanceof Error && 'code' in cause)) {
    const code = cause && typeof cause === 'object' && 'code' in cause ? String(cause.code) : 'UNKNOWN';
    return new StoreFault(code, error instanceof DrizzleQueryError ? error.query.slice(0, 200) : '');
  }
  return error;
}

/** One line for a server that is not there, or that does not let us in. */
function unreachable(error: unknown): Error | null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (/^(E[A-Z]+|CONNECT_TIMEOUT|CONNECTION_\w+)$/.test(code)) return new Error(`The database server does not answer (${code}). Check DATABASE_URL, or leave it out for the embedded database.`);
  if (/^(28|3D)/.test(code)) return new Error(`The database server refuses user, password or database name (${code}). Check DATABASE_URL.`);
  return null;
}

/** What all connections have in common. */
const driver = { onnotice: () => {}, connect_timeout: 10, socket: promptSockets() };

/** Opens the database and brings its tables up to date. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const client = postgres(options.url, {
    ...driver,
    max: options.connections ?? 10,
    connection: { application_name: 'payung', TimeZone: 'UTC' },
  });
  const db = drizzle(client);
  const listTimeoutMs = options.listTimeoutMs ?? 5_000;
  const listClient = postgres(options.url, {
    ...driver,
    max: options.listConnections ?? 4,
    // A plan for the values at hand: a general one would not tell a rare value from a frequent one.
    prepare: false,
    connection: {
      application_name: 'payung lists',
      TimeZone: 'UTC',
      default_transaction_read_only: true,
      statement_timeout: listTimeoutMs,
      // One core for each, and no compiling, which takes longer than most of them. As texts: the driver leaves out what is false or zero.
      max_parallel_workers_per_gather: '0',
      jit: 'off',
      // How alike a word must be to be looked at; what it is worth is decided apart.
      'pg_trgm.similarity_threshold': 0.2,
    },
  });
  const lists = drizzle(listClient);
  const within = <T>(work: (queries: Queries) => Promise<T>, timeoutMs: number) =>
    lists.transaction(async (tx) => {
      await tx.execute(sql.raw(`set local statement_timeout = ${Math.ceil(timeoutMs)}`));
      return work(tx);
    });
  try {
    await migrateOnce(options.url);
  } catch (error) {
    await Promise.all([client.end({ timeout: 1 }), listClient.end({ timeout: 1 })]);
    throw unreachable(error) ?? withoutValues(error);
  }
  return {
    run: (work) => work(db).catch((error: unknown) => Promise.reject(withoutValues(error))),
    prepared: (statement, parameters) => client.unsafe(statement, [...parameters], { prepare: true }).catch((error: unknown) => Promise.reject(withoutValues(error))),
    transaction: (work) => db.transaction((tx) => work(tx)).catch((error: unknown) => Promise.reject(withoutValues(error))),
    list: (work, timeoutMs = listTimeoutMs) => (timeoutMs < listTimeoutMs ? within(work, timeoutMs) : work(lists)).catch((error: unknown) => Promise.reject(withoutValues(error))),
    listen: async (channel, onMessage, onLive) => {
      await client.listen(channel, onMessage, onLive);
    },
    close: async () => void (await Promise.all([client.end({ timeout: 5 }), listClient.end({ timeout: 5 })])),
  };
}

/** Migrations take a lock on a connection of their own, so that instances that start together do not both apply them. */
async function migrateOnce(url: string): Promise<void> {
  const client = postgres(url, { ...driver, max: 1 });
  try {
    const [server] = await client<{ number: number }[]>`select current_setting('server_version_num')::int as number`;
    if (server!.number < 150_000) throw new Error(`PostgreSQL 15 or newer is needed; DATABASE_URL points to version ${Math.floor(server!.number / 10_000)}.`);
    await client`select pg_advisory_lock(hashtext('payung migrations'))`;
    await migrate(drizzle(client), { migrationsFolder: fileURLToPath(new URL('../../drizzle', import.meta.url)) });
  } finally {
    await client.end({ timeout: 5 });
  }
}
