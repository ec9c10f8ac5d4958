import type { FailureCode } from './failure.ts';

/** How a reading of an agency's feed can end, apart from a fault of the agency. */
export const syncEnds = ['CAUGHT_UP', 'STOPPED', 'REMOVALS_HELD', 'ENTRIES_REJECTED'] as const;

/**
 * How the last reading of an agency's feed ended: at its end (`CAUGHT_UP`); told to stop (`STOPPED`); at its end, with more removals than one run may make waiting for a
 * human's word (`REMOVALS_HELD`); at the end of a reading from the beginning some of whose entries could not be read, so that nobody can say which records are gone
 * (`ENTRIES_REJECTED`); or the fault that broke it off.
 */
export type SyncOutcome = (typeof syncEnds)[number] | FailureCode;
