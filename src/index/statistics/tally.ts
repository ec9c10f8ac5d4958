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

const nothing = { total: 0, largest: 0, second: 0 } as const;
export const nobody: Summed = { persons: 0, key: 0, facts: 0, factKey: 0, most: 0, ...nothing };

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
  /** What is beside them where numbers are summed. */
  readonly numbers: Float64Array | null;
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
function upTo<A extends Int32Array | Float64Array>(cells: A, count: number, each: number): A {
  return (cells.length < count * each ? grown(cells, count * each) : cells).slice(0, count * each) as A;
}

/** A person's first fact in a cell is met. */
function begin(c: Int32Array, at: number, serial: number, personKey: number): void {
  c[at + last] = serial;
  c[at + persons]! += 1;
  c[at + key] = (c[at + key]! + personKey) | 0;
  c[at + run] = 0;
}

function addFact(c: Int32Array, at: number, factKey: number): void {
  c[at + facts]! += 1;
  c[at + factKeys] = (c[at + factKeys]! + factKey) | 0;
  const ofPerson = (c[at + run]! += 1);
  if (ofPerson > c[at + most]!) c[at + most] = ofPerson;
}

/** Adds what was counted of other persons. */
function addOthers(c: Int32Array, at: number, ids: Int32Array, from: number): void {
  c[at + persons]! += ids[from + persons]!;
  c[at + key] = (c[at + key]! + ids[from + key]!) | 0;
  c[at + facts]! += ids[from + facts]!;
  c[at + factKeys] = (c[at + factKeys]! + ids[from + factKeys]!) | 0;
  c[at + most] = Math.max(c[at + most]!, ids[from + most]!);
}

function countedIn(c: Int32Array, at: number): Counted {
  return { persons: c[at + persons]!, key: c[at + key]! >>> 0, facts: c[at + facts]!, factKey: c[at + factKeys]! >>> 0, most: c[at + most]! };
}

