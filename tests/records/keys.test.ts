import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Identifier, identifierKey, identifierKinds } from '../../src/domain/identifier.ts';
import type { KnownWorker } from '../../src/identity/crosswalk.ts';
import { keyFor } from '../../src/records/keys.ts';
import { fakeAgency } from '../support/fake-agency.ts';

const nik: Identifier = { kind: 'NIK', value: '3507104101909001' };
const mistyped: Identifier = { kind: 'NIK', value: '3507104101909010' };
const passport: Identifier = { kind: 'PASSPORT', value: 'X1234567' };
const pmiId: Identifier = { kind: 'PMI_ID', value: 'PMI-0001' };
const kpj: Identifier = { kind: 'KPJ', value: '19000000015' };
const report: Identifier = { kind: 'LAPOR_DIRI', value: 'LD-0001' };

function worker(...records: readonly (readonly [agency: string, identifiers: readonly Identifier[]])[]): KnownWorker {
  return { id: 'her', records: new Map(records.map(([agency, identifiers], i) => [`${i}`, { agency, recordId: `${i}`, identifiers }])) };
}
const mission = fakeAgency({ name: 'MISSION', holds: ['CASE'], looksUpBy: ['NIK', 'PASSPORT', 'KTKLN', 'LAPOR_DIRI', 'CASE_NUMBER'] });
const { changes: _, ...silent } = mission;

describe('the key to ask an agency by', () => {
  it('is its own numbers and her NIKs, where it has records of her', () => {
    const her = worker(['REGISTER', [nik, passport, pmiId, kpj]], ['MISSION', [mistyped, passport, report]]);
    expect(keyFor(her, mission)).toEqual({ ref: 'her', identifiers: [report, mistyped, nik] });
  });

  it('is its own numbers and her papers, where no agency knows a NIK', () => {
    const her = worker(['REGISTER', [passport, pmiId]], ['MISSION', [report]]);
    expect(keyFor(her, mission)!.identifiers).toEqual([report, passport]);
  });

  it('is everything it can look up by, where it has no record of her, none of its own number, or no feed', () => {
    expect(keyFor(worker(['REGISTER', [nik, passport, pmiId, kpj]]), mission)!.identifiers).toEqual([nik, passport]);
    expect(keyFor(worker(['REGISTER', [nik]], ['MISSION', [report, passport]], ['MISSION', [passport]]), mission)!.identifiers).toEqual([report, passport, nik]);
    expect(keyFor(worker(['REGISTER', [nik, passport]], ['MISSION', [report]]), silent)!.identifiers).toEqual([report, nik, passport]);
  });

  it('is none without a number to look up by', () => {
    expect(keyFor(worker(['REGISTER', [pmiId, { kind: 'NIK', value: '0000000000000000' }]]), mission)).toBeNull();
  });

  it('finds every record that she has there, and asks by no number twice', () => {
    const values = ['A123450', 'A123451', 'A123452'] as const;
    const number = fc.record({ kind: fc.constantFrom(...identifierKinds), value: fc.constantFrom(...values) });
    const records = fc.array(fc.tuple(fc.constantFrom('MISSION', 'REGISTER'), fc.uniqueArray(number, { selector: identifierKey, maxLength: 5 })), { maxLength: 5 });
    fc.assert(
      fc.property(records, (list) => {
        const asked = keyFor(worker(...list), mission)?.identifiers.map(identifierKey) ?? [];
        expect(new Set(asked).size).toBe(asked.length);
        const numbers = list.filter(([agency]) => agency === 'MISSION').map(([, identifiers]) => identifiers.filter(({ kind }) => mission.looksUpBy.includes(kind)).map(identifierKey));
        expect(numbers.filter((keys) => keys.length > 0 && !keys.some((key) => asked.includes(key)))).toEqual([]);
      }),
    );
  });
});
