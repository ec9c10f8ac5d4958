import { type Column, ofProfile } from './shape.ts';

/** Profiles that a question does not tell apart: each class adds the same to a cell, and has the same numbers. */
export interface Classes {
  /** The class of a profile, by its number. */
  readonly of: Int32Array;
  /** How many there are: 0, 1, 2 ... */
  readonly count: number;
  /** What was read of each class, column by column as of the profiles. */
  readonly columns: readonly Float64Array[];
}

/** No profiles: all facts are of one class. */
export const noClasses: Classes = { of: new Int32Array(0), count: 1, columns: Object.values(ofProfile).map(() => new Float64Array(1)) };

/** The classes of so many profiles; `columns` are what was read of them (see {@link ofProfile}). */
export function classesOf(rows: number, columns: readonly Column[]): Classes {
  const numbers = columns[ofProfile.profile]!;
  let most = -1;
  for (let row = 0; row < rows; row += 1) most = Math.max(most, numbers[row]!);
  const of = new Int32Array(most + 1);
  const told = columns.slice(ofProfile.profile + 1);
  const known = new Map<string, number>();
  const first: number[] = [];
  for (let row = 0; row < rows; row += 1) {
    const key = told.map((column) => column[row]).join();
    let at = known.get(key);
    if (at === undefined) {
      at = first.push(row) - 1;
      known.set(key, at);
    }
    of[numbers[row]!] = at;
  }
  return { of, count: first.length, columns: columns.map((column) => Float64Array.from(first, (row) => column[row]!)) };
}
