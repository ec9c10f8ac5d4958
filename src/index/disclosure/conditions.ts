import { type Cell, isFew } from './cell.ts';

/** A condition on rows, as a tree; `L` is what a single comparison is. */
export type Condition<L> =
  | { readonly and: readonly Condition<L>[] }
  | { readonly or: readonly Condition<L>[] }
  | { readonly not: Condition<L> }
  | { readonly is: L }
  | { readonly always: boolean };

/**
 * Counts the persons whom a condition takes in and another does not, or the other way round, for each of the others: the distinct persons with a row on which the two
 * differ. Whoever counts may stop at `mostFew + 1` persons: more are many.
 */
export type Differences<L> = (condition: Condition<L>, others: readonly Condition<L>[]) => Promise<readonly Cell[]>;

/**
 * The condition without its parts that matter for a few persons only. A part that takes in, or leaves out, one person would tell of her by whether the figures with it
 * and without it are the same; so what matters to fewer than a handful is not applied, and the two are always the same. A list of values is to come as an `or` of
 * them, a range as its steps: each is a part. Where nothing is small, the condition comes back as it was, after one count.
 */
export async function withoutSmallParts<L>(condition: Condition<L>, differences: Differences<L>): Promise<Condition<L>> {
  const root = partOf(condition);
  for (let current = condition; ; ) {
    const choices = [...partsOf(root)].flatMap((part) => [true, false].map((decided) => ({ part, decided, other: written(root, part, decided) })));
    // Where nobody is left at all, that is a matter of the figures, which are not shown then.
    const possible = choices.filter(({ other }) => !('always' in other && !other.always));
    const cells = possible.length === 0 ? [] : await differences(current, possible.map(({ other }) => other));
    // The smallest goes first: what is left must not depend on it by the way that the next ones are counted.
    const [smallest] = possible.map((choice, i) => ({ ...choice, cell: cells[i]! })).filter(({ cell }) => isFew(cell)).toSorted((a, b) => a.cell.persons - b.cell.persons);
    if (!smallest) return current;
    smallest.part.decided = smallest.decided;
    current = smallest.other;
  }
}

/** A part of a condition that can be decided: taken for always or never true. */
interface Part<L> {
  readonly of: Condition<L>;
  readonly inner: readonly Part<L>[];
  decided: boolean | null;
}

function partOf<L>(of: Condition<L>): Part<L> {
  const inner = 'and' in of ? of.and : 'or' in of ? of.or : 'not' in of ? [of.not] : [];
  return { of, inner: inner.map(partOf), decided: 'always' in of ? of.always : null };
}

/** The undecided parts, outer ones first. */
function partsOf<L>(part: Part<L>): Part<L>[] {
  return part.decided === null ? [part, ...part.inner.flatMap(partsOf)] : [];
}

/** The condition without its decided parts, and with one more of them decided. */
function written<L>(part: Part<L>, chosen: Part<L>, choice: boolean): Condition<L> {
  const { of, inner } = part;
  const decided = part === chosen ? choice : part.decided;
  if (decided !== null) return { always: decided };
  if (inner.length === 0 && 'is' in of) return of;
  const parts = inner.map((each) => written(each, chosen, choice));
  if ('not' in of) {
    const [not] = parts as [Condition<L>];
    return 'always' in not ? { always: !not.always } : { not };
  }
  // What decides the whole: a part that is never true for `and`, one that always is for `or`.
  const decisive = 'or' in of;
  if (parts.some((each) => 'always' in each && each.always === decisive)) return { always: decisive };
  const left = parts.filter((each) => !('always' in each));
  if (left.length === 0) return { always: !decisive };
  return left.length === 1 ? left[0]! : decisive ? { or: left } : { and: left };
}
