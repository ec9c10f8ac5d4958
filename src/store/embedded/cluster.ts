import { randomBytes } from 'node:crypto';
import { chmod, chown, link, mkdir, mkdtemp, readFile, readdir, readlink, rename, rm, rmdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureShared } from './binaries.ts';
import type { Binaries } from './binaries.ts';
import { canReach, run } from './command.ts';
import type { Account } from './command.ts';
import { runningOn } from './leftover.ts';

/** The superuser of the embedded server, which the hub connects as. */
export const superuser = 'payung';

/** A cluster: PostgreSQL's word for the files of one server. */
export interface Cluster {
  readonly folder: string;
  /** Owner of its files; the server must run as that user. */
  readonly uid: number;
  readonly gid: number;
}

/** Where a data folder keeps its cluster: a folder, or a link to one that the server's user can reach. */
export const clusterPath = (dataDir: string): string => join(dataDir, 'postgres');

/** The cluster of a data folder, if it has a whole one; throws if it has something else there. */
export async function findCluster(dataDir: string, major: number): Promise<Cluster | undefined> {
  const path = clusterPath(dataDir);
  const target = await readlink(path).catch(() => undefined);
  const folder = target ?? path;
  const found = await stat(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!found) {
    if (target) throw new Error(`The database of ${dataDir} was kept in ${target}, which is gone: bring it back, or remove ${path} to begin with an empty one.`);
    return undefined;
  }
  const me = process.geteuid?.();
  if (me !== 0 && me !== found.uid) throw new Error(`The database in ${path} belongs to user ${found.uid}: start the hub as that user or as root, or set DATA_DIR to another folder.`);
  const version = (await readFile(join(folder, 'PG_VERSION'), 'utf8').catch(() => '')).trim();
  if (version === '' && !target && (await readdir(folder)).length === 0) {
    await rmdir(folder);
    return undefined;
  }
  if (version === '') throw new Error(`${path} is not a PostgreSQL data folder (it has no PG_VERSION): move it away, or set DATA_DIR to another folder.`);
  if (version !== String(major)) {
    throw new Error(`The database in ${path} was made by PostgreSQL ${version} and this hub brings ${major}: dump it with ${version} and restore it into an empty DATA_DIR, or set DATABASE_URL to a server that has it.`);
  }
  return { folder, uid: found.uid, gid: found.gid };
}

export interface NewCluster {
  readonly dataDir: string;
  readonly binaries: Binaries;
  readonly account: Account | undefined;
  readonly password: string;
  /** Where the cluster goes if `account` cannot reach the data folder. */
  readonly shared: string;
  readonly say: (line: string) => void;
  /** Called when initdb has been started. */
  readonly onWait: () => void;
}

/**
 * Makes a data folder's cluster. It is made whole in a working folder beside its place and put there by one rename (or link), so that
 * a cluster made half by a killed hub is never taken for one.
 */
export async function makeCluster(options: NewCluster): Promise<Cluster> {
  const { dataDir, account, shared, say } = options;
  const path = clusterPath(dataDir);
  for (const name of await readdir(dataDir)) if (name.startsWith('postgres.new-')) await rm(join(dataDir, name), { recursive: true, force: true });
  const owner = { uid: account?.uid ?? process.getuid?.() ?? 0, gid: account?.gid ?? process.getgid?.() ?? 0 };

  if (!account || (await canReach(account, { readable: [], executable: [dataDir] }))) {
    const work = await mkdtemp(join(dataDir, 'postgres.new-'));
    await rename(await initialise(work, options), path);
    await rm(work, { recursive: true, force: true });
    return { folder: path, ...owner };
  }

  await ensureShared(shared);
  await removeOrphans(shared, dataDir);
  const work = await mkdtemp(join(shared, 'cluster-'));
  await writeFile(join(work, ownerFile), path, { mode: 0o600 });
  // Not possible across file systems; the cluster then counts as given up by age alone.
  await link(passwordPath(dataDir), passwordPath(work)).catch(() => undefined);
  const folder = await initialise(work, options);
  await symlink(folder, path);
  say(`PostgreSQL runs as user ${account.name}, which may not enter ${dataDir}: the database is kept in ${folder}.`);
  return { folder, ...owner };
}

