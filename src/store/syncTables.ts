import { date, index, integer, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';

const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });

/**
 * Records that an agency says it has deleted, until the feed is at its end: then they are removed together, or, where they are too many, wait for a human's word.
 * A record that comes again meanwhile leaves the table.
 */
export const syncRemoval = pgTable(
  'sync_removal',
  {
    agency: text('agency').notNull(),
    recordId: text('record_id').notNull(),
    notedAt: moment('noted_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.agency, table.recordId] })],
);

/** Workers whom an agency without a feed is asked about, one by one, again and again (see `src/sync/crawl.ts`). */
export const syncCrawl = pgTable(
  'sync_crawl',
  {
    workerId: uuid('worker_id').notNull(),
    agency: text('agency').notNull(),
    /** When the agency last answered, whether or not it knew her; null before the first time. */
    askedAt: moment('asked_at'),
    /** Not asked before this time: an instance is at it, or a call has failed. */
    notBefore: moment('not_before'),
  },
  (table) => [primaryKey({ columns: [table.workerId, table.agency] }), index('sync_crawl_order').on(table.agency, table.askedAt.asc().nullsFirst())],
);

/** What all instances together have asked of an agency without a feed on a day (in Jakarta), and until when its pace is taken. */
export const syncCrawlDay = pgTable(
  'sync_crawl_day',
  {
    agency: text('agency').notNull(),
    day: date('day').notNull(),
    used: integer('used').notNull().default(0),
    pacedUntil: moment('paced_until').notNull(),
  },
  (table) => [primaryKey({ columns: [table.agency, table.day] })],
);
