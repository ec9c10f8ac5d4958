import { GraphQLError, type GraphQLResolveInfo, type SelectionSetNode } from 'graphql';
import { ListFault } from '../../index/lists/fault.ts';
import type { Listed } from '../../index/lists/lists.ts';
import { builder } from '../builder.ts';
import { type GraphContext, holdsScope } from '../context.ts';
import type { Scope } from '../../access/scopes.ts';

/** A node with its place in the list. */
export interface Edge<T, R extends Placed = Listed> {
  readonly node: T;
  readonly row: R;
}

/** What has a place in a list. */
export interface Placed {
  readonly cursor: string;
}

/** A page of what is listed. */
export interface Page<R extends Placed> {
  readonly rows: readonly R[];
  readonly hasNextPage: boolean;
}

/** A list that was asked for. Each part is read when it is first selected. */
export interface Connection<T, R extends Placed = Listed> {
  readonly after: string | null;
  edges(): Promise<readonly Edge<T, R>[]>;
  page(): Promise<Page<R>>;
  count(): Promise<number | null>;
}

/** Points of a list beyond its values: about what a statement costs the database. */
export const listPoints = 20;

/** Whether the caller may list, by these classes of fields; what is missing is told with the answer, and nothing is read. */
export function mayList(context: GraphContext, scopes: ReadonlySet<Scope>): boolean {
  // Each is asked, so that all that are missing are told.
  return ['workers:list' as const, ...scopes].map((scope) => holdsScope(context, scope)).every((held) => held);
}

/** What is wrong with a list, in GraphQL's terms. */
export async function asGraphql<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ListFault) throw new GraphQLError(error.message, { extensions: { code: error.code } });
    throw error;
  }
}

/** Whether the selection under a connection reads its page, and not just its count. */
function readsPage(info: GraphQLResolveInfo): boolean {
  const reads = (selections: SelectionSetNode | undefined): boolean =>
    (selections?.selections ?? []).some((selection) => {
      if (selection.kind === 'Field') return selection.name.value === 'edges' || selection.name.value === 'pageInfo';
      return reads(selection.kind === 'InlineFragment' ? selection.selectionSet : info.fragments[selection.name.value]?.selectionSet);
    });
  return info.fieldNodes.some((node) => reads(node.selectionSet));
}

/** How a connection is read. */
export interface Source<T, R extends Placed> {
  readonly after: string | null;
  readonly page: () => Promise<Page<R>>;
  readonly nodesOf: (rows: readonly R[]) => Promise<readonly (T | null)[]>;
  readonly count: () => Promise<number | null>;
}

/** A list whose nodes are made from a page at once. Where its page is selected, that is read first, so that what is wrong with the list is said once. */
export async function connectionOf<T, R extends Placed>(info: GraphQLResolveInfo, { after, page: read, nodesOf, count }: Source<T, R>): Promise<Connection<T, R>> {
  let page: Promise<Page<R>> | null = null;
  let edges: Promise<readonly Edge<T, R>[]> | null = null;
  const pageOnce = () => (page ??= asGraphql(read));
  if (readsPage(info)) await pageOnce();
  return {
    after,
    page: pageOnce,
    edges: () =>
      (edges ??= pageOnce().then(async ({ rows }) => {
        const nodes = await nodesOf(rows);
        // One that went since the index was last brought up is left out.
        return rows.flatMap((row, i): Edge<T, R>[] => {
          const node = nodes[i] ?? null;
          return node === null ? [] : [{ node, row }];
        });
      })),
    count: () => asGraphql(count),
  };
}

/** The types of a connection. `node` is what an edge leads to. */
export function connectionType<T, R extends Placed = Listed>(name: string, node: { readonly type: object; readonly plural: string }) {
  const EdgeType = builder.objectRef<Edge<T, R>>(`${name}Edge`).implement({
    description: `A place in a list of ${node.plural}.`,
    fields: (t) => ({
      cursor: t.string({ nullable: false, description: 'Give it as `after` to go on behind it. It tells nothing, and holds for this list with the same `where` and `orderBy` only.', resolve: ({ row }) => row.cursor }),
      node: t.field({
        extensions: { indexed: true },
        type: node.type as never,
        nullable: false,
        description: 'What stands there, as last synced: no agency is asked for it.',
        resolve: ((edge: Edge<T, R>) => edge.node) as never,
      }),
    }),
  });
  const ConnectionType = builder.objectRef<Connection<T, R>>(`${name}Connection`).implement({
    description: `A page of a list of ${node.plural}.`,
    fields: (t) => ({
      edges: t.field({ extensions: { page: true }, type: [EdgeType], nullable: false, description: 'The page.', resolve: async (list) => [...(await list.edges())] }),
      pageInfo: t.field({
        type: builder.pageInfoRef(),
        nullable: false,
        description: 'Where the page stands.',
        resolve: async (list) => {
          const { rows, hasNextPage } = await list.page();
          return { hasNextPage, hasPreviousPage: list.after !== null, startCursor: rows[0]?.cursor ?? null, endCursor: rows.at(-1)?.cursor ?? null };
        },
      }),
      totalCount: t.int({ description: 'How many there are that you may see, all pages together; null where they are more than 100,000 or too dear to count (`placementStatistics` and its like count those).', resolve: (list) => list.count() }),
      indexedThrough: t.field({
        type: 'DateTime',
        description: 'Up to when the list holds what the agencies’ change feeds have told; null while the first synchronisation runs.',
        resolve: (_list, _args, context) => context.indexedThrough(),
      }),
    }),
  });
  return { ConnectionType, EdgeType };
}
