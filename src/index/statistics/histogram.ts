import { NumberTable } from './numberTable.ts';

/** Values that are told apart. */
const values = 65_536;

/** What a histogram holds, to be taken over by another. */
export interface HistogramState {
  readonly pairs: Float64Array;
  readonly counts: Float64Array;
}

/** How often each value occurs in each cell: all that quantiles need. Values are whole; those from 65,535 on count as that. */
export class Histogram {
  readonly #pairs = new NumberTable();
  #counts = new Float64Array(1024);

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
    if (place >= this.#counts.length) {
      const counts = new Float64Array(this.#counts.length * 2);
      counts.set(this.#counts);
      this.#counts = counts;
    }
    this.#counts[place]! += count;
  }

  /** How often each pair of a cell and a value occurs. */
  state(): HistogramState {
    return { pairs: this.#pairs.all(), counts: this.#counts.slice(0, this.#pairs.size) };
  }

  /** Takes over what another has counted; `places` are its cells here. */
  absorb({ pairs, counts }: HistogramState, places: Int32Array): void {
    for (let i = 0; i < pairs.length; i += 1) {
      const cell = Math.floor(pairs[i]! / values);
      // What remains of a division of large numbers (`%`) takes ten times as long.
      this.#add(places[cell]! * values + (pairs[i]! - cell * values), counts[i]!);
    }
  }

  /** The values of each of so many wider cells; `places` tells of each cell in which it lies. */
  spreads(places: Int32Array, cells: number): Spread[] {
    const pairs = this.#pairs.all();
    const starts = new Int32Array(cells + 1);
    for (const pair of pairs) starts[places[Math.floor(pair / values)]! + 1]! += 1;
    for (let cell = 0; cell < cells; cell += 1) starts[cell + 1]! += starts[cell]!;
    const ends = starts.slice();
    const [numbers, counts] = [new Int32Array(pairs.length), new Float64Array(pairs.length)];
    for (let i = 0; i < pairs.length; i += 1) {
      const cell = Math.floor(pairs[i]! / values);
      const at = ends[places[cell]!]!;
      ends[places[cell]!] = at + 1;
      numbers[at] = pairs[i]! - cell * values;
      counts[at] = this.#counts[i]!;
    }
    const scratch = new Float64Array(values);
    return Array.from({ length: cells }, (_, cell) => spreadOf(numbers.subarray(starts[cell], ends[cell]), counts.subarray(starts[cell], ends[cell]), scratch));
  }
}

/** Values up to which they are sorted one by one. */
const few = 32;

/** Puts values in order, of which some may come several times; `scratch` is 0 for each value. */
function spreadOf(numbers: Int32Array, counts: Float64Array, scratch: Float64Array): Spread {
  if (numbers.length <= few) {
    const order = Array.from(numbers.keys()).toSorted((a, b) => numbers[a]! - numbers[b]!);
    return new Spread(Int32Array.from(order, (at) => numbers[at]!), Float64Array.from(order, (at) => counts[at]!));
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
  readonly #upTo: Float64Array;

  /** Values, ascending, and how often each occurs. */
  constructor(numbers: Int32Array = new Int32Array(), counts: Float64Array = new Float64Array()) {
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
