import { checkLimits, KeyFault, type KeyFaultCode } from '../../access/keyRules.ts';
import type { KeyInfo, NewKey } from '../../access/keys.ts';
import { grantWithin, isScope } from '../../access/scopes.ts';
import { type OwnLimits, type Terms, termsWithin } from '../../access/terms.ts';
import { AgencyNameEnum } from '../agency/name.ts';
import { builder } from '../builder.ts';
import { type GraphContext, holdsScope } from '../context.ts';
import { describedEnum } from '../enums.ts';
import { ApiKeyType, documentPolicyOf, DocumentPolicyEnum, KeyEnvironmentEnum, PurposeEnum } from './key.ts';

const FaultEnum = describedEnum<KeyFaultCode>('ApiKeyErrorCode', 'Why something could not be done with a key.', {
  NAME: 'The name is not 1 to 80 characters.',
  SCOPE: 'A scope is none that the hub knows.',
  BOUNDS: 'A bound is not of its form.',
  PURPOSE: 'A purpose is none that the hub knows.',
  NETWORK: 'A network is no address or CIDR range.',
  EXPIRY: 'The expiry is not in the future, or more than a year ahead.',
  LIMIT: 'A limit is not a whole number of 1 or more.',
  OVERLAP: 'The overlap is not 0 to 30 days.',
  NOT_FOUND: 'There is no such key, or none that you may manage.',
  ENDED: 'The key is revoked or expired.',
  ALREADY_ROTATED: 'The key was rotated before.',
  NOT_HELD: 'The key would be allowed more than you are.',
});

/** A fault told as data: GraphQL would take an Error in a list for one of its own. */
type Told = Pick<KeyFault, 'code' | 'field' | 'message'>;

const KeyErrorType = builder.objectRef<Told>('ApiKeyError').implement({
  description: 'What must be mended before it can be done.',
  fields: (t) => ({
    code: t.field({ type: FaultEnum, nullable: false, description: 'Kind of error.', resolve: (fault) => fault.code }),
    field: t.string({ nullable: false, description: 'Field of the input that it is about.', resolve: (fault) => fault.field }),
    message: t.string({ nullable: false, description: 'For people.', resolve: (fault) => fault.message }),
  }),
});

/** What a mutation on keys came to. */
interface Outcome {
  readonly info: KeyInfo | null;
  readonly key: string | null;
  readonly errors: readonly Told[];
}

function payload(name: string, description: string, secret: boolean) {
  return builder.objectRef<Outcome>(name).implement({
    description,
    fields: (t) => ({
      apiKey: t.field({ type: ApiKeyType, description: 'The key; null when there are errors.', resolve: (outcome) => outcome.info }),
      ...(secret && { key: t.string({ description: 'The key itself. It is shown this once; the hub keeps only a hash.', resolve: (outcome: Outcome) => outcome.key }) }),
      errors: t.field({ type: [KeyErrorType], nullable: { list: false, items: false }, description: 'Empty when it was done.', resolve: (outcome) => [...outcome.errors] }),
    }),
  });
}
const CreatePayload = payload('CreateApiKeyPayload', 'A new key.', true);
const UpdatePayload = payload('UpdateApiKeyPayload', 'The key as it is now.', false);
const RotatePayload = payload('RotateApiKeyPayload', 'The key that takes the old one’s place.', true);
const RevokePayload = payload('RevokeApiKeyPayload', 'The key that was revoked.', false);

