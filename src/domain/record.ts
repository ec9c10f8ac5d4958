import type { Instant } from './time.ts';
import type { PersonClaim } from './person.ts';
import type { Placement } from './placement.ts';
import type { Coverage } from './coverage.ts';
import type { HealthMembership } from './health.ts';
import type { Case, Stay } from './case.ts';

/**
 * What an agency can hold about a person. A worker's record is joined from facets; which agency holds which is the agency's own
 * declaration, so that a further agency needs no change in the joining code.
 */
export const facets = ['IDENTITY', 'PLACEMENT', 'SOCIAL_SECURITY', 'HEALTH_INSURANCE', 'CASE', 'STAY'] as const;
export type Facet = (typeof facets)[number];

/** What a read can need: a facet, or `CLAIMS`, the word of every agency that holds `IDENTITY` (which alone asks the one that speaks for her). */
export type Need = Facet | 'CLAIMS';

/** Short name of an agency in enum form, such as `BP2MI`. The list of agencies is the registry's, not the domain's. */
export type AgencyName = string;

/**
 * One record of one agency about one person, in the hub's vocabulary: the unit that identity links to a worker. It has one identity block
 * (`person`) and whatever facts stand on it. What a record lacks is an empty list.
 */
export interface AgencyRecord {
  readonly agency: AgencyName;
  /** The agency's own stable id of the record (ID PMI, KPJ, JKN card, lapor diri or case number). */
  readonly recordId: string;
  /** When the agency last changed the record, by the agency's word; null when it does not say. */
  readonly asOf: Instant | null;
  readonly person: PersonClaim;
  readonly placements: readonly Placement[];
  readonly coverages: readonly Coverage[];
  readonly healthMemberships: readonly HealthMembership[];
  readonly cases: readonly Case[];
  readonly stays: readonly Stay[];
}

/** A record's place in the world of all agencies. */
export function recordKey(agency: AgencyName, recordId: string): string {
  return `${agency}\n${recordId}`;
}

export const freshnesses = ['LIVE', 'CACHED', 'STALE', 'INDEXED'] as const;
/** How fresh a value is: asked now; from the short cache; the last known, because the agency did not answer; or as last synced, because no agency was to be asked. */
export type Freshness = (typeof freshnesses)[number];

/** Where a value comes from and how fresh it is. */
export interface Provenance {
  readonly agency: AgencyName;
  readonly recordId: string;
  readonly asOf: Instant | null;
  readonly fetchedAt: Instant;
  readonly freshness: Freshness;
}
