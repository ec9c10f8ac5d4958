import { sql } from 'drizzle-orm';
import { markIndexed } from '../../src/store/indexedChange.ts';
import type { Database } from '../../src/store/database.ts';

/**
 * Makes gaps of kinds that a small world hardly has: that rest on a sensitive case beside other facts, and that concern a placement which they do not rest on. Which
 * ones they are differs from run to run, since ids do.
 */
export async function varyGaps(database: Pick<Database, 'transaction'>): Promise<void> {
  await database.transaction(async (q) => {
    const byte = (place: number) => sql`get_byte(uuid_send(id), ${sql.raw(String(place))})`;
    await q.execute(sql`update gap set reach = jsonb_set(reach, '{facets}', (reach -> 'facets') || '["CASE"]') || '{"case": {"mission": "KJRI_HONG_KONG", "category": "TPPO"}}' where ${byte(1)} % 5 = 0`);
    await q.execute(sql`
      update gap g set reach = reach - 'placement', country = o.country, mission = o.mission, p3mi = o.p3mi
      from (select p.country, p.mission, p.p3mi_id p3mi, row_number() over (order by worker_id) n, count(*) over () total from indexed_placement p where recorded_to is null) o
      where ${byte(2)} % 3 = 0 and o.n = 1 + (${byte(3)} * 7) % o.total`);
    const rows = await q.execute<{ worker_id: string }>(sql`select distinct worker_id from gap`);
    await markIndexed(q, rows.map(({ worker_id }) => worker_id));
  });
}
