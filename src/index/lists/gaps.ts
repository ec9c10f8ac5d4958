import { and, inArray } from 'drizzle-orm';
import type { Database } from '../../store/database.ts';
import { gap } from '../../store/eventTables.ts';
import type { Listed } from './lists.ts';

/** A gap as it stands in the index. */
export type IndexedGap = typeof gap.$inferSelect;

/** Reads the gaps of a page. */
export interface GapReader {
  /** In the order asked; null for one that is gone. */
  read(rows: readonly Pick<Listed, 'workerId' | 'key'>[]): Promise<(IndexedGap | null)[]>;
}

export function createGapReader(database: Pick<Database, 'run'>): GapReader {
  return {
    async read(rows) {
      if (rows.length === 0) return [];
      const found = await database.run((q) => q.select().from(gap).where(and(inArray(gap.workerId, rows.map(({ workerId }) => workerId)), inArray(gap.id, rows.map(({ key }) => key!)))));
      const byId = new Map(found.map((one) => [one.id, one]));
      return rows.map(({ key }) => byId.get(key!) ?? null);
    },
  };
}
