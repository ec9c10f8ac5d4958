import { DuckDBInstance } from '@duckdb/node-api';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvFormat, ndjsonFormat } from '../../../src/index/exports/formats.ts';
import { createParquetWriter } from '../../../src/index/exports/parquet.ts';
import type { ExportColumn, ExportRow } from '../../../src/index/exports/source.ts';

const columns: readonly ExportColumn[] = [
  { name: 'name', type: 'text' },
  { name: 'months', type: 'integer' },
  { name: 'wage', type: 'decimal' },
  { name: 'active', type: 'boolean' },
  { name: 'day', type: 'date' },
];
const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('', '=1+1', '+62', '-5', '@SUM(A1)', 'a,b', 'say "hi"', 'two\r\nlines', '\ttab')).filter((value) => !value.includes('\0') && value.isWellFormed());
const row = fc.tuple(
  fc.option(text),
  fc.option(fc.integer()),
  fc.option(fc.integer({ min: -1_000_000, max: 1_000_000 }).map((n) => (n / 100).toFixed(2))),
  fc.option(fc.boolean()),
  fc.option(fc.date({ min: new Date('1900-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }).map((day) => day.toISOString().slice(0, 10))),
);
const rows: fc.Arbitrary<ExportRow[]> = fc.array(row, { minLength: 1, maxLength: 20, size: 'max' });
const guarded = (value: string) => (/^[=+\-@\t\r]/.test(value) ? `'${value}` : value);

describe('CSV', () => {
  it('is read back by a parser as it was, texts that are formulas behind a quote', () => {
    fc.assert(
      fc.property(rows, fc.boolean(), (given, mark) => {
        const format = csvFormat(columns, mark);
        const file = format.head + format.text(given);
        expect(file.startsWith('\uFEFF')).toBe(mark);
        const read = parse(file, { bom: true, record_delimiter: '\r\n' });
        expect(read[0]).toEqual(columns.map(({ name }) => name));
        expect(read.slice(1)).toEqual(given.map((each) => each.map((value, i) => (value === null ? '' : i === 0 ? guarded(value as string) : String(value)))));
      }),
    );
  });

  it('tells an empty text from no value, and leaves negative numbers alone', () => {
    const { text: write } = csvFormat(columns, false);
    expect(write([['', -3, '-1.50', null, null], [null, null, null, false, null]])).toBe('"",-3,-1.50,,\r\n,,,false,\r\n');
    expect(write([["=HYPERLINK(\"http://x\")", 1, null, null, null]])).toBe(`"'=HYPERLINK(""http://x"")",1,,,\r\n`);
  });
});

describe('NDJSON', () => {
  it('has an object with the same values on each line', () => {
    fc.assert(
      fc.property(rows, (given) => {
        const lines = ndjsonFormat(columns).text(given).split('\n');
        expect(lines.pop()).toBe('');
        expect(lines.map((line) => Object.values(JSON.parse(line) as object))).toEqual(given);
      }),
    );
  });
});

describe('Parquet', () => {
  it('is read back with its types and values', async () => {
    const given: ExportRow[] = [
      ['=1+1', 12, '1500.50', true, '2026-11-22'],
      ['', -1, '-0.25', false, '1999-01-31'],
      [null, null, null, null, null],
      ['two\r\nlines, "quoted"', 9_007_199_254_740_991, '12345678901234567890.1234', null, null],
    ];
    await using writer = await createParquetWriter(columns);
    await writer.write(given.slice(0, 2));
    await writer.write(given.slice(2));
    const pieces: Buffer[] = [];
    for await (const piece of writer.pieces(64)) pieces.push(Buffer.from(piece));
    const folder = await mkdtemp(join(tmpdir(), 'payung-test-'));
    try {
      const file = join(folder, 'file.parquet');
      await writeFile(file, Buffer.concat(pieces));
      const instance = await DuckDBInstance.create(':memory:');
      const connection = await instance.connect();
      const reader = await connection.runAndReadAll(`select name, months, wage::varchar, active, day::varchar from '${file}'`);
      expect(reader.getRows().map((each) => each.map((value) => (typeof value === 'bigint' ? Number(value) : value)))).toEqual([
        ['=1+1', 12, '1500.5000', true, '2026-11-22'],
        ['', -1, '-0.2500', false, '1999-01-31'],
        [null, null, null, null, null],
        ['two\r\nlines, "quoted"', 9_007_199_254_740_991, '12345678901234567890.1234', null, null],
      ]);
      const types = await connection.runAndReadAll(`describe select * from '${file}'`);
      expect(types.getRows().map(([, type]) => type)).toEqual(['VARCHAR', 'BIGINT', 'DECIMAL(38,4)', 'BOOLEAN', 'DATE']);
      connection.closeSync();
      instance.closeSync();
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
