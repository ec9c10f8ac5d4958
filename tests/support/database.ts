import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { onServer } from './server.ts';

export interface TestDatabase extends AsyncDisposable {
  /** Address of a database that nobody else uses. */
  readonly url: string;
  /** Removes it, ending whoever is still connected. */
  drop(): Promise<void>;
}

export interface TestDatabaseOptions {
  /** Without the hub's tables. Default false: they are there, with nothing in them. */
  readonly bare?: boolean;
  /** A database to begin with a copy of, to which nobody may be connected. Default: the run's, which is up to date and empty. */
  readonly of?: string;
}

/** The one way for tests to get a database: one of their own on the run's server. */
export async function testDatabase({ bare = false, of }: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const server = inject('databaseUrl');
  const name = `payung_test_${randomBytes(6).toString('hex')}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  const template = of === undefined ? inject('templateName') : new URL(of).pathname.slice(1);
  await onServer(server, (sql) => (bare ? sql`create database ${sql(name)}` : sql`create database ${sql(name)} template ${sql(template)}`));
  const drop = async (): Promise<void> => onServer(server, (sql) => sql`drop database if exists ${sql(name)} with (force)`);
  return { url: url.href, drop, [Symbol.asyncDispose]: drop };
}
