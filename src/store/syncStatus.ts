import { sql } from 'drizzle-orm';
import type { AgencyName } from '../domain/record.ts';
import type { SyncOutcome } from '../domain/sync.ts';
import type { Database } from './database.ts';

/** How far the hub has read an agency's change feed. */
export interface FeedStatus {
  /** When its end was last reached; null before the first time. */
  readonly caughtUpAt: Date | null;
  /** Whether it was at its end at the last page; false while more is known to wait. */
  readonly caughtUp: boolean;
  /** Pages read since its end was last reached. */
  readonly pages: number;
  /** When the last run ended, and how. */
  readonly ranAt: Date | null;
  readonly outcome: SyncOutcome | null;
  /** Removals that have not been made: of a run under way, or more than one run may make. */
  readonly removalsWaiting: number;
}

/** How far the hub has come with an agency that has no feed and is asked about one worker after the other. */
export interface CrawlStatus {
  /** Workers whom it can be asked about. */
  readonly workers: number;
  /** Those it was never asked about. */
  readonly neverAsked: number;
  /** When it answered about the one who was asked about longest ago; null where nobody was. */
  readonly oldestAskedAt: Date | null;
  /** Calls of the latest day on which there were any, in Jakarta. */
  readonly askedOn: { readonly day: string; readonly calls: number } | null;
}

export interface SyncStatus {
  readonly feed: FeedStatus | null;
  readonly crawl: CrawlStatus | null;
}

const moment = (text: string | null) => (text === null ? null : new Date(text));

/** The state of all readings, by agency. One that has not begun is not there. */
export async function readSyncStatus(database: Database): Promise<ReadonlyMap<AgencyName, SyncStatus>> {
  const [feeds, crawls] = await Promise.all([
    database.run((q) => q.execute<{ agency: string; caught_up_at: string | null; caught_up: boolean; pages: number; ran_at: string | null; outcome: SyncOutcome | null; waiting: number }>(sql`
      select agency, caught_up_at, caught_up, pages, ran_at, outcome, (select count(*)::int from sync_removal r where r.agency = s.agency) as waiting from sync_state s`)),
    database.run((q) => q.execute<{ agency: string; workers: number; never: number; oldest: string | null; day: string | null; calls: number | null }>(sql`
      select c.*, d.day::text as day, d.used as calls
      from (select agency, count(*)::int as workers, (count(*) - count(asked_at))::int as never, min(asked_at) as oldest from sync_crawl group by agency) c
      left join lateral (select day, used from sync_crawl_day d where d.agency = c.agency order by day desc limit 1) d on true`)),
  ]);
  const feedOf = new Map(feeds.map((row): [string, FeedStatus] => [
    row.agency,
    { caughtUpAt: moment(row.caught_up_at), caughtUp: row.caught_up, pages: row.pages, ranAt: moment(row.ran_at), outcome: row.outcome, removalsWaiting: row.waiting },
  ]));
  const crawlOf = new Map(crawls.map((row): [string, CrawlStatus] => [
    row.agency,
    { workers: row.workers, neverAsked: row.never, oldestAskedAt: moment(row.oldest), askedOn: row.day === null ? null : { day: row.day, calls: row.calls! } },
  ]));
  return new Map([...new Set([...feedOf.keys(), ...crawlOf.keys()])].map((agency) => [agency, { feed: feedOf.get(agency) ?? null, crawl: crawlOf.get(agency) ?? null }]));
}
