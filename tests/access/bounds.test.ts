import { expect, it } from 'vitest';
import { boundsForm, boundsWithin, isBounded } from '../../src/access/bounds.ts';
import { sightOf } from '../../src/access/sight.ts';

it('for whom a caller acts says nothing of whom it may see', () => {
  expect(isBounded({ agencies: [] })).toBe(false);
  expect(isBounded({ agencies: ['BP2MI'], p3mis: [] })).toBe(true);
  expect(sightOf({ scopes: new Set(['case:sensitive']), bounds: { agencies: ['BP2MI'] }, purposes: null })).toBeNull();
});

it('who acts for some agencies gives nobody others', () => {
  expect(boundsWithin({ agencies: ['BP2MI'] }, { agencies: ['BP2MI', 'PERWAKILAN'] })).toBe(true);
  expect(boundsWithin({ agencies: ['BPJS_KESEHATAN'] }, { agencies: ['BP2MI', 'PERWAKILAN'] })).toBe(false);
  expect(boundsWithin({}, { agencies: ['BP2MI'] })).toBe(false);
  expect(boundsWithin({ agencies: ['BP2MI'] }, {})).toBe(true);
});

it('agencies go by their names', () => {
  expect(boundsForm.safeParse({ agencies: ['BPJS_KETENAGAKERJAAN'] }).success).toBe(true);
  expect(boundsForm.safeParse({ agencies: ['bpjs'] }).success).toBe(false);
});