const BoundsInput = builder.inputType('BoundsInput', {
  description: 'How far a key’s scopes reach. Each bound narrows; what is left out is not bounded.',
  fields: (t) => ({
    missions: t.stringList({ description: 'Codes of missions, such as `KJRI_HONG_KONG`.' }),
    areas: t.field({ type: ['AreaCode'], description: 'Kemendagri codes of any level, such as `35.07`.' }),
    p3mis: t.stringList({ description: 'Numbers of placement companies.' }),
    agencies: t.field({ type: [AgencyNameEnum], description: 'Agencies for which it hands cases over, and takes them.' }),
  }),
});
const LimitsInput = builder.inputType('ApiKeyLimitsInput', {
  description: 'Limits of a key’s own, each at most yours.',
  fields: (t) => ({
    requestsPerMinute: t.int({ description: 'Most requests in a minute.' }),
    costPerMinute: t.int({ description: 'Most points in a minute.' }),
    concurrent: t.int({ description: 'Most requests under way at the same time.' }),
    personsPerDay: t.int({ description: 'Most different persons read in a day.' }),
  }),
});
const CreateInput = builder.inputType('CreateApiKeyInput', {
  description: 'A key to be made. It may be allowed no more than you are.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Name for people, 1 to 80 characters.' }),
    scopes: t.stringList({ required: true, description: 'Scopes by name, such as `placement:read`.' }),
    expiresAt: t.field({ type: 'DateTime', required: true, description: 'When it ends: at most a year ahead.' }),
    environment: t.field({ type: KeyEnvironmentEnum, required: true, description: 'Which agencies it may reach.' }),
    bounds: t.field({ type: BoundsInput, description: 'How far its scopes reach; everywhere when left out.' }),
    purposes: t.field({ type: [PurposeEnum], description: 'Purposes it may be used for; any when left out.' }),
    networks: t.stringList({ description: 'Addresses and networks (CIDR) it may be used from; any when left out.' }),
    documents: t.field({ type: DocumentPolicyEnum, description: 'Which documents it may send; any when left out, or what you may where that is less.' }),
    limits: t.field({ type: LimitsInput, description: 'Limits of its own; the hub’s when left out, or yours where they are lower.' }),
  }),
});
const UpdateInput = builder.inputType('UpdateApiKeyInput', {
  description: 'Terms of a key to be changed; what is left out stays as it is.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'Public id of the key.' }),
    documents: t.field({ type: DocumentPolicyEnum, description: 'Which documents it may send.' }),
    limits: t.field({ type: LimitsInput, description: 'Limits of its own; one that is null becomes the hub’s again.' }),
  }),
});
const RotateInput = builder.inputType('RotateApiKeyInput', {
  description: 'A key to be replaced by a new one with the same rights.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'Public id of the key.' }),
    overlapMinutes: t.int({ description: 'How long the old key goes on working: 0 to 43200 (30 days); a day when left out.' }),
    expiresAt: t.field({ type: 'DateTime', description: 'When the new key ends; as long a life as the old one was given when left out.' }),
  }),
});
const RevokeInput = builder.inputType('RevokeApiKeyInput', {
  description: 'A key to be ended at once.',
  fields: (t) => ({ id: t.id({ required: true, description: 'Public id of the key.' }) }),
});

/** Runs what needs the scope `keys:manage`; what the caller can mend comes back as the payload's errors. */
async function managing(context: GraphContext, work: () => Promise<Omit<Outcome, 'errors'>>): Promise<Outcome | null> {
  if (!holdsScope(context, 'keys:manage')) return null;
  try {
    return { ...(await work()), errors: [] };
  } catch (error) {
    if (error instanceof KeyFault) return { info: null, key: null, errors: [{ code: error.code, field: error.field, message: error.message }] };
    throw error;
  }
}

