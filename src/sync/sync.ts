import { eq } from 'drizzle-orm';
import type { Agency, Failure } from '../agencies/agency.ts';
import type { AgencyName, AgencyRecord } from '../domain/record.ts';
import type { Crosswalk } from '../identity/crosswalk.ts';
import type { Database } from '../store/database.ts';
import { syncState } from '../store/tables.ts';

export interface SyncOptions {
  readonly agency: Agency;
  readonly database: Database;
  readonly crosswalk: Crosswalk;
  /** Sent to the agency with each call. */
  readonly requestId: string;
  /** Stops after the page under way. */
  readonly signal?: AbortSignal;
  /** Told after each page. */
  readonly onPage?: (page: { readonly agency: AgencyName; readonly saved: number; readonly removed: number; readonly rejected: number }) => void;
  /** Default: the system clock. */
  readonly now?: () => Date;
}

export interface SyncResult {
  readonly saved: number;
  readonly removed: number;
  /** Entries that did not fit the agency's protocol. */
  readonly rejected: number;
  /** What stopped it before the feed's end; null when it came to the end or was told to stop. */
  readonly failure: Failure | null;
}

/**
 * Reads an agency's change feed into the store, from where the last run stopped to the feed's end. A page, its links and the new cursor are one
 * transaction, so that a run may die anywhere: the next one goes on with nothing lost and nothing doubled.
 */
export async function syncAgency(options: SyncOptions): Promise<SyncResult> {
  const { agency, database, crosswalk } = options;
  const now = options.now ?? (() => new Date());
  const total = { saved: 0, removed: 0, rejected: 0 };
  if (!agency.changes) return { ...total, failure: null };
  const [state] = await database.run((q) => q.select().from(syncState).where(eq(syncState.agency, agency.name)));
  let cursor = state?.cursor ?? null;
  for (let more = true; more && options.signal?.aborted !== true; ) {
    const page = await agency.changes(cursor, { requestId: options.requestId, ...(options.signal ? { signal: options.signal } : {}) });
    if (page.status === 'failed') return { ...total, failure: page.failure };
    // The feed's order counts: a record that was changed and then deleted in one page is gone.
    const last = new Map<string, AgencyRecord | null>();
    for (const change of page.changes) last.set(change.kind === 'upsert' ? change.record.recordId : change.recordId, change.kind === 'upsert' ? change.record : null);
    const upserts = [...last.values()].filter((record) => record !== null);
    const deletes = [...last].flatMap(([recordId, record]) => (record === null ? [recordId] : []));
    const from = cursor;
    const touched = await database.transaction(async (q) => {
      // Another instance may have read the same page meanwhile: whoever comes second leaves it.
      await q.insert(syncState).values({ agency: agency.name }).onConflictDoNothing();
      const [current] = await q.select().from(syncState).where(eq(syncState.agency, agency.name)).for('update');
      if (current!.cursor !== from) return null;
      // Until the feed has been read to its end once, nothing is news, and most of those that a record is to be compared with are yet to come.
      const first = current!.firstCaughtUpAt === null;
      const { touched } = await crosswalk.rememberIn(q, upserts, now(), { news: !first, defer: first });
      const removed = await crosswalk.removeIn(q, agency.name, deletes, now());
      const row = { agency: agency.name, cursor: page.cursor, caughtUp: !page.more, lastPageAt: now(), firstCaughtUpAt: current!.firstCaughtUpAt ?? (page.more ? null : now()) };
      await q.insert(syncState).values(row).onConflictDoUpdate({ target: syncState.agency, set: row });
      return [...new Set([...touched, ...removed])];
    });
    if (touched === null) {
      const [current] = await database.run((q) => q.select().from(syncState).where(eq(syncState.agency, agency.name)));
      cursor = current!.cursor;
      continue;
    }
    await crosswalk.forget(touched);
    total.saved += upserts.length;
    total.removed += deletes.length;
    total.rejected += page.rejected;
    options.onPage?.({ agency: agency.name, saved: upserts.length, removed: deletes.length, rejected: page.rejected });
    ({ cursor, more } = page);
  }
  return { ...total, failure: null };
}
