import { longer } from './tally.ts';

/*
 * Whom rows are of. Facts come sorted by worker; most workers have one fact, or such kinds of facts as many others have too. Of these it is only counted how many have them
 * (and the sum of their keys); the rows of the few others are handed on.
 */

/** Kinds that patterns are made of: the first that came, which are mostly the frequent ones. */
const hot = 64;
/** Longest pattern. */
const longest = 32;
/** Rows of others that are handed on at once. */
const othersAtOnce = 4096;

/** Fields of a kind, as places in its piece of an array: the persons whose only fact is of it with the sum of their keys, the facts of others, and the sum of all facts' keys. */
const [single, singleKeys, facts, factKeys] = [0, 1, 2, 3];
/** Fields of a pattern: the one without its last kind, this, and the persons who have it with the sum of their keys. */
const [parent, last, persons, keys] = [0, 1, 2, 3];
const width = 4;

/** Facts of a kind, and the sum of their keys as a signed number of 32 bits. */
export interface OfKind {
  readonly kind: number;
  readonly facts: number;
  readonly key: number;
}

/** Persons that have the same kinds of facts, and the sum of their keys as a signed number of 32 bits. */
export interface Alike {
  readonly kinds: readonly number[];
  readonly persons: number;
  readonly key: number;
}

/** Rows of persons of whom no pattern is kept; of each all rows follow one another. */
export interface Others {
  readonly rows: number;
  readonly serial: Int32Array;
  readonly personKey: Int32Array;
  readonly kinds: Int32Array;
}

export class Persons {
  readonly #hand: (others: Others) => void;
  readonly #mostPatterns: number;
  #known = 0;
  #kinds = new Int32Array(64 * width);
  /** Patterns are paths through a tree: of each, by the next kind, the longer one; 0 for none. The first is the empty one. */
  #next: Int32Array;
  #patterns: Int32Array;
  #count = 1;
  #others = { rows: 0, serial: new Int32Array(othersAtOnce), personKey: new Int32Array(othersAtOnce), kinds: new Int32Array(othersAtOnce) };
  /** The person met last: her kinds of facts so far, ascending. */
  #serial = 0;
  #key = 0;
  #path = new Int32Array(64);
  #length = 0;

  /** `hand` is given the rows of others, in pieces. */
  constructor(hand: (others: Others) => void, mostPatterns: number) {
    this.#hand = hand;
    this.#mostPatterns = mostPatterns;
    this.#next = new Int32Array(hot * Math.min(mostPatterns, 64));
    this.#patterns = new Int32Array(width * Math.min(mostPatterns, 64));
  }