function newKey(input: typeof CreateInput.$inferInput, context: GraphContext): NewKey {
  const { caller } = context;
  const wanted = input.scopes.filter(isScope);
  if (wanted.length < input.scopes.length) throw new KeyFault('SCOPE', 'scopes', 'One of the scopes is none that the hub knows.');
  const { missions, areas, p3mis, agencies } = input.bounds ?? {};
  const bounds = { ...(missions && { missions }), ...(areas && { areas }), ...(p3mis && { p3mis }), ...(agencies && { agencies }) };
  const purposes = input.purposes ?? null;
  const environment = input.environment === 'LIVE' ? 'live' : 'test';
  const grant = { scopes: new Set(wanted), bounds, purposes: purposes && new Set(purposes) };
  if (!grantWithin(grant, caller)) throw new KeyFault('NOT_HELD', 'scopes', 'A key may have no scope that you lack, and no wider bounds or purposes than yours.');
  if (environment === 'live' && caller.environment === 'test') throw new KeyFault('NOT_HELD', 'environment', 'A test key cannot make a live one.');
  const terms: Terms = { documents: input.documents ? documentPolicyOf(input.documents) : caller.documents, limits: { ...caller.limits, ...given(input.limits) } };
  checkTerms(terms, context);
  return { name: input.name, scopes: wanted, bounds, purposes, networks: input.networks ?? null, expiresAt: new Date(input.expiresAt), environment, ...terms };
}

/** The limits that an input names with a number. */
function given(limits: typeof LimitsInput.$inferInput | null | undefined): OwnLimits {
  return Object.fromEntries(Object.entries(limits ?? {}).filter(([, value]) => typeof value === 'number'));
}

function checkTerms(terms: Terms, { caller, usualLimits }: GraphContext): void {
  checkLimits(terms.limits);
  if (!termsWithin(terms, caller, usualLimits)) throw new KeyFault('NOT_HELD', 'limits', 'A key may have no higher limits than yours, and no more freedom in its documents.');
}

builder.mutationFields((t) => ({
  createApiKey: t.field({
    type: CreatePayload,
    description: 'Makes an API key. Needs the scope `keys:manage`.',
    args: { input: t.arg({ type: CreateInput, required: true, description: 'The key to be made.' }) },
    resolve: (_root, { input }, context) => managing(context, () => context.keys.create(newKey(input, context))),
  }),
  rotateApiKey: t.field({
    type: RotatePayload,
    description: 'Makes a new key with the same rights; the old one ends after an overlap. Needs the scope `keys:manage`.',
    args: { input: t.arg({ type: RotateInput, required: true, description: 'The key to be replaced.' }) },
    resolve: (_root, { input: { id, overlapMinutes, expiresAt } }, context) =>
      managing(context, () =>
        context.keys.rotate(id, { ...(typeof overlapMinutes === 'number' && { overlapMs: overlapMinutes * 60_000 }), ...(expiresAt && { expiresAt: new Date(expiresAt) }) }, context.caller),
      ),
  }),
  updateApiKey: t.field({
    type: UpdatePayload,
    description: 'Changes the terms of a key: its limits, and which documents it may send. Every instance of the hub follows within five seconds. Needs the scope `keys:manage`.',
    args: { input: t.arg({ type: UpdateInput, required: true, description: 'What is to be changed.' }) },
    resolve: (_root, { input: { id, documents, limits } }, context) =>
      managing(context, async () => ({
        info: await context.keys.change(id, { ...(documents && { documents: documentPolicyOf(documents) }), ...(limits && { limits }) }, context.caller, (terms) => checkTerms(terms, context)),
        key: null,
      })),
  }),
  revokeApiKey: t.field({
    type: RevokePayload,
    description: 'Ends a key: within five seconds every instance of the hub refuses it. Needs the scope `keys:manage`.',
    args: { input: t.arg({ type: RevokeInput, required: true, description: 'The key to be ended.' }) },
    resolve: (_root, { input }, context) => managing(context, async () => ({ info: await context.keys.revoke(input.id, context.caller), key: null })),
  }),
}));

builder.queryField('apiKeys', (t) =>
  t.field({
    type: [ApiKeyType],
    description: 'The API keys that you may manage, newest first. Needs the scope `keys:manage`.',
    args: { ended: t.arg.boolean({ description: 'Whether to show those that are revoked or expired too. Default false.' }) },
    resolve: async (_root, { ended }, context) => {
      if (!holdsScope(context, 'keys:manage')) return null;
      const keys = await context.keys.list(context.caller);
      return ended ? keys : keys.filter((key) => key.revokedAt === null && key.expiresAt > context.now);
    },
  }),
);
