import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normaliseArea, normaliseSex } from '../../src/identity/normalise/category.ts';
import { normaliseDate } from '../../src/identity/normalise/date.ts';
import { normaliseIdentifier, normalisePassport, normalisePhone } from '../../src/identity/normalise/identifier.ts';
import { normaliseName } from '../../src/identity/normalise/name.ts';
import { normaliseNik } from '../../src/identity/normalise/nik.ts';
import { normaliseText } from '../../src/identity/normalise/text.ts';

describe('NIK', () => {
  it('is read by its parts, women by the day raised by 40', () => {
    expect(normaliseNik('3507105203909001')).toMatchObject({ district: '350710', birth: { year: 1990, month: 3, day: 12 }, sex: 'FEMALE', serial: '9001' });
    expect(normaliseNik('35.07.10.120390.9001')).toMatchObject({ value: '3507101203909001', sex: 'MALE' });
  });

  it.each(['0000000000000000', '1111111111111111', '1234567890123456', '', '-', '350710520390900', 'ABCDEFGHIJKLMNOP'])('%s is no NIK', (raw) => {
    expect(normaliseNik(raw)).toBeNull();
  });

  it('keeps what a spreadsheet left of it', () => {
    expect(normaliseNik('5.20407E+15')?.prefixOnly).toBe('520407');
    expect(normaliseNik('3,50712E+15')).toMatchObject({ prefixOnly: '350712', value: '', birth: null });
  });

  it('takes letters that look like digits for digits', () => {
    expect(normaliseNik('35O7l05203909001')?.value).toBe('3507105203909001');
  });
});

describe('passport', () => {
  it.each([['C 1234507', 'C1234507'], ['c92345O7', 'C9234507'], ['X-0265502', 'X0265502'], ['XD2874192', 'XD2874192'], ['AO92347', 'A092347']])('%s is %s', (raw, expected) => {
    expect(normalisePassport(raw)).toBe(expected);
  });

  it.each(['0000000', '', '-', 'A1'])('%s is none', (raw) => {
    expect(normalisePassport(raw)).toBeNull();
  });
});

describe('identifiers', () => {
  it.each([['05 123-456', '05123456'], ['12345098765.0', '12345098765'], ['kpj/9', 'KPJ9']])('%s is %s', (raw, expected) => {
    expect(normaliseIdentifier(raw)).toBe(expected);
  });

  it.each(['00000000000', '99999999', '1.2345E+10', 'N/A', '00000001'])('%s stands for none', (raw) => {
    expect(normaliseIdentifier(raw)).toBeNull();
  });
});

describe('phone', () => {
  it('has one form, however it was written', () => {
    fc.assert(fc.property(fc.stringMatching(/^8[1-9]\d{8}$/), fc.constantFrom('0', '+62', '62', '0062', '+62 0'), (national, prefix) => {
      fc.pre(!/^(.)\1+$/.test(national));
      const spaced = `${national.slice(0, 3)}-${national.slice(3, 7)} ${national.slice(7)}`;
      expect(normalisePhone(prefix + national)).toBe(national);
      expect(normalisePhone(prefix + spaced)).toBe(national);
    }));
  });
});

describe('name', () => {
  const tokens = (raw: string) => normaliseName(raw)?.tokens ?? null;

  it.each([
    ['Moh. Soeharto', 'Muhammad Suharto'], ['St. Noerhayati', 'SITI NURHAYATI'], ['Djoko Tjahjono', 'Joko Cahjono'], ['Hj. Siti Aminah, S.E.', 'Sitti Aminah'], ['SURATI SURATI', 'Surati'],
    ['FNU Surati', 'Surati'], ['Ai\'nun', 'Ainun'], ['Abd Rahman', 'Abdoel Rahman'], ['Achmad', 'Ahmad'], ['Siti  Nurhaliza', 'siti nur\u0301haliza'],
  ])('%s and %s are one', (a, b) => {
    expect(tokens(a)).not.toBeNull();
    expect(tokens(a)).toEqual(tokens(b));
  });

  it.each(['SITI BINTI AHMAD', 'Siti Bt. Achmad', 'SITI BTE AHMAD', 'Siti Binte Ahmad'])('keeps the father apart: %s', (raw) => {
    expect(normaliseName(raw)).toEqual({ tokens: ['SITI'], patronymic: ['AHMAD'] });
  });

  it('keeps a name that is nothing but a title or a father', () => {
    expect(tokens('Haji')).toEqual(['HAJI']);
    expect(tokens('Binti Ahmad')).toEqual(['AHMAD']);
  });

  it.each(['', '-', 'FNU', '12345', 'TIDAK DIKETAHUI'])('%s is no name', (raw) => {
    expect(normaliseName(raw)).toBeNull();
  });

  it('does not change when normalised again', () => {
    fc.assert(fc.property(fc.array(fc.stringMatching(/^[A-Z]{2,9}$/), { minLength: 1, maxLength: 4 }), (words) => {
      // TDDJ becomes TDJ, TJ and C one after the other: no name is written so.
      fc.pre(!words.some((word) => /TD{2,}J/.test(word)));
      const once = normaliseName(words.join(' '));
      fc.pre(once !== null && once.patronymic.length === 0);
      const again = normaliseName(once!.tokens.join(' '));
      fc.pre(again !== null && again.tokens.length === once!.tokens.length);
      // Doubled letters may come together only once others have gone; beyond that, canonical is canonical.
      expect(normaliseName(again!.tokens.join(' '))?.tokens).toEqual(again!.tokens);
    }));
  });
});

describe('date', () => {
  it.each([
    ['1990-03-12', 1990, 3, 12, 'EXACT'], ['19900312', 1990, 3, 12, 'EXACT'], ['12-03-1990', 1990, 3, 12, 'EXACT'], ['12/3/1990', 1990, 3, 12, 'EXACT'], ['12 Maret 1990', 1990, 3, 12, 'EXACT'],
    ['12 March 1990', 1990, 3, 12, 'EXACT'], ['1990-01-01', 1990, 1, 1, 'DEFAULT'], ['31-12-1990', 1990, 12, 31, 'DEFAULT'], ['1990', 1990, 0, 0, 'YEAR'], ['1990-25-03', 1990, 3, 25, 'SWAPPED'],
    ['1990-03-12T00:00:00Z', 1990, 3, 12, 'EXACT'],
  ])('%s', (raw, year, month, day, quality) => {
    expect(normaliseDate(raw)).toEqual({ year, month, day, quality });
  });

  it.each(['', 'unknown', '0000-00-00', '12-13'])('%s is none', (raw) => {
    expect(normaliseDate(raw)).toBeNull();
  });
});

describe('other values', () => {
  it('reads area codes with and without dots, by level', () => {
    expect(normaliseArea('35.07.10.2001')).toEqual(['35', '3507', '350710', '3507102001']);
    expect(normaliseArea('3507')).toEqual(['35', '3507']);
    expect(normaliseArea('Malang')).toBeNull();
  });

  it('reads sex as agencies write it', () => {
    expect(['P', 'perempuan', 'F', 'FEMALE'].map(normaliseSex)).toEqual(['FEMALE', 'FEMALE', 'FEMALE', 'FEMALE']);
    expect(['L', 'Laki-laki', 'M', 'MALE'].map(normaliseSex)).toEqual(['MALE', 'MALE', 'MALE', 'MALE']);
    expect(normaliseSex('X')).toBeNull();
  });

  it('makes text plain and drops words for nothing', () => {
    expect(normaliseText(' Jl. Mawar,  no.5 ')).toBe('JL MAWAR NO 5');
    expect(normaliseText('N/A')).toBeNull();
  });
});
