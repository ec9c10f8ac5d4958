import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { addKeys } from '../../../src/index/disclosure/cell.ts';
import { classesOf } from '../../../src/index/statistics/classes.ts';
import { Fold, type FoldOptions } from '../../../src/index/statistics/fold.ts';
import type { Shape } from '../../../src/index/statistics/shape.ts';
import { nobody, type Summed } from '../../../src/index/statistics/tally.ts';

/** Numbers of the facts: a count, a quantity, and money in two currencies. */
const numbers = ['cases', 'days', 'wage', 'paid'] as const;
/** What of a fact its profile tells, the rest the row itself. */
interface Told {
  readonly place: boolean;
  readonly covered: boolean;
  readonly numbers: readonly (typeof numbers)[number][];
}

/** Keys of two values each, a condition, and the numbers; what is missing is -1. */
function shapeOf(keyed: boolean, told: Told): Shape {
  const fixed = ['serial', 'cell', ...(keyed ? ['personKey', 'factKey'] : []), 'profile'];
  const places = { row: fixed.length, profile: 2 };
  const place = (name: (typeof numbers)[number], width: number) => {
    const of = told.numbers.includes(name) ? 'profile' : 'row';
    const column = places[of];
    places[of] += width;
    return { of, column } as const;
  };
  const at = (name: string) => (fixed.includes(name) ? fixed.indexOf(name) : null);
  const wage = (of: ReturnType<typeof place>) => ({ ...of, least: 0, currency: { column: of.column + 1 } });
  return {
    places: [2, 2],
    rollUp: true,
    keyed,
    flags: 1,
    columns: { cell: told.place && told.covered ? [] : [{ column: at('cell')!, add: 0, grain: null, stride: 1 }], personKey: at('personKey'), factKey: at('factKey'), profile: at('profile') },
    numbers: [{ ...place('cases', 1), least: 1, currency: null }, { ...place('days', 1), least: 0, currency: null }, wage(place('wage', 2)), { ...place('paid', 1), least: 0, currency: { code: 5 } }],
    measures: [
      { name: 'all', kind: 'facts', parts: [] },
      { name: 'covered', kind: 'count', parts: [{ kind: 'flag', bit: 0 }] },
      { name: 'nothing', kind: 'count', parts: [{ kind: 'never' }] },
      { name: 'cases', kind: 'sum', parts: [{ kind: 'numbers', at: 0 }] },
      { name: 'days', kind: 'quantity', parts: [{ kind: 'numbers', at: 1 }] },
      { name: 'wage', kind: 'money', parts: [{ kind: 'numbers', at: 2 }] },
      { name: 'paid', kind: 'money', parts: [{ kind: 'numbers', at: 3 }] },
    ],
  };
}
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
/** Several persons sometimes have the same facts. */
const alike = fc.record({ personKeys: fc.oneof({ weight: 4, arbitrary: fc.array(key, { minLength: 1, maxLength: 1 }) }, fc.array(key, { minLength: 2, maxLength: 3 })), facts });
const persons = fc.array(alike, { minLength: 1, maxLength: 16 }).map((all) => all.flatMap(({ personKeys, facts: of }) => personKeys.map((personKey) => ({ personKey, facts: of }))));
const rowsOf = (some: readonly { readonly personKey: number; readonly facts: readonly Omit<Row, 'serial' | 'personKey'>[] }[], first: number): Row[] =>
  some.flatMap(({ personKey, facts }, i) => facts.map((one) => ({ ...one, personKey, serial: first + i })));

/** Columns of numbers, those of an amount before its currency. */
const columnsOf = (names: readonly string[]) => numbers.filter((name) => names.includes(name)).flatMap((name) => (name === 'wage' ? (['wage', 'currency'] as const) : [name]));
const place = ({ cell }: Row) => (cell >> 1) * 4;
const rest = ({ cell }: Row) => (cell & 1) * 2;
const covers = ({ covered }: Row) => (covered ? 1 : 0);

