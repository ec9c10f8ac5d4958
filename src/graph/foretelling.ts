import type { GraphQLResolveInfo } from 'graphql';
import type { GraphContext } from './context.ts';
import { foreseenClasses } from './lookahead.ts';

/** What a query is going to read, as far as its root fields have told. */
export interface Foretelling {
  readonly workers: Set<string>;
  /** Classes of fields, by their scopes. */
  readonly classes: Set<string>;
  /** Of the operation's selections, how many have told. */
  selections: number;
  /** Called when all have: nothing else will be read, and the agencies are about to be asked. */
  readonly whole: () => void;
}

/**
 * A root field tells whom it is going to read, before any agency has answered. Together they foretell the request's row in the audit log, where each of them reads
 * workers by key, and where look-ahead can say which classes of fields that will be.
 */
export function foretell(context: GraphContext, info: GraphQLResolveInfo, workers: readonly string[]): void {
  const { foretelling } = context;
  if (!foretelling || info.parentType.getFields()[info.fieldName]?.extensions['foretells'] !== true) return;
  const classes = foreseenClasses(info, context.caller.scopes);
  if (classes === null) return;
  for (const id of workers) foretelling.workers.add(id);
  for (const one of classes) foretelling.classes.add(one);
  foretelling.selections += info.fieldNodes.length;
  // A fragment at the root may hold more than one.
  const { selections } = info.operation.selectionSet;
  if (foretelling.selections === selections.length && selections.every(({ kind }) => kind === 'Field')) foretelling.whole();
}
