import type { Case, Stay } from '../domain/case.ts';
import type { Coverage } from '../domain/coverage.ts';
import type { HealthMembership } from '../domain/health.ts';
import type { PersonClaim } from '../domain/person.ts';
import type { Placement } from '../domain/placement.ts';
import type { Facet, Provenance } from '../domain/record.ts';
import type { Day } from '../domain/time.ts';
import { type Situation, situationOn } from './situation.ts';

/** The agency record that a fact stands on. */
export type Source = Pick<Provenance, 'agency' | 'recordId'>;

/** A fact with the record it stands on. */
export interface Held<T> {
  readonly value: T;
  readonly source: Source;
}

/** A pointer to what a finding rests on: a fact of an agency's record, without its contents. */
export interface Evidence {
  readonly source: Source;
  readonly facet: Facet;
  /** What tells the fact apart on its record: number of the placement or case, KPJ and phase; null for the person herself. */
  readonly fact: string | null;
}

/** Thresholds that no law sets. All are the hub's own. */
export interface ProtectionOptions {
  /** Days after which a case of unpaid wages is a gap. Default 90. */
  readonly unpaidWagesDays: number;
  /** Days within which a mission's case should be closed. Default 180. */
  readonly caseServiceDays: number;
  /** A case may be opened so many days after what it is about; within them, cover that has ended since leaves the benefit open. Default 30. */
  readonly reportingDays: number;
  /** How many days a JKN status is taken to hold after the service date it was given for. Default 0: it holds on that day alone. */
  readonly healthStatusDays: number;
}

export const defaultOptions: ProtectionOptions = { unpaidWagesDays: 90, caseServiceDays: 180, reportingDays: 30, healthStatusDays: 0 };

/** What is known about a worker, joined from the agencies. */
export interface ProtectionFacts {
  /** The day on which she is assessed. */
  readonly asOf: Day;
  readonly placements: readonly Held<Placement>[];
  readonly coverages: readonly Held<Coverage>[];
  readonly health: readonly Held<HealthMembership>[];
  readonly cases: readonly Held<Case>[];
  readonly stays: readonly Held<Stay>[];
  /** What each record says of who she is. */
  readonly persons: readonly Held<PersonClaim>[];
  /** Facets of which nothing is known, because the agency did not answer or the caller may not read them. An empty list of any other facet means "none". */
  readonly unknown: ReadonlySet<Facet>;
  /** Whether all placements on record are here; false where the caller is bound to some of them. Then none being here says nothing of where she is. Default true. */
  readonly allPlacements?: boolean;
}

/** What the rules read: the facts, the thresholds, and where she stands on the day. */
export interface ProtectionInput extends ProtectionFacts {
  readonly options: ProtectionOptions;
  readonly situation: Situation;
}

/** Facts made ready for the rules. */
export function protectionInput(facts: ProtectionFacts, options: Partial<ProtectionOptions> = {}): ProtectionInput {
  return { ...facts, options: { ...defaultOptions, ...options }, situation: situationOn(facts) };
}

export function placementEvidence({ value, source }: Held<Placement>): Evidence {
  return { source, facet: 'PLACEMENT', fact: value.number };
}

export function coverageEvidence({ value, source }: Held<Coverage>): Evidence {
  return { source, facet: 'SOCIAL_SECURITY', fact: `${value.programme} ${value.phase}` };
}

export function healthEvidence({ value, source }: Held<HealthMembership>): Evidence {
  return { source, facet: 'HEALTH_INSURANCE', fact: value.serviceDate };
}

export function caseEvidence({ value, source }: Held<Case>): Evidence {
  return { source, facet: 'CASE', fact: value.number };
}

export function stayEvidence({ value, source }: Held<Stay>): Evidence {
  return { source, facet: 'STAY', fact: value.number };
}

export function personEvidence({ source }: Held<PersonClaim>): Evidence {
  return { source, facet: 'IDENTITY', fact: null };
}
