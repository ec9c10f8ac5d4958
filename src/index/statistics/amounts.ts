import type { Column } from './shape.ts';
import { longer, type Tally } from './tally.ts';

/** What the facts of each kind bring together, and which persons bring most. Numbers below the least are none. */
export class Amounts {
  readonly #tallies: readonly Tally[];
  readonly #least: number;
  #totals = new Float64Array(64);
  /** What the person met last brings: of each fact its kind and its number. */
  #serial = 0;
  #kinds = new Int32Array(64);
  #numbers = new Float64Array(64);
  #count = 0;

  /** `tallies` are those of the same numbers. */
  constructor(tallies: readonly Tally[], least: number) {
    this.#tallies = tallies;
    this.#least = least;
  }

  /** Takes rows in; `known` is how many kinds there are. */
  take(rows: number, serial: Int32Array, kindOf: Int32Array, values: Column, known: number): void {
    if (this.#totals.length < known) this.#totals = longer(this.#totals, known);
    const totals = this.#totals;
    const least = this.#least;
    let [kinds, numbers, count, last] = [this.#kinds, this.#numbers, this.#count, this.#serial];
    for (let i = 0; i < rows; i += 1) {
      const value = values[i]!;
      if (value < least) continue;
      const kind = kindOf[i]!;
      totals[kind]! += value;
      if (serial[i] !== last) {
        this.#note(count);
        last = serial[i]!;
        count = 0;
      } else if (count === kinds.length) [kinds, numbers] = [(this.#kinds = longer(kinds, count)), (this.#numbers = longer(numbers, count))];
      kinds[count] = kind;
      numbers[count] = value;
      count += 1;
    }
    this.#count = count;
    this.#serial = last;
  }

  /** The person met last has brought so many numbers, and brings no further one. */
  #note(count: number): void {
    for (let i = 0; count > 0 && i < this.#tallies.length; i += 1) this.#tallies[i]!.addPerson(this.#kinds, this.#numbers, count);
  }

  /** What the facts of a kind have brought so far. */
  totalOf(kind: number): number {
    return this.#totals[kind] ?? 0;
  }

  /** Kinds of the person met last. */
  get open(): Int32Array {
    return this.#kinds.subarray(0, this.#count);
  }

  /** What was brought so far is taken note of. */
  clear(): void {
    this.#totals.fill(0);
  }

  /** Kinds have other numbers from here on. */
  rename(names: ReadonlyMap<number, number>): void {
    this.open.set(this.open.map((each) => names.get(each)!));
  }

  /** No more rows come. */
  close(): void {
    this.#note(this.#count);
    this.#count = 0;
  }
}
