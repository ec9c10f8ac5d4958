import type { Column } from './shape.ts';
import { longer, type Tally } from './tally.ts';

/** What the facts of each kind bring together, and how much persons bring who bring most. Numbers below the least are none. */
export class Amounts {
  readonly #tallies: readonly Tally[];
  readonly #least: number;
  #totals = new Float64Array(64);
  #rows = new Int32Array(2048);
  /** What the person met last brings: of each fact its kind and its number. */
  #serial = 0;
  #kinds = new Int32Array(64);
  #numbers = new Float64Array(64);
  #count = 0;

  /** `tallies` are those that take note of who brings most, the finest first: none where that is not wanted. */
  constructor(tallies: readonly Tally[], least: number) {
    this.#tallies = tallies;
    this.#least = least;
  }

  /** Takes rows in; `known` is how many kinds there are. */
  take(rows: number, serial: Int32Array, kindOf: Int32Array, values: Column, known: number): void {
    if (this.#totals.length < known) this.#totals = longer(this.#totals, known);
    const totals = this.#totals;
    // Kinds without a number have a total too, which nobody asks for: that spares a branch which can hardly be foretold.
    for (let i = 0; i < rows; i += 1) totals[kindOf[i]!]! += values[i]!;
    if (this.#tallies.length > 0) this.#takePersons(this.#present(rows, values), serial, kindOf, values);
  }

  /** How many rows have a number, and which in {@link #rows}. */
  #present(rows: number, values: Column): number {
    if (this.#rows.length < rows) this.#rows = new Int32Array(rows);
    const [present, least] = [this.#rows, this.#least];
    let count = 0;
    for (let i = 0; i < rows; i += 1) {
      present[count] = i;
      count += Number(values[i]! >= least);
    }
    return count;
  }

  #takePersons(present: number, serial: Int32Array, kindOf: Int32Array, values: Column): void {
    let [kinds, numbers, count, last] = [this.#kinds, this.#numbers, this.#count, this.#serial];
    const [finest] = this.#tallies as [Tally];
    const of = this.#rows;
    for (let at = 0; at < present; at += 1) {
      const i = of[at]!;
      const person = serial[i]!;
      if (person !== last) {
        this.#note(count);
        last = person;
        count = 0;
        // Whose only number is no more than the second of its finest cell is among the largest of none: the second of a wider cell is as much at least.
        if (at + 1 < present && serial[of[at + 1]!] !== person && values[i]! <= finest.secondOf(kindOf[i]!)) continue;
      } else if (count === kinds.length) [kinds, numbers] = [(this.#kinds = longer(kinds, count)), (this.#numbers = longer(numbers, count))];
      kinds[count] = kindOf[i]!;
      numbers[count] = values[i]!;
      count += 1;
    }
    this.#count = count;
    this.#serial = last;
  }

  /** The person met last has brought so many numbers, and brings no further one. */
  #note(count: number): void {
    if (count === 0) return;
    for (let i = 0; i < this.#tallies.length; i += 1) this.#tallies[i]!.addPerson(this.#kinds, this.#numbers, count);
  }

  /** What the facts of a kind that has numbers have brought so far. */
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
