import type { Measure } from '../dimension.ts';
import { type Fraction, fractions, type Shown } from './figures.ts';
import { type GroupKey, keyName } from './keys.ts';
import type { ShownGroup } from './statistics.ts';

/** A single number among the figures of a measure, by which groups are sorted and filtered. */
export interface NumberOf {
  /** Such as `withJkkShare`. */
  readonly name: string;
  readonly measure: string;
  readonly read: (shown: Shown) => number | null;
}

/** The numbers that a measure gives. */
export function numbersOf({ name, is }: Measure): NumberOf[] {
  const number = (suffix: string, read: NumberOf['read']): NumberOf => ({ name: `${name}${suffix}`, measure: name, read });
  const value = number('', (shown) => shown.value);
  switch (is.kind) {
    case 'facts':
    case 'persons':
      return [value];
    case 'count':
      return [value, number('Share', (shown) => shown.share)];
    case 'sum':
      return [value, number('PerThousand', (shown) => shown.perThousand)];
    case 'quantity':
      return [number('Mean', (shown) => shown.quantity?.mean ?? null), ...(Object.keys(fractions) as Fraction[]).map((fraction) => number(fraction[0]!.toUpperCase() + fraction.slice(1), (shown) => shown.quantity?.[fraction] ?? null))];
    default:
      return [];
  }
}

/** A condition on a number of groups; what is not shown meets none. */
export interface Having {
  readonly number: NumberOf;
  readonly eq?: number | null | undefined;
  readonly lt?: number | null | undefined;
  readonly lte?: number | null | undefined;
  readonly gt?: number | null | undefined;
  readonly gte?: number | null | undefined;
}

export interface GroupOrder {
  /** A number, or the name of a key. */
  readonly by: NumberOf | string;
  readonly direction: 'ASC' | 'DESC';
}

const numberIn = ({ figures }: ShownGroup, { measure, read }: NumberOf) => read(figures.get(measure)!);

function meets(group: ShownGroup, { number, eq, lt, lte, gt, gte }: Having): boolean {
  const value = numberIn(group, number);
  if (value === null) return false;
  const ok = (limit: number | null | undefined, test: (limit: number) => boolean) => limit === null || limit === undefined || test(limit);
  return ok(eq, (x) => value === x) && ok(lt, (x) => value < x) && ok(lte, (x) => value <= x) && ok(gt, (x) => value > x) && ok(gte, (x) => value >= x);
}

type Sortable = string | number | boolean | null | undefined;

/** What has no value comes last both ways; what is not grouped by a key, as a subtotal, behind that. */
function compare(a: Sortable, b: Sortable, direction: 1 | -1): number {
  const rank = (value: Sortable) => (value === undefined ? 2 : value === null ? 1 : 0);
  if (rank(a) !== rank(b) || rank(a) > 0) return rank(a) - rank(b);
  return a === b ? 0 : a! < b! ? -direction : direction;
}

/** The first so many, in order; of what is alike, what came first. */
function firstOf<T>(items: readonly T[], count: number, order: (a: T, b: T) => number): T[] {
  if (items.length <= 2 * count) return items.toSorted(order).slice(0, count);
  const found: T[] = [];
  for (const item of items) {
    if (found.length === count && order(item, found[count - 1]!) >= 0) continue;
    let [low, high] = [0, found.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (order(item, found[middle]!) < 0) high = middle;
      else low = middle + 1;
    }
    found.splice(low, 0, item);
    if (found.length > count) found.pop();
  }
  return found;
}

/** Groups in order. */
export interface Arranged {
  readonly groups: readonly ShownGroup[];
  /** How many there are in all. */
  readonly count: number;
}

/**
 * The groups that meet the conditions, the first so many, sorted: by what is asked for, then by their keys. Works on figures as shown, so that neither tells of those they
 * were made from.
 */
export function arrange(groups: readonly ShownGroup[], having: readonly Having[], orderBy: readonly GroupOrder[], first = Infinity): Arranged {
  const most = groups.reduce<readonly GroupKey[]>((longest, { groupedBy }) => (groupedBy.length > longest.length ? groupedBy : longest), []);
  const orders: readonly GroupOrder[] = [...orderBy, ...most.map((key) => ({ by: keyName(key), direction: 'ASC' as const }))];
  const value = (group: ShownGroup, by: GroupOrder['by']): Sortable => (typeof by === 'string' ? group.keys.get(by) : numberIn(group, by));
  const met = groups.filter((group) => having.every((each) => meets(group, each))).map((group) => ({ group, by: orders.map(({ by }) => value(group, by)) }));
  const sorted = firstOf(met, first, (a, b) => {
    for (const [i, { direction }] of orders.entries()) {
      const order = compare(a.by[i], b.by[i], direction === 'ASC' ? 1 : -1);
      if (order !== 0) return order;
    }
    return 0;
  });
  return { groups: sorted.map(({ group }) => group), count: met.length };
}
