import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { personSchema } from '../../src/identity/attributes.ts';
import type { LinkRecord } from '../../src/identity/attributes.ts';
import { scoreResult } from '../../src/identity/evaluate.ts';
import { explain, printExplanation } from '../../src/identity/explain.ts';
import { link } from '../../src/identity/link.ts';
import { seeded } from '../../src/identity/random.ts';
import { samplePeople } from './people.ts';

const quick = { randomPairs: 20_000 };
const { records, personOf } = samplePeople(400);
const result = link(records, personSchema, quick);

function shuffled<T>(list: readonly T[], seed: number): T[] {
  const random = seeded(seed);
  const out = [...list];
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [out[i], out[j]] = [out[j]!, out[i]!];
  }
  return out;
}

const clusterOf = (clusters: readonly (readonly string[])[], id: string) => clusters.findIndex((members) => members.includes(id));

describe('linking', () => {
  it('finds the people of a population with slips', () => {
    const scores = scoreResult(result, (id) => personOf.get(id)!);
    expect(scores.precision).toBeGreaterThan(0.99);
    expect(scores.recall).toBeGreaterThan(0.97);
    expect(scores.completeness).toBeGreaterThan(0.99);
  });

  it('puts every record in exactly one cluster', () => {
    expect(result.clusters.flat().toSorted()).toEqual(records.map(({ id }) => id).toSorted());
  });

  it('does not depend on the order of records', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 1_000 }), (seed) => {
      const again = link(shuffled(records, seed), personSchema, quick);
      expect(again.model.version).toBe(result.model.version);
      expect(again.clusters).toEqual(result.clusters);
      expect(again.pairs).toEqual(result.pairs);
    }), { numRuns: 3 });
  });

  it('never puts a rejected pair together, however strong, nor through a third record', () => {
    const joined = result.clusters.filter((members) => members.length > 1);
    fc.assert(fc.property(fc.uniqueArray(fc.integer({ min: 0, max: joined.length - 1 }), { minLength: 1, maxLength: 5 }), (picks) => {
      const rejected = picks.map((k) => [joined[k]![0]!, joined[k]![1]!] as const);
      // A third record that is a copy of the first belongs to either side, not to both.
      const copies = rejected.map(([a]) => ({ ...records.find(({ id }) => id === a)!, id: `${a}-copy`, source: 'C' }));
      const again = link([...records, ...copies], personSchema, { ...quick, rejected });
      for (const [a, b] of rejected) expect(clusterOf(again.clusters, a)).not.toBe(clusterOf(again.clusters, b));
    }), { numRuns: 4 });
  });

  it('puts a copy of a record where the record is', () => {
    const [original] = records;
    const again = link([...records, { ...original!, id: 'copy', source: 'C' }], personSchema, quick);
    expect(clusterOf(again.clusters, 'copy')).toBe(clusterOf(again.clusters, original!.id));
  });

  it('gives the same clusters with the model it has learned before', () => {
    const model = JSON.parse(JSON.stringify(result.model)) as typeof result.model;
    expect(link(records, personSchema, { model }).clusters).toEqual(result.clusters);
  });

  it('refuses two records with one id', () => {
    expect(() => link([records[0]!, records[0]!], personSchema)).toThrow(/unique/);
  });

  it.each([0, 1, 2])('takes %d records', (count) => {
    expect(link(records.slice(0, count), personSchema).clusters.flat()).toHaveLength(count);
  });
});

