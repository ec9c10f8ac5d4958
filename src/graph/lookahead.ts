import { type FieldNode, getDirectiveValues, getNamedType, GraphQLIncludeDirective, GraphQLObjectType, type GraphQLResolveInfo, GraphQLSkipDirective, type SelectionSetNode } from 'graphql';
import { facetScope, mayHave, type Scope } from '../access/scopes.ts';
import { type Need, facets as allFacets } from '../domain/record.ts';

/** The facets that a selection needs, each with the scopes of the fields that need it. */
type Plan = ReadonlyMap<Need, ReadonlySet<Scope>>;

/** Plans of documents that are executed again and again; dropped with the document. A selection with @skip or @include has none: it holds for its variables only. */
const plans = new WeakMap<FieldNode, Plan>();

/**
 * What the selection under a field that answers workers needs from the agencies: the facets of every field in it, of `Worker` and of what hangs on her (a
 * case's benefits), through fragments, under @skip and @include. Known before the first call, it lets all agencies be asked in one wave. A facet that the
 * caller could have asked for, but not for any of the selected fields, is left out.
 */
export function neededFacets(info: GraphQLResolveInfo, scopes: ReadonlySet<Scope>): ReadonlySet<Need> {
  const needed = new Set<Need>();
  for (const [facet, wanting] of planOf(info)) if (!mayHave(scopes, classOf(facet)) || [...wanting].some((scope) => scopes.has(scope))) needed.add(facet);
  return needed;
}

/** All agencies’ claims are of the class of who she is. */
const classOf = (need: Need) => (need === 'CLAIMS' ? 'IDENTITY' : need);

function planOf(info: GraphQLResolveInfo): Plan {
  const [first] = info.fieldNodes;
  const only = info.fieldNodes.length === 1 ? first : undefined;
  const kept = only && plans.get(only);
  if (kept) return kept;
  const worker = info.schema.getType('Worker');
  if (!(worker instanceof GraphQLObjectType)) return new Map(allFacets.map((facet) => [facet, new Set([facetScope[facet]])]));
  const plan = new Map<Need, Set<Scope>>();
  let fixed = true;

  const objectType = (name: string | undefined, otherwise: GraphQLObjectType) => {
    const type = name === undefined ? otherwise : info.schema.getType(name);
    return type instanceof GraphQLObjectType ? type : otherwise;
  };
  const visit = (selections: SelectionSetNode | undefined, on: GraphQLObjectType) => {
    for (const selection of selections?.selections ?? []) {
      if (selection.directives && selection.directives.length > 0) {
        fixed = false;
        if (getDirectiveValues(GraphQLSkipDirective, selection, info.variableValues)?.if === true) continue;
        if (getDirectiveValues(GraphQLIncludeDirective, selection, info.variableValues)?.if === false) continue;
      }
      if (selection.kind === 'Field') {
        const field = on.getFields()[selection.name.value];
        const { facets = [], scope } = (field?.extensions ?? {}) as { facets?: readonly Need[]; scope?: Scope };
        for (const facet of facets) plan.set(facet, (plan.get(facet) ?? new Set()).add(scope ?? facetScope[classOf(facet)]));
        const below = field && field.extensions['indexed'] !== true && getNamedType(field.type);
        if (below instanceof GraphQLObjectType) visit(selection.selectionSet, below);
      } else {
        const fragment = selection.kind === 'InlineFragment' ? selection : info.fragments[selection.name.value];
        visit(fragment?.selectionSet, objectType(fragment?.typeCondition?.name.value, on));
      }
    }
  };
  for (const node of info.fieldNodes) visit(node.selectionSet, worker);
  if (fixed && only) plans.set(only, plan);
  return plan;
}