/** Puts what the person summed last has brought among the largest. */
function close(a: Float64Array, beside: number): void {
  const amount = a[beside + runTotal]!;
  if (amount > a[beside + largest]!) {
    a[beside + second] = a[beside + largest]!;
    a[beside + largest] = amount;
  } else if (amount > a[beside + second]!) a[beside + second] = amount;
  a[beside + runTotal] = 0;
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
      if (c[at + last] !== serial[i]) begin(c, at, serial[i]!, personKey[i]!);
      addFact(c, at, factKey[i]!);
    }
  }

  /** What the first cells hold. */
  state(count: number): TallyState {
    return { ids: upTo(this.#cells, count, width), numbers: null };
  }

  /** Takes over what another has counted of other persons; `places` are its cells here. */
  absorb({ ids }: TallyState, places: Int32Array): void {
    for (const [cell, place] of places.entries()) {
      const at = place * width;
      if (at >= this.#cells.length) this.#cells = grown(this.#cells, at);
      addOthers(this.#cells, at, ids, cell * width);
    }
  }

  /** What stands in a cell. */
  of(cell: number): Summed {
    const at = cell * width;
    return at < this.#cells.length ? { ...countedIn(this.#cells, at), ...nothing } : nobody;
  }
}

/** Fields of what is beside a cell of {@link AmountTally}, as places in its piece of another array. */
const [total, runTotal, largest, second] = [0, 1, 2, 3];
const amountWidth = 4;

/** Sums amounts by cell, each of them what one fact brings; what is missing is below 0. */
export class AmountTally {
  #cells = new Int32Array(64 * width);
  #amounts = new Float64Array(64 * amountWidth);

  take({ rows, serial, personKey, factKey }: Piece, cells: Int32Array, amounts: Int32Array | Float64Array): void {
    let [c, a] = [this.#cells, this.#amounts];
    for (let i = 0; i < rows; i += 1) {
      const amount = amounts[i]!;
      if (amount < 0) continue;
      const at = cells[i]! * width;
      const beside = cells[i]! * amountWidth;
      if (at >= c.length) [c, a] = [(this.#cells = grown(c, at)), (this.#amounts = grown(a, beside))];
      if (c[at + last] !== serial[i]) {
        close(a, beside);
        begin(c, at, serial[i]!, personKey[i]!);
      }
      addFact(c, at, factKey[i]!);
      a[beside + total]! += amount;
      a[beside + runTotal]! += amount;
    }
  }

  state(count: number): TallyState {
    const numbers = upTo(this.#amounts, count, amountWidth);
    for (let cell = 0; cell < count; cell += 1) close(numbers, cell * amountWidth);
    return { ids: upTo(this.#cells, count, width), numbers };
  }

  absorb({ ids, numbers }: TallyState, places: Int32Array): void {
    for (const [cell, place] of places.entries()) {
      const [at, beside, from] = [place * width, place * amountWidth, cell * amountWidth];
      if (at >= this.#cells.length) [this.#cells, this.#amounts] = [grown(this.#cells, at), grown(this.#amounts, beside)];
      addOthers(this.#cells, at, ids, cell * width);
      const a = this.#amounts;
      a[beside + total]! += numbers![from + total]!;
      const [most, next] = [a[beside + largest]!, numbers![from + largest]!];
      a[beside + largest] = Math.max(most, next);
      a[beside + second] = Math.max(Math.min(most, next), a[beside + second]!, numbers![from + second]!);
    }
  }

  of(cell: number): Summed {
    const [at, beside] = [cell * width, cell * amountWidth];
    if (at >= this.#cells.length) return nobody;
    const a = this.#amounts;
    close(a, beside);
    return { ...countedIn(this.#cells, at), total: a[beside + total]!, largest: a[beside + largest]!, second: a[beside + second]! };
  }
}

/** Fields of what is beside a cell of {@link SumTally}: facts may be more here than fit in 32 bits. */
const [counted, mostCounted, runCounted] = [0, 1, 2];
const sumWidth = 4;

/** Sums whole numbers by cell, each of them so many facts; what is missing is below 0. */
export class SumTally {
  #cells = new Int32Array(64 * width);
  #sums = new Float64Array(64 * sumWidth);

  take({ rows, serial, personKey, factKey }: Piece, cells: Int32Array, numbers: Int32Array | Float64Array): void {
    let [c, s] = [this.#cells, this.#sums];
    for (let i = 0; i < rows; i += 1) {
      const number = numbers[i]!;
      if (number < 1) continue;
      const at = cells[i]! * width;
      const beside = cells[i]! * sumWidth;
      if (at >= c.length) [c, s] = [(this.#cells = grown(c, at)), (this.#sums = grown(s, beside))];
      if (c[at + last] !== serial[i]) {
        begin(c, at, serial[i]!, personKey[i]!);
        s[beside + runCounted] = 0;
      }
      addFact(c, at, factKey[i]!);
      s[beside + counted]! += number;
      const ofPerson = (s[beside + runCounted]! += number);
      if (ofPerson > s[beside + mostCounted]!) s[beside + mostCounted] = ofPerson;
    }
  }

  state(count: number): TallyState {
    return { ids: upTo(this.#cells, count, width), numbers: upTo(this.#sums, count, sumWidth) };
  }

  absorb({ ids, numbers }: TallyState, places: Int32Array): void {
    for (const [cell, place] of places.entries()) {
      const [at, beside, from] = [place * width, place * sumWidth, cell * sumWidth];
      if (at >= this.#cells.length) [this.#cells, this.#sums] = [grown(this.#cells, at), grown(this.#sums, beside)];
      addOthers(this.#cells, at, ids, cell * width);
      const s = this.#sums;
      s[beside + counted]! += numbers![from + counted]!;
      s[beside + mostCounted] = Math.max(s[beside + mostCounted]!, numbers![from + mostCounted]!);
    }
  }

  of(cell: number): Summed {
    const [at, beside] = [cell * width, cell * sumWidth];
    if (at >= this.#cells.length) return nobody;
    return { ...countedIn(this.#cells, at), facts: this.#sums[beside + counted]!, most: this.#sums[beside + mostCounted]!, ...nothing };
  }
}
