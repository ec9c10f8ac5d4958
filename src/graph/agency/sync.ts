import { errorCodes, type FailureCode } from '../../domain/failure.ts';
import { lagSeconds, type SyncOutcome, type SyncStatus } from '../../domain/sync.ts';
import { builder } from '../builder.ts';
import type { SyncProgress } from '../context.ts';
import { describedEnum } from '../enums.ts';

const faults = Object.fromEntries(Object.entries(errorCodes).filter(([code]) => code.startsWith('AGENCY_')).map(([code, { meaning }]) => [code, meaning])) as Record<FailureCode, string>;

const SyncOutcomeEnum = describedEnum<SyncOutcome>('SyncOutcome', 'How the last reading of an agency’s change feed ended.', {
  CAUGHT_UP: 'At the feed’s end.',
  STOPPED: 'It was told to stop; the next one goes on there.',
  REMOVALS_HELD: 'At the feed’s end; but the agency says it has deleted more records than one run may remove, so that a human must look first (`npm run sync -- --accept-removals`).',
  ENTRIES_REJECTED: 'At the end of a reading from the beginning some of whose entries could not be read, so that nobody can say which records are gone: none was removed.',
  ...faults,
});

const SyncModeEnum = describedEnum<'FEED' | 'CRAWL'>('SyncMode', 'How the hub’s index is kept up with an agency.', {
  FEED: 'By the agency’s change feed.',
  CRAWL: 'The agency has no feed: it is asked about one worker after the other, those first who were asked about longest ago.',
});

export const AgencySyncType = builder.objectRef<SyncStatus>('AgencySync').implement({
  description: 'How far the hub’s index is behind an agency.',
  fields: (t) => ({
    mode: t.field({ type: SyncModeEnum, nullable: false, description: 'How it is kept up.', resolve: ({ feed }) => (feed ? 'FEED' : 'CRAWL') }),
    lagSeconds: t.float({
      description: 'Seconds since the feed was last at its end; for a crawl, since the agency answered about the worker who was asked about longest ago. Null where that has not come yet.',
      resolve: (status, _args, context) => lagSeconds(status, context.now),
    }),
    caughtUp: t.boolean({ description: 'Whether the feed was at its end when last asked; false while more is known to wait. For a crawl: whether everybody was asked about at least once.', resolve: ({ feed, crawl }) => (feed ? feed.caughtUp : crawl && crawl.neverAsked === 0) }),
    caughtUpAt: t.field({ type: 'DateTime', description: 'When the feed was last at its end; null before the first time, and for a crawl.', resolve: ({ feed }) => feed?.caughtUpAt?.toISOString() }),
    pages: t.int({ description: 'Pages read since the feed was last at its end; null for a crawl.', resolve: ({ feed }) => feed?.pages }),
    lastRunAt: t.field({ type: 'DateTime', description: 'When the feed was last read; null for a crawl.', resolve: ({ feed }) => feed?.ranAt?.toISOString() }),
    outcome: t.field({ type: SyncOutcomeEnum, description: 'How that ended; null before the first time, and for a crawl.', resolve: ({ feed }) => feed?.outcome }),
    removalsWaiting: t.int({ description: 'Records that the agency says it has deleted and that the hub has not removed; null for a crawl.', resolve: ({ feed }) => feed?.removalsWaiting }),
    workers: t.int({ description: 'Workers whom the agency can be asked about; null where it has a feed.', resolve: ({ crawl }) => crawl?.workers }),
    neverAsked: t.int({ description: 'Those of them whom it was never asked about.', resolve: ({ crawl }) => crawl?.neverAsked }),
    oldestAskedAt: t.field({ type: 'DateTime', description: 'When it answered about the worker who was asked about longest ago.', resolve: ({ crawl }) => crawl?.oldestAskedAt?.toISOString() }),
    askedToday: t.int({ description: 'Calls that the crawl has made today, in Jakarta.', resolve: ({ crawl }, _args, context) => crawl && (crawl.askedOn?.day === context.today ? crawl.askedOn.calls : 0) }),
  }),
});

const IndexingType = builder.objectRef<SyncProgress['followUp']>('Indexing').implement({
  description: 'What the hub has read and not yet taken into its index.',
  fields: (t) => ({
    waiting: t.int({ nullable: false, description: 'Changes that wait.', resolve: ({ changes }) => changes }),
    waitingSince: t.field({ type: 'DateTime', description: 'Since when the oldest waits; null where none does.', resolve: ({ since }) => since?.toISOString() }),
  }),
});

builder.queryField('indexing', (t) =>
  t.field({ type: IndexingType, nullable: false, description: 'What has been read of the agencies and is not yet in the index, from which lists and statistics are answered.', resolve: async (_root, _args, context) => (await context.progress()).followUp }),
);
