import type { CaseCategory } from './case.ts';
import type { AgencyName, Facet } from './record.ts';

/** What subscribers are told of. */
export const eventKinds = [
  'GAP_OPENED', 'GAP_CLOSED', 'CASE_OPENED', 'CASE_MOVED', 'COVER_ENDING', 'PLACEMENT_CHANGED', 'LINK_CHANGED', 'REFERRAL_SENT', 'REFERRAL_ACCEPTED', 'REFERRAL_ANSWERED',
] as const;
export type EventKind = (typeof eventKinds)[number];

/** A fact on an agency's record: the case, placement or cover that an event is about. */
export interface EventSubject {
  readonly facet: Facet;
  readonly agency: string;
  readonly recordId: string;
  /** What tells the fact apart on its record, such as the number of the case. */
  readonly fact: string;
}

/** What an event rests on, as it was then: who may hear of it follows from this. */
export interface EventReach {
  /** Facets that it tells something of; a caller without the scope of one of them does not hear of it. */
  readonly facets: readonly Facet[];
  /** The placement that it rests on. */
  readonly placement?: { readonly p3mi: string | null; readonly mission: string | null };
  /** The case that it rests on. */
  readonly case?: { readonly mission: string; readonly category: CaseCategory };
  /** The agencies between which the case went. */
  readonly referral?: { readonly from: AgencyName; readonly to: AgencyName };
}

/** Something that happened to a worker: ids and kinds, nothing that she could be known by. */
export interface NewEvent {
  readonly kind: EventKind;
  readonly workerId: string;
  readonly subject: EventSubject | null;
  /** Rule of the gap; null for other kinds. */
  readonly rule: string | null;
  /** Id of the gap; of the referral the whole id, since a worker may have been split from the one it was made for. Null for other kinds. */
  readonly ref: string | null;
  readonly reach: EventReach;
  /** When it happened, as far as the records tell. */
  readonly occurredAt: Date;
}

/** An event in its place in the log. */
export interface LoggedEvent extends NewEvent {
  /** Higher than that of every event that could be read before. */
  readonly id: number;
  readonly recordedAt: Date;
}
