import { Kind, visit } from 'graphql';
import type { DirectiveNode, DocumentNode } from 'graphql';

/**
 * `@skip` and `@include`, decided before compiling: graphql-jit leaves fields out that are selected twice under different conditions. A document with
 * conditions is compiled once for each combination of their values that occurs.
 */

const conditional: ReadonlySet<string> = new Set(['skip', 'include']);
const variablesOf = new WeakMap<DocumentNode, readonly string[] | null>();

/** Names of the variables that decide what is selected; null when the document has no condition at all. */
export function conditionVariables(document: DocumentNode): readonly string[] | null {
  const known = variablesOf.get(document);
  if (known !== undefined) return known;
  const names = new Set<string>();
  let any = false;
  visit(document, {
    Directive(directive) {
      if (!conditional.has(directive.name.value)) return;
      any = true;
      const value = directive.arguments?.[0]?.value;
      if (value?.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  const result = any ? [...names] : null;
  variablesOf.set(document, result);
  return result;
}

/** The document as it is under these values, without conditions; null where a condition is neither true nor false. */
export function decided(document: DocumentNode, values: Readonly<Record<string, unknown>>): DocumentNode | null {
  let undecided = false;
  const selects = (directive: DirectiveNode): boolean => {
    const value = directive.arguments?.[0]?.value;
    const condition = value?.kind === Kind.VARIABLE ? values[value.name.value] : value?.kind === Kind.BOOLEAN ? value.value : undefined;
    if (typeof condition !== 'boolean') undecided = true;
    return directive.name.value === 'include' ? condition === true : condition !== true;
  };
  const result = visit(document, {
    enter(node) {
      if (node.kind !== Kind.FIELD && node.kind !== Kind.INLINE_FRAGMENT && node.kind !== Kind.FRAGMENT_SPREAD) return undefined;
      const conditions = node.directives?.filter((directive) => conditional.has(directive.name.value)) ?? [];
      if (conditions.length === 0) return undefined;
      if (!conditions.every(selects)) return null;
      return { ...node, directives: node.directives?.filter((directive) => !conditions.includes(directive)) ?? [] };
    },
  });
  return undecided ? null : result;
}
