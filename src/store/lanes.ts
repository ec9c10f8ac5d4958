import { type SQL, sql } from 'drizzle-orm';
import type { Queries } from './database.ts';

/**
 * Workers are cut into this many lanes, by the first bit of their ids. What is kept up beside the records (index, gaps) changes in one transaction after the other for
 * the workers of a lane, and side by side for those of different lanes: one is made ready while the database writes the other.
 */
export const lanes = 2;

/** The lane that a worker belongs to. */
export function laneOf(workerId: string): number {
  return Number.parseInt(workerId[0]!, 16) >> 3;
}

/** Condition on a column of workers' ids. */
export function inLane(column: SQL, lane: number): SQL {
  const middle = sql`'80000000-0000-0000-0000-000000000000'::uuid`;
  return lane === 0 ? sql`${column} < ${middle}` : sql`${column} >= ${middle}`;
}

/**
 * Waits until the lane is free, and holds it until the transaction ends. Who works on workers apart by a lock of another kind holds it shared: it keeps out those
 * alone who take whichever workers have changed.
 */
export async function lockLane(queries: Queries, lane: number, { shared = false }: { readonly shared?: boolean } = {}): Promise<void> {
  await queries.execute(shared ? sql`select pg_advisory_xact_lock_shared(hashtext('payung following'), ${lane}::int)` : sql`select pg_advisory_xact_lock(hashtext('payung following'), ${lane}::int)`);
}
