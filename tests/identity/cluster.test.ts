import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Bond, Relation } from '../../src/identity/cluster.ts';
import { cluster, objection } from '../../src/identity/cluster.ts';

const relation = (more: Partial<Relation> = {}): Relation => ({ evidence: 10, apart: false, life: [], repeat: 'NONE', ...more });
const groups = (clusterOf: Uint32Array) => [...Map.groupBy(clusterOf.keys(), (i) => clusterOf[i]!).values()];

/** Two families of three, each held together by strong bonds, and one bad bond between them. */
const families: Bond[] = [
  { a: 0, b: 1, bits: 30 }, { a: 1, b: 2, bits: 28 }, { a: 3, b: 4, bits: 31 }, { a: 4, b: 5, bits: 27 }, { a: 2, b: 3, bits: 12 },
];
const sameFamily = (a: number, b: number) => a < 3 === b < 3;

describe('the guard', () => {
  it('does not let one bad pair join two families', () => {
    const { clusterOf, refused } = cluster(6, families, (a, b) => relation({ evidence: sameFamily(a, b) ? 20 : a === 2 && b === 3 ? 24 : -8 }));
    expect(groups(clusterOf)).toEqual([[0, 1, 2], [3, 4, 5]]);
    expect(refused).toEqual([{ a: 2, b: 3, bits: 12, reason: 'AGAINST' }]);
  });

  it('joins them when the rest rather agrees', () => {
    const { clusterOf } = cluster(6, families, (a, b) => relation({ evidence: sameFamily(a, b) ? 20 : 1 }));
    expect(groups(clusterOf)).toEqual([[0, 1, 2, 3, 4, 5]]);
  });

  it('refuses for one pair that must stay apart, however strong the rest', () => {
    const { clusterOf, refused } = cluster(6, families, (a, b) => relation({ evidence: 50, apart: a === 0 && b === 5 }));
    expect(clusterOf[0]).not.toBe(clusterOf[5]);
    expect(refused.at(-1)?.reason).toBe('APART');
  });

  it('lets one huge score count no more than the cap', () => {
    expect(objection([0, 1], [2], (a) => relation({ evidence: a === 0 ? 500 : -19 }))).toBeNull();
    expect(objection([0, 1], [2], (a) => relation({ evidence: a === 0 ? 500 : -21 }))).toBe('AGAINST');
  });

  it('takes papers that one source knows twice for lent, when neither phone nor residence is shared', () => {
    const lives = (repeat: Relation['repeat'], ...life: number[]) => objection([0], [1], () => relation({ life, repeat }));
    expect(lives('OFTEN', -1, -1)).toBe('TWO_LIVES');
    expect(lives('SELDOM', -1, 0)).toBe('TWO_LIVES');
    expect(lives('NONE', -1, -1)).toBeNull();
    expect(lives('OFTEN', -1, 0)).toBeNull();
    expect(lives('SELDOM', -1, 1)).toBeNull();
    expect(lives('SELDOM', 0, 0)).toBeNull();
    expect(lives('SELDOM')).toBeNull();
    // Two records of a source that knows people once are not brought together by a third that agrees with both.
    const third = (a: number) => (a === 0 ? relation({ repeat: 'SELDOM', life: [-1, 0] }) : relation({ life: [1, 1] }));
    expect(objection([0, 1], [2], third)).toBe('TWO_LIVES');
  });

  it('has no cluster larger than allowed', () => {
    const chain = Array.from({ length: 99 }, (_, k) => ({ a: k, b: k + 1, bits: 20 }));
    const { clusterOf, refused } = cluster(100, chain, () => relation(), { largest: 60 });
    expect(Math.max(...groups(clusterOf).map((members) => members.length))).toBeLessThanOrEqual(60);
    expect(refused.some(({ reason }) => reason === 'TOO_LARGE')).toBe(true);
  });
});

describe('clustering', () => {
  const bonds = fc.array(fc.record({ a: fc.integer({ min: 0, max: 11 }), b: fc.integer({ min: 0, max: 11 }), bits: fc.integer({ min: 1, max: 40 }) }), { maxLength: 30, size: 'max' })
    .map((list) => list.filter(({ a, b }) => a < b));
  const apart = fc.array(fc.tuple(fc.integer({ min: 0, max: 11 }), fc.integer({ min: 0, max: 11 })), { maxLength: 8 });

  it('never puts two together that must stay apart, and gives the same for bonds in any order', () => {
    fc.assert(fc.property(bonds, apart, (list, forbidden) => {
      const keys = new Set(forbidden.map(([a, b]) => `${Math.min(a, b)} ${Math.max(a, b)}`));
      const relate = (a: number, b: number) => relation({ apart: keys.has(`${a} ${b}`) });
      const { clusterOf } = cluster(12, list, relate);
      const together = forbidden.filter(([a, b]) => a !== b && clusterOf[a] === clusterOf[b]);
      expect(together).toEqual([]);
      expect([...cluster(12, list.toReversed(), relate).clusterOf]).toEqual([...clusterOf]);
    }), { numRuns: 500 });
  });

  it('joins only what bonds connect', () => {
    fc.assert(fc.property(bonds, (list) => {
      const { clusterOf } = cluster(12, list, () => relation());
      const reach = Array.from({ length: 12 }, (_, i) => i);
      for (let round = 0; round < 12; round++) for (const { a, b } of list) reach[a] = reach[b] = Math.min(reach[a]!, reach[b]!);
      expect([...clusterOf]).toEqual(reach);
    }));
  });
});
