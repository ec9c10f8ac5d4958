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

/** Columns of a piece of the scan; keys as signed numbers of 32 bits. */
export interface Piece {
  readonly rows: number;
  readonly serial: Int32Array;
  readonly personKey: Int32Array;
  readonly factKey: Int32Array;
}

/** Fields of a cell, as places in its piece of an array; sums of keys wrap around by themselves. */
const [last, persons, key, facts, factKeys, most, run] = [0, 1, 2, 3, 4, 5, 6];
const width = 8;

/** An array that holds the piece that begins at a place: the same one, or a longer copy. */
function grown<A extends Int32Array | Float64Array>(cells: A, at: number): A {
  let length = cells.length;
  while (length <= at) length *= 2;
  const longer = new (cells.constructor as new (length: number) => A)(length);
  longer.set(cells);
  return longer;
}

/** Counts facts by cell. */
export class SetTally {
  #cells = new Int32Array(64 * width);

  /** Takes a piece in: the cell of each row; with flags, only rows whose flags have one of the mask. */
  take({ rows, serial, personKey, factKey }: Piece, cells: Int32Array, flags: Int32Array | null, mask: number): void {
    let c = this.#cells;
    for (let i = 0; i < rows; i += 1) {
      if (flags !== null && (flags[i]! & mask) === 0) continue;
      const at = cells[i]! * width;
      if (at >= c.length) c = this.#cells = grown(c, at);
      // Numbers of workers begin at 1, so that 0 is nobody.
      if (c[at + last] !== serial[i]) {
        c[at + last] = serial[i]!;
        c[at + persons]! += 1;
        c[at + key] = (c[at + key]! + personKey[i]!) | 0;
        c[at + run] = 0;
      }
      c[at + facts]! += 1;
      c[at + factKeys] = (c[at + factKeys]! + factKey[i]!) | 0;
      const ofPerson = (c[at + run]! += 1);
      if (ofPerson > c[at + most]!) c[at + most] = ofPerson;
    }
  }

  /** What stands in a cell. */
  of(cell: number): Summed {
    const at = cell * width;
    const c = this.#cells;
    if (at >= c.length || c[at + persons] === 0) return nobody;
    return { persons: c[at + persons]!, key: c[at + key]! >>> 0, facts: c[at + facts]!, factKey: c[at + factKeys]! >>> 0, most: c[at + most]!, total: 0, largest: 0, second: 0 };
  }
}

/** Fields of what is summed in a cell, beside those of {@link SetTally} that tell persons and keys. */
const [counted, mostCounted, runCounted, total, runTotal, largest, second] = [0, 1, 2, 3, 4, 5, 6];

/**
 * Sums numbers by cell. Of `counts` each stands for so many facts, none for 0; of `amounts` each is what one fact brings, also one of 0. What is missing is below 0.
 */
export class SumTally {
  #ids = new Int32Array(64 * width);
  #sums = new Float64Array(64 * width);
  readonly #amounts: boolean;

  constructor(of: 'counts' | 'amounts') {
    this.#amounts = of === 'amounts';
  }

  /** Takes a piece in: the cell of each row, and its number. */
  take({ rows, serial, personKey, factKey }: Piece, cells: Int32Array, numbers: Int32Array | Float64Array): void {
    const least = this.#amounts ? 0 : 1;
    let [c, s] = [this.#ids, this.#sums];
    for (let i = 0; i < rows; i += 1) {
      const number = numbers[i]!;
      if (number < least) continue;
      const at = cells[i]! * width;
      if (at >= c.length) [c, s] = [(this.#ids = grown(c, at)), (this.#sums = grown(s, at))];
      if (c[at + last] !== serial[i]) {
        if (this.#amounts) this.#close(at);
        c[at + last] = serial[i]!;
        c[at + persons]! += 1;
        c[at + key] = (c[at + key]! + personKey[i]!) | 0;
        s[at + runCounted] = 0;
      }
      c[at + factKeys] = (c[at + factKeys]! + factKey[i]!) | 0;
      const count = this.#amounts ? 1 : number;
      s[at + counted]! += count;
      const counts = (s[at + runCounted]! += count);
      if (counts > s[at + mostCounted]!) s[at + mostCounted] = counts;
      if (this.#amounts) {
        s[at + total]! += number;
        s[at + runTotal]! += number;
      }
    }
  }

  /** What stands in a cell. */
  of(cell: number): Summed {
    const at = cell * width;
    const [c, s] = [this.#ids, this.#sums];
    if (at >= c.length || c[at + persons] === 0) return nobody;
    if (this.#amounts) this.#close(at);
    return {
      persons: c[at + persons]!, key: c[at + key]! >>> 0, facts: s[at + counted]!, factKey: c[at + factKeys]! >>> 0, most: s[at + mostCounted]!,
      total: s[at + total]!, largest: s[at + largest]!, second: s[at + second]!,
    };
  }

  /** Puts what the person counted last has brought among the largest. */
  #close(at: number): void {
    const s = this.#sums;
    const amount = s[at + runTotal]!;
    if (amount > s[at + largest]!) {
      s[at + second] = s[at + largest]!;
      s[at + largest] = amount;
    } else if (amount > s[at + second]!) s[at + second] = amount;
    s[at + runTotal] = 0;
  }
}

/** How often each value occurs in each cell: all that quantiles need. Values are whole; those from 65,535 on count as that. */
export class Histogram {
  readonly #pairs = new NumberTable();
  #counts = new Float64Array(1024);

  take(rows: number, cells: Int32Array, values: Int32Array | Float64Array): void {
    for (let i = 0; i < rows; i += 1) {
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
