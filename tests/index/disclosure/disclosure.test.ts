import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addKeys, type Cell, cellOf, isFew, mostFew } from '../../../src/index/disclosure/cell.ts';
import { disclosureFor, exact, protecting, ratio } from '../../../src/index/disclosure/disclosure.ts';
import { standingForPersons } from '../../../src/index/disclosure/standing.ts';
import { seeded } from '../../../src/identity/random.ts';

const key = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const keys = (least: number, most = 60) => fc.uniqueArray(key, { minLength: least, maxLength: most });
const shuffled = (list: readonly number[], seed: number) => {
  const random = seeded(seed);
  return list.map((value) => [random(), value] as const).toSorted(([a], [b]) => a - b).map(([, value]) => value);
};

describe('a count of persons', () => {
  it('depends on who they are, and not on their order or on how they were found', () => {
    fc.assert(
      fc.property(keys(0), fc.nat(), fc.nat(60), (people, seed, cut) => {
        const whole = protecting.persons(cellOf(people));
        expect(protecting.persons(cellOf(shuffled(people, seed)))).toBe(whole);
        const [a, b] = [cellOf(people.slice(0, cut)), cellOf(people.slice(cut))];
        expect(protecting.persons({ persons: a.persons + b.persons, key: addKeys(a.key, b.key) })).toBe(whole);
      }),
    );
  });

  it('is not shown for fewer than five, nobody included, and never says one to four', () => {
    fc.assert(fc.property(keys(0, 4), (people) => { expect(protecting.persons(cellOf(people))).toBeNull(); }));
    fc.assert(fc.property(keys(5, 12), (people) => { expect(protecting.persons(cellOf(people)) ?? 5).toBeGreaterThanOrEqual(5); }));
  });

  it('of exactly five is sometimes not shown either', () => {
    const random = seeded(1);
    const shown = Array.from({ length: 10_000 }, () => protecting.persons({ persons: 5, key: Math.floor(random() * 2 ** 32) }) !== null);
    expect(shown.filter((x) => !x).length / shown.length).toBeCloseTo(0.117, 1);
  });

  it('is what it is for callers with the scope', () => {
    const [with_, without] = [disclosureFor({ scopes: new Set(['statistics:exact']) }), disclosureFor({ scopes: new Set(['case:read', 'case:sensitive']) })];
    expect([with_.protects, without.protects]).toEqual([false, true]);
    expect(with_.persons({ persons: 3, key: 5 })).toBe(3);
    expect(exact.facts({ persons: 1, key: 5, facts: 2, factKey: 3, most: 2 })).toBe(2);
    expect(exact.sum({ persons: 0, key: 0, facts: 0, factKey: 0, most: 0, total: 0, largest: 0, second: 0 })).toBeNull();
  });
});

describe('a count of facts', () => {
  it('is not shown where few persons stand behind it, however many the facts', () => {
    fc.assert(fc.property(keys(0, 4), fc.integer({ min: 5, max: 900 }), key, (people, facts, factKey) => { expect(protecting.facts({ ...cellOf(people), facts, factKey, most: facts })).toBeNull(); }));
  });

  it('has no bias, and noise as large as the facts of one person', () => {
    const random = seeded(4);
    const draw = (most: number) => Array.from({ length: 40_000 }, () => protecting.facts({ persons: 50, key: 1, facts: 200, factKey: Math.floor(random() * 2 ** 32), most })! - 200);
    for (const most of [1, 3]) {
      const drawn = draw(most);
      expect(Math.abs(drawn.reduce((sum, x) => sum + x, 0) / drawn.length)).toBeLessThan(0.04 * most);
      expect(drawn.reduce((sum, x) => sum + x * x, 0) / drawn.length / most ** 2).toBeCloseTo(4, 0);
    }
  });
});

