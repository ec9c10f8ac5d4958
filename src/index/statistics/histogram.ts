import { NumberTable } from './numberTable.ts';
import { longer } from './tally.ts';

/** Values that are told apart. */
const values = 65_536;

/** The cell of a pair. What remains of a division of large numbers (`%`) takes ten times as long. */
const cellOf = (pair: number) => Math.floor(pair * (1 / values));

/** What a histogram holds, to be taken over by another: how often each pair of a cell and a value occurs, of which one may come several times. */
export interface HistogramState {
  readonly pairs: Float64Array;
  readonly counts: Int32Array;
}

/** How often each value occurs in each cell: all that quantiles need. Values are whole; those from 65,535 on count as that. */
export class Histogram {
  readonly #pairs = new NumberTable();
  #counts = new Int32Array(1024);
  /** What others have counted. */
  readonly #absorbed: HistogramState[] = [];

  /** Takes rows in: of each its kind, by which `cells` tells its cell, and its number; below 0 for none. */
  take(rows: number, kindOf: Int32Array, cells: Int32Array, numbers: Int32Array | Float64Array): void {
    for (let i = 0; i < rows; i += 1) {
      const value = numbers[i]!;
      if (value < 0) continue;
      this.#add(cells[kindOf[i]!]! * values + Math.min(value, values - 1), 1);
    }
  }

  /** Takes so many facts of a cell with the same number in. */
  takeAlike(cell: number, number: number, facts: number): void {
    this.#add(cell * values + Math.min(number, values - 1), facts);
  }

  #add(pair: number, count: number): void {
    const place = this.#pairs.placeOf(pair);
    if (place >= this.#counts.length) this.#counts = longer(this.#counts, place + 1);
    this.#counts[place]! += count;
  }

  state(): HistogramState {
    const all = this.#all();
    const length = all.reduce((sum, { pairs: some }) => sum + some.length, 0);
    const [pairs, counts] = [new Float64Array(length), new Int32Array(length)];
    let at = 0;
    for (const part of all) {
      pairs.set(part.pairs, at);
      counts.set(part.counts, at);
      at += part.pairs.length;
    }
    return { pairs, counts };
  }

  /** What was counted here and by others. */
  #all(): readonly HistogramState[] {
    return [{ pairs: this.#pairs.all(), counts: this.#counts.subarray(0, this.#pairs.size) }, ...this.#absorbed];
  }

  /** Takes over what another has counted; `places` are its cells here. */
  absorb({ pairs, counts }: HistogramState, places: Int32Array): void {
    const here = pairs.map((pair) => {
      const cell = cellOf(pair);
      return places[cell]! * values + (pair - cell * values);
    });
    this.#absorbed.push({ pairs: here, counts });
  }

  /** The values of each of so many wider cells; `places` tells of each cell in which it lies. */
  spreads(places: Int32Array, cells: number): Spread[] {
    const all = this.#all();
    const starts = new Int32Array(cells + 1);
    for (const { pairs } of all) for (const pair of pairs) starts[places[cellOf(pair)]! + 1]! += 1;
    for (let cell = 0; cell < cells; cell += 1) starts[cell + 1]! += starts[cell]!;
    const ends = starts.slice();
    const [numbers, counts] = [new Int32Array(starts[cells]!), new Int32Array(starts[cells]!)];
    for (const part of all) {
      for (let i = 0; i < part.pairs.length; i += 1) {
        const pair = part.pairs[i]!;
        const cell = cellOf(pair);
        const at = ends[places[cell]!]!;
        ends[places[cell]!] = at + 1;
        numbers[at] = pair - cell * values;
        counts[at] = part.counts[i]!;
      }
    }
    return Array.from({ length: cells }, (_, cell) => spreadOf(numbers.subarray(starts[cell], ends[cell]), counts.subarray(starts[cell], ends[cell])));
  }
}

/** Values up to which they are sorted one by one. */
const few = 32;

/** How often each value occurs in the cell that is put in order; 0 in between. */
const scratch = new Int32Array(values);

/** Puts values in order, of which some may come several times. */
function spreadOf(numbers: Int32Array, counts: Int32Array): Spread {
  if (numbers.length <= few) {
    const order = Array.from(numbers.keys()).toSorted((a, b) => numbers[a]! - numbers[b]!);
    return new Spread(Int32Array.from(order, (at) => numbers[at]!), Int32Array.from(order, (at) => counts[at]!));
  }
  let [least, most] = [values, 0];
  for (let i = 0; i < numbers.length; i += 1) {
    const value = numbers[i]!;
    scratch[value]! += counts[i]!;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  let size = 0;
  for (let value = least; value <= most; value += 1) {
    if (scratch[value] === 0) continue;
    numbers[size] = value;
    counts[size] = scratch[value]!;
    scratch[value] = 0;
    size += 1;
  }
  return new Spread(numbers.subarray(0, size), counts.subarray(0, size));
}

/** How often each value occurs in a cell. */
export class Spread {
  readonly #values: Int32Array;
  /** Of each value, how many there are up to it. */
  readonly #upTo: Int32Array;

  /** Values, ascending, and how often each occurs. */
  constructor(numbers: Int32Array = new Int32Array(), counts: Int32Array = new Int32Array()) {
    this.#values = numbers;
    let before = 0;
    this.#upTo = counts.map((count) => (before += count));
  }

  /** The value below which the fraction of values lies, between two values in proportion; null of none. */
  quantile(fraction: number): number | null {
    const count = this.#upTo.at(-1) ?? 0;
    if (count === 0) return null;
    const rank = fraction * (count - 1);
    const low = this.#at(Math.floor(rank));
    return low + (this.#at(Math.ceil(rank)) - low) * (rank - Math.floor(rank));
  }

  /** The value at a place among all, ascending. */
  #at(index: number): number {
    let [first, last] = [0, this.#upTo.length - 1];
    while (first < last) {
      const middle = (first + last) >> 1;
      if (this.#upTo[middle]! > index) last = middle;
      else first = middle + 1;
    }
    return this.#values[first]!;
  }
}
