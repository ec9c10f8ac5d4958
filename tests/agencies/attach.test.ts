import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attach } from '../../src/agencies/attach.ts';
import type { PersonKey } from '../../src/agencies/agency.ts';
import type { AgencyRecord } from '../../src/domain/record.ts';
import type { Identifier } from '../../src/domain/identifier.ts';
import { bareRecord } from './fakeWorld.ts';

/** Identifiers of person `i`: nobody shares one with anybody else. */
const nik = (i: number): Identifier => ({ kind: 'NIK', value: `350701410190${9000 + i}` });
const passport = (i: number): Identifier => ({ kind: 'PASSPORT', value: `C${7_000_000 + i}` });
const record = (i: number, copy: number, ids: readonly Identifier[]): AgencyRecord => bareRecord('TOY', `R-${i}-${copy}`, ids, { name: `person ${i}` });

const people = 12;
const someone = fc.nat(people - 1);
const idsOf = (i: number) => fc.subarray([nik(i), passport(i)], { minLength: 1 });
const keysArb = fc
  .uniqueArray(someone, { minLength: 1, maxLength: people })
  .chain((who) => fc.tuple(...who.map((i) => idsOf(i).map((identifiers): PersonKey => ({ ref: `key ${i}`, identifiers })))));
// Any number of records of anybody, in any order, doubled ones among them: short, long, reordered and foreign answers are all in here.
const recordsArb = fc
  .array(fc.tuple(someone, fc.nat(2)).chain(([i, copy]) => idsOf(i).map((ids) => record(i, copy, ids))), { maxLength: 40, size: 'max' })
  .chain((list) => fc.tuple(fc.constant(list), fc.subarray(list)))
  .map(([list, again]) => [...list, ...again]);

const shares = (a: readonly Identifier[], b: readonly Identifier[]) => a.some((x) => b.some((y) => x.kind === y.kind && x.value === y.value));

describe('attach', () => {
  it('never lets a value land on another person, whatever the answer', () => {
    fc.assert(
      fc.property(keysArb, recordsArb, (keys, records) => {
        const { results, foreign } = attach(keys, records);
        expect([...results.keys()]).toEqual(keys.map((key) => key.ref));
        for (const key of keys) {
          const own = records.filter((candidate) => shares(candidate.person.identifiers, key.identifiers));
          const result = results.get(key.ref);
          expect(result?.status).toBe(own.length > 0 ? 'found' : foreign > 0 ? 'failed' : 'absent');
          const filed = result?.status === 'found' ? result.records : [];
          expect(filed.every((found) => `key ${found.person.name?.slice(7)}` === key.ref)).toBe(true);
          expect(filed.map((found) => found.recordId).toSorted()).toEqual([...new Set(own.map((found) => found.recordId))].toSorted());
        }
        expect(foreign).toBe(records.filter((candidate) => !keys.some((key) => shares(candidate.person.identifiers, key.identifiers))).length);
      }),
      { numRuns: 500 },
    );
  });

  it('does not depend on the order of the answer', () => {
    fc.assert(
      fc.property(keysArb, recordsArb, (keys, records) => {
        const ids = (list: readonly AgencyRecord[]) =>
          [...attach(keys, list).results].map(([ref, result]) => [ref, result.status, result.status === 'found' ? result.records.map((r) => r.recordId).toSorted() : []]);
        expect(ids(records.toReversed())).toEqual(ids(records));
      }),
    );
  });

  it('joins nobody by a placeholder number', () => {
    const zeros: Identifier = { kind: 'NIK', value: '0000000000000000' };
    const { results, foreign } = attach([{ ref: 'a', identifiers: [zeros] }], [bareRecord('TOY', 'newborn', [zeros])]);
    expect(foreign).toBe(1);
    expect(results.get('a')?.status).toBe('failed');
  });

  it('gives one record to each of two keys that mean the same person', () => {
    const both = record(1, 0, [nik(1), passport(1)]);
    const { results } = attach([{ ref: 'by nik', identifiers: [nik(1)] }, { ref: 'by passport', identifiers: [passport(1)] }], [both]);
    expect(results.get('by nik')).toEqual({ status: 'found', records: [both] });
    expect(results.get('by passport')).toEqual({ status: 'found', records: [both] });
  });

  it('keeps the later of two versions of a record, in either order', () => {
    const old = { ...record(1, 0, [nik(1)]), asOf: '2026-01-01T00:00:00.000Z' };
    const late = { ...old, asOf: '2026-02-01T00:00:00.000Z' };
    for (const records of [[old, late], [late, old]]) {
      expect(attach([{ ref: 'a', identifiers: [nik(1)] }], records).results.get('a')).toEqual({ status: 'found', records: [late] });
    }
  });

  it('tells what is found apart from what an answer with strangers leaves open', () => {
    const { results } = attach([{ ref: 'a', identifiers: [nik(1)] }, { ref: 'b', identifiers: [nik(2)] }], [record(1, 0, [nik(1)]), record(3, 0, [nik(3)])]);
    expect(results.get('a')?.status).toBe('found');
    expect(results.get('b')).toMatchObject({ status: 'failed', failure: { code: 'AGENCY_MISATTRIBUTED', retryable: false } });
  });
});
