import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EmbeddedServer } from '../../src/store/embedded.ts';
import { runningOn } from '../../src/store/embedded/leftover.ts';
import { freePort } from '../../src/store/embedded/postmaster.ts';
import { asRoot, kill, postmasterOf, query, shellsOf, site, until } from './embedded-support.ts';
import type { Site } from './embedded-support.ts';

const settings = `select name, setting from pg_settings
  where name in ('server_encoding', 'fsync', 'synchronous_commit', 'listen_addresses', 'unix_socket_directories', 'password_encryption', 'data_directory_mode') order by name`;

/** A data folder with a database, made once; most tests begin with a copy of it. */
let made: Site;
beforeAll(async () => {
  made = await site();
});
afterAll(() => made[Symbol.asyncDispose]());

describe('a first start', () => {
  let url: string;
  let server: EmbeddedServer;
  const waits: { madeBefore: boolean }[] = [];
  beforeAll(async () => {
    server = await made.start({ onWait: () => waits.push({ madeBefore: existsSync(join(made.dataDir, 'postgres')) }) });
    url = server.url;
  });
  afterAll(() => server.stop());

  test('makes the database, with the settings that keep data safe and private', async () => {
    expect(await query(url, settings)).toEqual([
      { name: 'data_directory_mode', setting: '0700' },
      { name: 'fsync', setting: 'on' },
      { name: 'listen_addresses', setting: '127.0.0.1' },
      { name: 'password_encryption', setting: 'scram-sha-256' },
      { name: 'server_encoding', setting: 'UTF8' },
      { name: 'synchronous_commit', setting: 'on' },
      { name: 'unix_socket_directories', setting: '' },
    ]);
    expect(await query(url, 'select current_database() as database')).toEqual([{ database: 'payung' }]);
    expect((await stat(join(made.dataDir, 'postgres-password'))).mode & 0o777).toBe(0o600);
  });

  test('says when there is nothing to do but wait: while the database is made, and while the server starts', () => {
    // Once more where somebody takes the port before the server does.
    expect(waits.length).toBeGreaterThan(1);
    expect(waits).toEqual([{ madeBefore: false }, ...waits.slice(1).map(() => ({ madeBefore: true }))]);
  });

  test('text sorts by code point, whatever locales the system has', async () => {
    expect(await query(url, `select string_agg(name, ' ' order by name) as names, lower('ÉA') as lower from (values ('b'), ('é'), ('A'), ('a'), ('B')) as t (name)`)).toEqual([
      { names: 'A B a b é', lower: 'éa' },
    ]);
  });

  test('a wrong password is refused', async () => {
    const wrong = new URL(url);
    wrong.password = 'wrong';
    await expect(query(wrong.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
  });

  test('what statements carry does not reach the log', async () => {
    await query(url, 'create table person (nik text primary key)');
    await query(url, `insert into person values ('3201019001019000')`);
    await expect(query(url, `insert into person values ('3201019001019000')`)).rejects.toMatchObject({ code: '23505' });
    await expect(query(url, `select '3201019001019000x'::bigint`)).rejects.toMatchObject({ code: '22P02' });
    const log = await readFile(join(made.dataDir, 'postgres.log'), 'utf8');
    expect(log).toContain('ready to accept connections');
    expect(log).not.toContain('3201019001019000');
  });
});

test('a second start finds the data again, and stop leaves no process', async () => {
  await using here = await site(made.dataDir);
  const first = await here.start();
  await query(first.url, 'create table kept as select 42 as answer');
  const postmaster = await postmasterOf(here.dataDir);
  await first.stop();
  expect(() => process.kill(postmaster, 0)).toThrow('ESRCH');
  expect(await runningOn(join(here.dataDir, 'postgres'))).toEqual([]);
  const second = await here.start();
  expect(await query(second.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
});

test('stop ends open connections, and may be called twice', async () => {
  await using here = await site(made.dataDir);
  const server = await here.start();
  const sleeping = query(server.url, 'select pg_sleep(600)').then(() => 'answered', () => 'cut off');
  await until(async () => (await query(server.url, `select 1 from pg_stat_activity where query like 'select pg_sleep%'`)).length > 0);
  await Promise.all([server.stop(), server.stop()]);
  expect(await sleeping).toBe('cut off');
});

test('a data folder in use is refused, naming folder and process', async () => {
  await using here = await site(made.dataDir);
  await here.start();
  const message = `The data folder ${here.dataDir} is in use by another hub (process ${process.pid}): stop that one, or set DATA_DIR to another folder.`;
  await expect(here.start()).rejects.toThrow(message);
  expect((await here.startElsewhere()).line).toBe(message);
});

test('of many hubs that start at once on one new folder, exactly one gets it', async () => {
  await using here = await site();
  const lines = (await Promise.all([here.startElsewhere(), here.startElsewhere(), here.startElsewhere()])).map(({ line }) => line);
  expect(lines.filter((line) => line.startsWith('postgres://'))).toHaveLength(1);
  expect(lines.filter((line) => line.includes('is in use by another hub'))).toHaveLength(2);
});

test('a killed server recovers at the next start, and its end is told', async () => {
  await using here = await site(made.dataDir);
  const said: string[] = [];
  const first = await here.start({ say: (line) => said.push(line) });
  await query(first.url, 'create table kept as select 42 as answer');
  process.kill(await postmasterOf(here.dataDir), 'SIGKILL');
  await until(async () => said.length > 0);
  expect(said).toEqual([expect.stringMatching(/^PostgreSQL on .* ended unexpectedly \(SIGKILL\)/)]);
  await first.stop();
  const second = await here.start();
  expect(await query(second.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
});

test('when the hub is killed its server stops by itself', async () => {
  await using here = await site(made.dataDir);
  const { hub, line } = await here.startElsewhere();
  await query(line, 'create table kept as select 42 as answer');
  await kill(hub);
  await until(async () => (await runningOn(join(here.dataDir, 'postgres'))).length === 0);
  const { url } = await here.start();
  expect(await query(url, 'select answer from kept')).toEqual([{ answer: 42 }]);
});

test('a server left running by a killed hub is stopped and started anew', async () => {
  await using here = await site(made.dataDir);
  const { hub, line } = await here.startElsewhere();
  await query(line, 'create table kept as select 42 as answer');
  for (const guard of await shellsOf(hub.pid!)) process.kill(guard, 'SIGKILL');
  await kill(hub);
  const orphan = await postmasterOf(here.dataDir);
  expect(await runningOn(join(here.dataDir, 'postgres'))).toContain(orphan);
  const said: string[] = [];
  const { url } = await here.start({ say: (told) => said.push(told) });
  expect(said).toEqual([expect.stringMatching(/^Stopping the PostgreSQL server that an earlier hub left running/)]);
  expect(await runningOn(join(here.dataDir, 'postgres'))).not.toContain(orphan);
  expect(await query(url, 'select answer from kept')).toEqual([{ answer: 42 }]);
});

test('a stale pid file whose number now belongs to another process blocks nothing, and that process lives on', async () => {
  await using here = await site(made.dataDir);
  const first = await here.start();
  const folder = join(here.dataDir, 'postgres');
  const content = await readFile(join(folder, 'postmaster.pid'), 'utf8');
  await first.stop();
  // Of the server's own user, and none of its ancestors: those PostgreSQL itself would see through.
  const { uid, gid } = await stat(folder);
  const stranger = spawn('sleep', ['600'], { stdio: 'ignore', ...(asRoot && { uid, gid }) });
  try {
    await writeFile(join(folder, 'postmaster.pid'), content.replace(/^\d+/, String(stranger.pid)));
    await writeFile(join(here.dataDir, 'hub.pid'), `${stranger.pid}\n`);
    const { url } = await here.start();
    expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
  } finally {
    await kill(stranger);
  }
});

test('a database half made by a killed hub is made again', async () => {
  await using here = await site();
  const half = join(here.dataDir, 'postgres.new-abc123', 'cluster');
  await mkdir(half, { recursive: true });
  await writeFile(join(half, 'PG_VERSION'), '18\n');
  const { url } = await here.start();
  expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
  expect((await readdir(here.dataDir)).filter((name) => name.startsWith('postgres.new'))).toEqual([]);
});

test('an empty data folder, also with an empty database folder, is as good as none', async () => {
  await using here = await site();
  await mkdir(join(here.dataDir, 'postgres'), { recursive: true });
  const { url } = await here.start();
  expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('a port that somebody takes first is left for another', async () => {
  await using here = await site(made.dataDir);
  const squatter = createServer().listen(0, '127.0.0.1');
  await once(squatter, 'listening');
  const { port } = squatter.address() as AddressInfo;
  let asked = 0;
  const { url } = await here.start({ choosePort: async () => (asked++ < 2 ? port : freePort()) });
  squatter.close();
  expect(asked).toBeGreaterThanOrEqual(3);
  expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test.for([
  ['another major version', '17\n', /^The database in .*postgres was made by PostgreSQL 17 and this hub brings 18: [^\n]+$/],
  ['no PostgreSQL folder at all', undefined, /^.*postgres is not a PostgreSQL data folder [^\n]+$/],
] as const)('a database folder of %s is refused in one line', async ([, version, message]) => {
  await using here = await site();
  const folder = join(here.dataDir, 'postgres');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, version ? 'PG_VERSION' : 'holiday.txt'), version ?? 'sun');
  await expect(here.start()).rejects.toThrow(message);
});

test('a lost password file is named, and the database left alone', async () => {
  await using here = await site(made.dataDir);
  await (await here.start()).stop();
  await writeFile(join(here.dataDir, 'postgres-password'), '');
  await expect(here.start()).rejects.toThrow(/postgres-password is missing/);
  await writeFile(join(here.dataDir, 'postgres-password'), 'another\n');
  await expect(here.start()).rejects.toThrow(/^The password in .*postgres-password is not the database's: [^\n]+$/);
  expect(await readFile(join(here.dataDir, 'postgres', 'PG_VERSION'), 'utf8')).toBe('18\n');
});

test('a server that cannot start says why in one line, from its log', async () => {
  await using here = await site(made.dataDir);
  await (await here.start()).stop();
  await writeFile(join(here.dataDir, 'postgres', 'postgresql.conf'), 'shared_bufers = 1\n');
  await expect(here.start()).rejects.toThrow(/^PostgreSQL did not start on [^\n]*: configuration file [^\n]* contains errors \(see [^\n]*postgres\.log\)\.$/);
});

test('a data folder that is a file is refused in one line', async () => {
  await using here = await site();
  await writeFile(here.dataDir, '');
  await expect(here.start()).rejects.toThrow(/^The data folder [^\n]* cannot be used \([^\n]*\): [^\n]+$/);
});
