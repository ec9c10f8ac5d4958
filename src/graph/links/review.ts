import { GraphQLError } from 'graphql';
import type { Review } from '../../identity/hub/reviews.ts';
import type { RecordRef } from '../../identity/hub/evidence.ts';
import { AgencyNameEnum } from '../agency/name.ts';
import { builder } from '../builder.ts';
import { encodeId } from '../ids.ts';
import { identified } from '../purpose.ts';
import { readShown, WorkerType } from '../worker/worker.ts';
import { mayReadNumber, maySteward } from './access.ts';
import { VetoEnum, WeighingType } from './evidence.ts';

interface Side extends RecordRef {
  readonly workerId: string;
}

const SideType = builder.objectRef<Side>('LinkReviewSide').implement({
  description: 'One of the two records of a pair.',
  fields: (t) => ({
    agency: t.field({ type: AgencyNameEnum, nullable: false, description: 'Agency that holds it.', resolve: (side) => side.agency }),
    recordId: t.string({ description: 'The agency’s own number of it; null where you may not read what the agency holds.', resolve: (side, _args, context) => (mayReadNumber(context, side.agency) ? side.recordId : null) }),
    worker: t.field({
      type: WorkerType,
      description: 'The worker whom it is linked to now, as you may see her.',
      resolve: async (side, _args, context, info) => (await readShown([{ kind: 'ID', value: side.workerId }], context, info))[0],
    }),
  }),
});

export const ReviewType = builder.objectRef<Review>('LinkReview').implement({
  description: 'A pair of records that may be one person, for a steward to decide. Left is the side that sorts first.',
  fields: (t) => ({
    id: t.id({ nullable: false, description: 'Id, by which `confirmLink` and `rejectLink` name it.', resolve: (review) => encodeId('LinkReview', review.id) }),
    version: t.string({ nullable: false, description: 'Changes with the review and the links of both workers. Give it back with the decision, so that you decide on what you saw.', resolve: (review) => review.version }),
    probability: t.float({ nullable: false, description: 'Probability that both are one person.', resolve: (review) => review.probability }),
    veto: t.field({ type: VetoEnum, description: 'What keeps the machine from linking them; null where it is the score alone.', resolve: (review) => review.evidence.veto }),
    width: t.int({ nullable: false, description: 'Records that a yes would bring together.', resolve: (review) => review.width }),
    openedAt: t.field({ type: 'DateTime', nullable: false, description: 'Since when it waits.', resolve: (review) => review.openedAt.toISOString() }),
    left: t.field({ type: SideType, nullable: false, description: 'One record.', resolve: (review) => ({ ...review.left, workerId: review.leftWorker }) }),
    right: t.field({ type: SideType, nullable: false, description: 'The other.', resolve: (review) => ({ ...review.right, workerId: review.rightWorker }) }),
    weighing: t.field({ type: WeighingType, nullable: false, description: 'How the pair came to its score.', resolve: (review) => review.evidence.weighed }),
  }),
});

interface Page {
  readonly nodes: readonly Review[];
  readonly hasNextPage: boolean;
}
const cursorOf = ({ priority, id }: Review) => encodeId('Queue', `${priority} ${id}`);

const EdgeType = builder.objectRef<Review>('LinkReviewEdge').implement({
  description: 'A place in the queue.',
  fields: (t) => ({
    cursor: t.string({ nullable: false, description: 'Give it as `after` to go on behind it.', resolve: cursorOf }),
    node: t.field({ type: ReviewType, nullable: false, description: 'The pair.', resolve: (review) => review }),
  }),
});
const PageType = builder.objectRef<Page>('LinkReviewConnection').implement({
  description: 'A page of the queue.',
  fields: (t) => ({
    edges: t.field({ type: [EdgeType], nullable: false, extensions: { page: true }, description: 'Pairs, hardest and widest first.', resolve: (page) => [...page.nodes] }),
    hasNextPage: t.boolean({ nullable: false, description: 'Whether more follow.', resolve: (page) => page.hasNextPage }),
    endCursor: t.string({ description: 'Cursor of the last pair of the page.', resolve: (page) => (page.nodes.length > 0 ? cursorOf(page.nodes.at(-1)!) : null) }),
    totalCount: t.int({ nullable: false, description: 'Pairs that wait, all pages together.', resolve: async (_page, _args, context) => (await context.links.queue(context.restrictions.workers)).open }),
    oldest: t.field({ type: 'DateTime', description: 'Since when the oldest of them waits.', resolve: async (_page, _args, context) => (await context.links.queue(context.restrictions.workers)).oldest?.toISOString() }),
  }),
});

builder.queryField('linkReviews', (t) =>
  t.field({
    ...identified,
    type: PageType,
    description: 'Pairs of records that may be one person, for a steward to decide: the hardest and widest first. Pairs of a worker whose data is restricted are left out. Needs the scope `links:review`.',
    args: {
      first: t.arg.int({ required: true, defaultValue: 20, description: 'At most so many, 1 to 100.' }),
      after: t.arg.string({ description: 'Only those behind this cursor.' }),
    },
    resolve: async (_root, { first, after }, context) => {
      if (!maySteward(context)) return null;
      if (first < 1 || first > 100) throw new GraphQLError('linkReviews takes first from 1 to 100.', { extensions: { code: 'BAD_USER_INPUT' } });
      const found = await context.links.reviews(first + 1, typeof after === 'string' ? placeOf(after) : null, context.restrictions.workers);
      const nodes = found.slice(0, first);
      context.trail.sawWorkers(nodes.flatMap(({ leftWorker, rightWorker }) => [leftWorker, rightWorker]));
      return { nodes, hasNextPage: found.length > first };
    },
  }),
);

function placeOf(cursor: string): { readonly priority: number; readonly id: string } {
  const [, priority, id] = /^Queue:([\d.e+-]{1,30}) ([0-9a-f-]{36})$/.exec(Buffer.from(cursor, 'base64').toString()) ?? [];
  if (priority === undefined || id === undefined || !Number.isFinite(Number(priority))) throw new GraphQLError('linkReviews takes after as a cursor of an earlier page.', { extensions: { code: 'BAD_USER_INPUT' } });
  return { priority: Number(priority), id };
}
