import type { CaseCategory } from './case.ts';
import type { AgencyName } from './record.ts';

export const referralStates = ['SENT', 'ACCEPTED', 'ANSWERED'] as const;
/** How far a case has come that was handed to another agency. Each state follows the one before it, and none is left out. */
export type ReferralState = (typeof referralStates)[number];

export const referralOutcomes = ['GRANTED', 'REFUSED', 'INCOMPLETE', 'NOT_COMPETENT'] as const;
/** What the other agency answered. The list is the hub's own. */
export type ReferralOutcome = (typeof referralOutcomes)[number];

/** A step of a referral: written once, never changed. */
export interface ReferralStep {
  readonly state: ReferralState;
  readonly at: Date;
  /** Kind and public id of the caller who took it. */
  readonly by: string;
  /** The note that the case was sent with, or the answer. Personal data. */
  readonly text: string | null;
  /** With ANSWERED. */
  readonly outcome: ReferralOutcome | null;
}

/** A case that one agency handed to another. */
export interface Referral {
  /** The worker for whom it was made: with it the id is whole, whoever she was found to be since. */
  readonly workerId: string;
  readonly id: string;
  /** For people: to be said on the telephone and written on paper. */
  readonly reference: string;
  /** The worker whose the case is now, after merges and splits. */
  readonly owner: string;
  /** The record on which the case stands, and its number. */
  readonly agency: AgencyName;
  readonly recordId: string;
  readonly caseNumber: string;
  /** The mission that handles the case and the case's category: as last known, else as they were when it was sent. */
  readonly mission: string;
  readonly category: CaseCategory;
  readonly from: AgencyName;
  readonly to: AgencyName;
  /** Code of the benefit that is asked for; null where none is named. */
  readonly benefit: string | null;
  readonly state: ReferralState;
  /** In their order. */
  readonly steps: readonly ReferralStep[];
}
