import type { Because, Decision } from '../../identity/hub/decisions.ts';
import { DecisionFault, type DecisionFaultCode } from '../../identity/hub/decisions.ts';
import { builder } from '../builder.ts';
import type { GraphContext } from '../context.ts';
import { describedEnum } from '../enums.ts';
import { decodeId } from '../ids.ts';
import { identified } from '../purpose.ts';
import { workerId } from '../worker/key.ts';
import { maySteward } from './access.ts';
import { DecisionType } from './decision.ts';

const FaultEnum = describedEnum<DecisionFaultCode>('LinkErrorCode', 'Why a decision could not be carried out. Nothing was changed.', {
  REASON: 'The reason is not 3 to 1000 characters.',
  NOT_FOUND: 'There is no such review, worker or decision, or it concerns data that may not be processed for now.',
  CONFLICT: 'Another steward, or new links, came first: read again and decide on what it is now.',
  SAME_WORKER: 'Both are one worker already.',
  REJECTED_BEFORE: 'A steward has found records of the two to be different people. Undo that first.',
  RECORDS: 'The links are not live links of the worker, or none, or all.',
  SUPERSEDED: 'A later decision concerns the same workers. Undo that first.',
  NOT_UNDOABLE: 'An undo is not undone: decide again.',
});

type Told = Pick<DecisionFault, 'code' | 'field' | 'message'>;
const ErrorType = builder.objectRef<Told>('LinkError').implement({
  description: 'Why a decision could not be carried out.',
  fields: (t) => ({
    code: t.field({ type: FaultEnum, nullable: false, description: 'Kind of error.', resolve: (fault) => fault.code }),
    field: t.string({ nullable: false, description: 'Field of the input that it is about.', resolve: (fault) => fault.field }),
    message: t.string({ nullable: false, description: 'For people.', resolve: (fault) => fault.message }),
  }),
});

interface Outcome {
  readonly decision: Decision | null;
  readonly errors: readonly Told[];
}
const payload = (name: string, description: string) =>
  builder.objectRef<Outcome>(name).implement({
    description,
    fields: (t) => ({
      decision: t.field({ type: DecisionType, description: 'The decision as it stands in the history; null when there are errors.', resolve: (outcome) => outcome.decision }),
      errors: t.field({ type: [ErrorType], nullable: { list: false, items: false }, description: 'Empty when it was carried out.', resolve: (outcome) => [...outcome.errors] }),
    }),
  });

const because = 'Why, for those who read the history: 3 to 1000 characters.';
const review = (name: string, description: string) =>
  builder.inputType(name, {
    description,
    fields: (t) => ({
      reviewId: t.id({ required: true, description: 'Id of the review.' }),
      version: t.string({ required: true, description: 'Its `version` as you read it.' }),
      reason: t.string({ required: true, description: because }),
    }),
  });
const ConfirmInput = review('ConfirmLinkInput', 'A pair that is one person.');
const RejectInput = review('RejectLinkInput', 'A pair that is two people.');
const MergeInput = builder.inputType('MergeWorkersInput', {
  description: 'Two workers who are one person.',
  fields: (t) => ({
    keep: t.id({ required: true, description: 'Id of the worker who stays.' }),
    keepVersion: t.string({ required: true, description: 'Her `linksVersion` as you read it.' }),
    merge: t.id({ required: true, description: 'Id of the worker whose records go to her; this id then leads to her.' }),
    mergeVersion: t.string({ required: true, description: 'That one’s `linksVersion` as you read it.' }),
    reason: t.string({ required: true, description: because }),
  }),
});
const SplitInput = builder.inputType('SplitWorkerInput', {
  description: 'Records of a worker that are another person’s.',
  fields: (t) => ({
    worker: t.id({ required: true, description: 'Id of the worker.' }),
    version: t.string({ required: true, description: 'Her `linksVersion` as you read it.' }),
    links: t.idList({ required: true, description: 'Ids of the links that become a worker of their own: at least one, and not all.' }),
    reason: t.string({ required: true, description: because }),
  }),
});
const UndoInput = builder.inputType('UndoLinkDecisionInput', {
  description: 'A decision to be taken back.',
  fields: (t) => ({
    decisionId: t.id({ required: true, description: 'Id of the decision.' }),
    reason: t.string({ required: true, description: because }),
  }),
});

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
function idOf(typename: string, text: string, field: string): string {
  const { typename: given, id } = decodeId(text);
  if (given !== typename || !uuid.test(id)) throw new DecisionFault('NOT_FOUND', field, `${field} must be an id of a ${typename} from an earlier answer.`);
  return id;
}

