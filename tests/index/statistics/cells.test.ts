import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { Cells } from '../../../src/index/statistics/cells.ts';
import { type GroupKey, grains, noDay, placeOfDay, valueAt } from '../../../src/index/statistics/keys.ts';
import type { Scene } from '../../../src/index/statistics/expression.ts';

const dayOf = (iso: string) => Date.parse(`${iso}T00:00:00Z`) / 86_400_000;
/** Days near those that are kept by the table, and all others that a date can be. */
const day = fc.oneof(fc.integer({ min: -26_000, max: 110_000 }), fc.integer({ min: -719_528, max: 2_932_896 }));
const keyOf = (grain: (typeof grains)[number]) => ({ dimension: { type: { kind: 'day' } }, grain }) as unknown as GroupKey;

it('a day has the place of its year, quarter and month', () => {
  fc.assert(
    fc.property(day, (days) => {
      const iso = new Date(days * 86_400_000).toISOString();
      const [year, month] = [iso.slice(0, 4), iso.slice(5, 7)];
      const said = grains.map((grain) => valueAt(keyOf(grain), placeOfDay(days, grain), {} as Scene));
      expect(said).toEqual([Number(year), `${year}-Q${Math.ceil(Number(month) / 3)}`, `${year}-${month}`]);
    }),
  );
});

it('no day has the first place, and days beyond all years those at the ends', () => {
  for (const grain of grains) {
    expect(placeOfDay(noDay, grain)).toBe(0);
    expect([-2_000_000_000, 2_000_000_000].map((days) => placeOfDay(days, grain))).toEqual([dayOf('0000-01-01'), dayOf('9999-12-31')].map((days) => placeOfDay(days, grain)));
  }
});

/** Strides of a code and of a day: of cells that fit in 31 bits, and of far more. */
const strides = fc.constantFrom([4, 4 * 42], [4 * 120_001 * 1_000, 4]);

it('a cell is what its columns add up to, however many cells there can be', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: -1, max: 40 }), fc.oneof(day, fc.constant(noDay)), fc.nat(3)), { minLength: 1 }), fc.constantFrom(...grains), strides, (rows, grain, [ofCode, ofDay]) => {
      const most = Math.max(ofCode! * 42, ofDay! * 120_001);
      const columns = [0, 1, 2].map((i) => Int32Array.from(rows, (row) => row[i]!));
      const cells = new Cells([{ column: 0, add: 1, grain: null, stride: ofCode! }, { column: 1, add: 0, grain, stride: ofDay! }, { column: 2, add: 0, grain: null, stride: 1 }], most);
      const expected = rows.map(([code, days, met]) => (code + 1) * ofCode! + placeOfDay(days, grain) * ofDay! + met);
      for (let time = 0; time < 2; time += 1) expect([...cells.take(rows.length, columns)].slice(0, rows.length)).toEqual(expected);
    }),
  );
});
