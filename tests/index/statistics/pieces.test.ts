import { describe, expect, it } from 'vitest';
import { catalogue } from '../../../src/index/catalogue.ts';
import type { Manifest } from '../../../src/index/facts/files.ts';
import { entities } from '../../../src/index/fields.ts';
import { type Ground, growingReadings, makePlan, type Question } from '../../../src/index/statistics/plan.ts';

/** Facts of placements in so many buckets. */
const ground = (buckets: number): Ground => ({
  folder: '/facts',
  manifest: {
    buckets: { ...Object.fromEntries(entities.map((name) => [name, {}])), placement: Object.fromEntries(Array.from({ length: buckets }, (_, i) => [i, { live: { path: `placement/${i}.parquet`, rows: 1 }, past: null }])) },
    dictionaries: {},
    profiles: {},
  } as unknown as Manifest,
});
const question: Question = { entity: 'placement', where: { and: [] }, groupBy: [], rollUp: false, measures: catalogue.placement.measures.slice(0, 1), day: '2026-01-01', knownAt: null };
const grant = { scopes: new Set(['statistics:read', 'case:sensitive'] as const), bounds: {}, purposes: null };
/** The buckets that each piece reads of the placements. */
const bucketsOf = (sqls: readonly string[]) => sqls.map((sql) => [...sql.matchAll(/placement\/(\d+)\.parquet/g)].map(([, bucket]) => Number(bucket)));

describe('the pieces in which facts are read', () => {
  it.each([1, 7, 8, 9, 31, 152])('of %d buckets hold each of them once, in order', (buckets) => {
    const all = Array.from({ length: buckets }, (_, i) => i);
    expect(bucketsOf(makePlan(question, grant, ground(buckets), true).sqls).flat()).toEqual(all);
    expect(bucketsOf(growingReadings(question, grant, ground(buckets))).flat()).toEqual(all);
  });

  it('are small at first where a few persons are looked for, and grow', () => {
    expect(bucketsOf(growingReadings(question, grant, ground(40))).map(({ length }) => length)).toEqual([1, 1, 2, 2, 4, 4, 8, 8, 8, 2]);
    expect(bucketsOf(makePlan(question, grant, ground(20), true).sqls).map(({ length }) => length)).toEqual([8, 8, 4]);
  });
});
