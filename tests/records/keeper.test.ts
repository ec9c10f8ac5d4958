import { expect, it } from 'vitest';
import type { AgencyRecord } from '../../src/domain/record.ts';
import type { Crosswalk } from '../../src/identity/crosswalk.ts';
import { createKeeper } from '../../src/records/keeper.ts';
import { bareRecord } from '../agencies/fakeWorld.ts';

const nik = { kind: 'NIK', value: '3507104101909001' } as const;
const at = new Date('2026-11-22T00:00:00Z');
const record = (recordId: string, asOf: string | null): AgencyRecord => ({ ...bareRecord('BP2MI', recordId, [nik], { name: 'SITI AMINAH' }), asOf });

/** A keeper, and the records of each of its writes. */
function start() {
  const writes: (readonly AgencyRecord[])[] = [];
  const crosswalk: Pick<Crosswalk, 'remember'> = { remember: async (records) => (writes.push(records), new Map()) };
  return { keeper: createKeeper(crosswalk), writes };
}

it.each(['flush', 'close'] as const)('%s writes what was seen a moment before', async (what) => {
  const { keeper, writes } = start();
  const seen = [record('A', null), record('B', '2026-01-01T00:00:00.000Z')];
  keeper.saw(seen, at);
  await keeper[what]();
  expect(writes).toEqual([seen]);
});

it('writes a record again only when it has changed', async () => {
  const { keeper, writes } = start();
  const [old, changed] = [record('A', '2026-01-01T00:00:00.000Z'), record('A', '2026-02-01T00:00:00.000Z')];
  for (const one of [old, old, changed, changed]) {
    keeper.saw([one], at);
    await keeper.flush();
  }
  expect(writes).toEqual([[old], [changed]]);
});
