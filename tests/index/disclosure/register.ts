import { type Cell, cellOf, mostFew } from '../../../src/index/disclosure/cell.ts';
import type { Condition } from '../../../src/index/disclosure/conditions.ts';
import { seeded } from '../../../src/identity/random.ts';

/** A comparison: that a dimension has a value. */
export interface Is {
  readonly dimension: Dimension;
  readonly value: number;
}

/** Dimensions of the toy register with how many values each has; `affected` is what the attacker is after. */
export const dimensions = { regency: 8, sex: 2, birthYear: 10, country: 6, job: 14, affected: 2 } as const;
export type Dimension = keyof typeof dimensions;

/** People with random dimensions, three in ten of them affected, and the sets of them as bits. */
export class Register {
  readonly size: number;
  readonly keys: readonly number[];
  readonly people: readonly Readonly<Record<Dimension, number>>[];
  readonly #bits = new Map<string, Uint32Array>();

  constructor(size: number, seed: number) {
    const random = seeded(seed);
    const draw = (values: number) => Math.floor(random() * values);
    this.size = size;
    this.keys = Array.from({ length: size }, () => draw(2 ** 32));
    this.people = Array.from({ length: size }, () => ({
      regency: draw(dimensions.regency),
      sex: draw(dimensions.sex),
      birthYear: draw(dimensions.birthYear),
      country: draw(dimensions.country),
      job: draw(dimensions.job),
      affected: random() < 0.3 ? 1 : 0,
    }));
  }

  /** The persons whom a condition takes in. */
  bits(condition: Condition<Is>): Uint32Array {
    if ('is' in condition) return this.#valueBits(condition.is);
    const made = new Uint32Array(Math.ceil(this.size / 32));
    if ('always' in condition) return condition.always ? this.#cut(made.fill(0xffffffff)) : made;
    if ('not' in condition) {
      const inner = this.bits(condition.not);
      for (let i = 0; i < made.length; i++) made[i] = ~inner[i]!;
      return this.#cut(made);
    }
    const both = 'and' in condition;
    if (both) this.#cut(made.fill(0xffffffff));
    for (const part of both ? condition.and : condition.or) {
      const bits = this.bits(part);
      if (both) for (let i = 0; i < made.length; i++) made[i]! &= bits[i]!;
      else for (let i = 0; i < made.length; i++) made[i]! |= bits[i]!;
    }
    return made;
  }

  #valueBits({ dimension, value }: Is): Uint32Array {
    const name = `${dimension} ${value}`;
    const known = this.#bits.get(name);
    if (known) return known;
    const made = new Uint32Array(Math.ceil(this.size / 32));
    this.people.forEach((person, i) => person[dimension] === value && (made[i >> 5]! |= 1 << (i & 31)));
    this.#bits.set(name, made);
    return made;
  }

  /** Those persons as a cell; `most` ends the count early. */
  cell(bits: Uint32Array, most = Infinity): Cell {
    const keys: number[] = [];
    for (let i = 0; i < bits.length; i++) {
      for (let left = bits[i]!; left !== 0; left &= left - 1) keys.push(this.keys[i * 32 + (31 - Math.clz32(left & -left))]!);
      if (keys.length > most) break;
    }
    return cellOf(keys);
  }

  /** Whether a condition takes in a person. */
  has(condition: Condition<Is>, person: number): boolean {
    return ((this.bits(condition)[person >> 5]! >>> (person & 31)) & 1) === 1;
  }

  /** Counts as an engine does: the persons on whom two conditions differ. */
  differences = (condition: Condition<Is>, others: readonly Condition<Is>[]): Promise<Cell[]> => {
    const bits = this.bits(condition);
    return Promise.resolve(others.map((other) => this.cell(this.bits(other).map((word, i) => word ^ bits[i]!), mostFew)));
  };

  /** Without the bits of nobody at the end. */
  #cut(bits: Uint32Array): Uint32Array {
    if (this.size % 32 !== 0) bits[bits.length - 1]! &= (1 << this.size % 32) - 1;
    return bits;
  }
}

export const is = (dimension: Dimension, value: number): Condition<Is> => ({ is: { dimension, value } });
/** That a dimension has one of some values. */
export const among = (dimension: Dimension, values: readonly number[]): Condition<Is> => ({ or: values.map((value) => is(dimension, value)) });
