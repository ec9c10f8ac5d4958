import { sql } from 'drizzle-orm';
import type { AgencyName } from '../domain/record.ts';
import type { Crosswalk } from '../identity/crosswalk.ts';
import type { Queries } from '../store/database.ts';

export interface RemovalRules {
  /** Largest share of an agency's stored records that a run may remove. Default 0.05. */
  readonly maxShare?: number;
  /** Removes whatever waits, since a human has looked at it. Default false. */
  readonly accept?: boolean;
}

const defaultShare = 0.05;

/** Rows of one statement. */
const atOnce = 2_000;

/** Notes what the agency says it has deleted; what it has brought again is not deleted. */
export async function noteRemovals(queries: Queries, agency: AgencyName, deleted: readonly string[], brought: readonly string[], at: Date): Promise<void> {
  if (brought.length > 0) await queries.execute(sql`delete from sync_removal where agency = ${agency} and record_id in (select jsonb_array_elements_text(${JSON.stringify(brought)}::jsonb))`);
  if (deleted.length > 0) {
    await queries.execute(sql`
      insert into sync_removal (agency, record_id, noted_at) select ${agency}, jsonb_array_elements_text(${JSON.stringify(deleted)}::jsonb), ${at.toISOString()}::timestamptz
      on conflict do nothing`);
  }
}

/** Notes the records that a reading from the beginning has not brought. */
export async function noteUnseen(queries: Queries, agency: AgencyName, since: Date, at: Date): Promise<void> {
  await queries.execute(sql`
    insert into sync_removal (agency, record_id, noted_at) select agency, record_id, ${at.toISOString()}::timestamptz from agency_record
    where agency = ${agency} and fetched_at < ${since.toISOString()}::timestamptz on conflict do nothing`);
}

export interface Settled {
  readonly removed: number;
  /** Removals that wait for a human's word. */
  readonly held: number;
  /** Workers who lost a record. */
  readonly touched: readonly string[];
}

/**
 * Removes what has been noted since the feed was last at its end, all of it or nothing: where it is a larger share of the stored records than a run may remove,
 * it stays until a human has looked, or until the agency has brought the records again.
 */
export async function settleRemovals(queries: Queries, crosswalk: Crosswalk, agency: AgencyName, { maxShare = defaultShare, accept = false }: RemovalRules, at: Date): Promise<Settled> {
  const rows = await queries.execute<{ record_id: string }>(sql`
    select s.record_id from sync_removal s join agency_record r using (agency, record_id) where s.agency = ${agency} order by 1`);
  if (rows.length > 0 && !accept) {
    const [{ stored }] = (await queries.execute<{ stored: number }>(sql`select count(*)::int as stored from agency_record where agency = ${agency}`)) as unknown as [{ stored: number }];
    if (rows.length > maxShare * stored) return { removed: 0, held: rows.length, touched: [] };
  }
  const touched = new Set<string>();
  for (let from = 0; from < rows.length; from += atOnce) {
    for (const id of await crosswalk.removeIn(queries, agency, rows.slice(from, from + atOnce).map(({ record_id }) => record_id), at)) touched.add(id);
  }
  await queries.execute(sql`delete from sync_removal where agency = ${agency}`);
  return { removed: rows.length, held: 0, touched: [...touched] };
}
