import { GraphQLError } from 'graphql';
import { type Decision, type DecisionKind } from '../../identity/hub/decisions.ts';
import { builder } from '../builder.ts';
import { describedEnum } from '../enums.ts';
import { encodeId } from '../ids.ts';
import { identified } from '../purpose.ts';
import { workerId } from '../worker/key.ts';
import { maySteward } from './access.ts';
import { RecordRefType } from './evidence.ts';

const KindEnum = describedEnum<DecisionKind>('LinkDecisionKind', 'What a steward decided.', {
  CONFIRM: 'A pair is one person.',
  REJECT: 'A pair is two people.',
  MERGE: 'Two workers are one person.',
  SPLIT: 'Some records of a worker are another person’s.',
  UNDO: 'An earlier decision was taken back.',
});

type MoveOf = Decision['effect']['moves'][number];
const MoveType = builder.objectRef<MoveOf>('LinkMove').implement({
  description: 'A record that went from one worker to another.',
  fields: (t) => ({
    record: t.field({ type: RecordRefType, nullable: false, description: 'The record.', resolve: (move) => move }),
    from: t.id({ nullable: false, description: 'Id of the worker it left.', resolve: (move) => encodeId('Worker', move.from) }),
    to: t.id({ nullable: false, description: 'Id of the worker it went to.', resolve: (move) => encodeId('Worker', move.to) }),
  }),
});

export const DecisionType = builder.objectRef<Decision>('LinkDecision').implement({
  description: 'A steward’s decision on who is who.',
  fields: (t) => ({
    id: t.id({ nullable: false, description: 'Id, by which `undoLinkDecision` names it.', resolve: (decision) => encodeId('LinkDecision', decision.id) }),
    number: t.int({ nullable: false, description: 'Its place in the order of decisions.', resolve: (decision) => decision.number }),
    kind: t.field({ type: KindEnum, nullable: false, description: 'What was decided.', resolve: (decision) => decision.kind }),
    decidedBy: t.string({ nullable: false, description: 'Kind and public id of the caller who decided.', resolve: (decision) => decision.decidedBy }),
    decidedAt: t.field({ type: 'DateTime', nullable: false, description: 'When it was decided.', resolve: (decision) => decision.decidedAt.toISOString() }),
    reason: t.string({ nullable: false, description: 'Why, in the steward’s words.', resolve: (decision) => decision.reason }),
    workerIds: t.idList({ nullable: false, description: 'Ids of the workers it concerned.', resolve: (decision) => decision.workers.map((id) => encodeId('Worker', id)) }),
    moves: t.field({ type: [MoveType], nullable: false, description: 'Records that changed their worker by it.', resolve: (decision) => [...decision.effect.moves] }),
    undoes: t.id({ description: 'For an UNDO, the decision that it took back.', resolve: (decision) => decision.undoes && encodeId('LinkDecision', decision.undoes) }),
    undoneBy: t.id({ description: 'The decision that took this one back; null where it stands.', resolve: (decision) => decision.undoneBy && encodeId('LinkDecision', decision.undoneBy) }),
  }),
});

builder.queryField('linkDecisions', (t) =>
  t.field({
    ...identified,
    type: [DecisionType],
    description: 'What stewards have decided, latest first. Decisions on a worker whose data is restricted are left out. Needs the scope `links:review`.',
    args: {
      first: t.arg.int({ required: true, defaultValue: 20, description: 'At most so many, 1 to 100.' }),
      before: t.arg.int({ description: 'Only those before this number.' }),
      worker: t.arg.id({ description: 'Only those that concern this worker.' }),
    },
    resolve: async (_root, { first, before, worker }, context) => {
      if (!maySteward(context)) return null;
      if (first < 1 || first > 100) throw new GraphQLError('linkDecisions takes first from 1 to 100.', { extensions: { code: 'BAD_USER_INPUT' } });
      const id = typeof worker === 'string' ? workerId(worker) : null;
      if (typeof worker === 'string' && id === null) throw new GraphQLError('linkDecisions takes worker as an id of a Worker from an earlier answer.', { extensions: { code: 'BAD_USER_INPUT' } });
      const decisions = await context.links.decisions({ count: first, before: before ?? null, workerId: id, withheld: context.restrictions.workers });
      context.trail.sawWorkers([...new Set(decisions.flatMap(({ workers }) => workers))]);
      return decisions;
    },
  }),
);
