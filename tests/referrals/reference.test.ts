import { assert, constantFrom, property, string } from 'fast-check';
import { expect, it } from 'vitest';
import { newReference, readReference } from '../../src/referrals/reference.ts';

it('a reference is read as it is said and written', () => {
  for (let n = 0; n < 1_000; n += 1) {
    const made = newReference();
    expect(made).toMatch(/^RJK-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
    for (const written of [made, made.toLowerCase(), ` ${made.replaceAll('-', '')} `, made.slice(0, 4) + made.slice(4).replaceAll('0', 'o').replaceAll('1', 'l')]) expect(readReference(written)).toBe(made);
  }
});

it('nothing else is one', () => {
  for (const text of ['', 'RJK', 'RJK-7Q4M-K2X', 'RJK-7Q4M-K2XDD', 'RJU-7Q4M-K2XD', 'RJK-7Q4M_K2XD', 'RJK-7Q4U-K2XD']) expect(readReference(text)).toBeNull();
  assert(property(string(), constantFrom('', 'RJK-'), (text, head) => {
    const read = readReference(head + text);
    expect(read === null || read === readReference(read)).toBe(true);
  }));
});

it('one does not tell of another', () => {
  const all = Array.from({ length: 20_000 }, () => newReference());
  // Of 2^40 there are, two of these are alike once in five thousand runs.
  expect(new Set(all).size).toBeGreaterThan(19_997);
});
