import { DuckDBInstance } from '@duckdb/node-api';
import { sql } from 'drizzle-orm';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GrowingDictionaries, GrowingTexts } from '../../../src/index/facts/dictionaries.ts';
import { type Taken, Taker } from '../../../src/index/facts/taking.ts';
import { copyOut } from '../../../src/store/copy.ts';
import { type Database, openDatabase, StoreFault } from '../../../src/store/database.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';

describe('rows on their way to DuckDB', () => {
  let store: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    store = await testDatabase();
    database = await openDatabase({ url: store.url });
  });
  afterAll(async () => {
    await database.close();
    await store.drop();
  });

  async function taken(query: string, columns: readonly Taken[], select: string): Promise<unknown[][]> {
    const instance = await DuckDBInstance.create(':memory:');
    const duck = await instance.connect();
    try {
      await database.transaction(async (q) => {
        const taker = await Taker.create(duck, 'taken', columns);
        await copyOut(q, query, (row) => taker.take(row));
        taker.close();
      });
      return (await duck.runAndReadAll(select)).getRows().map((row) => row.map((value) => (value === null ? null : String(value))));
    } finally {
      duck.closeSync();
      instance.closeSync();
    }
  }

  it('stay what they are, each kind of field, with and without a value', async () => {
    const dictionaries = new GrowingDictionaries({ colour: ['red'] });
    const columns: Taken[] = [
      { name: 'i', field: { kind: 'integer' } }, { name: 'b', field: { kind: 'bigint' } }, { name: 'k', field: { kind: 'key' } }, { name: 'd', field: { kind: 'day' } }, { name: 'f', field: { kind: 'flag' } },
      { name: 'm', field: { kind: 'moment' } }, { name: 't', field: { kind: 'text' } }, { name: 'c', field: { kind: 'coded', texts: dictionaries.of('colour') } }, { name: 'a', field: { kind: 'area' } },
    ];
    const rows = await taken(
      `select * from (values (-7::bigint, -9007199254740993, -1::bigint, date '1969-12-31', true, timestamptz '1969-12-31T23:59:59.999Z', 'Zürich, "ß" 👷', 'blue', '35.07'),
        (null, null, null, null, null, null, null, null, null), (5, 5, 4294967301, date '9999-12-31', false, timestamptz '2026-11-29T20:00:00.123Z', '', 'red', 'not an area')) v`,
      columns, 'select * from taken',
    );
    expect(rows).toEqual([
      ['-7', '-9007199254740993', '4294967295', '1969-12-31', 'true', '-1', 'Zürich, "ß" 👷', '1', '3507000000'],
      columns.map(() => null),
      ['5', '5', '5', '9999-12-31', 'false', String(Date.parse('2026-11-29T20:00:00.123Z')), '', '0', null],
    ]);
    expect(dictionaries.all).toEqual({ colour: ['red', 'blue'] });
  });

  it('have amounts that are rounded to hundredths, at most what can be kept', async () => {
    const amount = fc.tuple(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), fc.integer({ min: 0, max: 9 })).map(([digits, scale]) => `${digits}e-${scale}`);
    await fc.assert(fc.asyncProperty(fc.array(amount, { minLength: 1, maxLength: 50, size: 'max' }), async (amounts) => {
      const list = amounts.map((one, i) => `(${i}, ${one}::numeric)`).join(', ');
      const want = await database.run((q) => q.execute<{ n: string }>(sql.raw(`select round(greatest(least(n, 1e13), -1e13), 2)::numeric(18, 2)::text n from (values ${list}) v(i, n) order by i`)));
      const rows = await taken(`select i, n from (values ${list}) v(i, n)`, [{ name: 'i', field: { kind: 'integer' } }, { name: 'n', field: { kind: 'amount' } }], 'select n from taken order by i');
      expect(rows.map(([n]) => n)).toEqual(want.map(({ n }) => n));
    }), { numRuns: 20 });
    expect(await taken(`select n::numeric from unnest(array['NaN', 'Infinity', '-Infinity', '0']) n`, [{ name: 'n', field: { kind: 'amount' } }], 'select n from taken')).toEqual([['10000000000000.00'], ['10000000000000.00'], ['-10000000000000.00'], ['0.00']]);
  }, 60_000);

  it('come all, many of them, and keep apart which have no value', async () => {
    const columns: Taken[] = [{ name: 'i', field: { kind: 'integer' } }, { name: 't', field: { kind: 'text' } }];
    expect(await taken('select i, case when i % 3 = 0 then i::text end from generate_series(1, 10000) i', columns, 'select count(*), sum(i), count(t), sum(t::integer) from taken where t is null or t::integer = i')).toEqual([['10000', '50005000', '3333', '16668333']]);
    expect(await taken('select 1, null::text where false', columns, 'select count(*) from taken')).toEqual([['0']]);
  });

  it('tell of a fault of the server in the middle, and leave the connection of use', async () => {
    await expect(database.transaction((q) => copyOut(q, 'select 1 / (5000 - i) from generate_series(1, 9000) i', () => {}))).rejects.toThrow(StoreFault);
    let rows = 0;
    await database.transaction((q) => copyOut(q, 'select i from generate_series(1, 9000) i', () => void (rows += 1)));
    expect(rows).toBe(9000);
  });
});

it('a text has the same number each time, and no other has it', () => {
  fc.assert(fc.property(fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.integer({ min: 0, max: 999 }).map(String)), { maxLength: 500, size: 'max' }), (given) => {
    const texts = new GrowingTexts();
    // What UTF-8 cannot hold, such as half a pair, never comes from the server.
    const all = given.map((text) => text.toWellFormed());
    const numbers = all.map((text) => texts.number(text));
    expect(numbers.map((number) => texts.texts[number])).toEqual(all);
    expect(texts.texts).toEqual([...new Set(all)]);
  }));
});
