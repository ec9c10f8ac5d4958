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

/** How a scan hands over a key: as SQL of a number, and what is to be added to it for the place of a fact's value; or of a day, and what of it counts. */
export interface KeyColumn {
  readonly sql: string;
  readonly add: number;
  readonly grain: Grain | null;
}

/** Where a fact has no day. */
export const noDay = -(2 ** 31 - 1);

/** As little as can be is reckoned in SQL: a sum, or the year of a day, takes longer there than to read the column. */
export function columnOf({ dimension, grain }: GroupKey, scene: Scene): KeyColumn {
  const sql = `(${ready(dimension.sql, scene)})`;
  // `greatest` passes over what is missing; the day before all others is the number `noDay`.
  if (grain !== null) return { sql: `greatest(${sql}::date, date '-infinity')`, add: 0, grain };
  if (dimension.type.kind === 'flag') return { sql: `case when ${sql} then 2 when ${sql} is null then 0 else 1 end`, add: 0, grain };
  if (dimension.type.kind === 'number') return { sql: `case when ${sql} is null then 0 else least(greatest(${sql}, 0), ${mostNumber}) + 1 end`, add: 0, grain };
  return { sql: orMinusOne(sql), add: 1, grain };
}

/** First and last day of the years that have places, as days since 1970. */
const [firstDay, lastDay] = [-719_528, 2_932_896];

/** The place of a day, in days since 1970. Days before and after all years count as those at the ends. */
export function placeOfDay(day: number, grain: Grain): number {
  if (day === noDay) return 0;
  const date = new Date(Math.min(Math.max(day, firstDay), lastDay) * 86_400_000);
  return date.getUTCFullYear() * perYear[grain] + Math.floor((date.getUTCMonth() * perYear[grain]) / 12) + 1;
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
