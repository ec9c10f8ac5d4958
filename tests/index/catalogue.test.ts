import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type * as Catalogue from '../../src/index/catalogue.ts';
import type { TestHub } from '../support/hub.ts';

// One entry more in the catalogue, and nothing else: whether she was registered in the first half of a year.
vi.mock('../../src/index/catalogue.ts', async (original) => {
  const { catalogue } = await original<typeof Catalogue>();
  const entry = {
    name: 'firstHalf', label: { id: 'Paruh pertama', en: 'Registered in the first half of a year' }, type: { kind: 'flag' }, sensitivity: 'PLAIN', rests: [],
    stored: 'month(f.registered_on) <= 6', sql: '"firstHalf"',
  } as const;
  return { catalogue: { ...catalogue, placement: { ...catalogue.placement, dimensions: [...catalogue.placement.dimensions, entry] } } };
});

let hub: TestHub;
beforeAll(async () => {
  const { startTestHub } = await import('../support/hub.ts');
  hub = await startTestHub({ people: 80 });
});
afterAll(() => hub[Symbol.asyncDispose]());

describe('a dimension', () => {
  it('is added by one entry: a column of the facts, a filter, a key, and a row of the catalogue', async () => {
    const { data, errors } = await hub.ask(
      `{ all: placementStatistics(groupBy: [FIRST_HALF]) { groups { by { firstHalf } count } }
         first: placementStatistics(where: {firstHalf: {eq: true}}) { groups { count } }
         catalogue { name dimensions { name label { indonesian } } } }`,
      {},
      { as: 'admin' },
    );
    expect(errors).toEqual([]);
    const { all, first, catalogue } = data as { all: { groups: { by: { firstHalf: boolean }; count: number }[] }; first: { groups: { count: number }[] }; catalogue: { name: string; dimensions: { name: string; label: { indonesian: string } }[] }[] };
    const [row] = await hub.hub.database.run((q) => q.execute<{ n: number }>('select count(*)::int n from indexed_placement where recorded_to is null and extract(month from registered_on) <= 6'));
    expect(row!.n).toBeGreaterThan(5);
    expect(all.groups.find(({ by }) => by.firstHalf)!.count).toBe(row!.n);
    expect(first.groups[0]!.count).toBe(row!.n);
    expect(catalogue.find(({ name }) => name === 'placement')!.dimensions).toContainEqual({ name: 'firstHalf', label: { indonesian: 'Paruh pertama' } });
  });
});
