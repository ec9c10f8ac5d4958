import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Kind } from '../../src/identity/attributes.ts';
import { kinds, personSchema } from '../../src/identity/attributes.ts';
import { Comparison, MISSING } from '../../src/identity/prepare.ts';

/** Name of the level at which two values of the hub's own attribute, or of a kind, compare. */
function level(attribute: string, a: string, b: string): string {
  const spec = personSchema.find(({ name }) => name === attribute) ?? { name: attribute, kind: attribute as Kind };
  const comparison = new Comparison([spec]);
  const out = new Uint8Array(1);
  const prepare = (value: string) => comparison.prepare({ id: value, source: 'A', values: { [attribute]: [value] } });
  comparison.compare(prepare(a), prepare(b), out);
  return out[0] === MISSING ? 'missing' : comparison.attributes[0]!.comparator.levels[out[0]!]!;
}

describe('levels', () => {
  it.each([
    ['nik', '3507105203909001', '35.07.10.520390.9001', 'same'],
    ['nik', '3507105203909001', '3507101203909001', 'typing error before the serial'],
    ['nik', '3507105203909001', '3507105203909002', 'typing error in the serial'],
    ['nik', '3507105203909001', '3507105203909876', 'same district and date, other serial'],
    ['nik', '9171015203909001', '9601025203909001', 'other district, rest same'],
    ['nik', '3507105203909001', '3.50710520390900E+15', 'damaged, most digits same'],
    ['nik', '3507105203909001', '3,50711E+15', 'damaged, beginning same'],
    ['nik', '3507105203909001', '5203114107859004', 'different'],
    ['nik', '3507105203909001', '0000000000000000', 'missing'],
    ['passport', 'C1234507', 'C12345O7', 'same'],
    ['passport', 'C1234507', 'C1234508', 'one typing error'],
    ['phone', '081234567890', '+62 812 3456 7890', 'same'],
    ['name', 'SITI AMINAH', 'ST. AMINAH', 'same'],
    ['name', 'SITI AMINAH', 'AMINAH SITI', 'same words, other order'],
    ['name', 'SURATI', 'SURATI SURATI', 'same single word'],
    ['name', 'SITI NUR AMINAH', 'SITI AMINAH', 'subset'],
    ['name', 'AMINAH', 'SITI AMINAH', 'one word of several'],
    ['name', 'SITI AMINAH', 'SITI AMMINNAH', 'same'],
    ['name', 'SITI AMINAH', 'SITI AMINHA', 'same but spelling of a word'],
    ['name', 'MUHAMMAD RIZAL', 'M RIZAL', 'same'],
    ['name', 'SITI AMINAH', 'SITI A', 'same but a word only similar'],
    ['name', 'SITI AMINAH', 'SITI RAHAYU', 'one word same, another differs'],
    ['name', 'SITI AMINAH', 'DEWI LESTARI', 'different'],
    ['name', 'SITI BINTI AHMAD', 'SITI AHMAD', 'one word of several'],
    ['name', 'SITI BINTI AHMAD', 'AHMAD', 'single word close'],
    ['dateOfBirth', '1990-03-12', '12/03/1990', 'same'],
    ['dateOfBirth', '1990-03-12', '1990-12-03', 'day and month swapped'],
    ['dateOfBirth', '1990-03-12', '1990-03-13', 'one typing error'],
    ['dateOfBirth', '1990-03-12', '1985-03-12', 'same day and month, year off'],
    ['dateOfBirth', '1990-03-12', '1990-01-01', 'same year, day unknown to one'],
    ['dateOfBirth', '1990-03-12', '1990', 'same year, day unknown to one'],
    ['dateOfBirth', '1990-03-12', '1971-08-25', 'different'],
    ['area', '35.07.10.2001', '3507', 'same regency'],
    ['area', '35.07.10', '35.05.01', 'same province'],
    ['placeOfBirth', 'Tulung Agung', 'TULUNGAGUNG', 'close'],
    ['sex', 'P', 'PEREMPUAN', 'same'],
    ['number', '0012', '12', 'same'],
    ['number', '12', '13', 'nearly'],
    ['category', 'Kawin', 'KAWIN', 'same'],
  ])('%s: %s and %s', (attribute, a, b, expected) => {
    expect(level(attribute, a, b)).toBe(expected);
    expect(level(attribute, b, a)).toBe(expected);
  });

  it.each(kinds)('of kind %s are the same either way round, and the best for a value and itself', (kind) => {
    const value = fc.oneof(fc.string({ maxLength: 20 }), fc.stringMatching(/^[A-Z]{1,6}( [A-Z]{1,6}){0,3}$/), fc.stringMatching(/^\d{3,16}$/), fc.date({ noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10)));
    fc.assert(fc.property(value, value, (a, b) => {
      expect(level(kind, a, b)).toBe(level(kind, b, a));
      expect(['missing', 'same', 'same single word', 'same year, day unknown to one']).toContain(level(kind, a, a));
    }));
  });
});

describe('what a NIK says', () => {
  const comparison = new Comparison(personSchema);
  const at = (attribute: string, a: Record<string, string[]>, b: Record<string, string[]>) => {
    const out = new Uint8Array(personSchema.length);
    const prepare = (values: Record<string, string[]>) => comparison.prepare({ id: JSON.stringify(values), source: 'A', values });
    comparison.compare(prepare(a), prepare(b), out);
    const i = personSchema.findIndex(({ name }) => name === attribute);
    return out[i] === MISSING ? 'missing' : comparison.attributes[i]!.comparator.levels[out[i]!]!;
  };

  it('stands in for a date, sex and district that a record lacks', () => {
    const nik = { nik: ['3507105203909001'] };
    expect(at('dateOfBirth', nik, { dateOfBirth: ['1990-03-12'] })).toBe('same');
    expect(at('sex', nik, { sex: ['L'] })).toBe('different');
    expect(at('area', nik, { area: ['35.07'] })).toBe('same regency');
  });

  it('is not compared twice where both have a NIK', () => {
    const [a, b] = [{ nik: ['3507105203909001'] }, { nik: ['5203114107859004'], dateOfBirth: ['1985-07-01'] }];
    expect(at('nik', a, b)).toBe('different');
    expect(at('dateOfBirth', a, b)).toBe('missing');
  });
});