function folded(rows: readonly Row[], keyed: boolean, told: Told, pieces: number, options: FoldOptions): Fold {
  // What a profile tells of a fact: the first key and the condition as what they add to its cell, and numbers.
  const toldOf = (row: Row) => [(told.place ? place(row) : 0) + (told.covered ? covers(row) : 0) + (told.place && told.covered ? rest(row) : 0), ...columnsOf(told.numbers).map((name) => row[name])];
  const own = (row: Row) => (told.place ? 0 : place(row)) + (told.covered ? 0 : covers(row)) + (told.place && told.covered ? 0 : rest(row));
  const profiles = [...new Set(rows.map((row) => toldOf(row).join()))];
  const profileOf = (row: Row) => profiles.indexOf(toldOf(row).join());
  const classes = classesOf(profiles.length, [Int32Array.from(profiles.keys()), ...(profiles[0] ?? '0').split(',').map((_, i) => Float64Array.from(profiles, (text) => Number(text.split(',')[i])))]);
  const fold = new Fold(shapeOf(keyed, told), { ...options, classes });
  for (let from = 0; from < rows.length; from += pieces) {
    const some = rows.slice(from, from + pieces);
    const whole = (read: (row: Row) => number) => Int32Array.from(some, read);
    fold.take(some.length, [
      whole(({ serial }) => serial), whole(own), ...(keyed ? [whole(({ personKey }) => personKey), whole(({ factKey }) => factKey)] : []), whole(profileOf),
      ...columnsOf(numbers.filter((name) => !told.numbers.includes(name))).map((name) => (['wage', 'paid'].includes(name) ? Float64Array.from(some, (row) => row[name]) : whole((row) => row[name]))),
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

function plain(rows: readonly Row[], keyed: boolean): unknown[] {
  const cell = (...of: Parameters<typeof counted>): Summed => (keyed ? counted(...of) : { ...counted(...of), key: 0, factKey: 0, largest: 0, second: 0 });
  return [4, 2, 1].flatMap((cells, i) =>
    Array.from({ length: cells }, (_, place) => {
      const of = rows.filter(({ cell }) => cell >> i === place);
      return {
        places: i === 0 ? [place >> 1, place & 1] : i === 1 ? [place] : [],
        all: cell(of, () => 1, false),
        covered: [cell(of, ({ covered }) => (covered ? 1 : 0), false)],
        nothing: [nobody],
        // Most of a person are what one brings who brings most.
        cases: [{ ...cell(of, ({ cases }) => cases, false), ...(keyed ? {} : { most: 0 }) }],
        days: { sum: cell(of, ({ days }) => days, true), quantiles: fractions.map((fraction) => quantile(of.flatMap(({ days }) => (days < 0 ? [] : [days])), fraction)) },
        wage: [-1, 0, 1].map((currency) => ({ currency, sum: cell(of.filter((row) => row.currency === currency), ({ wage }) => wage, true) })).filter(({ sum }) => sum.persons > 0),
        paid: [{ currency: 5, sum: cell(of, ({ paid }) => paid, true) }].filter(({ sum }) => sum.persons > 0),
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

const tolds = fc.record({ place: fc.boolean(), covered: fc.boolean(), numbers: fc.subarray([...numbers]) });
/** From what is settled after each piece, with no patterns, to what is kept to the end. */
const options = fc.record({ mostKinds: fc.constantFrom(0, 1, 8, 1_000), mostPatterns: fc.constantFrom(1, 2, 5, 1_000) });

it.each([
  ['persons, facts, keys and the largest amounts', true, 300],
  ['persons and facts, where no keys come,', false, 150],
])('a fold counts %s as plain sets do, in pieces of any size, whatever rows and their profiles tell, by one process or by two, however little is kept', { timeout: 120_000 }, (_what, keyed, numRuns) => {
  fc.assert(
    fc.property(persons, persons, fc.integer({ min: 1, max: 20 }), tolds, options, (some, others, pieces, told, kept) => {
      const [first, second] = [rowsOf(some, 1), rowsOf(others, 100)];
      const expected = plain([...first, ...second], keyed);
      expect(found(folded([...first, ...second], keyed, told, pieces, kept))).toEqual(expected);
      const whole = new Fold(shapeOf(keyed, told));
      for (const rows of [first, second]) whole.absorb(structuredClone(folded(rows, keyed, told, pieces, kept).state()));
      expect(found(whole)).toEqual(expected);
    }),
    { numRuns, seed: 3 },
  );
});
