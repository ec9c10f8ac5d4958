import type { FailureCode } from './failure.ts';

/** How a reading of an agency's feed can end, apart from a fault of the agency. */
export const syncEnds = ['CAUGHT_UP', 'STOPPED', 'REMOVALS_HELD', 'ENTRIES_REJECTED'] as const;

/**
 * How the last reading of an agency's feed ended: at its end (`CAUGHT_UP`); told to stop (`STOPPED`); at its end, with more removals than one run may make waiting for a
 * human's word (`REMOVALS_HELD`); at the end of a reading from the beginning some of whose entries could not be read, so that nobody can say which records are gone
 * (`ENTRIES_REJECTED`); or the fault that broke it off.
 */
export type SyncOutcome = (typeof syncEnds)[number] | FailureCode;

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

/**
 * How far the hub is behind an agency, seconds: since its feed was last at its end; or since it answered about the worker who was asked about longest ago. Null where
 * that end was never reached, or somebody was never asked about.
 */
export function lagSeconds({ feed, crawl }: SyncStatus, now: Date): number | null {
  const since = feed ? feed.caughtUpAt : crawl && crawl.neverAsked === 0 ? crawl.oldestAskedAt : null;
  return since === null ? null : Math.max(0, (now.getTime() - since.getTime()) / 1000);
}
