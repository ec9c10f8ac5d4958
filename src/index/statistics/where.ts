import { areaWithin } from '../../access/bounds.ts';
import type { Dimension } from '../dimension.ts';
import type { Condition } from '../disclosure/conditions.ts';
import { codesOf, dimensionOf, ready, type Scene } from './expression.ts';

export type Scalar = string | number | boolean;

/** One comparison of a dimension's value: a comparator of the lists' filters with what it compares with, checked for size. */
export interface Leaf {
  readonly dimension: string;
  readonly comparator: string;
  readonly value: Scalar | readonly Scalar[] | { readonly from: Scalar; readonly to: Scalar };
}

export type Where = Condition<Leaf>;

/**
 * A condition as SQL that is true where it holds, and false or null where it does not: what is missing meets no comparison but `ne`, `notIn` and `isNull`. What is not to
 * hold is asked of the single comparisons, so that they stand as bare as they can: a scan then passes over what they leave out. `holds` is false for the contrary.
 */
export function whereSql(where: Where, scene: Scene, holds = true): string {
  if ('not' in where) return whereSql(where.not, scene, !holds);
  if ('always' in where) return String(where.always === holds);
  if ('is' in where) return leafSql(where.is, scene, holds);
  const [parts, together] = 'and' in where ? [where.and, holds ? 'and' : 'or'] : [where.or, holds ? 'or' : 'and'];
  if (parts.length === 0) return String(together === 'and');
  return `(${parts.map((part) => whereSql(part, scene, holds)).join(` ${together} `)})`;
}

function leafSql({ dimension: name, comparator, value }: Leaf, scene: Scene, holds: boolean): string {
  // What a comparator's contrary says is also true of what has no value.
  if (comparator === 'ne') return leafSql({ dimension: name, comparator: 'eq', value }, scene, !holds);
  if (comparator === 'notIn') return leafSql({ dimension: name, comparator: 'in', value }, scene, !holds);
  const dimension = dimensionOf(scene.entity, name);
  const sql = `(${ready(dimension.sql, scene)})`;
  if (comparator === 'isNull') return `(${sql} is ${(value === true) === holds ? '' : 'not '}null)`;
  const met = comparedSql(dimension, sql, { dimension: name, comparator, value }, scene);
  return holds ? met : `coalesce(not ${met}, true)`;
}

function comparedSql(dimension: Dimension, sql: string, { comparator, value }: Leaf, scene: Scene): string {
  switch (dimension.type.kind) {
    case 'flag':
      return value === true ? sql : `(not ${sql})`;
    case 'day':
    case 'number':
      return `(${orderedSql(sql, comparator, value, dimension.type.kind)})`;
    default: {
      const codes = codesOf(dimension, scene, textTest(dimension, comparator, value));
      return codes.length === 0 ? 'false' : `(${sql} in (${codes.join(', ')}))`;
    }
  }
}

const operators: Readonly<Record<string, string>> = { eq: '=', lt: '<', lte: '<=', gt: '>', gte: '>=' };

/** A day or number as SQL. They come checked by their scalars; checked once more, since they go into the text. */
function literal(value: unknown, kind: 'day' | 'number'): string {
  if (kind === 'day' && typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)) return `date '${value}'`;
  if (kind === 'number' && typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  throw new TypeError(`No ${kind} to compare with.`);
}

function orderedSql(sql: string, comparator: string, value: Leaf['value'], kind: 'day' | 'number'): string {
  if (comparator === 'in') return listed(value).length === 0 ? 'false' : `${sql} in (${listed(value).map((each) => literal(each, kind)).join(', ')})`;
  if (typeof value === 'object' && 'from' in value) return `${sql} between ${literal(value.from, kind)} and ${literal(value.to, kind)}`;
  return `${sql} ${operators[comparator]} ${literal(value, kind)}`;
}

function listed(value: Leaf['value']): readonly Scalar[] {
  return Array.isArray(value) ? (value as readonly Scalar[]) : [];
}

/** Texts are compared here, once for each text of the dictionary, so that no text of a caller ever comes into the SQL. */
function textTest({ type }: Dimension, comparator: string, value: Leaf['value']): (text: string) => boolean {
  const inside = type.kind === 'code' && type.scalar === 'AreaCode';
  const wanted = String(value).toLowerCase();
  switch (comparator) {
    case 'eq':
      return (text) => text === value;
    case 'in':
      return inside ? (text) => areaWithin(text, listed(value).map(String)) : (text) => listed(value).includes(text);
    case 'contains':
      return (text) => text.toLowerCase().includes(wanted);
    case 'startsWith':
      return (text) => text.toLowerCase().startsWith(wanted);
    default:
      throw new TypeError(`Texts are not compared by ${comparator}.`);
  }
}
