import { sql } from 'drizzle-orm';
import type { Queries } from './database.ts';

/** Says, in the transaction of the change, that what copies of the index hold of these workers is no longer right. */
export async function markIndexed(queries: Queries, workers: Iterable<string>): Promise<void> {
  const ids = [...new Set(workers)].toSorted();
  if (ids.length === 0) return;
  await queries.execute(sql`
    insert into indexed_change (worker_id, xid) select jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb)::uuid, pg_current_xact_id()::text::bigint
    on conflict (worker_id) do update set xid = excluded.xid where indexed_change.xid <> excluded.xid`);
  await queries.execute(sql`select pg_notify('payung_indexed', '')`);
}
