import { areaWithin } from '../../access/bounds.ts';
import type { Dimension } from '../dimension.ts';
import type { Condition } from '../disclosure/conditions.ts';
import { codesOf, dimensionOf, oneOf, ready, type Scene } from './expression.ts';

export type Scalar = string | number | boolean;

/** One comparison of a dimension's value: a comparator of the lists' filters with what it compares with, checked for size. */
export interface Leaf {
  readonly dimension: string;
  readonly comparator: string;
  readonly value: Scalar | readonly Scalar[] | { readonly from: Scalar; readonly to: Scalar };
}

export type Where = Condition<Leaf>;

/** A condition as SQL that is true or false, never null: what is missing meets no comparison but `ne`, `notIn` and `isNull`. */
export function whereSql(where: Where, scene: Scene): string {
  if ('and' in where) return where.and.length === 0 ? 'true' : `(${where.and.map((part) => whereSql(part, scene)).join(' and ')})`;
  if ('or' in where) return where.or.length === 0 ? 'false' : `(${where.or.map((part) => whereSql(part, scene)).join(' or ')})`;
  if ('not' in where) return `(not ${whereSql(where.not, scene)})`;
  if ('always' in where) return String(where.always);
  return leafSql(where.is, scene);
}

function leafSql({ dimension: name, comparator, value }: Leaf, scene: Scene): string {
  // What a comparator's contrary says is also true of what has no value.
  if (comparator === 'ne') return `(not ${leafSql({ dimension: name, comparator: 'eq', value }, scene)})`;
  if (comparator === 'notIn') return `(not ${leafSql({ dimension: name, comparator: 'in', value }, scene)})`;
  const dimension = dimensionOf(scene.entity, name);
  const sql = `(${ready(dimension.sql, scene)})`;
  if (comparator === 'isNull') return `(${sql} is ${value === true ? '' : 'not '}null)`;
  switch (dimension.type.kind) {
    case 'flag':
      return `coalesce(${sql} = ${value === true}, false)`;
    case 'day':
    case 'number':
      return `coalesce(${orderedSql(sql, comparator, value, dimension.type.kind)}, false)`;
    default:
      return oneOf(sql, codesOf(dimension, scene, textTest(dimension, comparator, value)));
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
