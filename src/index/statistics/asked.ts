import type { Grant } from '../../access/scopes.ts';
import type { Day } from '../../domain/time.ts';
import { catalogue } from '../catalogue.ts';
import type { Dimension, Measure } from '../dimension.ts';
import type { Entity } from '../fields.ts';
import { wrongInput } from '../lists/fault.ts';
import { dimensionsIn, whereOf } from './input.ts';
import { type GroupKey, keyName, keysOf } from './keys.ts';
import { type GroupOrder, type Having, type NumberOf, numbersOf } from './order.ts';
import type { Question } from './plan.ts';
import { mayRestOn } from './reach.ts';

/** Most keys to group by. */
export const mostKeys = 6;

/** A condition on a number of groups, as sent. */
export interface HavingInput {
  readonly measure: string;
  readonly eq?: number | null | undefined;
  readonly lt?: number | null | undefined;
  readonly lte?: number | null | undefined;
  readonly gt?: number | null | undefined;
  readonly gte?: number | null | undefined;
}

/** What groups are sorted by, as sent. */
export interface OrderInput {
  readonly measure?: string | null | undefined;
  readonly key?: string | null | undefined;
  readonly direction: 'ASC' | 'DESC';
}

/** A question as sent, but for its measures: names are those of the schema's enums. */
export interface GivenQuestion {
  readonly where?: Readonly<Record<string, unknown>> | null | undefined;
  readonly groupBy: readonly string[];
  readonly rollUp: boolean;
  readonly having?: readonly HavingInput[] | null | undefined;
  readonly orderBy?: readonly OrderInput[] | null | undefined;
  readonly asOf?: string | null | undefined;
  readonly knownAt?: string | null | undefined;
}

/** A question, and how the groups of its answer are to be arranged. */
export interface Asked {
  readonly question: Question;
  readonly having: readonly Having[];
  readonly orderBy: readonly GroupOrder[];
}

/** `openedQuarter` as `OPENED_QUARTER`. */
export function enumName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

/** Keys of dimensions by their names in enums. */
export function keysByName(dimensions: readonly Dimension[]): Map<string, GroupKey> {
  return new Map(dimensions.flatMap(keysOf).map((key) => [enumName(keyName(key)), key]));
}

export function numbersByName(measures: readonly Measure[]): Map<string, NumberOf> {
  return new Map(measures.flatMap(numbersOf).map((number) => [enumName(number.name), number]));
}

/** What is asked, checked. Measures are those that `wanted` names, and those that groups are filtered and sorted by. Throws `ListFault` where it is not of its form. */
export function askedOf(entity: Entity, given: GivenQuestion, wanted: (measure: Measure) => boolean, today: Day): Asked {
  const { dimensions, measures } = catalogue[entity];
  const { groupBy: names, rollUp, asOf, knownAt } = given;
  if (names.length > mostKeys) throw wrongInput(`groupBy takes at most ${mostKeys} keys.`);
  const where = whereOf(catalogue[entity], given.where);
  const [keys, numbers] = [keysByName(dimensions), numbersByName(measures)];
  const having = (given.having ?? []).map(({ measure, ...limits }): Having => ({ number: numbers.get(measure)!, ...limits }));
  const orderBy = (given.orderBy ?? []).map((order): GroupOrder => orderOf(order, numbers, names, keys));
  const also = new Set([...having.map(({ number }) => number.measure), ...orderBy.flatMap(({ by }) => (typeof by === 'string' ? [] : [by.measure]))]);
  return {
    question: {
      entity,
      where,
      groupBy: [...new Set(names)].map((name) => keys.get(name)!),
      rollUp,
      measures: measures.filter((measure) => also.has(measure.name) || wanted(measure)),
      day: asOf ?? today,
      knownAt: (knownAt ?? null) === null ? null : Date.parse(knownAt!),
    },
    having,
    orderBy,
  };
}

function orderOf({ measure, key, direction }: OrderInput, numbers: ReadonlyMap<string, NumberOf>, groupBy: readonly string[], keys: ReadonlyMap<string, GroupKey>): GroupOrder {
  if ((measure ?? null) === null && (key ?? null) === null) throw wrongInput('orderBy needs a measure or a key.');
  if (measure && key) throw wrongInput('orderBy takes a measure or a key, not both.');
  if (measure) return { by: numbers.get(measure)!, direction };
  if (!groupBy.includes(key!)) throw wrongInput('orderBy takes keys of groupBy only.');
  return { by: keyName(keys.get(key!)!), direction };
}

/** The first dimension or measure of a question that is made from facts that the caller may not see all of; null where all may be used. */
export function beyondReach({ entity, where, groupBy, measures }: Question, grant: Grant): string | null {
  const compared = new Set(dimensionsIn(where));
  const used = [...measures, ...groupBy.map(({ dimension }) => dimension), ...catalogue[entity].dimensions.filter(({ name }) => compared.has(name))];
  return used.find(({ rests }) => !rests.every((one) => mayRestOn(grant, one)))?.name ?? null;
}
