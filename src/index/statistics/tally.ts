import { NumberTable } from './numberTable.ts';

/*
 * What is counted of the facts of each cell. Facts come sorted by worker, so that whether a person was counted in a cell before is told by who was counted there last: no
 * set of persons is kept, whatever their number.
 */

/** A set of persons with their facts; structurally what disclosure control asks for. */
export interface Counted {
  readonly persons: number;
  /** Sum of the persons' keys, modulo 2³². */
  readonly key: number;
  readonly facts: number;
  /** Sum of the facts' keys, modulo 2³². */
  readonly factKey: number;
  /** Most facts of one person. */
  readonly most: number;
}

/** A sum over persons who contribute. */
export interface Summed extends Counted {
  readonly total: number;
  /** What the person contributes who contributes most, all of hers together, and the next. */
  readonly largest: number;
  readonly second: number;
}

export const nobody: Summed = { persons: 0, key: 0, facts: 0, factKey: 0, most: 0, total: 0, largest: 0, second: 0 };

/** Columns of a piece of the scan. */
export interface Piece {
  readonly rows: number;
  readonly serial: Int32Array;
  readonly personKey: Uint32Array;
  readonly factKey: Uint32Array;
}

/** Fields of a cell in {@link Tally}, as places in its array. */
const [last, persons, key, facts, factKeys, most, run, total, runTotal, largest, second] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const width = 11;

/** Counts facts by cell: those for which there is a weight above 0. With `sums`, the weights are amounts, of which each counts as one fact, also one of 0. */
export class Tally {
  #cells = new Float64Array(64 * width);
  readonly #sums: boolean;

  constructor(sums: boolean) {
    this.#sums = sums;
  }

  /** Takes a piece in: the cell of each row, and its weight; rows with a weight below 0 are none, nor are those of weight 0 unless amounts are summed. */
  take(piece: Piece, cells: Int32Array, weights: Float64Array | null): void {
    const { serial, personKey, factKey } = piece;
    const least = this.#sums ? 0 : 1;
    for (let i = 0; i < piece.rows; i += 1) {
      const weight = weights === null ? 1 : weights[i]!;
      if (weight < least) continue;
      const at = cells[i]! * width;
      if (at >= this.#cells.length) this.#grow(at);
      const c = this.#cells;
      // Numbers of workers begin at 1, so that 0 is nobody.
      if (c[at + last] !== serial[i]) {
        if (this.#sums) this.#close(at);
        c[at + last] = serial[i]!;
        c[at + persons]! += 1;
        c[at + key] = (c[at + key]! + personKey[i]!) % 4294967296;
        c[at + run] = 0;
        c[at + runTotal] = 0;
      }
      const count = this.#sums ? 1 : weight;
      c[at + facts]! += count;
      c[at + run]! += count;
      if (c[at + run]! > c[at + most]!) c[at + most] = c[at + run]!;
      c[at + factKeys] = (c[at + factKeys]! + factKey[i]!) % 4294967296;
      if (this.#sums) {
        c[at + total]! += weight;
        c[at + runTotal]! += weight;
      }
    }
  }

  /** What stands in a cell. */
  of(cell: number): Summed {
    const at = cell * width;
    const c = this.#cells;
    if (at >= c.length || c[at + persons] === 0) return nobody;
    if (this.#sums) this.#close(at);
    return { persons: c[at + persons]!, key: c[at + key]!, facts: c[at + facts]!, factKey: c[at + factKeys]!, most: c[at + most]!, total: c[at + total]!, largest: c[at + largest]!, second: c[at + second]! };
  }

  /** Puts what the person counted last has contributed among the largest. */
  #close(at: number): void {
    const c = this.#cells;
    const amount = c[at + runTotal]!;
    if (amount > c[at + largest]!) {
      c[at + second] = c[at + largest]!;
      c[at + largest] = amount;
    } else if (amount > c[at + second]!) c[at + second] = amount;
    c[at + runTotal] = 0;
  }

  #grow(least: number): void {
    let length = this.#cells.length;
    while (length <= least) length *= 2;
    const cells = new Float64Array(length);
    cells.set(this.#cells);
    this.#cells = cells;
  }
}

/** How often each value occurs in each cell: all that quantiles need. Values are whole; those from 65,535 on count as that. */
export class Histogram {
  readonly #pairs = new NumberTable();
  #counts = new Float64Array(1024);

  take(piece: Piece, cells: Int32Array, values: Float64Array): void {
    for (let i = 0; i < piece.rows; i += 1) {
      const value = values[i]!;
      if (value < 0) continue;
      const place = this.#pairs.placeOf(cells[i]! * 65_536 + Math.min(value, 65_535));
      if (place >= this.#counts.length) {
        const counts = new Float64Array(this.#counts.length * 2);
        counts.set(this.#counts);
        this.#counts = counts;
      }
      this.#counts[place]! += 1;
    }
  }

  /** The values of each cell with how often they occur, ascending. */
  byCell(): Map<number, { readonly value: number; readonly count: number }[]> {
    const cells = new Map<number, { readonly value: number; readonly count: number }[]>();
    for (let place = 0; place < this.#pairs.size; place += 1) {
      const pair = this.#pairs.at(place);
      const cell = Math.floor(pair / 65_536);
      const list = cells.get(cell) ?? [];
      cells.set(cell, list);
      list.push({ value: pair % 65_536, count: this.#counts[place]! });
    }
    for (const list of cells.values()) list.sort((a, b) => a.value - b.value);
    return cells;
  }
}

/** The value below which the fraction of values lies, between two values in proportion; null of none. */
export function quantile(values: readonly { readonly value: number; readonly count: number }[], fraction: number): number | null {
  const count = values.reduce((sum, each) => sum + each.count, 0);
  if (count === 0) return null;
  const rank = fraction * (count - 1);
  const at = (index: number) => {
    let before = 0;
    for (const each of values) if ((before += each.count) > index) return each.value;
    return values.at(-1)!.value;
  };
  const low = at(Math.floor(rank));
  return low + (at(Math.ceil(rank)) - low) * (rank - Math.floor(rank));
}
