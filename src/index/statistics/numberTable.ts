/** Numbers below this are looked up by themselves, the others by a hash. */
const mostDirect = 2 ** 22;
/** Of these, so many lie on a page. Numbers lie close together mostly, and new memory takes longer than all else. */
const pageBits = 10;
const inPage = 2 ** pageBits - 1;
/** Stands for all pages that nothing was written on. */
const blank = new Int32Array(2 ** pageBits);

/**
 * Numbers that stand for cells, which may be large, each with a place: 0, 1, 2 ... in the order in which they came. Tables in typed arrays, far faster here than a Map.
 */
export class NumberTable {
  /** Of small numbers, the place and one more; 0 for none. */
  #pages: Int32Array[] = [blank];
  #slots: Int32Array;
  #numbers: Float64Array;
  #size = 0;

  constructor(capacity = 1024) {
    this.#slots = new Int32Array(capacity * 2).fill(-1);
    this.#numbers = new Float64Array(capacity);
  }

  get size(): number {
    return this.#size;
  }

  /** The number of a place. */
  at(place: number): number {
    return this.#numbers[place]!;
  }

  /** All numbers, by their places. */
  all(): Float64Array {
    return this.#numbers.slice(0, this.#size);
  }

  /** The place of a number, a new one where it has none. */
  placeOf(number: number): number {
    if (number >= mostDirect) return this.#hashed(number);
    if (number >>> pageBits >= this.#pages.length) this.#widen(number);
    const known = this.#pages[number >>> pageBits]![number & inPage]!;
    if (known > 0) return known - 1;
    const place = this.#hashed(number);
    this.#pageOf(number)[number & inPage] = place + 1;
    return place;
  }

  /** Puts the places of numbers `into` an array. */
  placesOf(rows: number, numbers: Int32Array, into: Int32Array): void {
    let pages = this.#pages;
    for (let i = 0; i < rows; i += 1) {
      const number = numbers[i]!;
      const known = number < pages.length << pageBits ? pages[number >>> pageBits]![number & inPage]! : 0;
      if (known > 0) into[i] = known - 1;
      else {
        into[i] = this.placeOf(number);
        pages = this.#pages;
      }
    }
  }

  /** The same for numbers of which each is one of `high` times `width`, and one of `low`: together they may be large. */
  placesOfWide(rows: number, high: Int32Array | Float64Array, width: number, low: Int32Array, into: Int32Array): void {
    for (let i = 0; i < rows; i += 1) into[i] = this.placeOf(high[i]! * width + low[i]!);
  }

  #widen(number: number): void {
    const length = Math.max(this.#pages.length * 2, (number >>> pageBits) + 1);
    this.#pages = [...this.#pages, ...Array.from({ length: length - this.#pages.length }, () => blank)];
  }

  /** The page of a number, to be written on. */
  #pageOf(number: number): Int32Array {
    const at = number >>> pageBits;
    if (this.#pages[at] === blank) this.#pages[at] = new Int32Array(2 ** pageBits);
    return this.#pages[at]!;
  }

  #hashed(number: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = this.#slotOf(number, mask); ; slot = (slot + 1) & mask) {
      const place = this.#slots[slot]!;
      if (place === -1) return this.#add(number, slot);
      if (this.#numbers[place] === number) return place;
    }
  }

  #slotOf(number: number, mask: number): number {
    const high = (number / 4294967296) | 0;
    let h = Math.imul((number | 0) ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b);
    h ^= h >>> 15;
    return Math.imul(h, 0xc2b2ae35) >>> 7 & mask;
  }

  #add(number: number, slot: number): number {
    const place = this.#size;
    if (place === this.#numbers.length) {
      this.#grow();
      return this.#hashed(number);
    }
    this.#size += 1;
    this.#slots[slot] = place;
    this.#numbers[place] = number;
    return place;
  }

  #grow(): void {
    const numbers = new Float64Array(this.#numbers.length * 2);
    numbers.set(this.#numbers);
    this.#numbers = numbers;
    this.#slots = new Int32Array(numbers.length * 2).fill(-1);
    const mask = this.#slots.length - 1;
    for (let place = 0; place < this.#size; place += 1) {
      let slot = this.#slotOf(numbers[place]!, mask);
      while (this.#slots[slot] !== -1) slot = (slot + 1) & mask;
      this.#slots[slot] = place;
    }
  }
}
