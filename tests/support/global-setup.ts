import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { openDatabase } from '../../src/store/database.ts';
import { startEmbedded } from '../../src/store/embedded.ts';
import { onServer } from './server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the server on which tests make their databases. */
    databaseUrl: string;
    /** Name of a database that is up to date and empty: a copy of it is made in a tenth of the time that all migrations take. */
    templateName: string;
  }
}

/** One PostgreSQL server for the whole run: the one that DATABASE_URL names, else an embedded one that lives as long as the run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['DATABASE_URL'];
  if (given) return serve(project, given);
  const folder = await mkdtemp(join(tmpdir(), 'payung-tests-'));
  // As root, the server runs as another user, which must be able to pass; else the database would go to the shared place and stay there.
  await chmod(folder, 0o711);
  const server = await startEmbedded({ dataDir: join(folder, 'data') });
  // A throw-away server need not survive a power cut.
  await onServer(server.url, async (sql) => {
    await sql`alter system set fsync = off`;
    await sql`select pg_reload_conf()`;
  });
  await serve(project, server.url);
  return async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
}

/** Tells the tests where the server is, and makes what they copy their databases from. */
async function serve(project: TestProject, server: string): Promise<() => Promise<void>> {
  const name = `payung_template_${randomBytes(6).toString('hex')}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  await onServer(server, (sql) => sql`create database ${sql(name)}`);
  await (await openDatabase({ url: url.href })).close();
  project.provide('databaseUrl', server);
  project.provide('templateName', name);
  return () => onServer(server, (sql) => sql`drop database if exists ${sql(name)} with (force)`);
}
