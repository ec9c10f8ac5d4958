import { allScopes, scopes, type Scope } from '../../access/scopes.ts';
import type { Bounds } from '../../access/bounds.ts';
import type { KeyInfo } from '../../access/keys.ts';
import type { Environment } from '../../access/keyText.ts';
import type { DocumentPolicy, OwnLimits } from '../../access/terms.ts';
import { allPurposes, purposes, type LegalBasis, type Purpose } from '../../access/purposes.ts';
import { AgencyNameEnum, isAgencyName } from '../agency/name.ts';
import { builder } from '../builder.ts';
import { describedEnum } from '../enums.ts';

export const ScopeType = builder.objectRef<Scope>('Scope').implement({
  description: 'A right to read a class of fields, or to do something.',
  fields: (t) => ({
    name: t.string({ nullable: false, description: 'Name, such as `placement:read`.', resolve: (scope) => scope }),
    description: t.string({ nullable: false, description: 'What it lets the caller do.', resolve: (scope) => scopes[scope] }),
  }),
});

const LegalBasisEnum = describedEnum<LegalBasis>('LegalBasis', 'Legal bases of UU 27/2022 art. 20.', {
  CONSENT: 'Consent.',
  CONTRACT: 'Contract.',
  LEGAL_DUTY: 'Legal duty.',
  VITAL_INTEREST: 'Vital interest.',
  PUBLIC_TASK: 'Public task.',
  LEGITIMATE_INTEREST: 'Legitimate interest.',
});
export const PurposeEnum = builder.enumType('Purpose', {
  description: 'What a read of an identified person may be for: the values of the header `x-purpose`.',
  values: Object.fromEntries(allPurposes.map((purpose) => [purpose, { value: purpose, description: purposes[purpose].meaning }])) as { [K in Purpose]: { value: K; description: string } },
});
export const PurposeType = builder.objectRef<Purpose>('PurposeOfUse').implement({
  description: 'A purpose with the legal basis that the hub assigns to it.',
  fields: (t) => ({
    name: t.field({ type: PurposeEnum, nullable: false, description: 'Value of `x-purpose`.', resolve: (purpose) => purpose }),
    description: t.string({ nullable: false, description: 'What it covers.', resolve: (purpose) => purposes[purpose].meaning }),
    basis: t.field({ type: LegalBasisEnum, nullable: false, description: 'Legal basis, as the hub proposes it; whoever runs the hub confirms it.', resolve: (purpose) => purposes[purpose].basis }),
  }),
});

export const BoundsType = builder.objectRef<Bounds>('Bounds').implement({
  description: 'How far a caller’s scopes reach. Each bound narrows; null is no bound in that direction.',
  fields: (t) => ({
    missions: t.stringList({ description: 'Codes of missions: placements in their charge, their cases and reports of stay.', resolve: (bounds) => bounds.missions }),
    areas: t.field({ type: ['AreaCode'], description: 'Kemendagri codes of any level: workers who come from there.', resolve: (bounds) => bounds.areas }),
    p3mis: t.stringList({ description: 'Numbers of placement companies (P3MI): their placements.', resolve: (bounds) => bounds.p3mis }),
    agencies: t.field({ type: [AgencyNameEnum], description: 'Agencies for which the caller hands cases over, and takes them. Bounds nothing else.', resolve: (bounds) => bounds.agencies?.filter(isAgencyName) }),
  }),
});

export const DocumentPolicyEnum = describedEnum<Uppercase<DocumentPolicy>>('DocumentPolicy', 'Which documents a caller may send.', {
  ANY: 'Any document.',
  LOG: 'Any document; those that are not trusted ones are noted in the hub’s log.',
  LISTED: 'Trusted documents only: by `documentId`, or with their text.',
});
export const documentPolicyOf = (value: Uppercase<DocumentPolicy>): DocumentPolicy => value.toLowerCase() as DocumentPolicy;
export const documentPolicyName = (policy: DocumentPolicy): Uppercase<DocumentPolicy> => policy.toUpperCase() as Uppercase<DocumentPolicy>;

