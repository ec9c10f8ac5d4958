import type { MeasureKind } from '../dimension.ts';
import type { Grain } from './keys.ts';

/*
 * What a scan of facts hands over, and what is counted of it. All is plain data: another process does it.
 */

/** Numbers as they lie in DuckDB's memory; `uinteger` comes as signed numbers of the same bits. */
export const arrays = { integer: Int32Array, uinteger: Int32Array, double: Float64Array } as const;
export type ColumnType = keyof typeof arrays;
export type Column = Int32Array | Float64Array;

/** Bits in a column of them. */
export const bitsAtOnce = 31;

/** Stands for a condition in SQL that reads a piece of the facts. */
export const placeOfCondition = '$condition';

/** What a column adds to the number of a cell: its own number and what is to be added to it, times the stride; of days their place of the grain instead. */
export interface CellPart {
  readonly column: number;
  readonly add: number;
  readonly grain: Grain | null;
  readonly stride: number;
}

/** Places of the columns of a scan; null for those that it does not have. The first is the number of the worker. */
export interface Columns {
  /** What adds up to the number of a finest cell, of which the lowest bits are the conditions that are met: what of it is told by the row itself. The rest is told by its profile. */
  readonly cell: readonly CellPart[];
  readonly personKey: number | null;
  readonly factKey: number | null;
  readonly profile: number | null;
}

/** Places of the columns in which profiles are read, before those of numbers: the number of the profile, and what it adds to a cell. */
export const ofProfile = { profile: 0, cell: 1 } as const;

/** Numbers of facts: none where they are below `least`. */
export interface Numbers {
  /** Whether they are told by the row itself or by its profile. */
  readonly of: 'row' | 'profile';
  /** Place among the columns of the one or the other. */
  readonly column: number;
  readonly least: number;
  /** Of amounts their currency: for all the same, or in another column of the same; null where they are no amounts. */
  readonly currency: { readonly code: number } | { readonly column: number } | null;
}

/** Where a measure's figures come from: a condition, or numbers. */
export type Part =
  /** What is true of no fact. */
  | { readonly kind: 'never' }
  | { readonly kind: 'flag'; readonly bit: number }
  /** By their place in {@link Shape.numbers}. */
  | { readonly kind: 'numbers'; readonly at: number };

/** What is counted of the rows of a scan; plain data, since another process does. */
export interface Shape {
  /** Places of each key. */
  readonly places: readonly number[];
  readonly rollUp: boolean;
  /** Whether there is counted what protection needs besides figures: sums of keys, and how much those bring who bring most. Else all of that is 0. */
  readonly keyed: boolean;
  /** How many conditions are told by the lowest bits of a cell. */
  readonly flags: number;
  readonly columns: Columns;
  readonly numbers: readonly Numbers[];
  /** Of each measure several parts where it has several conditions. */
  readonly measures: readonly { readonly name: string; readonly kind: MeasureKind['kind']; readonly parts: readonly Part[] }[];
}
