import { describe, expect, test } from 'vitest';
import { covers } from '../../../src/domain/coverage.ts';
import { currentPlacement } from '../../../src/domain/placement.ts';
import { mismatchClasses } from '../../../src/agencies/world/mismatches.ts';
import { sample, shares, today } from './sample.ts';

const people = sample(24_000);
const placements = people.flatMap((p) => p.records.flatMap((r) => r.placements).map((placement) => ({ person: p, placement })));
const recent = placements.filter(({ placement }) => placement.procedure === 'PROSEDURAL' && (placement.registeredOn ?? '') >= '2022');
const cases = people.flatMap((p) => p.records.flatMap((r) => r.cases));

/** Null where a share is within so many points of the published per cent, else what is wrong. */
function off(what: string, actual: number | undefined, percent: number, points: number): string | null {
  const found = 100 * (actual ?? 0);
  return Math.abs(found - percent) <= points ? null : `${what}: ${found.toFixed(1)} % and not ${percent.toFixed(1)}`;
}

/** All that is wrong. */
function wrong(...checks: readonly (string | null)[]): string[] {
  return checks.filter((check) => check !== null);
}

describe('published shares', () => {
  test('provinces of 2025', () => {
    const by = shares(people.map((p) => p.truth.area.slice(0, 2)));
    const published = { '35': 69_925, '32': 62_358, '33': 62_276, '52': 35_215, '18': 24_175, '51': 10_059, '73': 7_173, '53': 4_163, '36': 3_658, '12': 3_545 };
    expect(wrong(...Object.entries(published).map(([province, placed]) => off(province, by.get(province), (100 * placed) / 296_948, 1)))).toEqual([]);
  });

  test('destinations: Taiwan 30.3 % of 2025; Hong Kong, Taiwan, Malaysia, Japan, Singapore in this order', () => {
    const by = shares(recent.map(({ placement }) => placement.place.country));
    expect(wrong(off('TW', by.get('TW'), 30.3, 2))).toEqual([]);
    const order = [...by].toSorted((a, b) => b[1] - a[1]).map(([country]) => country);
    expect(order.slice(0, 5)).toEqual(['HK', 'TW', 'MY', 'JP', 'SG']);
  });

  test('schemes: private 79 to 88 %, government to government about 4 %', () => {
    const by = shares(recent.map(({ placement }) => placement.scheme));
    expect(wrong(off('P_TO_P', by.get('P_TO_P'), 83.5, 4.5), off('G_TO_G', by.get('G_TO_G'), 4, 1))).toEqual([]);
    expect(by.get('PERSEORANGAN')).toBeGreaterThan(0.05);
    expect(by.get('UKPS')).toBeGreaterThan(0);
  });

  test('63.1 % women and 72.5 % individual employers in 2025', () => {
    const women = shares(recent.map(({ person }) => person.truth.sex)).get('FEMALE');
    const informal = shares(recent.map(({ placement }) => placement.sector)).get('INFORMAL');
    expect(wrong(off('women', women, 63.1, 2), off('informal', informal, 72.5, 2))).toEqual([]);
  });

  test('jobs of 2025', () => {
    const by = shares(recent.map(({ placement }) => placement.job));
    const published = { 'HOUSE MAID': 76_773, CAREGIVER: 53_574, 'PLANTATION WORKER': 27_828, WORKER: 17_250, 'DOMESTIC WORKER': 14_466 };
    expect(wrong(...Object.entries(published).map(([job, placed]) => off(job, by.get(job), (100 * placed) / 296_948, 2)))).toEqual([]);
  });

  test('mission cases of 2024: kinds, categories, countries', () => {
    expect(cases.length).toBeGreaterThan(3_000);
    const kinds = shares(cases.map((c) => c.kind));
    const general = shares(cases.filter((c) => c.kind === 'UMUM').map((c) => c.category));
    const special = shares(cases.filter((c) => c.kind === 'KHUSUS').map((c) => c.category));
    const countries = shares(cases.map((c) => c.place!.country));
    const handled = { MY: 20_272, SA: 16_667, SG: 8_292, AE: 5_339, KH: 3_598 };
    expect(wrong(
      off('special', kinds.get('KHUSUS'), (100 * 4_138) / 60_122, 2.5), off('immigration', general.get('KEIMIGRASIAN'), 57.6, 4), off('employment', general.get('KETENAGAKERJAAN'), 23.3, 3),
      off('deaths', general.get('MENINGGAL'), 7.5, 2), off('emergency', special.get('KEDARURATAN'), 79.6, 8), off('trafficking', special.get('TPPO'), 15.1, 7),
      ...Object.entries(handled).map(([country, count]) => off(country, countries.get(country), (100 * count) / 67_297, 3)),
    )).toEqual([]);
  });
});

describe('sizes', () => {
  const perPerson = (count: (p: (typeof people)[number]) => number) => people.reduce((sum, p) => sum + count(p), 0) / people.length;

  test('about three records, one and a half placements, and a case for every sixth person', () => {
    expect(perPerson((p) => p.records.length)).toBeCloseTo(3, 0);
    expect(perPerson((p) => p.records.flatMap((r) => r.placements).length)).toBeGreaterThan(1.3);
    expect(perPerson((p) => p.records.flatMap((r) => r.placements).length)).toBeLessThan(1.7);
    expect(cases.length / people.length).toBeGreaterThan(0.12);
    expect(cases.length / people.length).toBeLessThan(0.2);
  });

  test('not everybody is known everywhere, and each agency knows many whom another does not', () => {
    const names = ['BP2MI', 'BPJS_KETENAGAKERJAAN', 'BPJS_KESEHATAN', 'PERWAKILAN'];
    const knows = (p: (typeof people)[number], agency: string) => p.records.some((r) => r.agency === agency);
    const pairs = names.flatMap((one) => names.filter((other) => other !== one).map((other) => ({ one, other, alone: people.filter((p) => knows(p, one) && !knows(p, other)).length })));
    expect(pairs).toHaveLength(12);
    expect(pairs.filter(({ alone }) => alone < people.length / 100)).toEqual([]);
  });

  test('most who are abroad now have no cover', () => {
    const abroad = people.filter((p) => {
      const current = currentPlacement(p.records.flatMap((r) => r.placements), today);
      return current !== null && current.arrivedOn !== null;
    });
    const covered = abroad.filter((p) => p.records.flatMap((r) => r.coverages).some((c) => c.programme === 'JKK' && covers(c, today)));
    expect(abroad.length).toBeGreaterThan(3_000);
    expect(covered.length / abroad.length).toBeGreaterThan(0.2);
    expect(covered.length / abroad.length).toBeLessThan(0.75);
  });
});

describe('mismatch classes', () => {
  const by = shares(people.flatMap((p) => p.mismatches));
  const all = people.reduce((sum, p) => sum + p.mismatches.length, 0) / people.length;

  test.each(Object.entries(mismatchClasses))('%s occurs near its rate', (name, { share }) => {
    const found = (by.get(name) ?? 0) * all;
    expect(found).toBeGreaterThan(share * 0.75);
    expect(found).toBeLessThan(share * 1.25);
  });

  test('nothing occurs that is not on the list', () => {
    expect([...by.keys()].filter((name) => !(name in mismatchClasses))).toEqual([]);
  });
});
