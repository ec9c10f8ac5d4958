import { eq, sql } from 'drizzle-orm';
import type { Agency, Failure } from '../agencies/agency.ts';
import type { AgencyName, AgencyRecord } from '../domain/record.ts';
import type { SyncOutcome } from '../domain/sync.ts';
import type { Crosswalk } from '../identity/crosswalk.ts';
import type { Database, Queries } from '../store/database.ts';
import { syncState } from '../store/tables.ts';
import { type Batch, gatherPages } from './pages.ts';
import { noteRemovals, noteUnseen, type RemovalRules, settleRemovals } from './removals.ts';

export interface SyncOptions {
  readonly agency: Agency;
  readonly database: Database;
  readonly crosswalk: Crosswalk;
  /** Sent to the agency with each call. */
  readonly requestId: string;
  /** Stops after the pages under way. */
  readonly signal?: AbortSignal;
  /** What a run may remove; by default 5 % of an agency's records. */
  readonly removals?: RemovalRules;
  /** Entries of one transaction while a feed is read for the first time, or anew. Default 5000. */
  readonly batchEntries?: number;
  /** Told after each transaction. */
  readonly onPage?: (page: SyncPage) => void;
  /** Default: the system clock. */
  readonly now?: () => Date;
}

/** What one transaction has saved. */
export interface SyncPage {
  readonly agency: AgencyName;
  readonly saved: number;
  readonly removed: number;
  readonly rejected: number;
  /** Whether the feed has more. */
  readonly more: boolean;
}

export interface SyncResult {
  readonly saved: number;
  readonly removed: number;
  /** Removals that wait for a human's word, because they are more than a run may make. */
  readonly held: number;
  /** Entries that did not fit the agency's protocol. */
  readonly rejected: number;
  readonly outcome: SyncOutcome;
  /** What stopped it before the feed's end; null when it came to the end or was told to stop. */
  readonly failure: Failure | null;
}

type State = typeof syncState.$inferSelect;

/** What became of a batch; null where another instance has read on meanwhile. */
interface Written {
  readonly saved: number;
  readonly removed: number;
  readonly held: number;
  readonly outcome: SyncOutcome;
  readonly touched: readonly string[];
}

const unread = { code: 'AGENCY_INVALID_ANSWER', retryable: false, message: 'The agency does not know the beginning of its own feed.' } as const satisfies Failure;

/**
 * Reads an agency's change feed into the store, from where the last run stopped to the feed's end. Pages, their links and the new cursor are one
 * transaction, so that a run may die anywhere: the next one goes on with nothing lost and nothing doubled. Removals are made at the feed's end, together.
 * Where the agency does not know the cursor any more, the feed is read anew, and what it does not bring again is removed.
 */
export async function syncAgency(options: SyncOptions): Promise<SyncResult> {
  const { agency, database, crosswalk, signal } = options;
  const now = options.now ?? (() => new Date());
  const total = { saved: 0, removed: 0, held: 0, rejected: 0 };
  if (!agency.changes) return { ...total, outcome: 'CAUGHT_UP', failure: null };
  const ended = async (outcome: SyncOutcome, failure: Failure | null = null): Promise<SyncResult> => {
    await database.run((q) => q.insert(syncState).values({ agency: agency.name, outcome, ranAt: now() }).onConflictDoUpdate({ target: syncState.agency, set: { outcome, ranAt: now() } }));
    return { ...total, outcome, failure };
  };
  const read = (state: State | undefined, cursor: string | null): Promise<Batch> => {
    const large = !state?.caughtUp;
    return gatherPages(cursor, { agency, requestId: options.requestId, entries: large ? (options.batchEntries ?? 5_000) : 1, ...(signal ? { signal } : {}) });
  };

  let state = (await readState(database, agency.name)) ?? (await begin(database, agency.name, now()));
  let next = read(state, state?.cursor ?? null);
  for (let restarted = false; ; ) {
    const batch = await next;
    if (batch.expired) {
      if (batch.from === null || restarted) return ended(unread.code, unread);
      restarted = true;
      await startAnew(database, agency.name, batch.from, now());
      state = await readState(database, agency.name);
      next = read(state, state!.cursor);
      continue;
    }
    if (batch.pages > 0) {
      const goesOn = batch.more && batch.failure === null && signal?.aborted !== true;
      // The agency is asked for the next pages while these are written.
      if (goesOn) {
        next = read(state, batch.cursor);
        next.catch(() => {});
      }
      const written = await database.transaction((q) => writeBatch(q, crosswalk, agency.name, batch, options.removals ?? {}, now()));
      if (written === null) {
        state = await readState(database, agency.name);
        next = read(state, state!.cursor);
        continue;
      }
      await crosswalk.forget(written.touched);
      total.saved += written.saved;
      total.removed += written.removed;
      total.held = written.held;
      total.rejected += batch.rejected;
      options.onPage?.({ agency: agency.name, saved: written.saved, removed: written.removed, rejected: batch.rejected, more: batch.more });
      if (!batch.more) return ended(written.outcome);
    }
    if (batch.failure !== null) return signal?.aborted === true ? ended('STOPPED') : ended(batch.failure.code, batch.failure);
    if (signal?.aborted === true) {
      await next;
      return ended('STOPPED');
    }
  }
}

