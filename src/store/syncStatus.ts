import { sql } from 'drizzle-orm';
import type { AgencyName } from '../domain/record.ts';
import type { CrawlStatus, FeedStatus, SyncOutcome, SyncStatus } from '../domain/sync.ts';
import type { Database } from './database.ts';

const moment = (text: string | null) => (text === null ? null : new Date(text));

/** How long after its last page a first reading counts as under way. */
const underWayMs = 30_000;

/** Whether a feed is being read for the first time. */
export async function firstReading(database: Database, now: Date): Promise<boolean> {
  const since = new Date(now.getTime() - underWayMs).toISOString();
  const rows = await database.run((q) => q.execute(sql`select 1 from sync_state where first_caught_up_at is null and last_page_at > ${since}::timestamptz limit 1`));
  return rows.length > 0;
}

/** The state of all readings, by agency. One that has not begun is not there. */
export async function readSyncStatus(database: Database): Promise<ReadonlyMap<AgencyName, SyncStatus>> {
  const [feeds, crawls] = await Promise.all([
    database.run((q) => q.execute<{ agency: string; caught_up_at: string | null; caught_up: boolean; pages: number; ran_at: string | null; outcome: SyncOutcome | null; waiting: number }>(sql`
      select agency, caught_up_at, caught_up, pages, ran_at, outcome, (select count(*)::int from sync_removal r where r.agency = s.agency) as waiting from sync_state s where not exists (select 1 from sync_crawl c where c.agency = s.agency)`)),
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
