import { sql } from 'drizzle-orm';
import type { Database } from './database.ts';

/**
 * Lets the database's planner look at the tables that it knows nothing of, and at those that take twice the room they took when it last looked. The server's own
 * autovacuum does so too, but a minute later, or never where it is off, and till then lists are planned as if tables had a row or two: loops in loops over all of them.
 * When it last looked is forgotten where the server crashes, what it saw is not.
 */
export async function analyzeGrown(database: Database): Promise<void> {
  const grown = await database.run((q) => q.execute<{ name: string }>(sql`
    select quote_ident(c.relname) as name from pg_class c join pg_stat_user_tables s on s.relid = c.oid
    where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace and pg_relation_size(c.oid) > 0
      and (coalesce(s.last_analyze, s.last_autoanalyze) is null and not exists (select 1 from pg_stats k where k.schemaname = current_schema() and k.tablename = c.relname)
        or pg_relation_size(c.oid) > 2::bigint * c.relpages * current_setting('block_size')::int)
    order by c.relname`));
  // What another instance is looking at right now is left to it.
  if (grown.length > 0) await database.run((q) => q.execute(sql.raw(`analyze (skip_locked) ${grown.map(({ name }) => name).join(', ')}`)));
}
