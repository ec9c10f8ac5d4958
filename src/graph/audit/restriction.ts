import { GraphQLError } from 'graphql';
import { isBounded } from '../../access/bounds.ts';
import type { Restriction, RestrictionReason } from '../../access/restrictions.ts';
import { builder } from '../builder.ts';
import { type GraphContext, holdsScope } from '../context.ts';
import { describedEnum } from '../enums.ts';
import { encodeId } from '../ids.ts';
import { workerId } from '../worker/key.ts';

const ReasonEnum = describedEnum<RestrictionReason>('RestrictionReason', 'Why processing is restricted.', {
  SUBJECT_REQUEST: 'She asked for it.',
  ACCURACY_DISPUTED: 'She disputes that the data is right.',
  UNLAWFUL_PROCESSING: 'The processing was unlawful.',
  LEGAL_ORDER: 'A court or authority ordered it.',
});

const RestrictionType = builder.objectRef<Restriction>('Restriction').implement({
  description: 'A restriction of processing: no agency is asked about the worker and nothing of her is shown.',
  fields: (t) => ({
    workerId: t.id({ nullable: false, description: 'The worker’s id.', resolve: (restriction) => encodeId('Worker', restriction.workerId) }),
    reason: t.field({ type: ReasonEnum, nullable: false, description: 'Why it is restricted.', resolve: (restriction) => restriction.reason }),
    since: t.field({ type: 'DateTime', nullable: false, description: 'Since when.', resolve: (restriction) => restriction.since.toISOString() }),
    setBy: t.string({ nullable: false, description: 'Public id of the caller who set it.', resolve: (restriction) => restriction.setBy }),
  }),
});

const ChangeType = builder.objectRef<{ readonly done: boolean }>('RestrictionPayload').implement({
  description: 'What a change of a restriction came to.',
  fields: (t) => ({ done: t.boolean({ nullable: false, description: 'False when there is no such worker, or no restriction to lift.', resolve: (change) => change.done }) }),
});

const RestrictInput = builder.inputType('RestrictWorkerInput', {
  description: 'A worker whose data may not be processed for now.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The worker’s id.' }),
    reason: t.field({ type: ReasonEnum, required: true, description: 'Why it is to be restricted.' }),
  }),
});
const LiftInput = builder.inputType('LiftRestrictionInput', {
  description: 'A worker whose data may be processed again.',
  fields: (t) => ({ id: t.id({ required: true, description: 'The worker’s id.' }) }),
});

/**
 * Whether the caller may see and change restrictions. Not with bounds: the list, and whether a change was done, would tell of workers outside of them, who
 * to such a caller do not exist.
 */
function mayManage(context: GraphContext): boolean {
  if (!holdsScope(context, 'restriction:manage')) return false;
  if (isBounded(context.caller.bounds)) throw new GraphQLError('Restrictions are for callers without bounds: they tell who exists.', { extensions: { code: 'FORBIDDEN' } });
  return true;
}

/** Changes a worker's restriction; the change is a row in her trail. */
async function change(context: GraphContext, globalId: string, work: (id: string) => Promise<boolean>): Promise<{ done: boolean } | null> {
  if (!mayManage(context)) return null;
  const id = workerId(globalId);
  if (id === null) throw new GraphQLError('id must be an id of a Worker from an earlier answer.', { extensions: { code: 'BAD_USER_INPUT' } });
  const done = await work(id);
  context.trail.sawWorkers([done ? id : null]);
  return { done };
}

builder.mutationFields((t) => ({
  restrictWorker: t.field({
    type: ChangeType,
    description: 'Restricts the processing of a worker’s data, on every instance at once. Needs the scope `restriction:manage`.',
    args: { input: t.arg({ type: RestrictInput, required: true, description: 'Whose, and why.' }) },
    resolve: (_root, { input }, context) => change(context, input.id, (workerId) => context.restrictions.set({ workerId, reason: input.reason, since: context.now, setBy: context.caller.id })),
  }),
  liftRestriction: t.field({
    type: ChangeType,
    description: 'Ends a restriction. Needs the scope `restriction:manage`.',
    args: { input: t.arg({ type: LiftInput, required: true, description: 'Whose.' }) },
    resolve: (_root, { input }, context) => change(context, input.id, (workerId) => context.restrictions.lift(workerId)),
  }),
}));

builder.queryField('restrictions', (t) =>
  t.field({
    type: [RestrictionType],
    description: 'The restrictions in force, oldest first. Needs the scope `restriction:manage`.',
    resolve: async (_root, _args, context) => {
      if (!mayManage(context)) return null;
      const restrictions = await context.restrictions.list();
      context.trail.sawWorkers(restrictions.map((restriction) => restriction.workerId));
      return restrictions;
    },
  }),
);
