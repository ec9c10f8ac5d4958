import { sql } from 'drizzle-orm';
import type { Instant } from '../../domain/time.ts';
import type { Database } from '../../store/database.ts';

/**
 * Up to when the index holds what the agencies with a change feed have told: the earliest of their last pages, or of the changes that wait to be followed up.
 * Null while one of the feeds has not been read to its end yet.
 */
export async function readIndexedThrough(database: Pick<Database, 'run'>, feeds: readonly string[]): Promise<Instant | null> {
  const [row] = await database.run((q) =>
    q.execute<{ read: number; last: string | null; waiting: string | null }>(sql`
      select count(*) filter (where first_caught_up_at is not null)::int as read, min(last_page_at) as last, (select min(at) from changed_worker) as waiting
      from sync_state where agency in (select jsonb_array_elements_text(${JSON.stringify(feeds)}::jsonb))`),
  );
  if (!row || row.read < feeds.length || row.last === null) return null;
  const [last, waiting] = [new Date(row.last), row.waiting === null ? null : new Date(row.waiting)];
  return (waiting && waiting < last ? waiting : last).toISOString();
}
