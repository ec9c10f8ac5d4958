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

/** What a tally holds, to be taken over by another. */
export interface TallyState {
  readonly ids: Int32Array;
  /** Of sums. */
  readonly sums: Float64Array | null;
}

/** An array that holds the piece that begins at a place: the same one, or a longer copy. */
function grown<A extends Int32Array | Float64Array>(cells: A, at: number): A {
  let length = cells.length;
  while (length <= at) length *= 2;
  const longer = new (cells.constructor as new (length: number) => A)(length);
  longer.set(cells);
  return longer;
}

/** The pieces of the first cells, none of them missing. */
function upTo<A extends Int32Array | Float64Array>(cells: A, count: number): A {
  return (cells.length < count * width ? grown(cells, count * width) : cells).slice(0, count * width) as A;
}

/** Adds persons and keys of other persons. */
function addIds(c: Int32Array, at: number, ids: Int32Array, from: number): void {
  c[at + persons]! += ids[from + persons]!;
  c[at + key] = (c[at + key]! + ids[from + key]!) | 0;
  c[at + factKeys] = (c[at + factKeys]! + ids[from + factKeys]!) | 0;
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

  /** What the first cells hold. */
  state(count: number): TallyState {
    return { ids: upTo(this.#cells, count), sums: null };
  }

  /** Takes over what another has counted of other persons; `places` are its cells here. */
  absorb({ ids }: TallyState, places: Int32Array): void {
    let c = this.#cells;
    for (const [cell, place] of places.entries()) {
      const from = cell * width;
      if (ids[from + persons] === 0) continue;
      const at = place * width;
      if (at >= c.length) c = this.#cells = grown(c, at);
      addIds(c, at, ids, from);
      c[at + facts]! += ids[from + facts]!;
      c[at + most] = Math.max(c[at + most]!, ids[from + most]!);
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

  /** What the first cells hold. */
  state(count: number): TallyState {
    const sums = (this.#sums = this.#sums.length < count * width ? grown(this.#sums, count * width) : this.#sums);
    if (this.#amounts) for (let cell = 0; cell < count; cell += 1) this.#close(cell * width);
    return { ids: upTo(this.#ids, count), sums: upTo(sums, count) };
  }

  /** Takes over what another has summed of other persons; `places` are its cells here. */
  absorb({ ids, sums }: TallyState, places: Int32Array): void {
    let [c, s] = [this.#ids, this.#sums];
    for (const [cell, place] of places.entries()) {
      const from = cell * width;
      if (sums === null || ids[from + persons] === 0) continue;
      const at = place * width;
      if (at >= c.length) [c, s] = [(this.#ids = grown(c, at)), (this.#sums = grown(s, at))];
      addIds(c, at, ids, from);
      s[at + counted]! += sums[from + counted]!;
      s[at + mostCounted] = Math.max(s[at + mostCounted]!, sums[from + mostCounted]!);
      s[at + total]! += sums[from + total]!;
      const [most, next] = [s[at + largest]!, sums[from + largest]!];
      s[at + largest] = Math.max(most, next);
      s[at + second] = Math.max(Math.min(most, next), s[at + second]!, sums[from + second]!);
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
