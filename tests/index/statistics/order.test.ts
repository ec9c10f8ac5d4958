import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { catalogue } from '../../../src/index/catalogue.ts';
import { arrange, numbersOf } from '../../../src/index/statistics/order.ts';
import type { ShownGroup } from '../../../src/index/statistics/statistics.ts';

const key = { dimension: catalogue.placement.dimensions.find(({ name }) => name === 'country')!, grain: null };
const count = catalogue.placement.measures.find(({ name }) => name === 'count')!;
const [number] = numbersOf(count);
const group = fc.record({ country: fc.option(fc.constantFrom('AE', 'MY', 'SA', 'TW')), value: fc.option(fc.nat(5)) }).map(({ country, value }) => ({
  groupedBy: [key], subtotal: false, keys: new Map([['country', country]]), figures: new Map([['count', { value, share: null, perThousand: null, counts: [], money: [], quantity: null }]]),
}) satisfies ShownGroup);

it('the first groups are those of all in order, whatever their number, and what is alike stays as it came', () => {
  fc.assert(
    fc.property(fc.array(group, { maxLength: 60, size: 'max' }), fc.integer({ min: 1, max: 12 }), fc.constantFrom('ASC' as const, 'DESC' as const), fc.boolean(), (groups, first, direction, atLeastTwo) => {
      const having = atLeastTwo ? [{ number: number!, gte: 2 }] : [];
      const orderBy = [{ by: number!, direction }];
      const all = arrange(groups, having, orderBy);
      const some = arrange(groups, having, orderBy, first);
      expect(some.count).toBe(all.count);
      expect(all.count).toBe(all.groups.length);
      expect(some.groups.length).toBe(Math.min(first, all.count));
      for (const [i, one] of some.groups.entries()) expect(one).toBe(all.groups[i]);
    }),
  );
});
