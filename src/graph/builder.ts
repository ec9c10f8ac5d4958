import SchemaBuilder from '@pothos/core';
import RelayPlugin from '@pothos/plugin-relay';
import { GraphQLError, type GraphQLResolveInfo } from 'graphql';
import type { Scope } from '../access/scopes.ts';
import type { Need } from '../domain/record.ts';
import type { Day, Instant } from '../domain/time.ts';
import type { GraphContext } from './context.ts';
import { identified, readByKey } from './purpose.ts';
import { decodeId, encodeId, type GlobalId, workerIdIn } from './ids.ts';

/** Objects that `node` can load, by GraphQL type. Each type's file registers its own loader. */
export type NodeLoader = (ids: readonly string[], context: GraphContext, info: GraphQLResolveInfo) => Promise<readonly (object | null)[]>;
export const nodeLoaders = new Map<string, NodeLoader>();

/** Most objects in one answer. */
const mostNodes = 100;

async function loadNodes(ids: readonly GlobalId[], context: GraphContext, info: GraphQLResolveInfo): Promise<(object | null)[]> {
  if (ids.length > mostNodes) throw new GraphQLError(`nodes takes at most ${mostNodes} ids, not ${ids.length}.`, { extensions: { code: 'BAD_USER_INPUT' } });
  const found: (object | null)[] = ids.map(() => null);
  // Every object's id begins with a worker's; what does not is no object.
  const named = ids.map((id, index) => ({ ...id, index })).filter(({ id }) => workerIdIn(id) !== null);
  const byType = Map.groupBy(named, (id) => id.typename);
  await Promise.all(
    [...byType].map(async ([typename, wanted]) => {
      const objects = (await nodeLoaders.get(typename)?.(wanted.map((w) => w.id), context, info)) ?? [];
      wanted.forEach((w, i) => (found[w.index] = objects[i] ?? null));
    }),
  );
  return found;
}

interface Types {
  Context: GraphContext;
  Scalars: {
    ID: { Input: string; Output: string };
    NIK: { Input: string; Output: string };
    Date: { Input: Day; Output: Day };
    DateTime: { Input: Instant; Output: Instant };
    CountryCode: { Input: string; Output: string };
    CurrencyCode: { Input: string; Output: string };
    Decimal: { Input: string; Output: string };
    AreaCode: { Input: string; Output: string };
  };
}

const idDescription = 'Opaque id, the same on every read. It tells nothing about the person.';

export const builder = new SchemaBuilder<Types>({
  plugins: [RelayPlugin],
  relay: {
    encodeGlobalID: encodeId,
    decodeGlobalID: decodeId,
    nodeTypeOptions: { description: 'An object that can be fetched again by its id.' },
    idFieldOptions: { description: idDescription },
    pageInfoTypeOptions: { description: 'Where a page of a list stands.' },
    hasNextPageFieldOptions: { description: 'Whether more follow.' },
    hasPreviousPageFieldOptions: { description: 'Whether the page was asked for behind a cursor.' },
    startCursorFieldOptions: { description: 'Cursor of the first of the page; null on an empty one.' },
    endCursorFieldOptions: { description: 'Cursor of the last of the page: give it as `after` for the next one; null on an empty one.' },
    nodeQueryOptions: {
      ...readByKey,
      description: 'Fetches one object by its id; null when there is none, or none that you may see.',
      args: { id: { description: 'An id that an earlier answer gave.' } },
      resolve: async (_root, { id }, context, info) => (await loadNodes([id], context, info))[0],
    },
    nodesQueryOptions: {
      ...identified,
      description: 'Fetches objects by their ids, in the order asked; null where there is none.',
      args: { ids: { description: 'Ids that earlier answers gave, at most 100.' } },
      resolve: (_root, { ids }, context, info) => loadNodes(ids, context, info),
    },
  },
});

/** What every object has that can be fetched again by its id. Its own type states the id without a promise, which the plugin makes for each. */
export const nodeInterface = builder.nodeInterfaceRef();
export const nodeId = { nullable: false, description: idDescription } as const;

/** Marks a field of `Worker` with what it needs from the agencies; the look-ahead reads it, so that all of them are asked at once. */
export function needs(...facets: readonly Need[]): { extensions: { facets: readonly Need[] } } {
  return { extensions: { facets } };
}

/** The same for a field that needs another scope than its facet's. */
export function needsFor(scope: Scope, ...facets: readonly Need[]): { extensions: { facets: readonly Need[]; scope: Scope } } {
  return { extensions: { facets, scope } };
}

/** Marks a field that reads classes of fields and needs nothing from the agencies for it, or that is not one of `Worker`. */
export function reads(...classes: readonly Scope[]): { extensions: { classes: readonly Scope[] } } {
  return { extensions: { classes } };
}

/** Marks a field of which it shows only later which classes it reads. */
export const unforeseen = { extensions: { foreseen: false } } as const;

/** Marks a type whose fields an agency owns: each must be nullable, except ids and enums (a test holds that). */
export const agencyOwned = { extensions: { agencyOwned: true } } as const;

builder.queryType({ description: 'Everything that can be read.' });
builder.mutationType({ description: 'Everything that can be changed.' });
