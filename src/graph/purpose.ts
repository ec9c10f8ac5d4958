import { type DocumentNode, getDirectiveValues, getOperationAST, getVariableValues, GraphQLError, GraphQLIncludeDirective, type GraphQLSchema, GraphQLSkipDirective, Kind, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';
import { errorCodes } from '../domain/failure.ts';
import type { GraphContext } from './context.ts';

/** Marks a root field that reads an identified person: it needs a stated purpose. */
export const identified = { extensions: { identified: true } } as const;

/** Marks a root field of that kind that reads workers by key, and foretells what it is going to read: see `foretell`. */
export const readByKey = { extensions: { ...identified.extensions, foretells: true } } as const;

/** An operation about to be executed. */
export interface Wanted {
  readonly document: DocumentNode;
  readonly name: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Whether operations without @skip and @include at their roots read an identified person; dropped with the document. */
const known = new WeakMap<OperationDefinitionNode, boolean>();

/** Whether any root field that the operation selects reads an identified person, through fragments, under @skip and @include. */
export function readsIdentified(schema: GraphQLSchema, { document, name, variables }: Wanted): boolean {
  const operation = getOperationAST(document, name);
  if (!operation) return false;
  const kept = known.get(operation);
  if (kept !== undefined) return kept;
  const root = schema.getRootType(operation.operation);
  if (!root) return false;
  let fixed = true;
  const coerced = () => getVariableValues(schema, operation.variableDefinitions ?? [], variables).coerced;

  const asks = (selections: SelectionSetNode | undefined): boolean =>
    (selections?.selections ?? []).some((selection) => {
      if (selection.directives && selection.directives.length > 0) {
        fixed = false;
        const values = coerced();
        // Variables that do not fit are refused by the execution, before any resolver.
        if (!values) return false;
        if (getDirectiveValues(GraphQLSkipDirective, selection, values)?.if === true) return false;
        if (getDirectiveValues(GraphQLIncludeDirective, selection, values)?.if === false) return false;
      }
      if (selection.kind === Kind.FIELD) return root.getFields()[selection.name.value]?.extensions['identified'] === true;
      if (selection.kind === Kind.INLINE_FRAGMENT) return asks(selection.selectionSet);
      const fragment = document.definitions.find((definition) => definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === selection.name.value);
      return asks(fragment?.kind === Kind.FRAGMENT_DEFINITION ? fragment.selectionSet : undefined);
    });

  const answer = asks(operation.selectionSet);
  if (fixed) known.set(operation, answer);
  return answer;
}

/** Refuses an operation that reads an identified person without a purpose that the caller may state, before anything is called. */
export function requirePurpose(schema: GraphQLSchema, context: Pick<GraphContext, 'statement'>, operation: Wanted): void {
  const { fault } = context.statement;
  if (fault === null || !readsIdentified(schema, operation)) return;
  throw new GraphQLError(fault, { extensions: { code: 'PURPOSE_REQUIRED', http: { status: errorCodes.PURPOSE_REQUIRED.status } } });
}