describe('twins', () => {
  const base = { motherName: ['SUPIYAH'], sex: ['FEMALE'], dateOfBirth: ['1998-04-17'], area: ['350409'], placeOfBirth: ['TULUNGAGUNG'] };
  const twin = (id: string, source: string, name: string, serial: string, more = {}): LinkRecord => ({ id, source, values: { ...base, name: [name], nik: [`350409570498${serial}`], ...more } });

  it('with NIKs that differ in the last digit stay two people, though all else agrees', () => {
    const twins = [twin('A-t1', 'A', 'RINA WULANDARI', '9991', { passport: ['AP4400201'] }), twin('B-t1', 'B', 'RINA WULANDARI', '9991', { passport: ['AP4400201'] }),
      twin('A-t2', 'A', 'RINI WULANDARI', '9992', { passport: ['AP4400202'] }), twin('B-t2', 'B', 'RINI WULANDARI', '9992', { passport: ['AP4400202'] })];
    const { clusters, pairs } = link([...records, ...twins], personSchema, quick);
    expect(clusterOf(clusters, 'A-t1')).toBe(clusterOf(clusters, 'B-t1'));
    expect(clusterOf(clusters, 'A-t2')).toBe(clusterOf(clusters, 'B-t2'));
    expect(clusterOf(clusters, 'A-t1')).not.toBe(clusterOf(clusters, 'A-t2'));
    expect(pairs.find(({ a, b }) => a === 'A-t1' && b === 'A-t2')).toMatchObject({ zone: 'REVIEW', veto: 'TWIN' });
  });
});

describe('an explanation', () => {
  it('adds up from the prior to the score, step by step', () => {
    // Pairs of one person, and neighbours in the list, who are mostly two: evidence for and against.
    const samples = [...result.pairs.slice(0, 50).map(({ a, b }) => [a, b] as const), ...records.slice(0, 50).map(({ id }, k) => [id, records[k + 7]!.id] as const)];
    for (const [a, b] of samples) {
      const [x, y] = [result.prepared(a), result.prepared(b)];
      const found = explain(result.scorer, x, y);
      expect(found.score).toBeCloseTo(result.scorer.score(x, y), 9);
      let total = found.prior;
      for (const step of found.steps) {
        total += step.weight;
        expect(step.total).toBeCloseTo(total, 9);
      }
      expect(found.score).toBeCloseTo(total, 9);
    }
    for (const { a, b, bits } of result.pairs.slice(0, 50)) expect(explain(result.scorer, result.prepared(a), result.prepared(b)).score).toBeCloseTo(bits, 9);
  });

  it('shows both values, level and weight of each comparison', () => {
    const pair = result.pairs.find(({ zone }) => zone === 'LINK')!;
    const text = printExplanation(explain(result.scorer, result.prepared(pair.a), result.prepared(pair.b)), pair);
    expect(text).toContain('prior');
    for (const { name } of personSchema) expect(text).toContain(name);
  });

  it('counts nothing for a date that the NIK already holds', () => {
    const pair = result.pairs.find(({ a, b }) => explain(result.scorer, result.prepared(a), result.prepared(b)).steps.some(({ attribute, level }) => attribute === 'nik' && level === 'same'))!;
    const steps = explain(result.scorer, result.prepared(pair.a), result.prepared(pair.b)).steps;
    expect(steps.find(({ attribute }) => attribute === 'dateOfBirth')).toMatchObject({ level: 'same', weight: 0, encoded: true });
  });
});

describe('a model', () => {
  it('holds no value of any record in the clear', () => {
    const text = JSON.stringify(result.model);
    const values = records.flatMap(({ values }) => ['nik', 'passport', 'phone', 'name', 'dateOfBirth'].flatMap((attribute) => values[attribute] ?? []));
    const words = values.flatMap((value) => value.split(' ')).filter((word) => word.length > 3);
    expect(words.length).toBeGreaterThan(1_000);
    expect([...new Set(words)].filter((word) => text.includes(word))).toEqual([]);
  });
});

describe('the prior', () => {
  it('follows the size of the file: four times the people make a chance pair four times less likely', () => {
    const larger = link(samplePeople(1_600, 3).records, personSchema, quick);
    const [small, large] = [result, larger].map((r) => {
      const [a, b] = r.pairs[0] ? [r.prepared(r.pairs[0].a), r.prepared(r.pairs[0].b)] : [];
      return r.scorer.prior(a!, b!);
    });
    expect(small! - large!).toBeGreaterThan(1.5);
    expect(small! - large!).toBeLessThan(2.5);
  });
});
