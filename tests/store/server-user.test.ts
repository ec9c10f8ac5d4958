import { chmod, cp, mkdir, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findBinaries, reachableBinaries } from '../../src/store/embedded/binaries.ts';
import { run } from '../../src/store/embedded/command.ts';
import type { Account } from '../../src/store/embedded/command.ts';
import { serverAccount, systemAccounts } from '../../src/store/embedded/server-user.ts';
import type { Accounts } from '../../src/store/embedded/server-user.ts';
import { asRoot, query, site } from './embedded-support.ts';

const account = (name: string, uid: number): Account => ({ name, uid, gid: uid });

/** A system with the users given, on which making one works or does not. */
function system(users: readonly Account[], canCreate: boolean): Accounts & { readonly created: string[] } {
  const known = new Map(users.map((user) => [user.name, user]));
  const created: string[] = [];
  return {
    created,
    find: async (name) => known.get(name),
    async create(name) {
      created.push(name);
      if (canCreate) known.set(name, account(name, 997));
    },
  };
}

describe('the user that root runs PostgreSQL as', () => {
  test('is postgres where there is one', async () => {
    const users = system([account('postgres', 101), account('payung', 997), account('nobody', 65_534)], true);
    expect(await serverAccount(users)).toEqual(account('postgres', 101));
    expect(users.created).toEqual([]);
  });

  test('is a system user made for it where there is none', async () => {
    const users = system([account('nobody', 65_534)], true);
    expect(await serverAccount(users)).toEqual(account('payung', 997));
    expect(await serverAccount(users)).toEqual(account('payung', 997));
    expect(users.created).toEqual(['payung']);
  });

  test('is nobody where none can be made', async () => {
    expect(await serverAccount(system([account('nobody', 65_534)], false))).toEqual(account('nobody', 65_534));
  });

  test('is asked for in one line where there is nobody either', async () => {
    await expect(serverAccount(system([], false))).rejects.toThrow(/^PostgreSQL refuses to run as root [^\n]+$/);
  });

  test('is looked up in the system', async () => {
    expect(await systemAccounts.find('root')).toEqual({ name: 'root', uid: 0, gid: 0 });
    expect(await systemAccounts.find('no-such-user-here')).toBeUndefined();
  });
});

// Root needs another user for the server, which folders closed to others shut out; an ordinary user is its own, which they do not.
// Each test below promises the same outcome to both, and checks the way it is reached for the one it runs as.

/** A data folder in a checkout that only its owner may enter. */
async function closed(here: { readonly folder: string }): Promise<string> {
  const checkout = join(here.folder, 'closed');
  await mkdir(checkout, { mode: 0o700, recursive: true });
  return join(checkout, 'data');
}

test('a checkout only its owner may enter works, and keeps its data', async () => {
  await using here = await site();
  const dataDir = await closed(here);
  const said: string[] = [];
  const first = await here.start({ dataDir, say: (line) => said.push(line) });
  await query(first.url, 'create table kept as select 42 as answer');
  await first.stop();
  const second = await here.start({ dataDir });
  expect(await query(second.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
  const kept = await realpath(join(dataDir, 'postgres'));
  expect(kept).toMatch(new RegExp(`^${asRoot ? `${here.shared}/cluster-[^/]*/cluster` : `${dataDir}/postgres`}$`));
  expect((await stat(kept)).mode & 0o777).toBe(0o700);
  expect(said.filter((line) => line.includes(kept))).toHaveLength(asRoot ? 1 : 0);
});

const clustersIn = async (shared: string): Promise<string[]> => (await readdir(shared).catch(() => [])).filter((name) => name.startsWith('cluster-'));

test('removing the data folder means a fresh start, and nothing of the old one stays', async () => {
  await using here = await site();
  const dataDir = await closed(here);
  const first = await here.start({ dataDir });
  await query(first.url, 'create table kept as select 42 as answer');
  await first.stop();
  await rm(dataDir, { recursive: true });
  const second = await here.start({ dataDir });
  expect(await query(second.url, `select to_regclass('kept')::text as found`)).toEqual([{ found: null }]);
  expect(await clustersIn(here.shared)).toHaveLength(asRoot ? 1 : 0);
});

test('a checkout that was moved aside keeps its data when a new one takes its place', async () => {
  await using here = await site();
  const dataDir = await closed(here);
  const first = await here.start({ dataDir });
  await query(first.url, 'create table kept as select 42 as answer');
  await first.stop();
  const aside = `${dataDir}-aside`;
  await rename(dataDir, aside);
  await (await here.start({ dataDir })).stop();
  const { url } = await here.start({ dataDir: aside });
  expect(await query(url, 'select answer from kept')).toEqual([{ answer: 42 }]);
});

test('a database whose kept place is gone is named, not replaced', async () => {
  await using here = await site();
  const dataDir = await closed(here);
  await (await here.start({ dataDir })).stop();
  await rm(asRoot ? here.shared : join(dataDir, 'postgres', 'PG_VERSION'), { recursive: true });
  await expect(here.start({ dataDir })).rejects.toThrow(asRoot ? /^The database of [^\n]* was kept in [^\n]*, which is gone: [^\n]+$/ : /^[^\n]* is not a PostgreSQL data folder [^\n]+$/);
});

test('programs in a folder closed to the server user are copied to where it can run them', async () => {
  await using here = await site();
  const found = await findBinaries();
  const root = join(here.folder, 'checkout', 'native');
  await mkdir(join(here.folder, 'checkout'));
  await cp(found.root, root, { recursive: true, verbatimSymlinks: true });
  await chmod(join(here.folder, 'checkout'), 0o700);
  await chmod(join(root, 'lib', 'postgresql'), 0o700);
  const user = asRoot ? await serverAccount(systemAccounts) : undefined;
  const usable = await reachableBinaries({ ...found, root }, user, here.shared);
  expect(usable.root).toBe(asRoot ? join(here.shared, `postgres-${found.version}`) : root);
  const { stdout } = await run(join(usable.root, 'bin', 'postgres'), ['--version'], user);
  expect(stdout).toContain(`PostgreSQL) ${found.major}.`);
  // A second time, from what is there.
  expect(await reachableBinaries({ ...found, root }, user, here.shared)).toEqual(usable);
});

test('a shared place that others may write to is not trusted', async () => {
  await using here = await site();
  const dataDir = await closed(here);
  await mkdir(here.shared);
  await chmod(here.shared, 0o777);
  const outcome = await here.start({ dataDir }).then(() => 'started', (error: Error) => error.message);
  expect(outcome).toMatch(asRoot ? /^[^\n]* is not a folder that only root may write: [^\n]+$/ : /^started$/);
});

test('a database stays with the user who made it, whoever root would choose now', async () => {
  await using here = await site();
  const nobody = asRoot ? await systemAccounts.find('nobody') : undefined;
  const first = await here.start({ accounts: system(nobody ? [nobody] : [], false) });
  await first.stop();
  const second = await here.start();
  expect(await query(second.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  expect((await stat(join(here.dataDir, 'postgres'))).uid).toBe(nobody?.uid ?? process.getuid?.());
});
