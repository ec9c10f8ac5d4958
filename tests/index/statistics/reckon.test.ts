import { describe, expect, it } from 'vitest';
import { catalogue } from '../../../src/index/catalogue.ts';
import type { Manifest } from '../../../src/index/facts/files.ts';
import { entities } from '../../../src/index/fields.ts';
import { type Ground, type Question, reckon } from '../../../src/index/statistics/plan.ts';

const many = (count: number, digits: number) => Array.from({ length: count }, (_, i) => String(i).padStart(digits, '0'));
const none = Object.fromEntries(entities.map((name) => [name, {}]));
const file = (rows: number) => ({ path: '', rows });
const ground = (rows: number, past = 0): Ground => ({
  folder: '',
  manifest: {
    buckets: { ...none, placement: { 0: { live: file(rows), past: past > 0 ? file(past) : null } } },
    dictionaries: { province: many(38, 2), regency: many(514, 4), originDistrict: many(7_000, 6) },
  } as unknown as Manifest,
});
const dimension = (name: string) => catalogue.placement.dimensions.find((each) => each.name === name)!;
const question = (keys: readonly string[], more: Partial<Question> = {}): Question => ({
  entity: 'placement', where: { and: [] }, groupBy: keys.map((name) => ({ dimension: dimension(name), grain: null })), rollUp: false, measures: catalogue.placement.measures.slice(0, 2), day: '2026-01-01', knownAt: null, ...more,
});

describe('what a question is reckoned to cost', () => {
  it('counts the areas of the level that is asked for, and those without', () => {
    expect(['province', 'regency', 'district'].map((name) => reckon(question([name]), ground(1_000_000)).groups)).toEqual([39, 515, 7_001]);
  });

  it('counts no more groups than there are facts', () => {
    expect(reckon(question(['regency', 'district']), ground(5_000)).groups).toBe(5_000);
  });

  it('grows with facts, groups, levels and what is asked of them', () => {
    const points = (keys: readonly string[], rows: number, more: Partial<Question> = {}) => reckon(question(keys, more), ground(rows)).points;
    const plain = points(['province'], 1_000_000);
    expect(points(['province'], 5_000_000)).toBeGreaterThan(4 * plain);
    expect(points(['district'], 1_000_000)).toBeGreaterThan(plain);
    expect(points(['district'], 1_000_000, { rollUp: true })).toBeGreaterThan(points(['district'], 1_000_000));
    expect(points(['province'], 1_000_000, { measures: catalogue.placement.measures })).toBeGreaterThan(plain);
  });

  it('reads facts of the past only where it is asked what was known then', () => {
    expect([null, 0].map((knownAt) => reckon(question([], { knownAt }), ground(100, 50)).rows)).toEqual([100, 150]);
  });
});
