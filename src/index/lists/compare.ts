import { type SQL, sql } from 'drizzle-orm';
import type { FieldKind } from '../fields.ts';
import { allOf, within } from './rows.ts';
import { wrongInput } from './fault.ts';

/** What a filter can hold, by the kind of its field. `between` takes both ends. */
const ordered = ['eq', 'ne', 'in', 'notIn', 'lt', 'lte', 'gt', 'gte', 'between', 'isNull'] as const;
const named = ['eq', 'ne', 'in', 'notIn', 'isNull'] as const;
export type Comparator = (typeof ordered)[number] | 'contains' | 'startsWith' | 'has';
export const comparatorsOf: Readonly<Record<FieldKind, readonly Comparator[]>> = {
  date: ordered,
  integer: ordered,
  decimal: ordered,
  boolean: ['eq', 'isNull'],
  text: [...named, 'contains', 'startsWith'],
  country: named,
  currency: named,
  enum: named,
  area: ['in', 'isNull'],
  set: ['has'],
};

/** Most characters of a text, and most items of a list, in a condition. */
export const mostCharacters = 200;
const mostItems = 100;

const types: Readonly<Record<FieldKind, SQL>> = {
  date: sql`date`,
  integer: sql`integer`,
  decimal: sql`numeric`,
  boolean: sql`boolean`,
  text: sql`text`,
  country: sql`text`,
  currency: sql`text`,
  enum: sql`text`,
  area: sql`text`,
  set: sql`text`,
};
/** The SQL type that values of the kind are compared as. */
export const typeOf = (kind: FieldKind): SQL => types[kind];

type Value = string | number | boolean;

/** A filter's comparators with their values, checked for size. A null is refused: where a variable was forgotten, ignoring it would widen the list. */
export function entriesOf(filter: object, path: string): [string, NonNullable<unknown>][] {
  return Object.entries(filter).flatMap(([name, value]: [string, unknown]): [string, NonNullable<unknown>][] => {
    if (value === undefined) return [];
    if (value === null) throw wrongInput(`${path}.${name} must not be null; leave it out, or use isNull.`);
    return [[name, value]];
  });
}

function valueOf(value: unknown, path: string): Value {
  if (typeof value === 'string') {
    if (value.length > mostCharacters) throw wrongInput(`${path} has more than ${mostCharacters} characters.`);
    if (value.includes('\0')) throw wrongInput(`${path} must not contain the character U+0000.`);
    return value;
  }
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  throw wrongInput(`${path} has no value that can be compared.`);
}

export function listOf(value: unknown, path: string): (string | number)[] {
  if (!Array.isArray(value)) throw wrongInput(`${path} must be a list.`);
  if (value.length > mostItems) throw wrongInput(`${path} has more than ${mostItems} items.`);
  return value.map((item: unknown) => {
    const one = valueOf(item, path);
    return typeof one === 'boolean' ? String(one) : one;
  });
}

/**
 * A filter on a column as a condition. What has no value meets only `ne`, `notIn` and `isNull: true`. Texts are compared as they are, `%` and `_` like any
 * other character; `contains` and `startsWith` do not tell large letters from small.
 */
export function compare(column: SQL, kind: FieldKind, filter: object, path: string): SQL {
  const type = types[kind];
  const conditions = entriesOf(filter, path).map(([name, given]): SQL => {
    const at = `${path}.${name}`;
    const value = () => sql`${valueOf(given, at)}::${type}`;
    switch (name as Comparator) {
      case 'eq':
        return sql`${column} = ${value()}`;
      case 'ne':
        return sql`${column} is distinct from ${value()}`;
      case 'in':
        return within(column, listOf(given, at), type);
      case 'notIn':
        return sql`(${within(column, listOf(given, at), type)}) is not true`;
      case 'lt':
        return sql`${column} < ${value()}`;
      case 'lte':
        return sql`${column} <= ${value()}`;
      case 'gt':
        return sql`${column} > ${value()}`;
      case 'gte':
        return sql`${column} >= ${value()}`;
      case 'between': {
        const { from, to } = given as { from?: unknown; to?: unknown };
        return sql`${column} between ${valueOf(from, `${at}.from`)}::${type} and ${valueOf(to, `${at}.to`)}::${type}`;
      }
      case 'contains':
        return sql`strpos(lower(${column}), lower(${value()})) > 0`;
      case 'startsWith':
        return sql`starts_with(lower(${column}), lower(${value()}))`;
      case 'has':
        return sql`${value()} = any(${column})`;
      case 'isNull':
        return given === true ? sql`${column} is null` : sql`${column} is not null`;
      default:
        throw wrongInput(`${at} is no comparator.`);
    }
  });
  return allOf(conditions);
}
