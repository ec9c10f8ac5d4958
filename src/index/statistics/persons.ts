import { longer } from './tally.ts';

/*
 * Whom rows are of. Facts come sorted by worker; most workers have one fact, or such kinds of facts as many others have too. Of these it is only counted how many have them
 * (and the sum of their keys); the rows of the few others are handed on. Each worker's facts come in the order of their profiles, so that there is rarely something to sort.
 */

/** Kinds that patterns are made of: the first that came, which are mostly the frequent ones. */
const hot = 64;
/** Rows of others that are handed on at once. */
const othersAtOnce = 4096;

/** Fields of a kind, as places in its piece of an array: the persons whose only fact is of it with the sum of their keys, the facts of others, and the sum of all facts' keys. */
const [single, singleKeys, facts, factKeys] = [0, 1, 2, 3];
/** Fields of a pattern: the one without its last kind, this, and the persons who have it with the sum of their keys. */
const [parent, last, persons, keys] = [0, 1, 2, 3];
const width = 4;
/** Instead of a pattern, of kinds in a row: that none is kept of them, and that they do not come in their order. */
const [none, unordered] = [-1, -2];

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
  readonly #keyed: boolean;
  readonly #mostPatterns: number;
  #known = 0;
  #kinds = new Int32Array(64 * width);
  /** Patterns are paths through a tree, of kinds in their order: of each, by the next kind, the longer one; 0 for none. The first is the empty one. */
  #next: Int32Array;
  #patterns: Int32Array;
  #count = 1;
  #others = { rows: 0, serial: new Int32Array(othersAtOnce), personKey: new Int32Array(othersAtOnce), kinds: new Int32Array(othersAtOnce) };
  /** The person met last, and the kinds of her facts in pieces of rows before this one. */
  #serial = 0;
  #key = 0;
  #before = new Int32Array(64);
  #length = 0;
  #ranks: Float64Array = new Float64Array(0);
  /** All kinds of a person of whom there is no pattern yet. */
  #own = new Int32Array(64);

  /** `keyed`: whether sums of facts' keys are wanted. `hand` is given the rows of others, in pieces. */
  constructor(keyed: boolean, hand: (others: Others) => void, mostPatterns: number) {
    this.#keyed = keyed;
    this.#hand = hand;
    this.#mostPatterns = mostPatterns;
    this.#next = new Int32Array(hot * Math.min(mostPatterns, 64));
    this.#patterns = new Int32Array(width * Math.min(mostPatterns, 64));
  }

  /** Takes rows in; `ranks` puts kinds in an order, `known` is how many there are. */
  take(rows: number, serial: Int32Array, personKey: Int32Array, factKey: Int32Array, kindOf: Int32Array, ranks: Float64Array, known: number): void {
    if (rows === 0) return;
    this.#known = known;
    this.#ranks = ranks;
    if (this.#kinds.length < known * width) this.#kinds = longer(this.#kinds, known * width);
    if (this.#keyed) {
      const c = this.#kinds;
      for (let i = 0; i < rows; i += 1) c[kindOf[i]! * width + factKeys] = (c[kindOf[i]! * width + factKeys]! + factKey[i]!) | 0;
    }
    let person = this.#serial;
    let at = this.#patternOf(this.#before, this.#length);
    let start = 0;
    let rank = this.#length > 0 ? ranks[this.#before[this.#length - 1]!]! : 0;
    let next = this.#next;
    for (let i = 0; i < rows; i += 1) {
      const kind = kindOf[i]!;
      if (serial[i] !== person) {
        this.#end(at, kindOf, start, i);
        person = this.#serial = serial[i]!;
        this.#key = personKey[i]!;
        start = i;
        at = 0;
        rank = 0;
      }
      if (at < 0) continue;
      if (ranks[kind]! < rank) {
        at = unordered;
        continue;
      }
      rank = ranks[kind]!;
      const to = kind < hot ? next[at * hot + kind]! : 0;
      if (to > 0) at = to;
      else {
        at = this.#longer(at, kind);
        next = this.#next;
      }
    }
    this.#keep(kindOf, start, rows);
  }

  /** The pattern of so many kinds. */
  #patternOf(kinds: Int32Array, length: number): number {
    let at = 0;
    for (let i = 0; i < length; i += 1) {
      if (i > 0 && this.#ranks[kinds[i]!]! < this.#ranks[kinds[i - 1]!]!) return unordered;
      at = this.#longer(at, kinds[i]!);
    }
    return at;
  }

  /** The pattern with one more kind. */
  #longer(pattern: number, kind: number): number {
    if (pattern < 0 || kind >= hot) return none;
    const from = pattern * hot + kind;
    return this.#next[from]! || this.#grow(from);
  }

  /** Keeps the rows of the person met last: she may go on in the next piece. */
  #keep(kindOf: Int32Array, start: number, end: number): void {
    const length = this.#length + end - start;
    if (this.#before.length < length) this.#before = longer(this.#before, length);
    this.#before.set(kindOf.subarray(start, end), this.#length);
    this.#length = length;
  }

  /** Counts the person met last, who has no further fact: by her pattern, or else by what was kept of her and these rows. */
  #end(pattern: number, kindOf: Int32Array, start: number, end: number): void {
    const before = this.#length;
    this.#length = 0;
    const length = before + end - start;
    if (length === 1) {
      const at = (before === 1 ? this.#before[0]! : kindOf[start]!) * width;
      this.#kinds[at + single]! += 1;
      this.#kinds[at + singleKeys] = (this.#kinds[at + singleKeys]! + this.#key) | 0;
      return;
    }
    if (pattern >= 0) {
      this.#one(pattern);
      return;
    }
    if (this.#own.length < length) this.#own = longer(this.#own, length);
    // Parts of typed arrays, and copies of them at once, take longer than a few rows do.
    const own = this.#own;
    for (let i = 0; i < before; i += 1) own[i] = this.#before[i]!;
    for (let i = start; i < end; i += 1) own[before + i - start] = kindOf[i]!;
    if (pattern === unordered) this.#order(length);
    const ordered = pattern === unordered ? this.#patternOf(own, length) : none;
    if (ordered > 0) this.#one(ordered);
    else this.#add(length);
  }

  /** Puts so many of her kinds in order. */
  #order(length: number): void {
    const [kinds, ranks] = [this.#own, this.#ranks];
    for (let i = 1; i < length; i += 1) {
      const kind = kinds[i]!;
      let at = i;
      for (; at > 0 && ranks[kinds[at - 1]!]! > ranks[kind]!; at -= 1) kinds[at] = kinds[at - 1]!;
      kinds[at] = kind;
    }
  }

  #one(pattern: number): void {
    const at = pattern * width;
    this.#patterns[at + persons]! += 1;
    this.#patterns[at + keys] = (this.#patterns[at + keys]! + this.#key) | 0;
  }

  #grow(from: number): number {
    if (this.#count === this.#mostPatterns) return none;
    const made = this.#count;
    this.#count += 1;
    if (this.#patterns.length < this.#count * width) [this.#next, this.#patterns] = [longer(this.#next, this.#count * hot), longer(this.#patterns, this.#count * width)];
    this.#next[from] = made;
    this.#patterns[made * width + parent] = Math.floor(from / hot);
    this.#patterns[made * width + last] = from % hot;
    return made;
  }

  /** Puts so many rows of her kinds to those of others. */
  #add(length: number): void {
    if (this.#others.rows + length > this.#others.kinds.length) this.#handOver(length);
    const { serial, personKey, kinds, rows } = this.#others;
    for (let i = 0; i < length; i += 1) {
      const kind = this.#own[i]!;
      serial[rows + i] = this.#serial;
      personKey[rows + i] = this.#key;
      kinds[rows + i] = kind;
      this.#kinds[kind * width + facts]! += 1;
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
    for (let pattern = 1; pattern < this.#count; pattern += 1) {
      const at = pattern * width;
      const count = this.#patterns[at + persons]!;
      if (count === 0) continue;
      const kinds: number[] = [];
      for (let each = pattern; each > 0; each = this.#patterns[each * width + parent]!) {
        kinds.unshift(this.#patterns[each * width + last]!);
        c[kinds[0]! * width + facts]! += count;
      }
      alike({ kinds, persons: count, key: this.#patterns[at + keys]! });
    }
    for (let kind = 0; kind < this.#known; kind += 1) {
      const at = kind * width;
      // Of one who may go on, sums of keys and of what her facts bring are told before the facts are.
      ofKind({ kind, facts: c[at + facts]! + c[at + single]!, key: c[at + factKeys]! });
      if (c[at + single]! > 0) alike({ kinds: [kind], persons: c[at + single]!, key: c[at + singleKeys]! });
    }
    for (const all of [this.#kinds, this.#next, this.#patterns]) all.fill(0);
    this.#count = 1;
  }

  /** Kinds of the person met last. */
  get open(): Int32Array {
    return this.#before.subarray(0, this.#length);
  }

  /** Kinds have other numbers from here on. */
  rename(names: ReadonlyMap<number, number>): void {
    this.open.set(this.open.map((each) => names.get(each)!));
  }

  /** No more rows come. */
  close(): void {
    this.#end(this.#patternOf(this.#before, this.#length), this.#before, 0, 0);
  }
}
