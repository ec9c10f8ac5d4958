import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PersonClaim } from '../../src/domain/person.ts';
import { type Claimant, conflictsOf, type GoldenAttribute, goldenOf } from '../../src/identity/golden.ts';

const agencies = ['BP2MI', 'BPJS_KETENAGAKERJAAN', 'BPJS_KESEHATAN', 'PERWAKILAN'];
const nobody: PersonClaim = { name: null, alias: null, sex: null, dateOfBirth: null, placeOfBirth: null, motherName: null, phone: null, area: null, identifiers: [], raw: [] };
const says = (agency: string, person: Partial<PersonClaim>, asOf: string | null = null): Claimant<null> => ({ agency, asOf, person: { ...nobody, ...person }, provenance: null });
const nik = (value: string) => ({ identifiers: [{ kind: 'NIK' as const, value }] });
const golden = (claims: readonly Claimant<null>[], attribute: GoldenAttribute) => goldenOf(claims, agencies).find((one) => one.attribute === attribute);
const conflict = (claims: readonly Claimant<null>[], attribute: GoldenAttribute) => conflictsOf(claims, agencies).find((one) => one.attribute === attribute)?.severity ?? null;

// Serials 9000 to 9999 are nobody's. The date part 57-04-98 is a woman born on 17 April 1998.
const hers = '3504095704989001';

describe('the golden record', () => {
  it.each<[string, GoldenAttribute, readonly Claimant<null>[], string, string]>([
    ['one agency alone is taken at its word', 'name', [says('PERWAKILAN', { name: 'SITI AMINAH' })], 'SITI AMINAH', 'ONLY_CLAIM'],
    ['spellings of one name count together, in the wording of the first agency', 'name', [says('PERWAKILAN', { name: 'ST. AMINAH' }), says('BP2MI', { name: 'SITI AMINAH' })], 'SITI AMINAH', 'AGREED'],
    ['most agencies outvote the first', 'name', [says('BP2MI', { name: 'SITI AMINAH' }), says('BPJS_KESEHATAN', { name: 'DEWI LESTARI' }), says('PERWAKILAN', { name: 'DEWI LESTARI' })], 'DEWI LESTARI', 'MAJORITY'],
    ['two records of one agency are one voice', 'name', [says('BP2MI', { name: 'SITI AMINAH' }), says('PERWAKILAN', { name: 'DEWI LESTARI' }), says('PERWAKILAN', { name: 'DEWI LESTARI' })], 'SITI AMINAH', 'AUTHORITY'],
    ['a tie goes to the first agency', 'sex', [says('PERWAKILAN', { sex: 'MALE' }), says('BP2MI', { sex: 'FEMALE' })], 'FEMALE', 'AUTHORITY'],
    ['a damaged NIK gives way to a whole one', 'nik', [says('BP2MI', { raw: [{ kind: 'NIK', text: '3.50409E+15' }] }), says('PERWAKILAN', nik(hers))], hers, 'ONLY_CLAIM'],
    ['a default day gives way to a real one', 'dateOfBirth', [says('BP2MI', { dateOfBirth: '1998-01-01' }), says('PERWAKILAN', { dateOfBirth: '1998-04-17' })], '1998-04-17', 'ONLY_CLAIM'],
    ['of two dates, that of the NIK', 'dateOfBirth', [says('BP2MI', { dateOfBirth: '1997-04-17', ...nik(hers) }), says('PERWAKILAN', { dateOfBirth: '1998-04-17' })], '1998-04-17', 'IN_NIK'],
    ['the phone of the record changed last', 'phone', [says('BP2MI', { phone: '081234567890' }, '2024-01-01T00:00:00.000Z'), says('PERWAKILAN', { phone: '085511122233' }, '2026-01-01T00:00:00.000Z')], '085511122233', 'LATEST'],
    ['the most precise code of the area', 'area', [says('BP2MI', { area: '35.04' }), says('PERWAKILAN', { area: '35.04.09' })], '35.04.09', 'MOST_PRECISE'],
  ])('%s', (_what, attribute, claims, value, rule) => {
    expect(golden(claims, attribute)).toMatchObject({ value, rule });
  });

  it('hides no claim and invents no value', () => {
    const person = fc.record({
      name: fc.constantFrom(null, 'SITI AMINAH', 'ST AMINAH', 'DEWI LESTARI'), sex: fc.constantFrom(null, 'FEMALE' as const, 'MALE' as const),
      dateOfBirth: fc.constantFrom(null, '1998-04-17', '1998-01-01', '1990-12-02'), area: fc.constantFrom(null, '35', '35.04', '35.04.09', '33.01'), phone: fc.constantFrom(null, '081234567890', '+62 812-3456-7890', '0855111222'),
    });
    fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom(...agencies), person), { maxLength: 6 }), (list) => {
      const claims = list.map(([agency, one]) => says(agency, one));
      for (const { attribute, value, chosen, claims: shown } of goldenOf(claims, agencies)) {
        const said = claims.flatMap((claim) => claim.person[attribute as 'name'] ?? []);
        expect(shown.map((claim) => claim.value).toSorted()).toEqual(said.toSorted());
        expect(said).toContain(value);
        expect(shown).toContain(chosen);
      }
      // The order in which records come is nobody's argument.
      const byAgency = (all: readonly Claimant<null>[]) => goldenOf(all, agencies).map(({ attribute, rule }) => [attribute, rule]);
      expect(byAgency(claims.toReversed())).toEqual(byAgency(claims));
    }));
  });
});

