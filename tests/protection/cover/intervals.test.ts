import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, daysBetween } from '../../../src/domain/time.ts';
import { dayAfter, firstDay, gaps, includes, intersection, lastDay, period, type Span, span, union } from '../../../src/protection/cover/intervals.ts';

const origin = '2024-02-01';
const size = 60;
/** Spans within a few weeks that hold a leap day, so that a set of days can stand against them. */
const spans = fc.array(fc.tuple(fc.nat(size - 1), fc.nat(20)).map(([from, length]): Span => ({ start: addDays(origin, from), end: addDays(origin, from + length) })), { maxLength: 8 });

function days(list: readonly Span[]): Set<string> {
  const found = new Set<string>();
  for (const { start, end } of list) for (let k = 0; k <= daysBetween(start, end); k++) found.add(addDays(start, k));
  return found;
}

/** Sorted, apart from each other by at least one day. */
function isPlain(list: readonly Span[]): boolean {
  return list.every(({ start, end }, k) => start <= end && (k === 0 || start > dayAfter(list[k - 1]!.end)));
}

describe('intervals of days', () => {
  it('union holds exactly the days of any, in plain form', () => {
    fc.assert(fc.property(spans, (a) => {
      expect(days(union(a))).toEqual(days(a));
      expect(isPlain(union(a))).toBe(true);
    }));
  });

  it('intersection holds exactly the days of both', () => {
    fc.assert(fc.property(spans, spans, (a, b) => {
      expect(days(intersection(a, b))).toEqual(new Set([...days(a)].filter((day) => days(b).has(day))));
      expect(isPlain(intersection(a, b))).toBe(true);
    }));
  });

  it('gaps hold exactly the days of the whole that no span has', () => {
    fc.assert(fc.property(spans, spans, (whole, held) => {
      expect(days(gaps(whole, held))).toEqual(new Set([...days(whole)].filter((day) => !days(held).has(day))));
      expect(isPlain(gaps(whole, held))).toBe(true);
    }));
  });

  it('gaps and intersection together make the whole again', () => {
    fc.assert(fc.property(spans, spans, (whole, held) => {
      expect(union([...gaps(whole, held), ...intersection(whole, held)])).toEqual(union(whole));
    }));
  });

  it('includes is membership', () => {
    fc.assert(fc.property(spans, fc.nat(size + 25), (a, k) => {
      expect(includes(a, addDays(origin, k))).toBe(days(a).has(addDays(origin, k)));
    }));
  });

  it('takes open ends to the ends of time, and back', () => {
    expect(gaps([span(null, null)!], [span('2024-01-01', '2024-01-02')!]).map(period)).toEqual([{ start: null, end: '2023-12-31' }, { start: '2024-01-03', end: null }]);
    expect(union([span('2024-01-01', null)!, span(null, '2023-12-31')!])).toEqual([{ start: firstDay, end: lastDay }]);
    expect(span('2024-01-02', '2024-01-01')).toBeNull();
  });
});
