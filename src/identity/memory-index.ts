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
      // Postings of all keys in one flat list, ordered by record: the sums fall out of one pass.
      const found: number[] = [];
      const bitsOf: number[] = [];
      for (const [k, key] of keys.entries()) {
        const from = firstAtLeast((key % space) * step);
        const end = ((key % space) + 1) * step;
        if (from + keyLimit < length && sorted[from + keyLimit]! < end) continue;
        let to = from;
        for (; to < length && sorted[to]! < end; to++) found.push((sorted[to]! % step) * keys.length + k);
        bitsOf[k] = Math.log2(count / Math.max(1, to - from)) + 0.01;
      }
      const postings = Float64Array.from(found);
      postings.sort();
      const totals: { readonly index: number; readonly bits: number }[] = [];
      for (let k = 0; k < postings.length; ) {
        const index = Math.floor(postings[k]! / keys.length);
        let bits = 0;
        for (; k < postings.length && Math.floor(postings[k]! / keys.length) === index; k++) bits += bitsOf[postings[k]! % keys.length]!;
        totals.push({ index, bits });
      }
      return totals.toSorted((x, y) => y.bits - x.bits || x.index - y.index).slice(0, limit).map(({ index }) => recordAt(index));
    },
  };
}
