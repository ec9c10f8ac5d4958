import { and, type SQL } from 'drizzle-orm';
import { GraphQLError } from 'graphql';
import { sightOf } from '../../access/sight.ts';
import type { Referral } from '../../domain/referral.ts';
import { behind, filtered, notOf, type ReferralPlace, visibleTo } from '../../referrals/read.ts';
import { readReference } from '../../referrals/reference.ts';
import { AgencyNameEnum } from '../agency/name.ts';
import { builder } from '../builder.ts';
import type { GraphContext } from '../context.ts';
import { decodeId, encodeId, workerIdIn } from '../ids.ts';
import { listPoints } from '../lists/connection.ts';
import { identified } from '../purpose.ts';
import { ReferralType, StateEnum } from './referral.ts';
import { maySeeReferrals, type ShownReferral, shownReferrals } from './shown.ts';

interface Page {
  readonly nodes: readonly ShownReferral[];
  /** Last of those that were weighed for the page, shown or not. */
  readonly reached: Referral | null;
  readonly after: string | null;
  readonly hasNextPage: boolean;
  readonly where: SQL | undefined;
}

const cursorOf = (one: Referral) => encodeId('ReferralPlace', `${one.steps[0]!.at.getTime()}.${one.id}`);

function placeOf(cursor: string): ReferralPlace {
  const { typename, id: text } = decodeId(cursor);
  const [, ms, rest] = /^(\d{1,14})\.(.+)$/.exec(text) ?? [];
  const id = rest === undefined ? null : workerIdIn(rest);
  if (typename !== 'ReferralPlace' || id === null || id !== rest) throw new GraphQLError('referrals takes after as a cursor of an earlier page.', { extensions: { code: 'BAD_USER_INPUT' } });
  return { sentAt: new Date(Number(ms)), id };
}

const EdgeType = builder.objectRef<ShownReferral>('ReferralEdge').implement({
  description: 'A place in a list of referrals.',
  fields: (t) => ({
    cursor: t.string({ nullable: false, description: 'Give it as `after` to go on behind it.', resolve: ({ referral }) => cursorOf(referral) }),
    node: t.field({ type: ReferralType, nullable: false, description: 'The referral.', resolve: (shown) => shown }),
  }),
});
const PageType = builder.objectRef<Page>('ReferralConnection').implement({
  description: 'A page of a list of referrals.',
  fields: (t) => ({
    edges: t.field({ type: [EdgeType], nullable: false, extensions: { page: true }, description: 'Referrals, latest first.', resolve: (page) => [...page.nodes] }),
    pageInfo: t.field({
      type: builder.pageInfoRef(),
      nullable: false,
      description: 'Where the page stands. Where many are about workers whom you may not see, a page can be short, or empty, and have another behind it.',
      resolve: ({ nodes, reached, after, hasNextPage }) => ({
        hasNextPage, hasPreviousPage: after !== null, startCursor: nodes[0] ? cursorOf(nodes[0].referral) : null, endCursor: reached && cursorOf(reached),
      }),
    }),
    totalCount: t.int({
      description: 'How many there are, all pages together; null for callers bound to missions, areas or companies, for whom each would have to be weighed.',
      resolve: ({ where }, _args, context) => (countable(context) ? context.referrals.count(where) : null),
    }),
  }),
});

/** Whether the rows tell by themselves all that decides who may see them. */
const countable = ({ caller }: GraphContext): boolean => sightOf(caller)?.bounded !== true;

/** Rows that are weighed for one page at most, and at once where many may not be seen. */
const [mostWeighed, weighedAtOnce] = [1_000, 100];

/** A page of those that the caller may see. What the rows do not tell, whether she may see the workers, is weighed row by row. */
async function readPage(context: GraphContext, where: SQL | undefined, first: number, after: string | null): Promise<Omit<Page, 'where' | 'after'>> {
  const nodes: ShownReferral[] = [];
  let reached: Referral | null = null;
  let from = after === null ? null : placeOf(after);
  const batch = countable(context) ? first : Math.max(first, weighedAtOnce);
  for (let weighed = 0; weighed < mostWeighed; weighed += batch) {
    const some: Referral[] = await context.referrals.read(and(where, from ? behind(from) : undefined), batch + 1);
    const shown = await shownReferrals(some.slice(0, batch), context);
    for (const [i, one] of shown.entries()) {
      reached = some[i]!;
      if (one) nodes.push(one);
      if (nodes.length === first) return { nodes, reached, hasNextPage: some.length > i + 1 };
    }
    if (some.length <= batch) return { nodes, reached, hasNextPage: false };
    from = { sentAt: reached!.steps[0]!.at, id: reached!.id };
  }
  return { nodes, reached, hasNextPage: true };
}

builder.queryField('referrals', (t) =>
  t.field({
    extensions: { ...identified.extensions, points: listPoints },
    type: PageType,
    description: 'Cases handed from one agency to another, latest first: those sent by the agencies for which you hand over, and those sent to the agencies for which you handle. No agency is asked. Needs the scope `referral:send` or `referral:handle`.',
    args: {
      first: t.arg.int({ required: true, defaultValue: 20, description: 'At most so many, 1 to 100.' }),
      after: t.arg.string({ description: 'Only those behind this cursor of an earlier page.' }),
      to: t.arg({ type: [AgencyNameEnum], description: 'Only those sent to these agencies.' }),
      from: t.arg({ type: [AgencyNameEnum], description: 'Only those sent by these agencies.' }),
      states: t.arg({ type: [StateEnum], description: 'Only those that are in one of these states, such as `SENT`: what nobody has taken up yet.' }),
      reference: t.arg.string({ description: 'Only the one of this reference, as it was written or said.' }),
    },
    resolve: async (_root, { first, after, to, from, states, reference }, context) => {
      if (!maySeeReferrals(context)) return null;
      if (first < 1 || first > 100) throw new GraphQLError('referrals takes first from 1 to 100.', { extensions: { code: 'BAD_USER_INPUT' } });
      const read = typeof reference === 'string' ? readReference(reference) : undefined;
      if (read === null) throw new GraphQLError('referrals takes reference as RJK, a hyphen and two groups of four letters or digits, such as RJK-7Q4M-K2XD.', { extensions: { code: 'BAD_USER_INPUT' } });
      const filter = filtered({ ...(to && { to }), ...(from && { from }), ...(states && { states }), ...(read !== undefined && { reference: read }) });
      const where = and(visibleTo(context.caller), notOf(context.restrictions.workers), filter);
      return { ...(await readPage(context, where, first, after ?? null)), after: after ?? null, where };
    },
  }),
);
