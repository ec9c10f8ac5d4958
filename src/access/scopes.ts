import type { Facet } from '../domain/record.ts';

/** What a caller may read. One word per class of fields. */
export const scopes = {
  'identity:read': 'Who a worker is: name, NIK, sex, date of birth, origin, identifiers.',
  'placement:read': 'Placements and contracts.',
  'insurance:read': 'Work accident, death and old-age cover (JKK, JKM, JHT).',
  'health:read': 'Health insurance membership (JKN).',
  'case:read': 'Cases and reports of stay at the missions.',
} as const;
export type Scope = keyof typeof scopes;

/** The scope that a facet of a worker's record needs. */
export const facetScope: Record<Facet, Scope> = {
  IDENTITY: 'identity:read',
  PLACEMENT: 'placement:read',
  SOCIAL_SECURITY: 'insurance:read',
  HEALTH_INSURANCE: 'health:read',
  CASE: 'case:read',
  STAY: 'case:read',
};

/** Who is asking. */
export interface Caller {
  /** Public id of the API key. */
  readonly keyId: string;
  /** Name given to the key, such as `desk`. */
  readonly name: string;
  readonly scopes: ReadonlySet<Scope>;
}

export function isScope(text: string): text is Scope {
  return Object.hasOwn(scopes, text);
}
