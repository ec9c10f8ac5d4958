import { sql } from 'drizzle-orm';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyRows } from '../../src/store/copy.ts';
import { type Database, openDatabase, StoreFault } from '../../src/store/database.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

describe('copying rows', () => {
  let store: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    store = await testDatabase();
    database = await openDatabase({ url: store.url });
    await database.run((q) => q.execute('create table copied (n int primary key, line text, list text[], body jsonb, truth boolean, at timestamptz)'));
  });
  afterAll(async () => {
    await database.close();
    await store.drop();
  });
  const columns = ['n', 'line', 'list', 'body', 'truth', 'at'];
  const count = async () => Number((await database.run((q) => q.execute<{ n: number }>(sql`select count(*)::int as n from copied`)))[0]!.n);

  it('writes what it is given, whatever the characters', async () => {
    // Postgres has no place for U+0000.
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom('\\', '\t', '\n', '\r', '"', '{', '}', ',', 'N', '.', 'a', ' ') })).map((s) => s.replaceAll('\0', ''));
    // JSON.parse of Node 24.21 takes a name with an escaped character, such as "\r", for "\\" once it has met that as a name: names hold none here.
    const name = text.map((s) => s.replaceAll('\\', ''));
    const row = fc.record({ line: fc.option(text), list: fc.array(text), body: fc.dictionary(name, text), truth: fc.option(fc.boolean()), at: fc.option(fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })) });
    await fc.assert(fc.asyncProperty(fc.array(row, { maxLength: 20, size: 'max' }), async (rows) => {
      const back = await database.transaction(async (q) => {
        await q.execute(sql`delete from copied`);
        expect(await copyRows(q, 'copied', columns, rows.map((r, n) => [n, r.line, r.list, r.body, r.truth, r.at]))).toBe(rows.length);
        return q.execute<{ line: string; list: string[]; body: object; truth: boolean; at: string }>(sql`select line, list, body, truth, at from copied order by n`);
      });
      expect(back.map((r) => ({ ...r, at: r.at === null ? null : new Date(r.at) }))).toEqual(rows.map((r) => ({ ...r, body: { ...r.body } })));
    }), { numRuns: 50 });
  }, 120_000);

  it.each([
    ['found while rows come', [[1, 'a'.repeat(600_000)], ['no number'], [2, 'a'.repeat(600_000)], [3, 'a'.repeat(600_000)]]],
    ['found at the end', [[1], [1]]],
  ])('leaves nothing of a transaction with a fault %s, and says so without values', async (_when, rows) => {
    await database.run((q) => q.execute(sql`delete from copied`));
    const fault: unknown = await database.transaction((q) => copyRows(q, 'copied', ['n', 'line'], rows.map(([n, line]) => [n, line ?? null]))).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(StoreFault);
    expect((fault as StoreFault).message).not.toContain('no number');
    expect(await count()).toBe(0);
    // The connection is still of use.
    await database.transaction((q) => copyRows(q, 'copied', ['n'], [[7]]));
    expect(await count()).toBe(1);
  });

  it('refuses to copy outside a transaction', async () => {
    await expect(database.run((q) => copyRows(q, 'copied', ['n'], [[8]]))).rejects.toThrow('inside a transaction');
  });
});