describe('conflicts', () => {
  it.each<[string, GoldenAttribute, readonly Claimant<null>[], string | null]>([
    ['case and blanks are none', 'name', [says('BP2MI', { name: 'Siti  Aminah' }), says('PERWAKILAN', { name: 'SITI AMINAH' })], null],
    ['an abbreviation is spelling', 'name', [says('BP2MI', { name: 'SITI AMINAH' }), says('PERWAKILAN', { name: 'ST. AMINAH' })], 'SPELLING'],
    ['another name is perhaps another person', 'name', [says('BP2MI', { name: 'SITI AMINAH' }), says('PERWAKILAN', { name: 'JOKO WIBOWO' })], 'DIFFERENT_PERSON_SUSPECTED'],
    ['a digit of the date is a slip', 'dateOfBirth', [says('BP2MI', { dateOfBirth: '1998-04-17' }), says('PERWAKILAN', { dateOfBirth: '1998-04-11' })], 'TYPING_ERROR'],
    ['a twin’s NIK is no slip', 'nik', [says('BP2MI', nik(hers)), says('PERWAKILAN', nik('3504095704989002'))], 'DIFFERENT_PERSON_SUSPECTED'],
    ['a slip before the serial is one', 'nik', [says('BP2MI', nik(hers)), says('PERWAKILAN', nik('3504095704899001'))], 'TYPING_ERROR'],
    ['two sexes', 'sex', [says('BP2MI', { sex: 'FEMALE' }), says('PERWAKILAN', { sex: 'MALE' })], 'DIFFERENT_PERSON_SUSPECTED'],
    ['one phone in two forms', 'phone', [says('BP2MI', { phone: '081234567890' }), says('PERWAKILAN', { phone: '+62 812 3456 7890' })], null],
    ['a coarser area contradicts nothing', 'area', [says('BP2MI', { area: '35.04.09' }), says('PERWAKILAN', { area: '35' })], null],
    ['she has moved', 'area', [says('BP2MI', { area: '35.04' }), says('PERWAKILAN', { area: '33.01' })], 'DIFFERENT'],
  ])('%s', (_what, attribute, claims, severity) => {
    expect(conflict(claims, attribute)).toBe(severity);
  });
});
