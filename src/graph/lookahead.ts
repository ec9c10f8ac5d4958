import { type FieldNode, getDirectiveValues, getNamedType, GraphQLIncludeDirective, GraphQLObjectType, type GraphQLResolveInfo, GraphQLSkipDirective, type SelectionSetNode } from 'graphql';
import { facetScope, mayHave, type Scope } from '../access/scopes.ts';
import { type Need, facets as allFacets } from '../domain/record.ts';

/** What a selection takes to be answered. */
interface Plan {
  /** The facets that it needs, each with the scopes of the fields that need it. */
  readonly facets: ReadonlyMap<Need, ReadonlySet<Scope>>;
  /** The classes of fields that are read of any worker whom it is about, by their scopes; null where that hangs on what there is of her. */
  readonly classes: readonly Scope[] | null;
}

/** Plans of documents that are executed again and again; dropped with the document. A selection with @skip or @include has none: it holds for its variables only. */
const plans = new WeakMap<FieldNode, Plan>();

/** How fields are marked: see `needs`, `reads` and `unforeseen`. */
interface FieldMarks {
  readonly facets?: readonly Need[];
  readonly scope?: Scope;
  readonly classes?: readonly Scope[];
  readonly foreseen?: boolean;
  readonly indexed?: boolean;
}

/**
 * What the selection under a field that answers workers needs from the agencies: the facets of every field in it, of `Worker` and of what hangs on her (a
 * case's benefits), through fragments, under @skip and @include. Known before the first call, it lets all agencies be asked in one wave. A facet that the
 * caller could have asked for, but not for any of the selected fields, is left out.
 */
export function neededFacets(info: GraphQLResolveInfo, scopes: ReadonlySet<Scope>): ReadonlySet<Need> {
  const needed = new Set<Need>();
  for (const [facet, wanting] of planOf(info).facets) if (!mayHave(scopes, classOf(facet)) || [...wanting].some((scope) => scopes.has(scope))) needed.add(facet);
  return needed;
}

/**
 * The classes of fields that will have been read once the selection under a field that answers workers is answered, as the audit log will name them; null where
 * that cannot be told yet, or where the caller lacks the scope of one.
 */
export function foreseenClasses(info: GraphQLResolveInfo, scopes: ReadonlySet<Scope>): readonly Scope[] | null {
  const { classes } = planOf(info);
  return classes?.every((scope) => scopes.has(scope)) === true ? classes : null;
}

/** All agencies’ claims are of the class of who she is. */
const classOf = (need: Need) => (need === 'CLAIMS' ? 'IDENTITY' : need);

function planOf(info: GraphQLResolveInfo): Plan {
  const [first] = info.fieldNodes;
  const only = info.fieldNodes.length === 1 ? first : undefined;
  const kept = only && plans.get(only);
  if (kept) return kept;
  const worker = info.schema.getType('Worker');
  if (!(worker instanceof GraphQLObjectType)) return { facets: new Map(allFacets.map((facet) => [facet, new Set([facetScope[facet]])])), classes: null };
  const needed = new Map<Need, Set<Scope>>();
  /** Classes that are read of every worker, and those of what hangs on her, if there is any. */
  const [always, perhaps] = [new Set<Scope>(), new Set<Scope>()];
  let foreseen = true;
  let fixed = true;

  const visit = (selections: SelectionSetNode | undefined, on: GraphQLObjectType) => {
    for (const selection of selections?.selections ?? []) {
      if (selection.directives && selection.directives.length > 0) {
        fixed = false;
        if (getDirectiveValues(GraphQLSkipDirective, selection, info.variableValues)?.if === true) continue;
        if (getDirectiveValues(GraphQLIncludeDirective, selection, info.variableValues)?.if === false) continue;
      }
      if (selection.kind === 'Field') {
        const field = on.getFields()[selection.name.value];
        const { facets = [], scope, classes = facets.map((facet) => scope ?? facetScope[classOf(facet)]), foreseen: told = true, indexed = false } = (field?.extensions ?? {}) as FieldMarks;
        for (const facet of facets) needed.set(facet, (needed.get(facet) ?? new Set()).add(scope ?? facetScope[classOf(facet)]));
        for (const one of classes) (on === worker ? always : perhaps).add(one);
        if (!told || indexed) foreseen = false;
        const below = field && !indexed && getNamedType(field.type);
        if (below instanceof GraphQLObjectType) visit(selection.selectionSet, below);
      } else {
        const fragment = selection.kind === 'InlineFragment' ? selection : info.fragments[selection.name.value];
        const type = fragment?.typeCondition && info.schema.getType(fragment.typeCondition.name.value);
        // A fragment on another type says nothing of her.
        if (!(type instanceof GraphQLObjectType) || type === on) visit(fragment?.selectionSet, on);
      }
    }
  };
  for (const node of info.fieldNodes) visit(node.selectionSet, worker);
  const plan: Plan = { facets: needed, classes: foreseen && [...perhaps].every((one) => always.has(one)) ? [...always] : null };
  if (fixed && only) plans.set(only, plan);
  return plan;
}
