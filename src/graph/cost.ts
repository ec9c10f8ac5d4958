import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  getNullableType,
  getOperationAST,
  type GraphQLField,
  GraphQLError,
  type GraphQLNamedType,
  type GraphQLSchema,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import type { Agency } from '../agencies/agency.ts';
import type { Need } from '../domain/record.ts';

/** Points of a call to an agency; each person in it is one more. */
const callPoints = 10;
/** Values that come for one point. */
const valuesPerPoint = 100;
/** Taken for the length of a list that nothing bounds. */
const usualLength = 4;
/** Most selections after fragments are put in, and most levels of them. */
const mostSelections = 5_000;
const mostLevels = 30;
/** Longest page of any list that says nothing else (`mostFirst` of its extensions). */
const mostFirst = 100;
/** Most items of a list in the variables. */
const mostItems = 1_000;

/** Length of a list: fixed in the document, or that of a variable's list or number. */
type Length = number | { readonly variable: string; readonly otherwise: number; readonly first: number | null };

/** A part of an operation that reads workers, with what it needs from the agencies. */
interface Part {
  readonly lengths: readonly Length[];
  readonly agencies: readonly number[];
}

/** What an operation costs, as far as the document tells; the variables tell the rest. */
interface Plan {
  readonly parts: readonly Part[];
  /** Values, each with the lists it stands in. */
  readonly values: readonly { readonly lengths: readonly Length[]; readonly count: number }[];
  readonly extra: number;
}

/** Cost of an operation before it runs. */
export interface Estimate {
  readonly points: number;
  /** Of these, the part that does not depend on the agencies. */
  readonly values: number;
}

export interface Costs {
  /** Throws a GraphQLError with `QUERY_TOO_COMPLEX` where the operation is larger than any may be. */
  estimate(document: DocumentNode, operationName: string | undefined, variables: Readonly<Record<string, unknown>>): Estimate;
  /** The same for what was in fact asked of the agencies. */
  actual(estimate: Estimate, asked: ReadonlyMap<string, { readonly calls: number; readonly persons: number }>): number;
}

export function createCosts(schema: GraphQLSchema, agencies: readonly Pick<Agency, 'holds' | 'batchLimit'>[]): Costs {
  const plans = new WeakMap<DocumentNode, Map<string, Plan>>();

  function planOf(document: DocumentNode, operationName: string | undefined): Plan {
    const name = operationName ?? '';
    const known = plans.get(document)?.get(name);
    if (known) return known;
    const plan = makePlan(schema, agencies, document, operationName);
    plans.set(document, (plans.get(document) ?? new Map<string, Plan>()).set(name, plan));
    return plan;
  }

  return {
    estimate(document, operationName, variables) {
      const plan = planOf(document, operationName);
      const product = (lengths: readonly Length[]) => lengths.reduce<number>((all, length) => all * lengthOf(length, variables), 1);
      const count = plan.values.reduce((sum, { lengths, count: each }) => sum + each * product(lengths), 0);
      const values = 1 + plan.extra + Math.floor(count / valuesPerPoint);
      let points = values;
      for (const { lengths, agencies: needed } of plan.parts) {
        const persons = product(lengths);
        for (const index of needed) points += Math.ceil(persons / agencies[index]!.batchLimit) * callPoints + persons;
      }
      return { points, values };
    },
    actual({ values }, asked) {
      let points = values;
      for (const { calls, persons } of asked.values()) points += calls * callPoints + persons;
      return points;
    },
  };
}

function lengthOf(length: Length, variables: Readonly<Record<string, unknown>>): number {
  if (typeof length === 'number') return length;
  const value = variables[length.variable];
  if (Array.isArray(value)) {
    if (value.length > mostItems) throw tooComplex(`A list in the variables has more than ${mostItems} items.`);
    return value.length;
  }
  if (typeof value === 'number' && length.first !== null) return checkedFirst(value, length.first);
  return value === undefined ? length.otherwise : 1;
}

/** Pages are bounded for every list alike, and before anything is read. */
function checkedFirst(first: number, most: number): number {
  if (first >= 1 && first <= most) return first;
  throw new GraphQLError(`first is 1 to ${most}.`, { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } });
}

export function tooComplex(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'QUERY_TOO_COMPLEX', http: { status: 400 } } });
}

