import { describe, expect, it } from 'vitest';
import { type GivenStatistics, statisticsSource } from '../../../src/index/exports/statistics.ts';
import { catalogue } from '../../../src/index/catalogue.ts';
import { keysOf } from '../../../src/index/statistics/keys.ts';
import { type Answer, Refusal, type ShownGroup } from '../../../src/index/statistics/statistics.ts';

const grant = { scopes: new Set(['statistics:read'] as const), bounds: {}, purposes: null };
const given: GivenStatistics = { groupBy: ['COUNTRY'], rollUp: false, asOf: '2026-11-22', measures: ['count'] };
const refusing = (reason: Refusal['reason']) => ({ statistics: { ask: () => Promise.reject(new Refusal(reason, '')) } });

describe('the source of an export of statistics', () => {
  it('ends the job where the question costs too much or takes too long, and lets it wait where the hub is busy', async () => {
    for (const reason of ['TOO_EXPENSIVE', 'TIMEOUT'] as const) await expect(statisticsSource('placementStatistics', given, grant, refusing(reason))).rejects.toMatchObject({ name: 'ExportFault', code: 'TOO_EXPENSIVE' });
    await expect(statisticsSource('placementStatistics', given, grant, refusing('BUSY'))).rejects.toMatchObject({ name: 'Refusal' });
  });

  it('asks again whether the owner may: scope, bounds, and the form of what was kept', async () => {
    const fails = (order: GivenStatistics, who: Parameters<typeof statisticsSource>[2]) => statisticsSource('workerStatistics', order, who, refusing('BUSY'));
    await expect(fails({ ...given, groupBy: [] }, { ...grant, scopes: new Set() })).rejects.toMatchObject({ code: 'DENIED' });
    await expect(fails({ ...given, groupBy: ['PLACEMENTS'] }, { ...grant, bounds: { p3mis: ['1'] } })).rejects.toMatchObject({ code: 'DENIED' });
    await expect(fails({ ...given, groupBy: [], where: { nothing: {} } }, grant)).rejects.toMatchObject({ code: 'INPUT' });
  });

  it('writes groups in pieces', async () => {
    const [country] = keysOf(catalogue.placement.dimensions.find(({ name }) => name === 'country')!);
    const figure = { value: 7, share: null, perThousand: null, counts: [], money: [], quantity: null };
    const groups = Array.from({ length: 5 }, (_, i): ShownGroup => ({ groupedBy: [country!], subtotal: false, keys: new Map([['country', `C${i}`]]), figures: new Map([['count', figure]]) }));
    const answer: Answer = { groups, indexedThrough: '', reckoned: { points: 1, rows: 1, columns: 1, groups: 5 }, protects: false };
    const source = await statisticsSource('placementStatistics', given, grant, { statistics: { ask: async () => answer }, batch: 2 });
    const pieces: unknown[] = [];
    await source.read(async ({ rows, workers }) => void pieces.push([rows, workers]));
    expect(pieces).toEqual([[[['C0', 7], ['C1', 7]], []], [[['C2', 7], ['C3', 7]], []], [[['C4', 7]], []]]);
  });
});
