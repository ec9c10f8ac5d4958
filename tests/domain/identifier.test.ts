import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical, type IdentifierKind, isPlaceholder } from '../../src/domain/identifier.ts';

describe('canonical', () => {
  it.each<[IdentifierKind, string, string | null]>([
    ['NIK', '3507104101909001', '3507104101909001'],
    ['NIK', ' 3507.1041-0190 9001 ', '3507104101909001'],
    ['NIK', '5.20407E+15', null],
    ['NIK', '350710410190900', null],
    ['PASSPORT', 'a 1234567', 'A1234567'],
    ['PASSPORT', 'XO123456', 'XO123456'],
    ['PASSPORT', '12345678', null],
    ['KPJ', '00123456789', '00123456789'],
    ['JKN_CARD', '0001900000001', '0001900000001'],
    ['JKN_CARD', '190000001', null],
    ['CASE_NUMBER', 'kbri-kl/2025/0001', 'KBRI-KL/2025/0001'],
  ])('%s %s -> %s', (kind, raw, value) => {
    expect(canonical(kind, raw)?.value ?? null).toBe(value);
  });
});

describe('isPlaceholder', () => {
  it.each<[IdentifierKind, string, boolean]>([
    ['NIK', '0000000000000000', true],
    ['NIK', '9999999999999999', true],
    ['NIK', '0000000000000001', true],
    ['NIK', '1234567890123456', true],
    ['NIK', '3507104101909001', false],
    ['PASSPORT', 'A0000000', true],
    ['PASSPORT', 'X1234567', false],
    ['CASE_NUMBER', 'KBRI-KL/2025/1111111', false],
  ])('%s %s: %s', (kind, value, placeholder) => {
    expect(isPlaceholder({ kind, value })).toBe(placeholder);
  });

  it('finds every run, every repeated digit and every row of zeros with one last digit, of any length', () => {
    const repeated = fc.tuple(fc.nat(9), fc.integer({ min: 6, max: 16 })).map(([digit, length]) => String(digit).repeat(length));
    const zeros = fc.tuple(fc.nat(9), fc.integer({ min: 6, max: 16 })).map(([digit, length]) => String(digit).padStart(length, '0'));
    const run = fc.integer({ min: 6, max: 16 }).map((length) => '12345678901234567890'.slice(0, length));
    fc.assert(fc.property(fc.oneof(repeated, zeros, run), (value) => void expect(isPlaceholder({ kind: 'KPJ', value })).toBe(true)));
  });
});
