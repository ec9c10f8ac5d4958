import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import postgres from 'postgres';
import { findBinaries, reachableBinaries } from './embedded/binaries.ts';
import { findCluster, keptPassword, makeCluster, superuser } from './embedded/cluster.ts';
import type { Cluster } from './embedded/cluster.ts';
import { canReach } from './embedded/command.ts';
import type { Account } from './embedded/command.ts';
import { stopLeftOver } from './embedded/leftover.ts';
import { lockFolder } from './embedded/lock.ts';
import { freePort, startPostmaster } from './embedded/postmaster.ts';
import type { Postmaster } from './embedded/postmaster.ts';
import { serverAccount, systemAccounts } from './embedded/server-user.ts';
import type { Accounts } from './embedded/server-user.ts';

export interface EmbeddedOptions {
  /** Folder for the database, its password, log and lock; made if missing. One hub at a time. */
  readonly dataDir: string;
  /** Told what an operator should know, one line each. Default: nobody is told. */
  readonly say?: (line: string) => void;
  /** The system's users, asked when the hub is root. Default: the real ones. */
  readonly accounts?: Accounts;
  /** Where binaries and database go when the hub is root and the server's user cannot reach them. Default `/var/lib/payung`. */
  readonly shared?: string;
  /** Called whenever there is nothing to do but to wait for a program: a good time for what keeps the thread busy. Default: nothing is called. */
  readonly onWait?: () => void;
  /** Gives a loopback port to try; asked again when it is taken. Default: a free one. */
  readonly choosePort?: () => Promise<number>;
}

export interface EmbeddedServer {
  /** Address of the database `payung`, with user and password. */
  readonly url: string;
  /** Stops the server (fast shutdown) and frees the data folder; resolves when the process is gone. */
  stop(): Promise<void>;
}

const database = 'payung';

/** Starts the PostgreSQL server that lives in a data folder, making it first where there is none. Every error is one line that says how to mend it. */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const dataDir = resolve(options.dataDir);
  try {
    await mkdir(dataDir, { recursive: true });
    const lock = await lockFolder(dataDir);
    try {
      const { url, postmaster } = await startLocked(dataDir, options);
      let stopping: Promise<void> | undefined;
      return { url, stop: () => (stopping ??= postmaster.stop().then(lock.release)) };
    } catch (error) {
      lock.release();
      throw error;
    }
  } catch (error) {
    throw explained(error, dataDir);
  }
}

async function startLocked(
  dataDir: string,
  { say = () => undefined, accounts = systemAccounts, shared = '/var/lib/payung', choosePort = freePort, onWait = () => undefined }: EmbeddedOptions,
): Promise<{ url: string; postmaster: Postmaster }> {
  const found = await findBinaries();
  const existing = await findCluster(dataDir, found.major);
  const account = process.geteuid?.() === 0 ? await accountFor(existing, accounts) : undefined;
  const binaries = await reachableBinaries(found, account, shared);
  const password = await keptPassword(dataDir, existing !== undefined);
  if (existing) await stopLeftOver(existing.folder, say);
  if (account && existing && !(await canReach(account, { readable: [existing.folder], executable: [existing.folder] }))) {
    throw new Error(`PostgreSQL runs as user ${account.name}, which may not enter ${existing.folder} any more: let it pass through the folders above (chmod o+x), or move ${dataDir} to where it may.`);
  }
  const cluster = existing ?? (await makeCluster({ dataDir, binaries, account, password, shared, say, onWait }));
  const postmaster = await startPostmaster({ binaries, cluster: cluster.folder, account, logFile: join(dataDir, 'postgres.log'), choosePort, say, onWait });
  const address = (name: string): string => `postgres://${superuser}:${password}@127.0.0.1:${postmaster.port}/${name}`;
  try {
    await ensureDatabase(address('postgres'));
  } catch (error) {
    await postmaster.stop();
    throw error;
  }
  return { url: address(database), postmaster };
}

/** A cluster's files belong to the user who made it, and the server runs as that one; for a new cluster one is chosen. */
async function accountFor(cluster: Cluster | undefined, accounts: Accounts): Promise<Account> {
  if (!cluster || cluster.uid === 0) return serverAccount(accounts);
  return { name: `number ${cluster.uid}`, uid: cluster.uid, gid: cluster.gid };
}

async function ensureDatabase(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    const rows = await sql`select 1 from pg_database where datname = ${database}`;
    if (rows.length === 0) await sql`create database ${sql(database)}`;
  } finally {
    // Without a limit this waits for ever when the server has closed the connection.
    await sql.end({ timeout: 1 });
  }
}

/** What goes wrong with a folder, by the system's code. */
const folderTrouble: readonly string[] = ['EACCES', 'EDQUOT', 'EEXIST', 'EISDIR', 'ELOOP', 'ENOSPC', 'ENOTDIR', 'EPERM', 'EROFS', 'ERR_SQLITE_ERROR'];

/** Errors of the system say what failed on which path, not what to do about it. */
function explained(error: unknown, dataDir: string): unknown {
  const { code, message, syscall } = error as NodeJS.ErrnoException;
  if (code === '28P01') return new Error(`The password in ${join(dataDir, 'postgres-password')} is not the database's: bring the right one back, or remove ${dataDir} to begin anew.`, { cause: error });
  if (syscall?.startsWith('spawn')) return new Error(`The embedded PostgreSQL cannot be run here (${message}): start the hub as an ordinary user, or set DATABASE_URL.`, { cause: error });
  if (!folderTrouble.includes(code ?? '')) return error;
  return new Error(`The data folder ${dataDir} cannot be used (${message}): make it a folder the hub may write to, or set DATA_DIR to another one.`, { cause: error });
}
