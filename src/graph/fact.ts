import type { Facet } from '../domain/record.ts';
import type { AgencyRecord } from '../domain/record.ts';
import { agencyOwned, builder, nodeId, nodeInterface, nodeLoaders } from './builder.ts';
import type { GraphContext } from './context.ts';
import { mayRead } from './context.ts';
import { holdingOf, noteCopy, noteFacts } from './holding.ts';
import { encodeId, workerIdIn } from './ids.ts';
import { ProvenanceType } from './provenance.ts';

/** A kind of fact that agencies own and GraphQL shows as an object of its own. */
export interface FactKind<T extends object> {
  /** GraphQL type name. */
  readonly typename: string;
  readonly facet: Facet;
  readonly pick: (record: AgencyRecord) => readonly T[];
  /** What tells the fact apart from others of its record: its number, or a tuple of fields. */
  readonly number: (value: T) => readonly string[];
}

/** The id of a fact: the worker's hub id, and a name that does not tell the agency's number. */
export function factId<T extends object>(kind: FactKind<T>, fact: T, context: GraphContext): string {
  const { workerId, provenance } = holdingOf(context, fact);
  return `${workerId}.${context.opaque.name(kind.typename, provenance.agency, provenance.recordId, ...kind.number(fact))}`;
}

/** Reads facts by id: each worker once, from the agencies that hold the facet. */
export function registerFact<T extends object>(kind: FactKind<T>): void {
  nodeLoaders.set(kind.typename, async (ids, context) => {
    if (!mayRead(context, kind.facet)) return ids.map(() => null);
    const workers = await context.reader.read(ids.map((id) => ({ kind: 'ID' as const, value: workerIdIn(id)! })), new Set([kind.facet]));
    for (const worker of workers) if (worker) noteFacts(context, worker);
    return ids.map((id, i) => {
      const fact = workers[i]?.facts(kind.facet, kind.pick)?.find((candidate) => factId(kind, candidate, context) === id);
      if (!fact) return null;
      const node = { ...fact, __typename: kind.typename };
      noteCopy(context, fact, node);
      return node;
    });
  });
}

/** The type of a fact, a node with provenance. Its fields are the agency's, so nullable but for ids and enums. */
export function factType<T extends object>(kind: FactKind<T>, description: string) {
  registerFact(kind);
  return builder.objectRef<T>(kind.typename).implement({
    ...agencyOwned,
    description,
    interfaces: [nodeInterface],
    fields: (t) => ({
      id: t.id({ ...nodeId, resolve: (fact, _args, context) => encodeId(kind.typename, factId(kind, fact, context)) }),
      provenance: t.field({ type: ProvenanceType, nullable: false, description: 'Where this comes from and how fresh it is.', resolve: (fact, _args, context) => holdingOf(context, fact).provenance }),
    }),
  });
}

