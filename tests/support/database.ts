import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { inject } from 'vitest';

export interface TestDatabase extends AsyncDisposable {
  /** Address of an empty database that nobody else uses. */
  readonly url: string;
  /** Removes it, ending whoever is still connected. */
  drop(): Promise<void>;
}

/** The one way for tests to get a database: an empty one of their own on the run's server. */
export async function testDatabase(): Promise<TestDatabase> {
  const server = inject('databaseUrl');
  const name = `payung_test_${randomBytes(6).toString('hex')}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  await onServer(server, (sql) => sql`create database ${sql(name)}`);
  const drop = async (): Promise<void> => onServer(server, (sql) => sql`drop database if exists ${sql(name)} with (force)`);
  return { url: url.href, drop, [Symbol.asyncDispose]: drop };
}

async function onServer(url: string, statement: (sql: postgres.Sql) => PromiseLike<unknown>): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    await statement(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}
