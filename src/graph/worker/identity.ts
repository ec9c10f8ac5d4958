import { type Claim, type Claimant, type Conflict, conflictsOf, type Golden, type GoldenAttribute, goldenOf, type GoldenRule, type Severity } from '../../identity/golden.ts';
import type { Provenance } from '../../domain/record.ts';
import type { WorkerRecord } from '../../records/answer.ts';
import { builder, needs } from '../builder.ts';
import { type GraphContext, mayRead } from '../context.ts';
import { describedEnum } from '../enums.ts';
import { mayReadNumber } from '../links/access.ts';
import { ProvenanceType } from '../provenance.ts';
import { WorkerType } from './worker.ts';

const AttributeEnum = describedEnum<AttributeName>('IdentityAttribute', 'What agencies say of who a worker is.', {
  NAME: 'Full name.',
  NIK: 'Population number.',
  SEX: 'Sex as registered.',
  DATE_OF_BIRTH: 'Date of birth.',
  PLACE_OF_BIRTH: 'Place of birth.',
  MOTHER_NAME: 'Mother’s name.',
  PHONE: 'Phone number. Needs the scope `contact:read`.',
  AREA: 'Area of origin or residence in Indonesia.',
  PASSPORT: 'Passport number.',
});
type AttributeName = 'NAME' | 'NIK' | 'SEX' | 'DATE_OF_BIRTH' | 'PLACE_OF_BIRTH' | 'MOTHER_NAME' | 'PHONE' | 'AREA' | 'PASSPORT';
const nameOf: Record<GoldenAttribute, AttributeName> = {
  name: 'NAME', nik: 'NIK', sex: 'SEX', dateOfBirth: 'DATE_OF_BIRTH', placeOfBirth: 'PLACE_OF_BIRTH', motherName: 'MOTHER_NAME', phone: 'PHONE', area: 'AREA', passport: 'PASSPORT',
};

const RuleEnum = describedEnum<GoldenRule>('IdentityRule', 'Which rule chose a value; docs/identity.md has the rules by attribute.', {
  ONLY_CLAIM: 'Nobody else says anything.',
  AGREED: 'All say the same.',
  MAJORITY: 'Most agencies say so.',
  AUTHORITY: 'As many say otherwise; the agency first in the order of `agencies` decided.',
  IN_NIK: 'The chosen NIK encodes it.',
  LATEST: 'The record that its agency changed last says so.',
  MOST_PRECISE: 'The finest of the values that fit together.',
});
const SeverityEnum = describedEnum<Severity>('ConflictSeverity', 'How badly agencies disagree.', {
  SPELLING: 'One value in several spellings or lengths.',
  TYPING_ERROR: 'A slip of the pen.',
  DIFFERENT: 'Values that are not each other’s, as when she has moved or renewed her passport.',
  DIFFERENT_PERSON_SUSPECTED: 'What one person cannot have two of: perhaps not all records are hers.',
});

type Sourced = Claim<Provenance>;
const ClaimType = builder.objectRef<Sourced>('IdentityClaim').implement({
  description: 'What one record says.',
  fields: (t) => ({
    value: t.string({ nullable: false, description: 'As the agency wrote it.', resolve: (claim) => claim.value }),
    provenance: t.field({
      type: ProvenanceType,
      nullable: false,
      description: 'Where it comes from.',
      resolve: ({ agency, provenance }, _args, context) => (mayReadNumber(context, agency) ? provenance : { ...provenance, recordId: null }),
    }),
  }),
});
const GoldenType = builder.objectRef<Golden<Provenance>>('IdentityValue').implement({
  description: 'The value of an attribute that was chosen from what agencies claim, with all claims.',
  fields: (t) => ({
    attribute: t.field({ type: AttributeEnum, nullable: false, description: 'The attribute.', resolve: (golden) => nameOf[golden.attribute] }),
    value: t.string({ nullable: false, description: 'The chosen value, as an agency wrote it.', resolve: (golden) => golden.value }),
    rule: t.field({ type: RuleEnum, nullable: false, description: 'The rule that chose it.', resolve: (golden) => golden.rule }),
    chosen: t.field({ type: ClaimType, nullable: false, description: 'The claim whose wording was taken.', resolve: (golden) => golden.chosen }),
    claims: t.field({ type: [ClaimType], nullable: false, description: 'All claims, in the order of `agencies`.', resolve: (golden) => [...golden.claims] }),
  }),
});
const ConflictType = builder.objectRef<Conflict<Provenance>>('IdentityConflict').implement({
  description: 'An attribute on which agencies disagree.',
  fields: (t) => ({
    attribute: t.field({ type: AttributeEnum, nullable: false, description: 'The attribute.', resolve: (conflict) => nameOf[conflict.attribute] }),
    severity: t.field({ type: SeverityEnum, nullable: false, description: 'How badly: the worst among its pairs of claims.', resolve: (conflict) => conflict.severity }),
    claims: t.field({ type: [ClaimType], nullable: false, description: 'All claims, in the order of `agencies`.', resolve: (conflict) => [...conflict.claims] }),
  }),
});

function claimantsOf(worker: WorkerRecord): Claimant<Provenance>[] {
  return worker.answers.flatMap(({ records }) => records.map(({ record, provenance }) => ({ agency: record.agency, asOf: record.asOf, person: record.person, provenance })));
}

/** What may be shown: a phone number is of a class of its own. */
function shown<T extends { readonly attribute: GoldenAttribute }>(context: GraphContext, all: readonly T[]): T[] {
  return all.filter(({ attribute }) => attribute !== 'phone' || context.caller.scopes.has('contact:read'));
}
const orderOf = ({ agencies }: GraphContext) => agencies.map(({ name }) => name);

builder.objectFields(WorkerType, (t) => ({
  identity: t.field({
    ...needs('CLAIMS'),
    type: [GoldenType],
    description: 'Who she is by the word of all agencies: per attribute the chosen value, the rule that chose it, and every claim. Asks every agency that knows her; attributes of which nobody says anything are left out. `PHONE` needs the scope `contact:read`.',
    resolve: (worker, _args, context) => (mayRead(context, 'IDENTITY') ? shown(context, goldenOf(claimantsOf(worker.record), orderOf(context))) : null),
  }),
  conflicts: t.field({
    ...needs('CLAIMS'),
    type: [ConflictType],
    description: 'The attributes on which agencies disagree, worst first. Asks every agency that knows her.',
    resolve: (worker, _args, context) => (mayRead(context, 'IDENTITY') ? shown(context, conflictsOf(claimantsOf(worker.record), orderOf(context))) : null),
  }),
}));
