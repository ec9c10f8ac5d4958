import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, jaroWinkler } from '../../src/identity/similarity.ts';

/** Optimal string alignment by the book, without any shortcut. */
function byTheBook(a: string, b: string): number {
  const d = Array.from({ length: a.length + 1 }, (_, i) => Array.from({ length: b.length + 1 }, (_, j) => (i === 0 ? j : j === 0 ? i : 0)));
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      let cost = Math.min(d[i - 1]![j]! + 1, d[i]![j - 1]! + 1, d[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, d[i - 2]![j - 2]! + 1);
      d[i]![j] = cost;
    }
  }
  return d[a.length]![b.length]!;
}

const word = fc.string({ unit: fc.constantFrom('A', 'B', 'C'), maxLength: 9 });

describe('typing errors', () => {
  it('are counted as by the book, up to the limit', () => {
    fc.assert(fc.property(word, word, fc.integer({ min: 0, max: 4 }), (a, b, limit) => {
      expect(editDistance(a, b, limit)).toBe(Math.min(byTheBook(a, b), limit + 1));
    }), { numRuns: 2_000 });
  });
});

describe('Jaro-Winkler', () => {
  it.each([['MARTHA', 'MARHTA', 0.9611], ['DWAYNE', 'DUANE', 0.84], ['DIXON', 'DICKSONX', 0.8133], ['ABC', 'XYZ', 0]])('%s and %s: %d', (a, b, expected) => {
    expect(jaroWinkler(a, b)).toBeCloseTo(expected, 3);
  });

  it('is symmetric, within 0 and 1, and 1 for equal words', () => {
    fc.assert(fc.property(word, word, (a, b) => {
      const value = jaroWinkler(a, b);
      expect(value).toBeCloseTo(jaroWinkler(b, a), 10);
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(1);
      expect(jaroWinkler(a, a)).toBe(1);
    }));
  });
});
