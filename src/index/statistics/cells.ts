import { type Grain, placeOfDay } from './keys.ts';
import type { CellPart, Column } from './shape.ts';

/** Days whose places are kept: from 1900 on, for some 350 years. */
const [firstKept, kept] = [-25_567, 2 ** 17];

/** The places of days, each of which is worked out once. */
class Days {
  readonly #grain: Grain;
  /** The place and one more; 0 for none yet. */
  readonly #places = new Int32Array(kept);

  constructor(grain: Grain) {
    this.#grain = grain;
  }

  placeOf(day: number): number {
    const at = day - firstKept;
    if (at < 0 || at >= kept) return placeOfDay(day, this.#grain);
    return (this.#places[at] ||= placeOfDay(day, this.#grain) + 1) - 1;
  }
}

/** Adds up the numbers of the cells of rows from what their columns tell. */
export class Cells {
  readonly #parts: readonly { readonly part: CellPart; readonly days: Days | null }[];
  readonly #narrow: boolean;
  #numbers: Column = new Int32Array(0);

  /** `most`: how many cells there can be. */
  constructor(parts: readonly CellPart[], most: number) {
    this.#parts = parts.map((part) => ({ part, days: part.grain && new Days(part.grain) }));
    this.#narrow = most <= 2 ** 31;
  }

  /** The numbers, which stand until it is called again. */
  take(rows: number, columns: readonly Column[]): Column {
    if (this.#numbers.length < rows) this.#numbers = this.#narrow ? new Int32Array(rows) : new Float64Array(rows);
    const numbers = this.#numbers;
    numbers.fill(0, 0, rows);
    for (const { part: { column, add, stride }, days } of this.#parts) {
      const values = columns[column]!;
      if (days === null) for (let i = 0; i < rows; i += 1) numbers[i]! += (values[i]! + add) * stride;
      else for (let i = 0; i < rows; i += 1) numbers[i]! += days.placeOf(values[i]!) * stride;
    }
    return numbers;
  }
}
