import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { capacity, nikCodec } from '../../../src/agencies/world/nik.ts';
import { numbers } from '../../../src/agencies/world/numbers.ts';
import { permutation } from '../../../src/agencies/world/random.ts';
import { beforeSlip, mistypeNik } from '../../../src/agencies/world/spelling.ts';
import { canonical } from '../../../src/domain/identifier.ts';

const seeds = fc.nat(0xffff_ffff);
const indices = fc.nat(capacity - 1);

describe('numbers lead back to their owners', () => {
  test('a permutation and its inverse undo each other, and nothing is hit twice', () => {
    fc.assert(fc.property(seeds, fc.constantFrom(24, 26, 28), fc.nat(2 ** 24 - 1), (seed, bits, value) => {
      const p = permutation(seed, 1, bits);
      expect(p.inverse(p.of(value))).toBe(value);
      expect(p.of(p.inverse(value))).toBe(value);
      expect(p.of(value)).toBeLessThan(2 ** bits);
    }));
  });

  test('a NIK, whoever of the three that share a slot owns it', () => {
    fc.assert(fc.property(seeds, indices, fc.constantFrom('self', 'twin', 'friend'), fc.integer({ min: 1950, max: 2010 }), fc.constantFrom('FEMALE', 'MALE'), (seed, index, owner, year, sex) => {
      const codec = nikCodec(seed, 1);
      const nik = codec.write(codec.birthplace(index), owner, year, sex);
      expect(nik).toMatch(/^\d{12}9\d{3}$/);
      expect(nik.slice(12) < '9990').toBe(true);
      expect(codec.read(nik)).toEqual({ index, owner });
    }));
  });

  test('every other number, in the canonical form of its kind', () => {
    fc.assert(fc.property(seeds, indices, fc.nat(3), fc.nat(15), (seed, index, few, many) => {
      const n = numbers(seed, 20);
      const written = [
        ['PASSPORT', n.passport(index, few)], ['PASSPORT', n.splp(index)], ['KPJ', n.kpj(index, many, 2024)], ['JKN_CARD', n.jknCard(index)], ['PMI_ID', n.pmiId(index, few)], ['KTKLN', n.ktkln(index)],
        ['LAPOR_DIRI', n.laporDiri(index, many)], ['CASE_NUMBER', n.caseNumber(index, many, 'KBRI_KUALA_LUMPUR')],
      ] as const;
      for (const [kind, value] of written) {
        expect(canonical(kind, value)).toEqual({ kind, value });
        expect(n.read(kind, value)).toBe(index);
      }
    }));
  });

  test('one person’s numbers differ from each other', () => {
    const n = numbers(1, 20);
    expect(new Set([0, 1, 2, 3].map((k) => n.passport(7, k))).size).toBe(4);
    expect(new Set(Array.from({ length: 16 }, (_, k) => n.kpj(7, k, 2024))).size).toBe(16);
  });
});

test('a slip in a NIK changes it, keeps it impossible, and can be traced back', () => {
  const niks = fc.tuple(fc.stringMatching(/^\d{12}$/), fc.integer({ min: 9_000, max: 9_999 })).map(([head, serial]) => `${head}${serial}`);
  fc.assert(fc.property(niks, fc.nat(), (nik, draw) => {
    const slipped = mistypeNik(nik, draw);
    expect(slipped).not.toBe(nik);
    expect(slipped).toMatch(/^\d{12}9\d{3}$/);
    expect(beforeSlip(slipped)).toContain(nik);
  }));
});
