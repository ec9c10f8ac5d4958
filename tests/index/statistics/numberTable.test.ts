import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { NumberTable } from '../../../src/index/statistics/numberTable.ts';

/** Close together, far apart, and such as are looked up by a hash. */
const number = fc.oneof(fc.nat(3_000), fc.nat(2 ** 22 + 10), fc.integer({ min: 2 ** 22 - 2, max: Number.MAX_SAFE_INTEGER }));

it('gives numbers places in the order in which they come, whether asked one by one or many at a time', () => {
  fc.assert(
    fc.property(fc.array(number, { maxLength: 3_000, size: 'max' }), (numbers) => {
      const [one, many] = [new NumberTable(4), new NumberTable(4)];
      const small = numbers.filter((each) => each < 2 ** 31);
      const [known, places] = [[...new Set(numbers)], new Int32Array(small.length)];
      const ofSmall = [...new Set(small)];
      expect(numbers.map((each) => one.placeOf(each))).toEqual(numbers.map((each) => known.indexOf(each)));
      expect([...one.all()]).toEqual(known);
      many.placesOf(small.length, Int32Array.from(small), places);
      expect([...places]).toEqual(small.map((each) => ofSmall.indexOf(each)));
      expect(many.size).toBe(ofSmall.length);
    }),
  );
});
