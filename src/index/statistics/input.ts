import { entriesOf, listOf, mostCharacters } from '../lists/compare.ts';
import { wrongInput } from '../lists/fault.ts';
import type { StatisticsEntity } from '../dimension.ts';
import type { Leaf, Scalar, Where } from './where.ts';

/** Most levels of conditions in conditions, and most comparisons in all. */
const mostLevels = 8;
const mostComparisons = 100;

/** Conditions as the schema has them, checked, and as a tree. */
export function whereOf(entity: StatisticsEntity, given: unknown): Where {
  let comparisons = 0;
  const conditions = (value: unknown, path: string, level: number): Where => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrongInput(`${path} must be conditions.`);
    if (level > mostLevels) throw wrongInput(`where has conditions in conditions deeper than ${mostLevels} levels.`);
    const all = (list: unknown, at: string) => {
      if (!Array.isArray(list)) throw wrongInput(`${at} must be a list of conditions.`);
      return list.map((one: unknown) => conditions(one, at, level + 1));
    };
    return {
      and: entriesOf(value, path).map(([name, one]): Where => {
        const at = `${path}.${name}`;
        if (name === 'and') return { and: all(one, at) };
        if (name === 'or') return { or: all(one, at) };
        if (name === 'not') return { not: conditions(one, at, level + 1) };
        if (!entity.dimensions.some((dimension) => dimension.name === name)) throw wrongInput(`${at} is no dimension.`);
        return {
          and: entriesOf(one, at).map(([comparator, wanted]) => {
            comparisons += 1;
            if (comparisons > mostComparisons) throw wrongInput(`where has more than ${mostComparisons} comparisons.`);
            return { is: { dimension: name, comparator, value: valueOf(wanted, `${at}.${comparator}`) } };
          }),
        };
      }),
    };
  };
  return given === null || given === undefined ? { and: [] } : conditions(given, 'where', 1);
}

function valueOf(value: unknown, path: string): Leaf['value'] {
  if (Array.isArray(value)) return listOf(value, path);
  if (typeof value === 'object' && value !== null) {
    const { from, to } = value as { from?: unknown; to?: unknown };
    return { from: scalar(from, path), to: scalar(to, path) };
  }
  return scalar(value, path);
}

function scalar(value: unknown, path: string): Scalar {
  if (typeof value === 'string') {
    if (value.length > mostCharacters) throw wrongInput(`${path} has more than ${mostCharacters} characters.`);
    if (value.includes('\0')) throw wrongInput(`${path} must not contain the character U+0000.`);
    return value;
  }
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  throw wrongInput(`${path} has no value that can be compared.`);
}

/** The dimensions that a condition compares. */
export function dimensionsIn(where: Where): string[] {
  if ('and' in where) return where.and.flatMap(dimensionsIn);
  if ('or' in where) return where.or.flatMap(dimensionsIn);
  if ('not' in where) return dimensionsIn(where.not);
  return 'is' in where ? [where.is.dimension] : [];
}
