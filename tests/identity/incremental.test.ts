import { describe, expect, it } from 'vitest';
import { personSchema } from '../../src/identity/attributes.ts';
import type { LinkRecord } from '../../src/identity/attributes.ts';
import { createMatcher } from '../../src/identity/incremental.ts';
import { link } from '../../src/identity/link.ts';
import { memoryIndex } from '../../src/identity/memory-index.ts';
import { samplePeople } from './people.ts';

const { records, personOf } = samplePeople(400);
const whole = link(records, personSchema, { randomPairs: 20_000 });
const matcher = createMatcher(whole.model);
const indexOf = (list: readonly LinkRecord[]) => memoryIndex(list.length, (at) => list[at]!, (at) => matcher.keys(list[at]!));
const index = indexOf(records);

describe('one changed record', () => {
  it('finds the pairs that linking the whole file finds, with the same scores', async () => {
    const found = new Map<string, number>();
    for (const record of records) for (const match of await matcher.match(record, index)) found.set([record.id, match.record.id].toSorted().join(' '), match.bits);
    const expected = whole.pairs.filter(({ zone, probability }) => zone === 'LINK' && probability >= 0.05);
    expect(expected.length).toBeGreaterThan(200);
    for (const { a, b, bits } of expected) expect(found.get([a, b].toSorted().join(' '))).toBeCloseTo(bits, 9);
  });

  it('is not matched with its own old state', async () => {
    const matches = await matcher.match(records[0]!, index);
    expect(matches.map(({ record }) => record.id)).not.toContain(records[0]!.id);
  });

  it('finds the right person first', async () => {
    let right = 0;
    for (const record of records) {
      const [best] = await matcher.match({ ...record, id: 'new', source: 'B' }, index);
      if (best && personOf.get(best.record.id) === personOf.get(record.id)) right++;
    }
    expect(right / records.length).toBeGreaterThan(0.99);
  });

  it('is matched alike by a matcher that keeps how records are compared for a batch', () => {
    const [one, batch] = [matcher, matcher.remembering()];
    for (const record of records.slice(0, 40)) {
      expect(batch.keys(record)).toEqual(one.keys(record));
      const plain = ({ matches, best }: ReturnType<typeof one.matchAmong>) => ({ best, matches: matches.map(({ record: { id }, bits, zone, veto }) => ({ id, bits, zone, veto })) });
      expect(plain(batch.matchAmong(record, records))).toEqual(plain(one.matchAmong(record, records)));
    }
  });

  it('explains each match to its score', async () => {
    for (const match of await matcher.match({ ...records[0]!, id: 'new' }, index)) {
      expect(match.explain().score).toBeCloseTo(match.bits, 9);
      expect(match.explain().model).toBe(whole.model.version);
    }
  });

  it('gets a lower prior in a larger index, and so fewer links by chance', () => {
    const [a, b] = [records[0]!, records[1]!];
    const larger = createMatcher(whole.model, { sizes: { A: 400_000, B: 400_000 } });
    expect(larger.compare(a, b).bits).toBeLessThan(matcher.compare(a, b).bits - 8);
  });

  it('is not linked where a steward has said no', () => {
    const pair = whole.pairs[0]!;
    const [a, b] = [pair.a, pair.b].map((id) => records.find((record) => record.id === id)!);
    const strict = createMatcher(whole.model, { isRejected: (x, y) => [x, y].toSorted().join() === [pair.a, pair.b].toSorted().join() });
    expect(matcher.compare(a!, b!)).toMatchObject({ zone: 'LINK', veto: null });
    expect(strict.compare(a!, b!)).toMatchObject({ zone: 'NONE', veto: 'REJECTED' });
    expect(strict.objection([a!], [b!])).toBe('APART');
    expect(matcher.objection([a!], [b!])).toBeNull();
  });

  it('has keys that hold no value in the clear', () => {
    for (const key of matcher.keys(records[0]!)) expect(Number.isSafeInteger(key) && key >= 0).toBe(true);
  });
});

describe('an index', () => {
  it('leaves out keys that too many share', async () => {
    const same = Array.from({ length: 500 }, (_, k): LinkRecord => ({ id: `s${k}`, source: 'A', values: { name: ['SITI RAHAYU'] } }));
    expect(await indexOf(same).candidates(matcher.keys(same[0]!), 100)).toEqual([]);
    expect(await indexOf(same.slice(0, 20)).candidates(matcher.keys(same[0]!), 100)).toHaveLength(20);
  });
});
