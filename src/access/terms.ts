import { z } from 'zod';

/** Which documents a caller may send: any; any, and unlisted ones are noted; trusted ones only (docs/access.md). */
export const documentPolicies = ['any', 'log', 'listed'] as const;
export type DocumentPolicy = (typeof documentPolicies)[number];

/** Limits of a caller. All but `concurrent` are counted over time; each is shared by all instances. */
export interface CallerLimits {
  readonly requestsPerMinute: number;
  /** In points. */
  readonly costPerMinute: number;
  /** Requests under way at the same time. */
  readonly concurrent: number;
  /** Different persons. */
  readonly personsPerDay: number;
}
/** A caller's own limits; what is left out is the hub's. */
export type OwnLimits = Partial<CallerLimits>;

export const limitNames = ['requestsPerMinute', 'costPerMinute', 'concurrent', 'personsPerDay'] as const satisfies readonly (keyof CallerLimits)[];
export const mostOfAnyLimit = 1_000_000_000;

const count = z.number().int().min(1).max(mostOfAnyLimit).optional();
/** What is stored with a key. */
export const ownLimitsForm: z.ZodType<OwnLimits> = z.strictObject({ requestsPerMinute: count, costPerMinute: count, concurrent: count, personsPerDay: count });

/** On what terms a caller uses the hub, besides what it may see. */
export interface Terms {
  readonly documents: DocumentPolicy;
  readonly limits: OwnLimits;
}

export const usualTerms: Terms = { documents: 'any', limits: {} };

const strictness: Record<DocumentPolicy, number> = { any: 0, log: 1, listed: 2 };

/** Whether terms allow nothing that the others do not; `fallback` are the limits of whoever has none of its own. */
export function termsWithin(inner: Terms, outer: Terms, fallback: CallerLimits): boolean {
  const most = (terms: Terms, name: keyof CallerLimits) => terms.limits[name] ?? fallback[name];
  return strictness[inner.documents] >= strictness[outer.documents] && limitNames.every((name) => most(inner, name) <= most(outer, name));
}
