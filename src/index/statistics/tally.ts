import type { Alike, OfKind, Others } from './persons.ts';

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

/** Fields of a cell, as places in its piece of an array; sums of keys wrap around by themselves. */
const [last, persons, key, facts, factKeys, most, run] = [0, 1, 2, 3, 4, 5, 6];
const width = 8;
/** Fields of what is beside a cell where numbers are summed. */
const [total, largest, second] = [0, 1, 2];
const amountWidth = 4;

/** What a tally holds, to be taken over by another. */
export interface TallyState {
  readonly counts: Int32Array;
  readonly amounts: Float64Array;
}

/** A copy that is as long as asked for at least. */
export function longer<A extends Int32Array | Float64Array>(array: A, length: number): A {
  const copy = new (array.constructor as new (length: number) => A)(Math.max(array.length * 2, length));
  copy.set(array);
  return copy;
}

/** Counts by cell the facts of some kinds. No set of persons is kept, whatever their number: facts come sorted by worker. */
export class Tally {
  /** Of each kind, the cell in which it counts; -1 for none. */
  #cells = new Int32Array(64);
  /** What each fact of a kind brings, where kinds tell; else 0. */
  #numbers = new Float64Array(64);
  #size = 0;
  #counts = new Int32Array(64 * width);
  #amounts = new Float64Array(64 * amountWidth);
  /** What one person brings, by cell; else 0. */
  #sums = new Float64Array(64);
  /** What one person brings of whom no pattern is kept. */
  #kinds = new Int32Array(64);
  #brought = new Float64Array(64);
  readonly #notes: boolean;

  /** `notes`: whether it takes note of who brings most by the numbers that kinds tell. */
  constructor(notes = false) {
    this.#notes = notes;
  }