describe('parts, shares and roll-ups', () => {
  it('answer alike for everybody and for all but a few', () => {
    fc.assert(
      fc.property(keys(12), fc.integer({ min: 0, max: 4 }), (people, missing) => {
        const [whole, part] = [cellOf(people), cellOf(people.slice(missing))];
        expect(protecting.part(part, whole)).toBe(protecting.persons(whole));
        expect(protecting.share(part, whole)).toBe(protecting.persons(whole) === null ? null : 1);
        expect(standingForPersons([whole, part], (cell) => cell)).toBe(whole);
      }),
    );
  });

  it('are not shown for few persons, nor where the rest could only be few', () => {
    fc.assert(fc.property(keys(10), fc.integer({ min: 0, max: 4 }), (people, some) => { expect(protecting.share(cellOf(people.slice(0, some)), cellOf(people))).toBeNull(); }));
    fc.assert(fc.property(keys(5, 9), fc.nat(9), (people, some) => { expect(protecting.part(cellOf(people.slice(0, some)), cellOf(people))).toBeNull(); }));
  });

  it('come from protected counts', () => {
    fc.assert(
      fc.property(keys(30), (people) => {
        const [whole, part] = [cellOf(people), cellOf(people.slice(0, 15))];
        const [a, b] = [protecting.persons(part), protecting.persons(whole)];
        expect(protecting.share(part, whole)).toBe(a === null || b === null ? null : Math.min(1, a / b));
        expect(ratio(a, b)).toBe(a === null || b === null ? null : a / b);
      }),
    );
  });

  it('draw the line of few not at the same place for all', () => {
    const random = seeded(6);
    const few = (persons: number) => Array.from({ length: 5_000 }, () => isFew({ persons, key: Math.floor(random() * 2 ** 32) })).filter(Boolean).length / 5_000;
    expect([0, 1, 4].map(few)).toEqual([1, 1, 1]);
    expect([5, 6, 7, 8].map((n) => Math.round(few(n) * 10) / 10)).toEqual([0.8, 0.6, 0.4, 0.2]);
    expect([mostFew + 1, 50].map(few)).toEqual([0, 0]);
  });
});

describe('amounts', () => {
  const amounts = (cell: Cell, each: readonly number[]) => {
    const sorted = each.toSorted((a, b) => b - a);
    return { ...cell, facts: each.length, factKey: cell.key, most: 1, total: each.reduce((sum, x) => sum + x, 0), largest: sorted[0]!, second: sorted[1]! };
  };

  it('are not shown where one person’s stands out, or few persons contribute', () => {
    expect(protecting.sum(amounts({ persons: 6, key: 1 }, [1_000_000, 50_000, 30_000, 30_000, 10_000, 10_000]))).toBeNull();
    expect(protecting.sum(amounts({ persons: 4, key: 1 }, [100, 100, 100, 100]))).toBeNull();
    expect(protecting.sum(amounts({ persons: 6, key: 1 }, [100, 100, 100, 100, 100, 100]))).not.toBeNull();
  });

  it('have noise of the size of the largest contribution, without bias, in four digits', () => {
    const random = seeded(8);
    const each = Array.from({ length: 60 }, (_, i) => 1_000_000 + 13_571 * i);
    const wanted = amounts({ persons: 60, key: 0 }, each);
    const drawn = Array.from({ length: 40_000 }, () => protecting.sum({ ...wanted, factKey: Math.floor(random() * 2 ** 32) })!);
    const off = drawn.map((sum) => (sum - wanted.total) / wanted.largest);
    expect(Math.abs(off.reduce((sum, x) => sum + x, 0) / off.length)).toBeLessThan(0.05);
    expect(off.reduce((sum, x) => sum + x * x, 0) / off.length).toBeCloseTo(4 + 1 / 12, 0);
    expect(drawn.every((sum) => Number(sum.toPrecision(4)) === sum)).toBe(true);
  });

  it('quantiles are rounded, and not shown where one of the ends is somebody’s own', () => {
    expect(protecting.quantile({ persons: 10, key: 1 }, 0.5, 183)).toBe(180);
    expect(protecting.quantile({ persons: 9, key: 1 }, 0.5, 183)).toBeNull();
    expect(protecting.quantile({ persons: 40, key: 1 }, 0.9, 183)).toBeNull();
    expect(protecting.quantile({ persons: 50, key: 1 }, 0.1, 7)).toBe(7);
    expect(protecting.quantile({ persons: 50, key: 1 }, 0.5, null)).toBeNull();
    expect(exact.quantile({ persons: 1, key: 1 }, 0.5, 183)).toBe(183);
  });
});
