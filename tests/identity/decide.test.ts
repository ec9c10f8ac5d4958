import { describe, expect, it } from 'vitest';
import { personSchema } from '../../src/identity/attributes.ts';
import type { LinkRecord } from '../../src/identity/attributes.ts';
import { isBinding, lifeFacts, vetoFinder, zoneOf } from '../../src/identity/decide.ts';
import { Comparison } from '../../src/identity/prepare.ts';

const comparison = new Comparison(personSchema);
const find = vetoFinder(comparison);
const facts = lifeFacts(comparison);

function levelsOf(a: LinkRecord['values'], b: LinkRecord['values']) {
  const [x, y] = [comparison.prepare({ id: 'a', source: 'A', values: a }), comparison.prepare({ id: 'b', source: 'B', values: b })];
  const levels = new Uint8Array(personSchema.length);
  comparison.compare(x, y, levels);
  return { levels, derived: x.derived | y.derived };
}
const vetoOf = (a: LinkRecord['values'], b: LinkRecord['values']) => {
  const { levels, derived } = levelsOf(a, b);
  return find(levels, 0, derived);
};

const nik = ['3507105203909001'];
const name = ['SITI AMINAH'];

describe('a veto', () => {
  it.each<[string, LinkRecord['values'], LinkRecord['values'], string | null]>([
    ['twins by serial', { nik, name }, { nik: ['3507105203909002'], name: ['SITI AMINAN'] }, 'TWIN'],
    ['the same name with a slip in the serial is no twin', { nik, name }, { nik: ['3507105203909002'], name }, null],
    ['two sexes', { name, sex: ['L'] }, { name, sex: ['P'] }, 'SEX'],
    ['a sex read out of a NIK may be a slip', { nik, name }, { name, sex: ['L'] }, null],
    ['two NIKs and nothing else', { nik, name }, { nik: ['3204114107859004'], name }, 'TWO_NIKS'],
    ['two NIKs and one passport', { nik, name, passport: ['C1234507'] }, { nik: ['3204114107859004'], name, passport: ['C1234507'] }, null],
    ['one passport, other name and birthday', { name, passport: ['C1234507'], dateOfBirth: ['1990-03-12'] }, { name: ['DEWI LESTARI'], passport: ['C1234507'], dateOfBirth: ['1984-11-02'] }, 'BORROWED'],
    ['one passport, other birthday', { name, passport: ['C1234507'], dateOfBirth: ['1990-03-12'] }, { name, passport: ['C1234507'], dateOfBirth: ['1984-11-02'] }, null],
    ['nothing to compare', { name }, { nik }, null],
  ])('%s', (_, a, b, expected) => {
    expect(vetoOf(a, b)).toBe(expected);
    expect(vetoOf(b, a)).toBe(expected);
  });

  it('takes a pair no further than review; a rejection takes it nowhere', () => {
    const thresholds = { link: 0.99, review: 0.05 };
    expect(zoneOf(1, null, thresholds)).toBe('LINK');
    expect(zoneOf(1, 'TWIN', thresholds)).toBe('REVIEW');
    expect(zoneOf(1, 'REJECTED', thresholds)).toBe('NONE');
    expect(zoneOf(0.98, null, thresholds)).toBe('REVIEW');
    expect(zoneOf(0.04, null, thresholds)).toBe('NONE');
  });

  it('binds clusters where it names two people, not where it names a doubt', () => {
    expect((['TWIN', 'SEX', 'TWO_NIKS', 'REJECTED'] as const).every(isBinding)).toBe(true);
    expect(([null, 'BORROWED'] as const).some(isBinding)).toBe(false);
  });
});

describe('facts of a life', () => {
  it.each([
    [{ phone: ['081234567890'], area: ['3507'] }, { phone: ['+62 812-3456-7890'], area: ['3507.10'] }, [1, 1]],
    [{ phone: ['081234567890'], area: ['3507'] }, { phone: ['081399998888'], area: ['5203'] }, [-1, -1]],
    [{ phone: ['081234567890'], nik }, { area: ['5203'] }, [0, 0]],
  ])('%o and %o', (a, b, expected) => {
    const { levels, derived } = levelsOf(a, b);
    expect(facts(levels, derived)).toEqual(expected);
  });
});
