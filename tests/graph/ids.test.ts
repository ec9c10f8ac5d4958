import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeId, encodeId } from '../../src/graph/ids.ts';

const inner = fc.string({ unit: fc.constantFrom(...'0123456789abcdefghijklmnopqrstuvwxyzABCXYZ-_. '), minLength: 1, maxLength: 80, size: 'max' });

test('an id is `Type:id` in base64, and is read back', () => {
  fc.assert(fc.property(fc.constantFrom('Worker', 'Placement', 'LinkReview'), inner, (typename, id) => {
    const text = encodeId(typename, id);
    expect(Buffer.from(text, 'base64').toString()).toBe(`${typename}:${id}`);
    expect(decodeId(text)).toEqual({ typename, id });
  }));
});

test('what is none of the hub’s ids names nothing', () => {
  for (const text of ['', 'Worker', 'V29ya2Vy', '%%%', '\u{1f600}', Buffer.from(':x').toString('base64')]) expect(decodeId(text)).toEqual({ typename: '', id: '' });
});
