import { figures, spread, threshold } from './noise.ts';

/** A set of persons, as far as noise needs it. The same persons are the same cell, whatever query led to them. */
export interface Cell {
  /** Distinct persons. */
  readonly persons: number;
  /** Sum of the keys (`worker.cell_key`) of the distinct persons, modulo 2³². */
  readonly key: number;
}

/** A set of facts (placements, cases, periods of cover) of the persons of a cell. */
export interface FactCell extends Cell {
  readonly facts: number;
  /** Sum of the facts' keys, modulo 2³²; each is made of the person's key and what tells her facts apart. */
  readonly factKey: number;
  /** Most facts of one person in it. */
  readonly most: number;
}

/** A sum of amounts, such as money or days, over the facts of a cell that bring any. Amounts are not negative. */
export interface Amounts extends FactCell {
  readonly total: number;
  /** What the person contributes who contributes most, all of hers together. */
  readonly largest: number;
  /** The same of the next; 0 where there is none. */
  readonly second: number;
}

/** Sum of keys modulo 2³². */
export function addKeys(a: number, b: number): number {
  return (a + b) >>> 0;
}

/** The persons of a cell who are not in another that is part of it. */
export function without(whole: Cell, part: Cell): Cell {
  return { persons: whole.persons - part.persons, key: (whole.key - part.key) >>> 0 };
}

/** The cell of some persons' keys, in whatever order. Each person's key stands in it once. */
export function cellOf(keys: Iterable<number>): Cell {
  let [persons, key] = [0, 0];
  for (const each of keys) [persons, key] = [persons + 1, addKeys(key, each)];
  return { persons, key };
}

/** Most persons that can be too few to be told apart from nobody, see {@link isFew}. */
export const mostFew = 2 * threshold - 2;

/**
 * Whether persons are too few to be told apart from nobody. The line lies somewhere from the threshold on, for each set elsewhere: who knows all of a set but one
 * cannot tell by it whether that one is there.
 */
export function isFew({ persons, key }: Cell): boolean {
  if (persons < threshold) return true;
  return persons <= mostFew && persons < threshold + (spread((key ^ figures.few) >>> 0) % threshold);
}
