import { DuckDBInstance } from '@duckdb/node-api';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { lastWithin, merged, moreSpans, spanColumns, spansHold } from '../../../src/index/facts/spans.ts';

const msOfDay = 86_400_000;
/** A day by its number from 2026 on. */
const day = (n: number) => new Date(Date.UTC(2026, 0, 1) + n * msOfDay).toISOString().slice(0, 10);
const numberOf = (text: string) => (Date.parse(text) - Date.UTC(2026, 0, 1)) / msOfDay;
const openEnd = numberOf('9999-12-31');

/** First days around which spans lie: now, and where days begin and end to fit into a column. */
const around = ['2026-01-01', '1899-12-20', '1899-12-31', '2079-05-25', '2079-06-05', '0001-01-01', '9999-11-20'].map(numberOf);
const first = fc.oneof({ weight: 4, arbitrary: fc.constant(around[0]!) }, { weight: 1, arbitrary: fc.constantFrom(...around) }).chain((base) => fc.integer({ min: base, max: base + 30 }));
const span = fc.tuple(first, fc.oneof({ weight: 8, arbitrary: fc.integer({ min: -1, max: 6 }) }, { weight: 1, arbitrary: fc.constant(Infinity) })).map(([f, length]) => ({ f, t: Math.min(f + length, openEnd) }));
type Span = { readonly f: number; readonly t: number };

/** SQL of rows of some persons with the columns of spans, kept under `a` and, for a second name, `b`: those of the person before. */
function kept(persons: readonly (readonly Span[])[]): string {
  const rows = (of: readonly (readonly Span[])[]) => `select * from (values ${['(-1, date \'2026-01-01\', date \'2025-01-01\')', ...of.flatMap((spans, e) => spans.map(({ f, t }) => `(${e}, date '${day(f)}', date '${day(t)}')`))].join(', ')}) v(e, f, t)`;
  const others = persons.map((_, e) => persons.at(e - 1)!);
  return `select e, ${spanColumns({ a: 'of_a', b: 'of_b' })} from unnest(generate_series(0, ${persons.length - 1})) p(e) left join (${merged('a', rows(persons), 'e')}) of_a using (e) left join (${merged('b', rows(others), 'e')}) of_b using (e)`;
}

it('spans that touch or overlap are one, however many there are and wherever they lie: whether a day is in one, and the last day within others', async () => {
  const duck = await (await DuckDBInstance.create(':memory:')).connect();
  const persons = fc.array(fc.array(span, { maxLength: 9 }), { minLength: 1, maxLength: 20 });
  await fc.assert(fc.asyncProperty(persons, span, fc.array(first, { minLength: 1, maxLength: 5 }), async (people, asked, days) => {
    const at = (name: string) => days.map((one) => spansHold(name, day(one)));
    const within = lastWithin('a', `date '${day(asked.f)}'`, `date '${day(asked.t)}'`);
    const found = await duck.runAndReadAll(`select ${within}, ${lastWithin('a', 'null::date', `date '${day(asked.t)}'`)}, ${[...at('a'), ...at('b')].join(', ')} from (${kept(people)}) order by e`);
    for (const [e, [last, ofNull, ...holds]] of found.getRows().entries()) {
      const one: { f: number; t: number }[] = [];
      for (const { f, t } of people[e]!.filter((each) => each.f <= each.t).toSorted((a, b) => a.f - b.f)) {
        const before = one.at(-1);
        if (before && f <= before.t + 1) before.t = Math.max(before.t, t);
        else one.push({ f, t });
      }
      const meeting = one.filter(({ f, t }) => f <= asked.t && t >= asked.f).map(({ t }) => Math.min(t, asked.t));
      const among = (spans: readonly Span[]) => days.map((n) => spans.some(({ f, t }) => f <= n && t >= n));
      expect([last === null ? null : String(last), ofNull, ...holds]).toEqual([meeting.length === 0 ? null : day(Math.max(...meeting)), null, ...among(people[e]!), ...among(people.at(e - 1)!)]);
    }
  }), { numRuns: 60 });
}, 60_000);

it('three spans of usual days need no text, and one without an end is of usual days', async () => {
  const duck = await (await DuckDBInstance.create(':memory:')).connect();
  const spans = [{ f: 0, t: 5 }, { f: 10, t: 15 }, { f: 20, t: openEnd }];
  const found = await duck.runAndReadAll(`select "${moreSpans}" = '' from (${kept([spans, [{ f: -5, t: -4 }, ...spans], [{ f: 0, t: numberOf('2079-12-31') }]])}) order by e`);
  // The second person has four, the third one that ends late; both have those of the one before under another name.
  expect(found.getRows()).toEqual([[false], [false], [false]]);
  const alone = await duck.runAndReadAll(`select "${moreSpans}" = '' from (${kept([spans])}) order by e`);
  expect(alone.getRows()).toEqual([[true]]);
});
