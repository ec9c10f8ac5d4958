import type { MeasureKind } from '../dimension.ts';

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

/** Places of the columns that scans have, the keys only where they are wanted. A cell comes with the conditions that are met, as its lowest bits. */
export const columnOf = { serial: 0, cell: 1, personKey: 2, factKey: 3 } as const;

/** Where in the columns of a scan a measure's figures come from. */
export type Part =
  /** What is true of no fact. */
  | { readonly kind: 'never' }
  | { readonly kind: 'flag'; readonly bit: number }
  | { readonly kind: 'value'; readonly column: number }
  | { readonly kind: 'money'; readonly column: number; readonly currency: { readonly column: number } | { readonly code: number } };

/** What is counted of the rows of a scan; plain data, since another process does. */
export interface Shape {
  /** Places of each key. */
  readonly places: readonly number[];
  readonly rollUp: boolean;
  /** Whether there is counted what protection needs besides figures: sums of keys, and how much those bring who bring most. Else all of that is 0. */
  readonly keyed: boolean;
  /** How many conditions are told by the lowest bits of a cell. */
  readonly flags: number;
  /** Of each measure several parts where it has several conditions. */
  readonly measures: readonly { readonly name: string; readonly kind: MeasureKind['kind']; readonly parts: readonly Part[] }[];
}
