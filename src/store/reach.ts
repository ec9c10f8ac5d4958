import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import postgres from 'postgres';
import { startEmbedded } from './embedded.ts';

/** Holds the address of the embedded database while a hub runs it; readable by the hub's user only. */
const addressFile = (dataDir: string) => join(resolve(dataDir), 'database-url');

/** Tells commands where the running hub's embedded database is; take it back when the hub stops. */
export async function publishAddress(dataDir: string, url: string): Promise<{ withdraw(): Promise<void> }> {
  const file = addressFile(dataDir);
  await writeFile(file, `${url}\n`, { mode: 0o600 });
  await chmod(file, 0o600);
  return { withdraw: () => rm(file, { force: true }) };
}

export interface ReachOptions {
  /** Address of a PostgreSQL server; undefined: the embedded one. */
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
}

/** The database for a command: the server that is named, else the embedded one, through the hub that runs it or started for the command. */
export async function reachDatabase({ databaseUrl, dataDir }: ReachOptions): Promise<{ readonly url: string; stop(): Promise<void> }> {
  if (databaseUrl !== undefined) return { url: databaseUrl, stop: async () => {} };
  const running = await runningAddress(dataDir);
  if (running !== null) return { url: running, stop: async () => {} };
  return startEmbedded({ dataDir });
}

/** The published address, if something answers there: a hub that was killed leaves its file behind. */
async function runningAddress(dataDir: string): Promise<string | null> {
  const url = (await readFile(addressFile(dataDir), 'utf8').catch(() => '')).trim();
  if (url === '') return null;
  const client = postgres(url, { max: 1, connect_timeout: 5, onnotice: () => {} });
  try {
    await client`select 1`;
    return url;
  } catch {
    return null;
  } finally {
    await client.end({ timeout: 1 });
  }
}
