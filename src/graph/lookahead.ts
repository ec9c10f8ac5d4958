import { type FieldNode, getDirectiveValues, getNamedType, GraphQLIncludeDirective, GraphQLObjectType, type GraphQLResolveInfo, GraphQLSkipDirective, type SelectionSetNode } from 'graphql';
import { type Facet, facets as allFacets } from '../domain/record.ts';

interface Plan {
  readonly facets: ReadonlySet<Facet>;
  /** False when @skip or @include stands in the selection, so that the plan holds for these variables only. */
  readonly fixed: boolean;
}

/** Plans of documents that are executed again and again; dropped with the document. */
const plans = new WeakMap<FieldNode, Plan>();

/**
 * What the selection under a field that answers workers needs from the agencies: the facets of every field in it, of `Worker` and of what hangs on her (a
 * case's benefits), through fragments, under @skip and @include. Known before the first call, it lets all agencies be asked in one wave.
 */
export function neededFacets(info: GraphQLResolveInfo): ReadonlySet<Facet> {
  const [first] = info.fieldNodes;
  if (info.fieldNodes.length === 1 && first) {
    const plan = plans.get(first);
    if (plan) return plan.facets;
  }
  const worker = info.schema.getType('Worker');
  if (!(worker instanceof GraphQLObjectType)) return new Set(allFacets);
  const needed = new Set<Facet>();
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
        for (const facet of (field?.extensions.facets ?? []) as readonly Facet[]) needed.add(facet);
        const below = field && getNamedType(field.type);
        if (below instanceof GraphQLObjectType) visit(selection.selectionSet, below);
      } else {
        const fragment = selection.kind === 'InlineFragment' ? selection : info.fragments[selection.name.value];
        visit(fragment?.selectionSet, objectType(fragment?.typeCondition?.name.value, on));
      }
    }
  };
  for (const node of info.fieldNodes) visit(node.selectionSet, worker);
  if (fixed && info.fieldNodes.length === 1 && first) plans.set(first, { facets: needed, fixed });
  return needed;
}
