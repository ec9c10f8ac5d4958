/**
 * Randomness by counting: every draw is a function of (seed, index, tag), so that person i needs no one before her. Tags keep concerns apart: a
 * further draw in one does not shift another.
 */

function scramble(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** 32 bits from seed, index and tag. */
export function hash(seed: number, index: number, tag: number): number {
  return scramble(scramble(scramble(seed + 0x9e3779b9) ^ Math.imul(index + 1, 0x27d4eb2f)) + Math.imul(tag + 1, 0x165667b1));
}

/** The hash as a number in [0, 1). */
export function chanceAt(seed: number, index: number, tag: number): number {
  return hash(seed, index, tag) / 4294967296;
}

/** A stream of draws (splitmix over 32 bits). */
export class Draws {
  private state: number;

  constructor(seed: number, index: number, tag: number) {
    this.state = hash(seed, index, tag);
  }

  /** In [0, 1). */
  unit(): number {
    this.state = (this.state + 0x9e3779b9) | 0;
    return scramble(this.state) / 4294967296;
  }

  /** Whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.unit() * (high - low + 1));
  }

  happens(chance: number): boolean {
    return this.unit() < chance;
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.unit() * list.length)]!;
  }

  /** An entry by weight. */
  weighted<T>(table: Weights<T>): T {
    return table.at(this.unit());
  }
}

/** Entries with weights, drawn by a number in [0, 1). */
export interface Weights<T> {
  at(unit: number): T;
}

export function weights<T>(entries: readonly (readonly [T, number])[]): Weights<T> {
  const total = entries.reduce((sum, [, weight]) => sum + weight, 0);
  let sum = 0;
  const ends = entries.map(([, weight]) => (sum += weight) / total);
  return {
    at(unit) {
      let low = 0;
      let high = entries.length - 1;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (unit < ends[middle]!) high = middle;
        else low = middle + 1;
      }
      return entries[low]![0];
    },
  };
}

/** A keyed bijection of the numbers below 2^bits. */
export interface Permutation {
  of(value: number): number;
  inverse(value: number): number;
}

const rounds = 4;

/** A balanced Feistel network; `bits` even, at most 30. */
export function permutation(seed: number, tag: number, bits: number): Permutation {
  const half = bits / 2;
  const mask = 2 ** half - 1;
  const keys = Array.from({ length: rounds }, (_, round) => hash(seed, round, tag));
  return {
    of(value) {
      let left = value >>> half;
      let right = value & mask;
      for (let round = 0; round < rounds; round++) [left, right] = [right, left ^ (scramble(right ^ keys[round]!) & mask)];
      return left * (mask + 1) + right;
    },
    inverse(value) {
      let left = Math.floor(value / (mask + 1));
      let right = value & mask;
      for (let round = rounds - 1; round >= 0; round--) [left, right] = [right ^ (scramble(left ^ keys[round]!) & mask), left];
      return left * (mask + 1) + right;
    },
  };
}
