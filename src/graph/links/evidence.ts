import type { Veto } from '../../identity/decide.ts';
import type { Step } from '../../identity/explain.ts';
import type { LinkEvidence, LinkRule, RecordRef, Weighed } from '../../identity/hub/evidence.ts';
import { AgencyNameEnum } from '../agency/name.ts';
import { builder } from '../builder.ts';
import { describedEnum } from '../enums.ts';
import { mayReadAttribute, mayReadNumber } from './access.ts';

const RuleEnum = describedEnum<LinkRule>('LinkRule', 'How a link came about.', {
  FIRST: 'There was nothing to link the record to: it became a worker of its own.',
  EXACT: 'A number agrees, and so does the date of birth or the name; no model was in force.',
  MODEL: 'Weighed by a model.',
  STEWARD: 'A steward decided it.',
  APART: 'A steward found it to be another person’s.',
});
export const VetoEnum = describedEnum<Veto>('LinkVeto', 'Why a pair is not linked by machine although the score would do.', {
  TWIN: 'NIKs that differ in the serial alone, under names that are not the same.',
  SEX: 'The records state different sexes.',
  TWO_NIKS: 'Two whole NIKs with nothing in common, and no other number that agrees.',
  BORROWED: 'A number agrees, name and date of birth do not: papers of someone else.',
  REJECTED: 'A steward has found them to be two people.',
});

export const RecordRefType = builder.objectRef<RecordRef>('LinkedRecord').implement({
  description: 'An agency’s record, by its name.',
  fields: (t) => ({
    agency: t.field({ type: AgencyNameEnum, nullable: false, description: 'Agency that holds it.', resolve: (ref) => ref.agency }),
    recordId: t.string({ description: 'The agency’s own number of it; null where you may not read what the agency holds.', resolve: (ref, _args, context) => (mayReadNumber(context, ref.agency) ? ref.recordId : null) }),
  }),
});

const StepType = builder.objectRef<Step>('LinkStep').implement({
  description: 'One comparison in the weighing of a pair.',
  fields: (t) => ({
    attribute: t.string({ nullable: false, description: 'What was compared, such as `name`.', resolve: (step) => step.attribute }),
    level: t.string({ nullable: false, description: 'How far both values agree.', resolve: (step) => step.level }),
    left: t.string({ description: 'Value of the first record in comparable form; null where you may not read values of its class.', resolve: (step, _args, context) => (mayReadAttribute(context, step.attribute) ? step.left : null) }),
    right: t.string({ description: 'Value of the second record, likewise.', resolve: (step, _args, context) => (mayReadAttribute(context, step.attribute) ? step.right : null) }),
    weight: t.float({ nullable: false, description: 'Bits for one person (positive) or against it.', resolve: (step) => step.weight }),
    rarity: t.float({ nullable: false, description: 'Part of the weight that is due to how rare the shared value is.', resolve: (step) => step.rarity }),
    inNik: t.boolean({ nullable: false, description: 'Whether it counts nothing because the NIK, which was compared, holds it already.', resolve: (step) => step.encoded }),
    total: t.float({ nullable: false, description: 'Score in bits after this comparison.', resolve: (step) => step.total }),
  }),
});

export const WeighingType = builder.objectRef<Weighed>('LinkWeighing').implement({
  description: 'How a pair of records came to its score: the prior, then each comparison, heaviest first. A bit doubles the odds.',
  fields: (t) => ({
    model: t.string({ nullable: false, description: 'Version of the model that weighed.', resolve: (weighed) => weighed.model }),
    prior: t.float({ nullable: false, description: 'Bits before any evidence: how seldom a pair of such records is one person.', resolve: (weighed) => weighed.prior }),
    steps: t.field({ type: [StepType], nullable: false, description: 'The comparisons, heaviest first; what either record lacks is left out.', resolve: (weighed) => [...weighed.steps] }),
    score: t.float({ nullable: false, description: 'Bits after all of it.', resolve: (weighed) => weighed.score }),
    probability: t.float({ nullable: false, description: 'Probability that both are one person.', resolve: (weighed) => weighed.probability }),
  }),
});

export const LinkEvidenceType = builder.objectRef<LinkEvidence>('LinkEvidence').implement({
  description: 'What spoke for a link when it was made.',
  fields: (t) => ({
    rule: t.field({ type: RuleEnum, nullable: false, description: 'How it came about.', resolve: (evidence) => evidence.rule }),
    against: t.field({ type: RecordRefType, description: 'The record of hers that it was linked by: the one that speaks most strongly.', resolve: (evidence) => evidence.against }),
    weighing: t.field({ type: WeighingType, description: 'The weighing of the two; null where no model weighed.', resolve: (evidence) => evidence.weighed }),
  }),
});
