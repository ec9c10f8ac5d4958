import { createWorld } from '../../../src/agencies/world/world.ts';
import { createCrosswalk, type Crosswalk, type CrosswalkOptions } from '../../../src/identity/crosswalk.ts';
import type { AgencyRecord } from '../../../src/domain/record.ts';
import { type Database, openDatabase } from '../../../src/store/database.ts';
import { testDatabase } from '../../support/database.ts';

export const at = new Date('2026-11-22T00:00:00Z');

/** All records of a world of synthetic people, in a steady order. */
export function worldRecords(size: number, seed = 5): AgencyRecord[] {
  const world = createWorld({ seed, size, today: '2026-11-22' });
  return Array.from({ length: size }, (_, i) => [...world.person(i).records]).flat();
}

/** Who is who in it: the same people as {@link worldRecords}. */
export const worldPerson = (index: number) => createWorld({ seed: 5, size: 400, today: '2026-11-22' }).person(index);

export interface Index extends AsyncDisposable {
  readonly database: Database;
  readonly crosswalk: Crosswalk;
}

/** An empty index of its own. */
export async function emptyIndex(options: CrosswalkOptions = {}): Promise<Index> {
  await using parts = new AsyncDisposableStack();
  const { url } = parts.use(await testDatabase());
  const database = parts.adopt(await openDatabase({ url, connections: 4 }), (d) => d.close());
  const crosswalk = await createCrosswalk(database, options);
  const owned = parts.move();
  return { database, crosswalk, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** The same, filled page by page as sync does. */
export async function filledIndex(records: readonly AgencyRecord[], options: CrosswalkOptions = {}): Promise<Index> {
  const index = await emptyIndex(options);
  for (let from = 0; from < records.length; from += 200) await index.crosswalk.remember(records.slice(from, from + 200), at);
  return index;
}
