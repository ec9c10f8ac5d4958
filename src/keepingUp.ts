import type { Logger } from 'pino';
import type { Agency } from './agencies/agency.ts';
import { type Config, thresholdsOf } from './config.ts';
import { type Assessing, createAssessing } from './gaps/assessing.ts';
import { followUp } from './gaps/pass.ts';
import type { Crosswalk } from './identity/crosswalk.ts';
import { keepIndex } from './index/keep.ts';
import type { Database } from './store/database.ts';
import { firstReading } from './store/syncStatus.ts';
import { createCrawlList } from './sync/crawl.ts';
import { type Crawling, createCrawling } from './sync/crawling.ts';
import { createFollowing, type Follower, type Following } from './sync/following.ts';
import { createSyncing, type Syncing } from './sync/syncing.ts';

export interface KeepingUpOptions {
  readonly config: Config;
  readonly database: Database;
  readonly crosswalk: Crosswalk;
  readonly agencies: readonly Agency[];
  /** Workers whose processing is restricted, as of now. */
  readonly restricted: ReadonlySet<string>;
  /** Makes removals that wait for a human's word. Default false. */
  readonly acceptRemovals?: boolean;
  readonly logger: Logger;
  readonly now: () => Date;
}

/** Everything that keeps the hub's own records up with the agencies, and what follows from them. Nothing runs before it is started. */
export interface KeepingUp {
  readonly syncing: Syncing;
  readonly crawling: Crawling;
  readonly following: Following;
  readonly assessing: Assessing;
}

export async function createKeepingUp({ config, database, crosswalk, agencies, restricted, acceptRemovals = false, logger, now }: KeepingUpOptions): Promise<KeepingUp> {
  const order = agencies.map(({ name }) => name);
  const index: Follower = { name: 'index', follow: async (q, workers, at) => void (await keepIndex(q, workers, order, at)) };
  const rules = { agencies, thresholds: thresholdsOf(config), coverEndingDays: config.COVER_ENDING_DAYS, now };
  const gaps: Follower = { name: 'gaps', follow: (q, workers, at) => followUp(q, workers, rules, at) };
  const list = createCrawlList(agencies.filter((agency) => !agency.changes));
  return {
    syncing: createSyncing({ agencies, database, crosswalk, maxRemovalShare: config.SYNC_MAX_REMOVAL_SHARE, acceptRemovals, batchEntries: config.SYNC_BATCH, intervalMs: config.SYNC_INTERVAL_MS, logger, now }),
    crawling: createCrawling({
      agencies, database, crosswalk, restricted, logger, now,
      rules: ({ mock }) => ({
        perSecond: config.CRAWL_PER_SECOND ?? (mock ? 500 : 5),
        perDay: config.CRAWL_PER_DAY ?? (mock ? 100_000_000 : 50_000),
        leastAgeMs: config.CRAWL_LEAST_AGE_H * 3_600_000,
      }),
      concurrency: Math.max(1, Math.floor(config.AGENCY_CONCURRENCY / 4)),
    }),
    following: createFollowing({ database, followers: [index, gaps, list], holdBack: () => firstReading(database, now()), logger, now }),
    assessing: await createAssessing({ ...rules, database, onFault: (error) => logger.error({ fault: error }, 'could not assess everybody; it goes on') }),
  };
}
