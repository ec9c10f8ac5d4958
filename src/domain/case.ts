import type { Day, Instant } from './time.ts';
import type { Money } from './money.ts';
import type { Place } from './placement.ts';

export const caseCategories = [
  'KEIMIGRASIAN', 'KETENAGAKERJAAN', 'MENINGGAL', 'SAKIT', 'PIDANA', 'HUKUMAN_MATI', 'PERDATA', 'KEKERASAN', 'TPPO', 'ABK', 'KEDARURATAN',
  'REPATRIASI', 'HILANG_KONTAK', 'LAINNYA',
] as const;
/** Case category; the list is the hub's own proposal after the ministry's published counts. */
export type CaseCategory = (typeof caseCategories)[number];

export const caseKinds = ['UMUM', 'KHUSUS'] as const;
/** The ministry counts general (kasus umum) and special cases (kasus khusus) apart. */
export type CaseKind = (typeof caseKinds)[number];

export const caseStatuses = ['WAITING_VERIFICATION', 'IN_PROCESS', 'CLOSED', 'REJECTED'] as const;
export type CaseStatus = (typeof caseStatuses)[number];

export const partyRoles = ['WORKER', 'REPORTER', 'EMPLOYER', 'P3MI', 'FAMILY', 'AUTHORITY', 'OTHER'] as const;
export type PartyRole = (typeof partyRoles)[number];

/** Someone named in a case file. */
export interface CaseParty {
  readonly role: PartyRole;
  readonly name: string | null;
}

/** A step in a case's history. */
export interface CaseEvent {
  readonly at: Instant;
  readonly status: CaseStatus;
  /** What was done, the mission's words. */
  readonly note: string;
}

/** A protection case handled by a mission. */
export interface Case {
  readonly number: string;
  /** Code of the mission that handles it. */
  readonly mission: string;
  readonly category: CaseCategory;
  /** The agency's own finer kind, such as `GAJI_TIDAK_DIBAYAR`; null when not given. */
  readonly subcategory: string | null;
  readonly kind: CaseKind;
  readonly status: CaseStatus;
  readonly place: Place | null;
  readonly openedOn: Day;
  readonly closedOn: Day | null;
  /** Money claimed for the worker (unpaid wages, compensation). */
  readonly claimed: Money | null;
  /** Money recovered so far. */
  readonly recovered: Money | null;
  readonly parties: readonly CaseParty[];
  /** Oldest first. */
  readonly events: readonly CaseEvent[];
}

export const stayKinds = ['KEDATANGAN', 'PERPINDAHAN', 'KEPULANGAN', 'KELUARGA'] as const;
/** Kind of lapor diri: arrival, move, return, family member. */
export type StayKind = (typeof stayKinds)[number];

/** A report of stay (lapor diri) at a mission. A new passport, visa or address makes a new one, so a person has several by design. */
export interface Stay {
  readonly number: string;
  readonly kind: StayKind;
  readonly mission: string;
  readonly place: Place;
  readonly reportedOn: Day;
  /** Null until the mission has verified it. */
  readonly verifiedOn: Day | null;
}
