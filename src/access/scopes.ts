import type { IdentifierKind } from '../domain/identifier.ts';
import type { Facet } from '../domain/record.ts';
import { type Bounds, boundsWithin } from './bounds.ts';
import type { Purpose } from './purposes.ts';
import type { Terms } from './terms.ts';

/** What a caller may do. One word per class of fields. */
export const scopes = {
  'identity:read': 'Who a worker is: name, NIK, sex, date of birth, origin, passports and other numbers.',
  'contact:read': 'How to reach a worker: phone number.',
  'placement:read': 'Placements and contracts.',
  'insurance:read': 'Work accident, death and old-age cover (JKK, JKM, JHT).',
  'health:read': 'Health insurance membership (JKN).',
  'case:read': 'Cases and reports of stay at the missions.',
  'case:sensitive': 'With case:read: also cases of trafficking, violence, crime, illness and the threat of the death penalty. Without it they are as if they did not exist.',
  'workers:list': 'Search workers by name or part of a number, and list workers, placements, cover and cases by conditions: of each class that the other scopes open. Without it one must know a number.',
  'statistics:read': 'Statistics, under disclosure control: small cells left out, noise added. Needs no scope for the data that they are made from, but sensitive cases count with `case:sensitive` only.',
  'statistics:exact': 'Statistics with exact figures: small cells shown and no noise added.',
  'audit:read': 'Who looked at a worker’s data, when and why.',
  'restriction:manage': 'Restrict the processing of a worker’s data, and lift that again.',
  'links:review': 'See why records are linked, decide on doubtful links, merge and split workers. Shows that an agency has a record of somebody, of whatever kind; for callers without bounds.',
  'schema:read': 'Read the schema by introspection, where the hub asks for a scope (`INTROSPECTION`).',
  'events:read': 'Be told of changes, by events, subscriptions and webhooks: of the people and facts that the other scopes and the bounds show.',
  'referral:send': 'Hand cases that one may see to another agency, for the agencies that the bound `agencies` names, and see what became of what they handed over.',
  'referral:handle': 'See the cases handed to the agencies that the bound `agencies` names, accept and answer them. What was handed over needs no other scope, but a sensitive case `case:sensitive`.',
  'keys:manage': 'Make, list, rotate and revoke API keys that may do no more than one’s own.',
} as const;
export type Scope = keyof typeof scopes;
export const allScopes = Object.keys(scopes) as readonly Scope[];

/** Either lets its holder see referrals: those of its side. */
export const referralScopes = ['referral:send', 'referral:handle'] as const satisfies readonly Scope[];
export type ReferralScope = (typeof referralScopes)[number];

/** The scope that a facet of a worker's record needs. */
export const facetScope: Record<Facet, Scope> = {
  IDENTITY: 'identity:read',
  PLACEMENT: 'placement:read',
  SOCIAL_SECURITY: 'insurance:read',
  HEALTH_INSURANCE: 'health:read',
  CASE: 'case:read',
  STAY: 'case:read',
};

/** Whether any of the scopes lets its holder have an agency asked for the facet. */
export function mayHave(scopes: ReadonlySet<Scope>, facet: Facet): boolean {
  return scopes.has(facetScope[facet]) || (facet === 'IDENTITY' && scopes.has('contact:read'));
}

/** The scope whose class a number belongs to; null for those by which anybody may ask for a worker. A number is read, and asked by, under the same rule. */
export const identifierScope: Record<IdentifierKind, Scope | null> = {
  NIK: null,
  PASSPORT: null,
  PMI_ID: null,
  KTKLN: null,
  KPJ: 'insurance:read',
  JKN_CARD: 'health:read',
  CASE_NUMBER: 'case:read',
  LAPOR_DIRI: 'case:read',
};

/** What somebody may do, how far it reaches, and what for. */
export interface Grant {
  readonly scopes: ReadonlySet<Scope>;
  readonly bounds: Bounds;
  /** Purposes that reads may be for; null: any. */
  readonly purposes: ReadonlySet<Purpose> | null;
}

/** Who is asking. */
export interface Caller extends Grant, Terms {
  /** A partner system or service with an API key, or a member of staff with a token of an identity provider. */
  readonly kind: 'KEY' | 'STAFF';
  /** Public id of the API key; for staff, the subject of the token. */
  readonly id: string;
  /** Name given to the key, such as `desk`; for staff, `staff`: people's names stay with the identity provider. */
  readonly name: string;
  /** Whether the caller may reach the mocks only. */
  readonly environment: 'live' | 'test';
}

export function isScope(text: string): text is Scope {
  return Object.hasOwn(scopes, text);
}

function within<T>(inner: ReadonlySet<T>, outer: ReadonlySet<T>): boolean {
  return [...inner].every((item) => outer.has(item));
}

/** Whether one grant allows nothing that the other does not. */
export function grantWithin(inner: Grant, outer: Grant): boolean {
  const sameUse = outer.purposes === null || (inner.purposes !== null && within(inner.purposes, outer.purposes));
  return sameUse && within(inner.scopes, outer.scopes) && boundsWithin(inner.bounds, outer.bounds);
}