function makePlan(schema: GraphQLSchema, agencies: readonly Pick<Agency, 'holds'>[], document: DocumentNode, operationName: string | undefined): Plan {
  const operation = getOperationAST(document, operationName);
  const fragments = new Map(document.definitions.flatMap((definition) => (definition.kind === 'FragmentDefinition' ? [[definition.name.value, definition] as const] : [])));
  const parts: Part[] = [];
  const values: { lengths: readonly Length[]; count: number }[] = [];
  let selections = 0;
  let extra = 0;
  const worker = schema.getType('Worker');

  function walk(set: SelectionSetNode, type: GraphQLNamedType, lengths: readonly Length[], level: number, facets: Set<Need> | null): void {
    if (level > mostLevels) throw tooComplex(`The operation is nested deeper than ${mostLevels} levels.`);
    let count = 0;
    for (const selection of set.selections) {
      if (++selections > mostSelections) throw tooComplex(`The operation selects more than ${mostSelections} fields.`);
      if (selection.kind !== 'Field') {
        const fragment = selection.kind === 'FragmentSpread' ? fragments.get(selection.name.value) : selection;
        if (fragment) walk(fragment.selectionSet, fragmentType(schema, fragment, type), lengths, level + 1, facets);
        continue;
      }
      count += 1;
      const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[selection.name.value] : undefined;
      if (!field) continue;
      if (facets && type === worker) for (const facet of (field.extensions.facets ?? []) as readonly Need[]) facets.add(facet);
      if (typeof field.extensions.points === 'number') extra += field.extensions.points;
      if (selection.selectionSet) descend(selection, selection.selectionSet, field, lengths, level);
    }
    if (count > 0) values.push({ lengths, count });
  }

  function descend(node: FieldNode, set: SelectionSetNode, field: GraphQLField<unknown, unknown>, outer: readonly Length[], level: number): void {
    const type = getNamedType(field.type);
    if (!isCompositeType(type)) return;
    const listed = isListType(getNullableType(field.type)) && field.extensions.page !== true;
    const lengths = listed || field.args.some(({ name }) => name === 'first') ? [...outer, listLength(node, field)] : outer;
    const readsWorkers = (type === worker || type.name === 'Node') && field.extensions.indexed !== true;
    // A field that is no worker and asks the agencies for something of one says so itself.
    const asks = field.extensions.asks as readonly Need[] | undefined;
    const facets = readsWorkers || asks ? new Set<Need>(asks) : null;
    walk(set, type, lengths, level + 1, facets);
    if (!facets) return;
    const needed = agencies.flatMap((agency, index) => (agency.holds.some((facet) => facets.has(facet === 'IDENTITY' ? 'CLAIMS' : facet)) ? [index] : []));
    // Who she is comes from one agency; so does an object asked for by its id.
    const one = agencies.findIndex((agency) => agency.holds.includes('IDENTITY'));
    if (one >= 0 && !needed.includes(one) && (facets.has('IDENTITY') || (readsWorkers && type !== worker))) needed.push(one);
    if (needed.length > 0) parts.push({ lengths, agencies: needed });
  }

  if (operation) {
    const root = schema.getRootType(operation.operation);
    if (root) walk(operation.selectionSet, root, [], 0, null);
  }
  return { parts, values, extra };
}

function fragmentType(schema: GraphQLSchema, fragment: FragmentDefinitionNode | { readonly typeCondition?: { readonly name: { readonly value: string } } | undefined }, otherwise: GraphQLNamedType): GraphQLNamedType {
  return (fragment.typeCondition && schema.getType(fragment.typeCondition.name.value)) ?? otherwise;
}

/** The length of the list that a field answers: that of its list argument, or its `first`. */
function listLength(node: FieldNode, field: GraphQLField<unknown, unknown>): Length {
  const page = field.args.find(({ name }) => name === 'first');
  for (const argument of page ? [page] : field.args) {
    const given = node.arguments?.find(({ name }) => name.value === argument.name)?.value;
    if (argument.name === 'first') return valueLength(given, typeof argument.defaultValue === 'number' ? argument.defaultValue : usualLength, typeof field.extensions.mostFirst === 'number' ? field.extensions.mostFirst : mostFirst);
    if (isListType(getNullableType(argument.type)) && given) return valueLength(given, 1, null);
  }
  return usualLength;
}

function valueLength(value: ValueNode | undefined, otherwise: number, first: number | null): Length {
  switch (value?.kind) {
    case 'Variable':
      return { variable: value.name.value, otherwise, first };
    case 'ListValue':
      return value.values.length;
    case 'IntValue':
      return first === null ? 1 : checkedFirst(Number(value.value), first);
    default:
      return value ? 1 : otherwise;
  }
}
