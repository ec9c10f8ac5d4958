import type { Dimension } from '../dimension.ts';
import { orMinusOne, ready, type Scene, textsOf } from './expression.ts';

export const grains = ['YEAR', 'QUARTER', 'MONTH'] as const;
export type Grain = (typeof grains)[number];

/** What facts are grouped by: a dimension's value, or the year, quarter or month of a day. */
export interface GroupKey {
  readonly dimension: Dimension;
  /** Null for what is no day. */
  readonly grain: Grain | null;
}

/** Largest number that a dimension of numbers is grouped by; larger ones are grouped with it. */
const mostNumber = 10_000;
const perYear: Readonly<Record<Grain, number>> = { YEAR: 1, QUARTER: 4, MONTH: 12 };
const years = 10_000;

/** Name of a key, such as `country` or `openedQuarter`. */
export function keyName({ dimension: { name }, grain }: GroupKey): string {
  if (grain === null) return name;
  return name.replace(/On$/, '') + grain[0] + grain.slice(1).toLowerCase();
}

/** All keys that a dimension gives. */
export function keysOf(dimension: Dimension): GroupKey[] {
  return dimension.type.kind === 'day' ? grains.map((grain) => ({ dimension, grain })) : [{ dimension, grain: null }];
}

/** How many places a key has: one for each value that there can be, and the first for none. */
export function placesOf({ dimension, grain }: GroupKey, scene: Scene): number {
  if (grain !== null) return years * perYear[grain] + 1;
  switch (dimension.type.kind) {
    case 'flag':
      return 3;
    case 'number':
      return mostNumber + 2;
    default:
      return textsOf(dimension, scene).length + 1;
  }
}

/** SQL of the place of a fact's value. */
export function placeSql({ dimension, grain }: GroupKey, scene: Scene): string {
  const sql = `(${ready(dimension.sql, scene)})`;
  const year = `least(greatest(year(${sql}), 0), ${years - 1})`;
  // What is missing has the first place; `least` and `greatest` pass over it.
  const known = (place: string) => `case when ${sql} is null then 0 else ${place} end`;
  if (grain === 'YEAR') return known(`${year} + 1`);
  if (grain === 'QUARTER') return known(`${year} * 4 + quarter(${sql})`);
  if (grain === 'MONTH') return known(`${year} * 12 + month(${sql})`);
  if (dimension.type.kind === 'flag') return `case when ${sql} then 2 when ${sql} is null then 0 else 1 end`;
  if (dimension.type.kind === 'number') return known(`least(greatest(${sql}, 0), ${mostNumber}) + 1`);
  return `(${orMinusOne(sql)} + 1)`;
}

/** The value at a place; null for none. */
export function valueAt({ dimension, grain }: GroupKey, place: number, scene: Scene): string | number | boolean | null {
  if (place === 0) return null;
  const at = place - 1;
  if (grain === 'YEAR') return at;
  if (grain !== null) {
    const year = String(Math.floor(at / perYear[grain])).padStart(4, '0');
    const part = (at % perYear[grain]) + 1;
    return grain === 'QUARTER' ? `${year}-Q${part}` : `${year}-${String(part).padStart(2, '0')}`;
  }
  if (dimension.type.kind === 'flag') return place === 2;
  if (dimension.type.kind === 'number') return at;
  return textsOf(dimension, scene)[at] ?? null;
}