/** Runs initdb in `work` and gives the cluster's folder there. With its sync to disk (which costs next to nothing): what is committed later must not stand on files a power cut can take away. */
async function initialise(work: string, { binaries, account, password, onWait }: NewCluster): Promise<string> {
  const folder = join(work, 'cluster');
  const passwordFile = join(work, 'password');
  // Others may pass through to what is theirs, and list nothing.
  await chmod(work, 0o711);
  await mkdir(folder, { mode: 0o700 });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (account) for (const path of [folder, passwordFile]) await chown(path, account.uid, account.gid);
  const initdb = run(
    join(binaries.root, 'bin', 'initdb'),
    [
      `--pgdata=${folder}`,
      `--username=${superuser}`,
      '--auth=scram-sha-256',
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
      // PostgreSQL's own C.UTF-8 sorts by code point on every system, whatever locales that has.
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
    ],
    account,
  );
  onWait();
  const { code, stderr } = await initdb;
  await rm(passwordFile, { force: true });
  if (code !== 0) {
    const cause = stderr.split('\n').findLast((line) => /\b(?:error|FATAL):/.test(line)) ?? stderr.trim().split('\n').at(-1) ?? '';
    throw new Error(`PostgreSQL could not make its database in ${work} (${cause.trim() || `initdb ended with code ${code}`}): mend that and start again, or set DATABASE_URL.`);
  }
  return folder;
}

/** Names the data folder whose cluster lies in a folder of the shared place. */
const ownerFile = 'belongs-to';

/** A cluster in the shared place that nobody has started for this long is given up, unless its data folder is known to be there still. */
const givenUpAfter = 30 * 24 * 60 * 60 * 1000;

/**
 * Removes clusters in the shared place that no data folder points at. A data folder may have been moved, or not be mounted just now, so
 * a missing path proves nothing: each working folder has a hard link to its data folder's password file, and while that file has
 * another name somewhere, the data folder still exists.
 */
async function removeOrphans(shared: string, dataDir: string): Promise<void> {
  const own = await stat(passwordPath(dataDir));
  for (const name of await readdir(shared)) {
    const work = join(shared, name);
    const owner = await readFile(join(work, ownerFile), 'utf8').catch(() => undefined);
    if (owner === undefined) continue;
    const folder = join(work, 'cluster');
    if ((await readlink(owner).catch(() => undefined)) === folder) continue;
    const witness = await stat(passwordPath(work)).catch(() => undefined);
    const left = witness?.ino === own.ino && witness.dev === own.dev;
    const deleted = witness?.nlink === 1 && owner === clusterPath(dataDir);
    const givenUp = (witness?.nlink ?? 1) === 1 && (await untouchedSince(folder)) < Date.now() - givenUpAfter;
    if ((left || deleted || givenUp) && (await runningOn(folder)).length === 0) await rm(work, { recursive: true, force: true });
  }
}

/** When a cluster was last started, stopped or had a checkpoint; a half-made one counts from when it was begun. */
async function untouchedSince(folder: string): Promise<number> {
  const control = await stat(join(folder, 'global', 'pg_control')).catch(() => stat(folder).catch(() => undefined));
  return control?.mtimeMs ?? 0;
}

const passwordPath = (folder: string): string => join(folder, 'postgres-password');

/** The superuser's password, made once and kept where only the hub's user may read it. */
export async function keptPassword(dataDir: string, clusterExists: boolean): Promise<string> {
  const file = passwordPath(dataDir);
  const kept = (await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  })).trim();
  if (kept !== '') return kept;
  if (clusterExists) throw new Error(`${file} is missing, and without it the database beside it stays shut: bring it back, or remove ${clusterPath(dataDir)} to begin with an empty one.`);
  const password = randomBytes(24).toString('hex');
  await writeFile(file, `${password}\n`, { mode: 0o600 });
  return password;
}
