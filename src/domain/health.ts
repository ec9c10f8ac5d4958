import type { Day } from './time.ts';

export const healthSegments = ['PBI', 'PPU', 'PBPU', 'BP'] as const;
/** JKN segment: contribution paid by the state (PBI), wage earner (PPU), self-paying (PBPU), non-worker (BP). */
export type HealthSegment = (typeof healthSegments)[number];

export const inactiveReasons = ['ARREARS', 'SUSPENDED_ABROAD', 'DECEASED', 'OTHER'] as const;
/** Why a membership is not active, as far as the agency's words tell. Suspension abroad is lawful (Perpres 64/2020 art. 37). */
export type InactiveReason = (typeof inactiveReasons)[number];

/** A JKN membership as BPJS Kesehatan answers for one service date. */
export interface HealthMembership {
  /** 13-digit card number. */
  readonly card: string;
  /** The day the status holds for. */
  readonly serviceDate: Day;
  /** Active on the service date: true only for status code `0`. */
  readonly active: boolean;
  /** The agency's status code, kept because only `0` is published. */
  readonly statusCode: string;
  /** The agency's words for the status. */
  readonly statusText: string;
  /** Null while active. */
  readonly inactiveReason: InactiveReason | null;
  /** Null when the code is none that the hub knows. */
  readonly segment: HealthSegment | null;
  readonly segmentCode: string;
  readonly segmentText: string;
  /** Ward class entitled to, `1` to `3`. */
  readonly wardClass: string | null;
  /** Role in the family: member, spouse, child as the agency codes it. */
  readonly familyRole: string | null;
  readonly start: Day | null;
  readonly end: Day | null;
  /** Primary-care facility. */
  readonly facility: { readonly code: string; readonly name: string } | null;
}
