import type { Day, Period } from './time.ts';
import type { Money } from './money.ts';

export const schemes = ['G_TO_G', 'P_TO_P', 'PERSEORANGAN', 'UKPS'] as const;
/** Placement scheme as BP2MI counts it: government to government, private (via P3MI), individual, for the company's own use. */
export type Scheme = (typeof schemes)[number];

export const procedures = ['PROSEDURAL', 'NON_PROSEDURAL'] as const;
/** Whether the placement followed the legal procedure (UU 18/2017). */
export type Procedure = (typeof procedures)[number];

/**
 * How far a placement has come, in the order of the process; the last three end it.
 * The order of the steps before departure is the hub's own proposal, not an agency's published list.
 */
export const placementStages = [
  'REGISTERED', 'VERIFIED', 'ID_ISSUED', 'PLACEMENT_AGREED', 'MEDICAL_PASSED', 'TRAINED', 'CONTRACT_SIGNED', 'VISA_ISSUED',
  'SOCIAL_SECURITY_PAID', 'ORIENTED', 'EPMI_ISSUED', 'DEPARTED', 'ARRIVED', 'RENEWED', 'RETURNED', 'FAILED_TO_DEPART', 'CANCELLED',
] as const;
export type PlacementStage = (typeof placementStages)[number];

export const employerKinds = ['LEGAL_ENTITY', 'HOUSEHOLD', 'VESSEL'] as const;
/** Who employs (UU 18/2017 art. 4): a legal entity, an individual or household, or a vessel (seafarers and fishers). */
export type EmployerKind = (typeof employerKinds)[number];

export const sectors = ['FORMAL', 'INFORMAL'] as const;
/** Formal: employed by a legal entity; informal: by an individual or household. */
export type Sector = (typeof sectors)[number];

/** Where abroad, as precise as the agency knows it. Missions' jurisdictions follow from it. */
export interface Place {
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** State, emirate, province (free text of the agency), such as `Selangor`. */
  readonly region: string | null;
  /** District or city; in Sabah the district decides which mission is in charge. */
  readonly district: string | null;
}

/** A placement company (P3MI) as the record names it. */
export interface P3mi {
  readonly id: string;
  readonly name: string;
}

export interface Employer {
  readonly name: string;
  readonly kind: EmployerKind;
}

/** The employment contract (UU 18/2017 art. 15). */
export interface Contract extends Period {
  /** Agreed length in whole months; null when the record does not say. */
  readonly months: number | null;
  /** Agreed wage per month. */
  readonly wage: Money | null;
  readonly signedOn: Day | null;
}

/** One placement abroad as BP2MI (or another agency that holds placements) records it. */
export interface Placement {
  /** The agency's number of this placement. */
  readonly number: string;
  readonly scheme: Scheme;
  readonly procedure: Procedure;
  readonly stage: PlacementStage;
  readonly place: Place;
  /** Code of the mission in charge, where the agency names it (see `missions`). */
  readonly mission: string | null;
  readonly p3mi: P3mi | null;
  readonly employer: Employer | null;
  readonly sector: Sector;
  /** Job title as recorded, such as `HOUSE MAID`. */
  readonly job: string;
  readonly contract: Contract;
  readonly registeredOn: Day | null;
  readonly departedOn: Day | null;
  readonly arrivedOn: Day | null;
  readonly returnedOn: Day | null;
  /** Passport used for this placement, canonical. */
  readonly passport: string | null;
  /** Last day on which that passport is valid. */
  readonly passportValidUntil: Day | null;
  /** For domestic workers in Malaysia: placed through the One Channel System (MoU of 1 April 2022). Null elsewhere or unknown. */
  readonly oneChannelSystem: boolean | null;
  /** Number of the placement that this one extends or renews. */
  readonly renews: string | null;
}

/** First day abroad under the placement: departure, or for an extension agreed abroad the start of its contract. */
function begun(placement: Placement): Day | null {
  return placement.departedOn ?? (placement.renews === null ? null : placement.contract.start);
}

/**
 * The placement that counts now: abroad and not returned on that day, latest beginning first; else the latest one still in process;
 * else null. Ended, failed and cancelled placements never count, nor does one whose extension has begun.
 */
export function currentPlacement<T extends Placement>(placements: readonly T[], on: Day): T | null {
  const hasBegun = (p: T) => (begun(p) ?? '9999') <= on;
  const extended = new Set(placements.filter((p) => p.renews !== null && hasBegun(p)).map((p) => p.renews));
  // One that has ended by now still counted on a day before its return.
  const returned = (p: T) => (p.returnedOn === null ? p.stage === 'RETURNED' : p.returnedOn <= on);
  const ended = (p: T) => returned(p) || p.stage === 'FAILED_TO_DEPART' || p.stage === 'CANCELLED' || extended.has(p.number);
  const live = placements.filter((p) => !ended(p));
  const abroad = live.filter(hasBegun);
  const pool = abroad.length > 0 ? abroad : live;
  const key = (p: T) => begun(p) ?? p.registeredOn ?? p.contract.start ?? '';
  return pool.reduce<T | null>((best, p) => (best === null || key(p) > key(best) ? p : best), null);
}