async function readState(database: Database, agency: AgencyName): Promise<State | undefined> {
  const [state] = await database.run((q) => q.select().from(syncState).where(eq(syncState.agency, agency)));
  return state;
}

/** Notes that a feed is about to be read for the first time, so that what follows from records waits until they are complete. */
async function begin(database: Database, agency: AgencyName, at: Date): Promise<State | undefined> {
  await database.run((q) => q.insert(syncState).values({ agency, lastPageAt: at }).onConflictDoNothing());
  return readState(database, agency);
}

/** Begins the feed anew, unless another instance has. */
async function startAnew(database: Database, agency: AgencyName, cursor: string, at: Date): Promise<void> {
  await database.run((q) => q.execute(sql`
    update sync_state set cursor = null, caught_up = false, pages = 0, rejected = 0, reread_since = ${at.toISOString()}::timestamptz where agency = ${agency} and cursor = ${cursor}`));
}

/** Saves a batch with its cursor, in the caller's transaction. Null where another instance has saved these pages meanwhile. */
async function writeBatch(queries: Queries, crosswalk: Crosswalk, agency: AgencyName, batch: Batch, rules: RemovalRules, now: Date): Promise<Written | null> {
  const [state] = await queries.select().from(syncState).where(eq(syncState.agency, agency)).for('update');
  if (state!.cursor !== batch.from) return null;
  // Not before the reading anew began, by whichever clock: else what it brings would seem not to have come.
  const at = state!.rereadSince !== null && state!.rereadSince > now ? state!.rereadSince : now;
  // The feed's order counts: a record that was changed and then deleted in one page is gone.
  const last = new Map<string, AgencyRecord | null>();
  for (const change of batch.changes) last.set(change.kind === 'upsert' ? change.record.recordId : change.recordId, change.kind === 'upsert' ? change.record : null);
  const upserts = [...last.values()].filter((record) => record !== null);
  const deleted = [...last].flatMap(([recordId, record]) => (record === null ? [recordId] : []));
  // Until the feed has been read to its end, most of those that a record is to be compared with are yet to come; and until the first time, nothing of it is news.
  const { touched } = await crosswalk.rememberIn(queries, upserts, at, { defer: !state!.caughtUp, news: state!.firstCaughtUpAt !== null });
  await noteRemovals(queries, agency, deleted, upserts.map(({ recordId }) => recordId), at);
  const rejected = state!.rejected + batch.rejected;
  const base = { cursor: batch.cursor, lastPageAt: at };
  if (batch.more) {
    await queries.update(syncState).set({ ...base, caughtUp: false, pages: state!.pages + batch.pages, rejected }).where(eq(syncState.agency, agency));
    return { saved: upserts.length, removed: 0, held: 0, outcome: 'STOPPED', touched };
  }
  // An entry that could not be read may be of a record that is still there.
  const unclear = state!.rereadSince !== null && rejected > 0;
  if (state!.rereadSince !== null && !unclear) await noteUnseen(queries, agency, state!.rereadSince, at);
  const settled = await settleRemovals(queries, crosswalk, agency, rules, at);
  await queries.update(syncState).set({ ...base, caughtUp: true, pages: 0, rejected: 0, rereadSince: null, caughtUpAt: at, firstCaughtUpAt: state!.firstCaughtUpAt ?? at }).where(eq(syncState.agency, agency));
  const outcome = settled.held > 0 ? 'REMOVALS_HELD' : unclear ? 'ENTRIES_REJECTED' : 'CAUGHT_UP';
  return { saved: upserts.length, removed: settled.removed, held: settled.held, outcome, touched: [...new Set([...touched, ...settled.touched])] };
}