  /** Takes in that a kind counts in a cell: 0, 1, 2 ..., -1 for none; `number` is what each fact of it brings. */
  put(kind: number, cell: number, number: number): void {
    if (this.#cells.length <= kind) [this.#cells, this.#numbers] = [longer(this.#cells, kind + 1), longer(this.#numbers, kind + 1)];
    this.#cells[kind] = cell;
    this.#numbers[kind] = number;
    this.#reach(cell);
  }

  #reach(cell: number): void {
    if (cell < this.#size) return;
    this.#size = cell + 1;
    if (this.#sums.length >= this.#size) return;
    this.#counts = longer(this.#counts, this.#size * width);
    this.#amounts = longer(this.#amounts, this.#size * amountWidth);
    this.#sums = longer(this.#sums, this.#size);
  }

  /** The cells of kinds; -1 for none. */
  get cells(): Int32Array {
    return this.#cells;
  }

  /** What each fact of the kinds brings, where kinds tell; else 0. */
  get numbers(): Float64Array {
    return this.#numbers;
  }

  /** Adds facts of a kind, and what they bring beyond what the kind tells. */
  addFacts({ kind, facts: count, key: sum }: OfKind, brought: number): void {
    const cell = this.#cells[kind]!;
    if (cell < 0) return;
    const at = cell * width;
    this.#counts[at + facts]! += count;
    this.#counts[at + factKeys] = (this.#counts[at + factKeys]! + sum) | 0;
    this.#amounts[cell * amountWidth + total]! += brought + count * this.#numbers[kind]!;
  }

  /** Adds persons who have the same kinds of facts. */
  addAlike({ kinds, persons: count, key: keys }: Alike): void {
    const [c, cells, numbers] = [this.#counts, this.#cells, this.#numbers];
    for (let i = 0; i < kinds.length; i += 1) {
      const cell = cells[kinds[i]!]!;
      if (cell < 0) continue;
      let before = 0;
      while (cells[kinds[before]!] !== cell) before += 1;
      if (before < i) continue;
      let [own, brought] = [0, 0];
      for (let j = i; j < kinds.length; j += 1) {
        if (cells[kinds[j]!] !== cell) continue;
        own += 1;
        brought += numbers[kinds[j]!]!;
      }
      const at = cell * width;
      c[at + persons]! += count;
      c[at + key] = (c[at + key]! + keys) | 0;
      if (own > c[at + most]!) c[at + most] = own;
      if (!this.#notes) continue;
      // Of many who bring the same, two can be the largest and the next.
      this.#note(cell, brought);
      if (count > 1) this.#note(cell, brought);
    }
  }

  /** Adds persons by the kinds of their facts. */
  addOthers({ rows, serial, personKey, kinds }: Others): void {
    const c = this.#counts;
    const cells = this.#cells;
    for (let i = 0; i < rows; i += 1) {
      const cell = cells[kinds[i]!]!;
      if (cell < 0) continue;
      const at = cell * width;
      if (c[at + last] === serial[i]) {
        const ofPerson = (c[at + run]! += 1);
        if (ofPerson > c[at + most]!) c[at + most] = ofPerson;
        continue;
      }
      // Numbers of workers begin at 1, so that 0 is nobody.
      c[at + last] = serial[i]!;
      c[at + persons]! += 1;
      c[at + key] = (c[at + key]! + personKey[i]!) | 0;
      c[at + run] = 1;
      if (c[at + most] === 0) c[at + most] = 1;
    }
    if (this.#notes) this.#noteOthers(rows, serial, kinds);
  }

  #noteOthers(rows: number, serial: Int32Array, kinds: Int32Array): void {
    for (let i = 0; i < rows; ) {
      const person = serial[i];
      let count = 0;
      for (; i < rows && serial[i] === person; i += 1) {
        if (this.#cells[kinds[i]!]! < 0) continue;
        if (count === this.#kinds.length) [this.#kinds, this.#brought] = [longer(this.#kinds, count), longer(this.#brought, count)];
        this.#kinds[count] = kinds[i]!;
        this.#brought[count] = this.#numbers[kinds[i]!]!;
        count += 1;
      }
      if (count > 0) this.addPerson(this.#kinds, this.#brought, count);
    }
  }

  /** What the person brings in a kind's cell who brings most but for one. */
  secondOf(kind: number): number {
    return this.#amounts[this.#cells[kind]! * amountWidth + second]!;
  }

  /** Takes note of all that a person brings, of so many facts. */
  addPerson(kinds: Int32Array, numbers: Float64Array, count: number): void {
    const cells = this.#cells;
    const first = cells[kinds[0]!]!;
    if (count === 1) this.#note(first, numbers[0]!);
    else if (count === 2) {
      const other = cells[kinds[1]!]!;
      if (first === other) this.#note(first, numbers[0]! + numbers[1]!);
      else {
        this.#note(first, numbers[0]!);
        this.#note(other, numbers[1]!);
      }
    } else this.#addSums(kinds, numbers, count);
  }

  #addSums(kinds: Int32Array, numbers: Float64Array, count: number): void {
    const [cells, sums] = [this.#cells, this.#sums];
    for (let i = 0; i < count; i += 1) sums[cells[kinds[i]!]!]! += numbers[i]!;
    for (let i = 0; i < count; i += 1) {
      const cell = cells[kinds[i]!]!;
      this.#note(cell, sums[cell]!);
      sums[cell] = 0;
    }
  }

  /** Puts what a person brings among the largest of a cell. */
  #note(cell: number, amount: number): void {
    const a = this.#amounts;
    const at = cell * amountWidth;
    if (amount <= a[at + second]!) return;
    if (amount > a[at + largest]!) {
      a[at + second] = a[at + largest]!;
      a[at + largest] = amount;
    } else a[at + second] = amount;
  }

  state(): TallyState {
    return { counts: this.#counts.slice(0, this.#size * width), amounts: this.#amounts.slice(0, this.#size * amountWidth) };
  }

  /** Takes over what another has counted of other persons; `places` are its cells here. */
  absorb({ counts, amounts }: TallyState, places: Int32Array): void {
    for (let from = 0; from * width < counts.length; from += 1) {
      const cell = places[from]!;
      this.#reach(cell);
      const [c, at, of] = [this.#counts, cell * width, from * width];
      c[at + persons]! += counts[of + persons]!;
      c[at + key] = (c[at + key]! + counts[of + key]!) | 0;
      c[at + facts]! += counts[of + facts]!;
      c[at + factKeys] = (c[at + factKeys]! + counts[of + factKeys]!) | 0;
      c[at + most] = Math.max(c[at + most]!, counts[of + most]!);
      this.#amounts[cell * amountWidth + total]! += amounts[from * amountWidth + total]!;
      for (const one of [largest, second]) this.#note(cell, amounts[from * amountWidth + one]!);
    }
  }

  /** What stands in a cell. */
  of(cell: number): Summed {
    if (cell >= this.#size) return nobody;
    const [c, a] = [this.#counts, this.#amounts];
    const [at, beside] = [cell * width, cell * amountWidth];
    return {
      persons: c[at + persons]!, key: c[at + key]! >>> 0, facts: c[at + facts]!, factKey: c[at + factKeys]! >>> 0, most: c[at + most]!,
      total: a[beside + total]!, largest: a[beside + largest]!, second: a[beside + second]!,
    };
  }
}