  /** Takes rows in; `known` is how many kinds there are. */
  take(rows: number, serial: Int32Array, personKey: Int32Array, factKey: Int32Array, kindOf: Int32Array, known: number): void {
    this.#known = known;
    if (this.#kinds.length < known * width) this.#kinds = longer(this.#kinds, known * width);
    const c = this.#kinds;
    for (let i = 0; i < rows; ) {
      const person = serial[i]!;
      // The last one may go on in the next piece.
      if (i + 1 < rows && serial[i + 1] !== person && person !== this.#serial) {
        const at = kindOf[i]! * width;
        c[at + factKeys] = (c[at + factKeys]! + factKey[i]!) | 0;
        c[at + single]! += 1;
        c[at + singleKeys] = (c[at + singleKeys]! + personKey[i]!) | 0;
        i += 1;
        continue;
      }
      if (person !== this.#serial) {
        this.#end();
        this.#serial = person;
        this.#key = personKey[i]!;
      }
      let [path, length] = [this.#path, this.#length];
      for (; i < rows && serial[i] === person; i += 1) {
        const kind = kindOf[i]!;
        const from = kind * width;
        c[from + facts]! += 1;
        c[from + factKeys] = (c[from + factKeys]! + factKey[i]!) | 0;
        if (length === path.length) path = this.#path = longer(path, length);
        let at = length;
        // What is too long for a pattern stays as it came.
        const sortedTo = length < longest ? 0 : length;
        length += 1;
        while (at > sortedTo && path[at - 1]! > kind) {
          path[at] = path[at - 1]!;
          at -= 1;
        }
        path[at] = kind;
      }
      this.#length = length;
    }
  }

  /** Counts the person met last, who has no further fact. */
  #end(): void {
    const [path, length, key] = [this.#path, this.#length, this.#key];
    this.#length = 0;
    if (length === 0) return;
    const pattern = length > longest || path[length - 1]! >= hot ? -1 : this.#patternOf(path, length);
    if (pattern < 0) {
      this.#add(path, length);
      return;
    }
    const at = pattern * width;
    this.#patterns[at + persons]! += 1;
    this.#patterns[at + keys] = (this.#patterns[at + keys]! + key) | 0;
  }

  /** The place of a pattern; -1 where it is new and there are as many as may be. */
  #patternOf(path: Int32Array, length: number): number {
    let at = 0;
    for (let i = 0; i < length; i += 1) {
      const from = at * hot + path[i]!;
      at = this.#next[from]!;
      if (at === 0 && (at = this.#grow(from)) < 0) return -1;
    }
    return at;
  }

  #grow(from: number): number {
    if (this.#count === this.#mostPatterns) return -1;
    const made = this.#count;
    this.#count += 1;
    if (this.#patterns.length < this.#count * width) [this.#next, this.#patterns] = [longer(this.#next, this.#count * hot), longer(this.#patterns, this.#count * width)];
    this.#next[from] = made;
    this.#patterns[made * width + parent] = Math.floor(from / hot);
    this.#patterns[made * width + last] = from % hot;
    return made;
  }

  #add(path: Int32Array, length: number): void {
    if (this.#others.rows + length > this.#others.kinds.length) this.#handOver(length);
    const { serial, personKey, kinds, rows } = this.#others;
    for (let i = 0; i < length; i += 1) {
      serial[rows + i] = this.#serial;
      personKey[rows + i] = this.#key;
      kinds[rows + i] = path[i]!;
    }
    this.#others.rows += length;
  }

  /** Hands the rows of others on, and makes room for at least so many. */
  #handOver(room: number): void {
    if (this.#others.rows > 0) this.#hand(this.#others);
    this.#others.rows = 0;
    if (room > this.#others.kinds.length) this.#others = { rows: 0, serial: new Int32Array(room), personKey: new Int32Array(room), kinds: new Int32Array(room) };
  }

  /** Tells all that was counted but for the person met last, and begins anew. */
  settle(ofKind: (of: OfKind) => void, alike: (alike: Alike) => void): void {
    this.#handOver(0);
    const c = this.#kinds;
    for (let kind = 0; kind < this.#known; kind += 1) {
      const at = kind * width;
      const all = c[at + facts]! + c[at + single]!;
      if (all > 0) ofKind({ kind, facts: all, key: c[at + factKeys]! });
      if (c[at + single]! > 0) alike({ kinds: [kind], persons: c[at + single]!, key: c[at + singleKeys]! });
    }
    for (let pattern = 1; pattern < this.#count; pattern += 1) {
      const at = pattern * width;
      if (this.#patterns[at + persons] === 0) continue;
      const kinds: number[] = [];
      for (let each = pattern; each > 0; each = this.#patterns[each * width + parent]!) kinds.unshift(this.#patterns[each * width + last]!);
      alike({ kinds, persons: this.#patterns[at + persons]!, key: this.#patterns[at + keys]! });
    }
    for (const all of [this.#kinds, this.#next, this.#patterns]) all.fill(0);
    this.#count = 1;
  }

  /** Kinds of the person met last. */
  get open(): Int32Array {
    return this.#path.subarray(0, this.#length);
  }

  /** Kinds have other numbers from here on. */
  rename(names: ReadonlyMap<number, number>): void {
    this.open.set(this.open.map((each) => names.get(each)!).toSorted());
  }

  /** No more rows come. */
  close(): void {
    this.#end();
  }
}
