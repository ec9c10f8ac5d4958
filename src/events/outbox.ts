import { and, asc, gt, inArray, sql } from 'drizzle-orm';
import type { EventKind, LoggedEvent, NewEvent } from '../domain/event.ts';
import type { Database, Queries } from '../store/database.ts';
import { event } from '../store/eventTables.ts';

/** Told when events wait for their place in the log, and when the log has grown. */
export const inboxChannel = 'payung_event_inbox';
export const logChannel = 'payung_events';

/** Writes events in the caller's transaction: they are told if, and only if, it commits. Those of one person must be written one after the other, by a lock or by their cause. */
export async function writeEvents(queries: Queries, events: readonly NewEvent[], at: Date): Promise<void> {
  if (events.length === 0) return;
  // As one JSON text, the order kept: a query builder takes longer over thousands of rows than the server.
  await queries.execute(sql`
    insert into event_inbox (worker_id, kind, subject, rule, ref, reach, occurred_at, recorded_at)
    select "workerId", kind, subject, rule, ref, reach, "occurredAt", ${at.toISOString()}::timestamptz
    from rows from (jsonb_to_recordset(${JSON.stringify(events)}::jsonb) as ("workerId" uuid, kind text, subject jsonb, rule text, ref text, reach jsonb, "occurredAt" timestamptz)) with ordinality order by ordinality`);
  await queries.execute(sql`select pg_notify(${inboxChannel}, '')`);
}

/** Most events that get their place at once. */
const movedAtOnce = 5_000;

/**
 * Gives events in the inbox their places in the log. One at a time, on whichever instance: the lock is held until the places can be read, so that nobody
 * ever reads a place behind which another is still to come. Gives back how many there were.
 */
export async function fileEvents(database: Pick<Database, 'transaction'>): Promise<number> {
  let total = 0;
  for (;;) {
    const moved = await database.transaction(async (q) => {
      await q.execute(sql`select pg_advisory_xact_lock(hashtext('payung events'))`);
      const rows = await q.execute<{ count: number }>(sql`
        with taken as (
          delete from event_inbox where seq in (select seq from event_inbox order by seq limit ${movedAtOnce}) returning *
        ), filed as (
          insert into event (worker_id, kind, subject, rule, ref, reach, occurred_at, recorded_at)
          select worker_id, kind, subject, rule, ref, reach, occurred_at, recorded_at from taken order by seq returning 1
        )
        select count(*)::int as count from filed`);
      const count = rows[0]!.count;
      if (count > 0) await q.execute(sql`select pg_notify(${logChannel}, '')`);
      return count;
    });
    total += moved;
    if (moved < movedAtOnce) return total;
  }
}

export interface LogQuery {
  /** Only those behind this id. */
  readonly after: number;
  readonly limit: number;
  /** Default: all. */
  readonly kinds?: readonly EventKind[];
  /** Default: everybody's. */
  readonly workers?: readonly string[];
}

/** Events of the log in their order. */
export async function readEvents(database: Pick<Database, 'run'>, { after, limit, kinds, workers }: LogQuery): Promise<LoggedEvent[]> {
  return database.run((q) =>
    q.select().from(event)
      .where(and(gt(event.id, after), kinds && inArray(event.kind, [...kinds]), workers && inArray(event.workerId, [...workers])))
      .orderBy(asc(event.id)).limit(limit),
  );
}

/** The place of the last event, and that before the first one kept; both 0 while there was none. */
export async function logEnds(database: Pick<Database, 'run'>): Promise<{ readonly before: number; readonly last: number }> {
  const [row] = await database.run((q) => q.execute<{ first: string | null; last: string | null }>(sql`select min(id) as first, max(id) as last from event`));
  const last = Number(row?.last ?? 0);
  return { before: row?.first ? Number(row.first) - 1 : last, last };
}

/** Removes events older than a moment. The last one stays, so that the log's end is always known. */
export async function sweepEvents(database: Pick<Database, 'run'>, before: Date): Promise<void> {
  await database.run((q) => q.execute(sql`delete from event where recorded_at < ${before.toISOString()}::timestamptz and id < (select max(id) from event)`));
}