function workerOf(text: string, field: string): string {
  const id = workerId(text);
  if (id === null) throw new DecisionFault('NOT_FOUND', field, `${field} must be an id of a Worker from an earlier answer.`);
  return id;
}

/** Carries out what needs the scope `links:review`; what the caller can mend comes back as the payload's errors. */
async function deciding(context: GraphContext, reason: string, work: (because: Because) => Promise<Decision>): Promise<Outcome | null> {
  if (!maySteward(context)) return null;
  try {
    const decision = await work({ by: `${context.caller.kind}:${context.caller.id}`, reason, at: new Date(context.now), withheld: context.restrictions.workers });
    context.trail.sawWorkers(decision.workers);
    return { decision, errors: [] };
  } catch (error) {
    if (error instanceof DecisionFault) return { decision: null, errors: [{ code: error.code, field: error.field, message: error.message }] };
    throw error;
  }
}

const needsScope = 'Needs the scope `links:review`.';
builder.mutationFields((t) => ({
  confirmLink: t.field({
    ...identified,
    type: payload('ConfirmLinkPayload', 'What confirming a pair came to.'),
    description: `Finds a pair to be one person: their workers become one, and the id of the smaller leads to the larger. ${needsScope}`,
    args: { input: t.arg({ type: ConfirmInput, required: true, description: 'The pair.' }) },
    resolve: (_root, { input }, context) => deciding(context, input.reason, (why) => context.links.confirm(why, idOf('LinkReview', input.reviewId, 'reviewId'), input.version)),
  }),
  rejectLink: t.field({
    ...identified,
    type: payload('RejectLinkPayload', 'What rejecting a pair came to.'),
    description: `Finds a pair to be two people: no machine brings them together again, whatever comes in. ${needsScope}`,
    args: { input: t.arg({ type: RejectInput, required: true, description: 'The pair.' }) },
    resolve: (_root, { input }, context) => deciding(context, input.reason, (why) => context.links.reject(why, idOf('LinkReview', input.reviewId, 'reviewId'), input.version)),
  }),
  mergeWorkers: t.field({
    ...identified,
    type: payload('MergeWorkersPayload', 'What merging two workers came to.'),
    description: `Finds two workers to be one person. The id that goes leads to the one that stays, for good or until it is undone. ${needsScope}`,
    args: { input: t.arg({ type: MergeInput, required: true, description: 'The two.' }) },
    resolve: (_root, { input }, context) =>
      deciding(context, input.reason, (why) =>
        context.links.merge(why, { id: workerOf(input.keep, 'keep'), version: input.keepVersion }, { id: workerOf(input.merge, 'merge'), version: input.mergeVersion })),
  }),
  splitWorker: t.field({
    ...identified,
    type: payload('SplitWorkerPayload', 'What splitting a worker came to.'),
    description: `Finds some records of a worker to be another person’s: they become a worker of their own and stay apart from the rest. ${needsScope}`,
    args: { input: t.arg({ type: SplitInput, required: true, description: 'The worker, and what leaves her.' }) },
    resolve: (_root, { input }, context) =>
      deciding(context, input.reason, (why) =>
        context.links.split(why, { id: workerOf(input.worker, 'worker'), version: input.version }, input.links.map((link) => idOf('Link', link, 'links')))),
  }),
  undoLinkDecision: t.field({
    ...identified,
    type: payload('UndoLinkDecisionPayload', 'What taking a decision back came to.'),
    description: `Takes a decision back: each side has again what it had, and what came in meanwhile goes where it agrees more. ${needsScope}`,
    args: { input: t.arg({ type: UndoInput, required: true, description: 'The decision.' }) },
    resolve: (_root, { input }, context) => deciding(context, input.reason, (why) => context.links.undo(why, idOf('LinkDecision', input.decisionId, 'decisionId'))),
  }),
}));
