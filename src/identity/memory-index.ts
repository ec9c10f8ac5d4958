import type { LinkRecord } from './attributes.ts';
import type { CandidateSource } from './incremental.ts';

export interface MemoryIndexOptions {
  /** Keys that more records than this share bring nobody together. Default 150, as in linking a file. */
  readonly keyLimit?: number;
}

/**
 * An index of blocking keys in memory: flat sorted arrays, so that a million records fit. It is built once and read; what changes belongs in a database.
 */
export function memoryIndex(count: number, recordAt: (index: number) => LinkRecord, keysAt: (index: number) => readonly number[], options: MemoryIndexOptions = {}): CandidateSource {
  const { keyLimit = 150 } = options;
  const recordBits = Math.max(1, Math.ceil(Math.log2(count + 1)));
  const step = 2 ** recordBits;
  const space = 2 ** (53 - recordBits);
  let entries = new Float64Array(1 << 16);
  let length = 0;
  for (let index = 0; index < count; index++) {
    for (const key of keysAt(index)) {
      if (length === entries.length) {
        const larger = new Float64Array(entries.length * 2);
        larger.set(entries);
        entries = larger;
      }
      entries[length++] = (key % space) * step + index;
    }
  }
  const sorted = entries.subarray(0, length);
  sorted.sort();

  function firstAtLeast(value: number): number {
    let [low, high] = [0, length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sorted[middle]! < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  return {
    candidates(keys, limit) {
      const worth = new Map<number, number>();
      for (const key of keys) {
        const from = firstAtLeast((key % space) * step);
        const end = ((key % space) + 1) * step;
        if (from + keyLimit < length && sorted[from + keyLimit]! < end) continue;
        let to = from;
        while (to < length && sorted[to]! < end) to++;
        const bits = Math.log2(count / Math.max(1, to - from)) + 0.01;
        for (let k = from; k < to; k++) worth.set(sorted[k]! % step, (worth.get(sorted[k]! % step) ?? 0) + bits);
      }
      return [...worth].toSorted((x, y) => y[1] - x[1] || x[0] - y[0]).slice(0, limit).map(([index]) => recordAt(index));
    },
  };
}