const KeyLimitsType = builder.objectRef<OwnLimits>('ApiKeyLimits').implement({
  description: 'Limits of a key’s own; null is the hub’s.',
  fields: (t) => ({
    requestsPerMinute: t.int({ description: 'Most requests in a minute.', resolve: (limits) => limits.requestsPerMinute }),
    costPerMinute: t.int({ description: 'Most points in a minute.', resolve: (limits) => limits.costPerMinute }),
    concurrent: t.int({ description: 'Most requests under way at the same time.', resolve: (limits) => limits.concurrent }),
    personsPerDay: t.int({ description: 'Most different persons read in a day.', resolve: (limits) => limits.personsPerDay }),
  }),
});

export const KeyEnvironmentEnum = describedEnum<Uppercase<Environment>>('KeyEnvironment', 'Which agencies a key may reach.', {
  LIVE: 'Real agencies, and mocks.',
  TEST: 'Mocks only: a hub that is connected to a real agency refuses the key.',
});
const KeyStateEnum = describedEnum('ApiKeyState', 'Whether a key works.', {
  ACTIVE: 'It works.',
  EXPIRED: 'Its time is over.',
  REVOKED: 'It was revoked.',
});

export const ApiKeyType = builder.objectRef<KeyInfo>('ApiKey').implement({
  description: 'An API key, without its secret.',
  fields: (t) => ({
    id: t.id({ nullable: false, description: 'Public id: the third part of the key.', resolve: (key) => key.id }),
    name: t.string({ nullable: false, description: 'Name for people.', resolve: (key) => key.name }),
    environment: t.field({ type: KeyEnvironmentEnum, nullable: false, description: 'Which agencies it may reach.', resolve: (key) => (key.environment === 'live' ? 'LIVE' : 'TEST') }),
    scopes: t.field({ type: [ScopeType], nullable: false, description: 'What it may do.', resolve: (key) => allScopes.filter((scope) => key.scopes.has(scope)) }),
    bounds: t.field({ type: BoundsType, nullable: false, description: 'How far its scopes reach.', resolve: (key) => key.bounds }),
    purposes: t.field({ type: [PurposeEnum], description: 'Purposes it may be used for; null: any.', resolve: (key) => key.purposes && allPurposes.filter((purpose) => key.purposes?.has(purpose)) }),
    networks: t.stringList({ description: 'Addresses and networks (CIDR) it may be used from; null: any.', resolve: (key) => key.networks }),
    state: t.field({
      type: KeyStateEnum,
      nullable: false,
      description: 'Whether it works now.',
      resolve: (key, _args, context) => (key.revokedAt !== null ? 'REVOKED' : key.expiresAt <= context.now ? 'EXPIRED' : 'ACTIVE'),
    }),
    documents: t.field({ type: DocumentPolicyEnum, nullable: false, description: 'Which documents it may send.', resolve: (key) => documentPolicyName(key.documents) }),
    limits: t.field({ type: KeyLimitsType, nullable: false, description: 'Its own limits.', resolve: (key) => key.limits }),
    createdAt: t.field({ type: 'DateTime', nullable: false, description: 'When it was made.', resolve: (key) => key.createdAt.toISOString() }),
    expiresAt: t.field({ type: 'DateTime', nullable: false, description: 'When it ends, or has ended.', resolve: (key) => key.expiresAt.toISOString() }),
    revokedAt: t.field({ type: 'DateTime', description: 'When it was revoked; null when it was not.', resolve: (key) => key.revokedAt?.toISOString() }),
    replacedBy: t.id({ description: 'Id of the key that took its place at a rotation.', resolve: (key) => key.replacedBy }),
    lastUsedAt: t.field({ type: 'DateTime', description: 'When it was last used; up to a minute behind.', resolve: (key) => key.lastUsedAt?.toISOString() }),
    lastUsedFrom: t.string({ description: 'Address it was last used from.', resolve: (key) => key.lastUsedFrom }),
    uses: t.float({ nullable: false, description: 'How many requests it has made; up to a minute behind.', resolve: (key) => key.uses }),
  }),
});
