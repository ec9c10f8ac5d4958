import postgres from 'postgres';
import { expect, test } from 'vitest';
import { testDatabase } from './database.ts';

const ask = async (url: string, statement: string): Promise<unknown[]> => {
  const sql = postgres(url, { max: 1 });
  try {
    return [...(await sql.unsafe(statement))];
  } finally {
    await sql.end();
  }
};

test.each([{ bare: true }, { bare: false }])('each test database is its own: %o', async (options) => {
  await using first = await testDatabase(options);
  await using second = await testDatabase(options);
  expect(await ask(second.url, `select to_regclass('worker')::text as found`)).toEqual([{ found: options.bare ? null : 'worker' }]);
  await ask(first.url, 'create table person (id int)');
  expect(await ask(first.url, `select to_regclass('person')::text as found`)).toEqual([{ found: 'person' }]);
  expect(await ask(second.url, `select to_regclass('person')::text as found`)).toEqual([{ found: null }]);
});

test('a test database is gone after drop, also with a connection still open', async () => {
  const database = await testDatabase();
  const open = postgres(database.url, { max: 1, onclose: () => undefined });
  await open`select 1`;
  await database.drop();
  await expect(ask(database.url, 'select 1')).rejects.toMatchObject({ code: '3D000' });
  await open.end();
});

test('the server is PostgreSQL 15 or newer, in UTF-8', async () => {
  await using database = await testDatabase();
  const [row] = await ask(database.url, `select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding`);
  expect(row).toEqual({ version: expect.any(Number), encoding: 'UTF8' });
  expect((row as { version: number }).version).toBeGreaterThanOrEqual(150_000);
});
