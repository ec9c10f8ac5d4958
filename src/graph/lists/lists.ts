import { GraphQLError } from 'graphql';
import type { Entity } from '../../index/fields.ts';
import { scopesOf, type Where } from '../../index/lists/where.ts';
import type { Order } from '../../index/lists/order.ts';
import type { Listed, PageOf } from '../../index/lists/lists.ts';
import { builder } from '../builder.ts';
import { CaseType } from '../case/case.ts';
import type { GraphContext } from '../context.ts';
import { CoverageType } from '../coverage/coverage.ts';
import { noteFacts } from '../holding.ts';
import { PlacementType } from '../placement/placement.ts';
import { identified } from '../purpose.ts';
import { asGraphql, type Connection, connectionOf, connectionType, listPoints, mayList } from './connection.ts';
import { type Facts, factOf } from './facts.ts';
import { orderType, whereType } from './where.ts';

/** What a list field was given. */
interface Given {
  readonly where?: Where | null | undefined;
  readonly orderBy?: readonly Order[] | null | undefined;
  readonly first: number;
  readonly after?: string | null | undefined;
}

/** Longest page. */
const mostRows = 100;

/** What was asked for, checked; null where a scope for it is missing. */
export async function wantedOf(context: GraphContext, entity: Entity, { where = null, orderBy, first, after = null }: Given): Promise<PageOf | null> {
  if (first < 1 || first > mostRows) throw new GraphQLError(`first is 1 to ${mostRows}.`, { extensions: { code: 'BAD_USER_INPUT' } });
  const scopes = await asGraphql(async () => scopesOf(entity, where));
  return mayList(context, scopes) ? { grant: context.caller, entity, where, orderBy: orderBy ?? [], first, after } : null;
}

/** What a list is of. */
export interface ListNode<T> {
  readonly type: object;
  readonly typename: string;
  readonly plural: string;
  readonly example: string;
  /** What stands on the rows of a page; null where it is gone. */
  nodesOf(rows: readonly Listed[], context: GraphContext): Promise<readonly (T | null)[]>;
}

/** Adds the field that lists an entity. */
export function listField<T>(name: string, entity: Entity, node: ListNode<T>): void {
  const { ConnectionType } = connectionType<T>(node.typename, node);
  const OrderType = orderType(entity);
  builder.queryField(name, (t) =>
    t.field({
      extensions: { ...identified.extensions, points: listPoints },
      type: ConnectionType,
      description: `A list of ${node.plural} that you may see, from the hub’s index: no agency is asked. ${node.example} Needs the scope \`workers:list\`, and that of each class of fields in \`where\`.`,
      args: {
        where: t.arg({ type: whereType(entity), description: 'Which of them; all when left out.' }),
        orderBy: t.arg({ type: [OrderType], description: 'Up to three fields to sort by, the first first; what is alike stays in a fixed order.' }),
        first: t.arg.int({ required: true, defaultValue: 20, description: 'At most so many, 1 to 100.' }),
        after: t.arg.string({ description: 'Only those behind this cursor of an earlier page.' }),
      },
      resolve: async (_root, args, context, info): Promise<Connection<T> | null> => {
        const wanted = await wantedOf(context, entity, args);
        if (!wanted) return null;
        return connectionOf(info, {
          after: wanted.after,
          page: () => context.lists.page(wanted),
          count: () => context.lists.count(wanted),
          nodesOf: (rows) => node.nodesOf(rows, context),
        });
      },
    }),
  );
}

/** Adds the field that lists facts, as they stand on the records. */
function factsField<E extends keyof Facts>(name: string, entity: E, node: Omit<ListNode<Facts[E]>, 'nodesOf'>): void {
  listField<Facts[E]>(name, entity, {
    ...node,
    async nodesOf(rows, context) {
      const workers = await context.indexed.read(rows.map(({ workerId }) => workerId));
      for (const worker of new Set(workers)) if (worker) noteFacts(context, worker);
      return rows.map((row, i) => {
        const worker = workers[i] ?? null;
        return worker && factOf(entity, worker, row);
      });
    },
  });
}

factsField('placements', 'placement', { type: PlacementType, typename: 'Placement', plural: 'placements', example: '`worker: {coverages: {none: {activeOn: "2026-11-22"}}}` finds those of workers without cover on a day.' });
factsField('coverages', 'coverage', { type: CoverageType, typename: 'Coverage', plural: 'cover periods', example: '`windowEnd: {between: {from: "2026-12-01", to: "2026-12-31"}}` finds those that end in a month.' });
factsField('cases', 'case', { type: CaseType, typename: 'Case', plural: 'cases', example: '`closedOn: {isNull: true}` finds those that are open.' });
