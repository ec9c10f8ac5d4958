import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { addKeys } from '../../../src/index/disclosure/cell.ts';
import { Fold, type FoldOptions } from '../../../src/index/statistics/fold.ts';
import type { Shape } from '../../../src/index/statistics/shape.ts';
import { nobody, type Summed } from '../../../src/index/statistics/tally.ts';

/** Keys of two values each, a condition, a count, a quantity, and money in two currencies; what is missing is -1. */
const shape: Shape = {
  places: [2, 2],
  rollUp: true,
  keyed: true,
  flags: 1,
  measures: [
    { name: 'all', kind: 'facts', parts: [] },
    { name: 'covered', kind: 'count', parts: [{ kind: 'flag', bit: 0 }] },
    { name: 'nothing', kind: 'count', parts: [{ kind: 'never' }] },
    { name: 'cases', kind: 'sum', parts: [{ kind: 'value', column: 4 }] },
    { name: 'days', kind: 'quantity', parts: [{ kind: 'value', column: 5 }] },
    { name: 'wage', kind: 'money', parts: [{ kind: 'money', column: 6, currency: { column: 7 } }] },
    { name: 'paid', kind: 'money', parts: [{ kind: 'money', column: 8, currency: { code: 5 } }] },
  ],
};
interface Row {
  readonly serial: number;
  readonly personKey: number;
  readonly factKey: number;
  readonly cell: number;
  readonly covered: boolean;
  readonly cases: number;
  readonly days: number;
  readonly wage: number;
  readonly currency: number;
  readonly paid: number;
}
const key = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const fact = fc.record({ factKey: key, cell: fc.nat(3), covered: fc.boolean(), cases: fc.integer({ min: -1, max: 3 }), days: fc.integer({ min: -1, max: 60 }), wage: fc.integer({ min: -1, max: 9 }), currency: fc.integer({ min: -1, max: 1 }), paid: fc.integer({ min: -1, max: 9 }) });
/** Few facts mostly, sometimes very many. */
const facts = fc.oneof({ weight: 9, arbitrary: fc.array(fact, { minLength: 1, maxLength: 4 }) }, { weight: 1, arbitrary: fc.array(fact, { minLength: 30, maxLength: 70 }) });
const persons = fc.array(fc.record({ personKey: key, facts }), { minLength: 1, maxLength: 24 });
const rowsOf = (some: readonly { readonly personKey: number; readonly facts: readonly Omit<Row, 'serial' | 'personKey'>[] }[], first: number): Row[] =>
  some.flatMap(({ personKey, facts }, i) => facts.map((one) => ({ ...one, personKey, serial: first + i })));

function folded(rows: readonly Row[], pieces: number, options: FoldOptions): Fold {
  const fold = new Fold(shape, options);
  for (let from = 0; from < rows.length; from += pieces) {
    const some = rows.slice(from, from + pieces);
    const whole = (read: (row: Row) => number) => Int32Array.from(some, read);
    fold.take(some.length, [
      whole(({ serial }) => serial), whole(({ cell, covered }) => cell * 2 + (covered ? 1 : 0)), whole(({ personKey }) => personKey), whole(({ factKey }) => factKey),
      whole(({ cases }) => cases), whole(({ days }) => days), Float64Array.from(some, ({ wage }) => wage), whole(({ currency }) => currency), Float64Array.from(some, ({ paid }) => paid),
    ]);
  }
  return fold;
}

/** The same by plain sets. `amounts`: what each fact brings is summed; else each stands for so many facts. */
function counted(rows: readonly Row[], number: (row: Row) => number, amounts: boolean): Summed {
  const some = rows.filter((row) => number(row) >= (amounts ? 0 : 1));
  const by = [...Map.groupBy(some, ({ serial }) => serial).values()];
  if (by.length === 0) return nobody;
  const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
  const facts = by.map((of) => (amounts ? of.length : sum(of.map(number))));
  const [largest = 0, second = 0] = by.map((of) => (amounts ? sum(of.map(number)) : 0)).toSorted((a, b) => b - a);
  return {
    persons: by.length, key: by.reduce((all, [row]) => addKeys(all, row!.personKey), 0), facts: sum(facts), factKey: some.reduce((all, row) => addKeys(all, row.factKey), 0),
    most: Math.max(...facts), total: amounts ? sum(some.map(number)) : 0, largest, second,
  };
}

const fractions = [0, 0.1, 0.25, 0.5, 0.9, 1];
/** Between two of the values in proportion. */
function quantile(values: readonly number[], fraction: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = fraction * (sorted.length - 1);
  const low = sorted[Math.floor(rank)];
  return low === undefined ? null : low + (sorted[Math.ceil(rank)]! - low) * (rank - Math.floor(rank));
}

function plain(rows: readonly Row[]): unknown[] {
  return [4, 2, 1].flatMap((cells, i) =>
    Array.from({ length: cells }, (_, place) => {
      const of = rows.filter(({ cell }) => cell >> i === place);
      return {
        places: i === 0 ? [place >> 1, place & 1] : i === 1 ? [place] : [],
        all: counted(of, () => 1, false),
        covered: [counted(of, ({ covered }) => (covered ? 1 : 0), false)],
        nothing: [nobody],
        cases: [counted(of, ({ cases }) => cases, false)],
        days: { sum: counted(of, ({ days }) => days, true), quantiles: fractions.map((fraction) => quantile(of.flatMap(({ days }) => (days < 0 ? [] : [days])), fraction)) },
        wage: [-1, 0, 1].map((currency) => ({ currency, sum: counted(of.filter((row) => row.currency === currency), ({ wage }) => wage, true) })).filter(({ sum }) => sum.persons > 0),
        paid: [{ currency: 5, sum: counted(of, ({ paid }) => paid, true) }].filter(({ sum }) => sum.persons > 0),
      };
    }).filter(({ all }) => all.persons > 0),
  );
}

function found(fold: Fold): unknown[] {
  return [...fold.finish()]
    .map(({ places, all, figures }) => ({
      places,
      all,
      ...Object.fromEntries([...figures].filter(([name]) => name !== 'all').map(([name, figure]) => [
        name,
        figure.kind === 'counted' ? figure.sets : figure.kind === 'money' ? figure.byCurrency.toSorted((a, b) => a.currency - b.currency) : { sum: figure.sum, quantiles: fractions.map((fraction) => figure.values.quantile(fraction)) },
      ])),
    }))
    .toSorted((a, b) => b.places.length - a.places.length || a.places.join().localeCompare(b.places.join()));
}

/** From what is settled after each piece, with no patterns, to what is kept to the end. */
const options = fc.record({ mostKinds: fc.constantFrom(0, 1, 8, 1_000), mostPatterns: fc.constantFrom(1, 2, 5, 1_000) });

it('a fold counts persons, facts, keys and the largest amounts as plain sets do, in pieces of any size, by one process or by two, however little is kept', () => {
  fc.assert(
    fc.property(persons, persons, fc.integer({ min: 1, max: 20 }), options, (some, others, pieces, kept) => {
      const [first, second] = [rowsOf(some, 1), rowsOf(others, 100)];
      expect(found(folded([...first, ...second], pieces, kept))).toEqual(plain([...first, ...second]));
      const whole = new Fold(shape);
      for (const rows of [first, second]) whole.absorb(structuredClone(folded(rows, pieces, kept).state()));
      expect(found(whole)).toEqual(plain([...first, ...second]));
    }),
    { numRuns: 500, seed: 3 },
  );
});
