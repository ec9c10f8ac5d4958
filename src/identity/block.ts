import type { Joins } from './keys.ts';
import { keysOf, visitKeys } from './keys.ts';
import type { Comparison, Prepared } from './prepare.ts';

export interface BlockOptions {
  /** Keys that more records than this share bring nobody together. Default 150. */
  readonly keyLimit?: number;
  /** Most candidates proposed from one record's point of view. Default: see {@link proposals}. */
  readonly perRecord?: number;
  /** Most pairs as a share of all pairs. Default 0.001, but never fewer than four pairs per record (small files) nor more than twelve (large ones). */
  readonly share?: number;
  /** Source of each record; with it, pairs inside one source are left out. Default: none. */
  readonly acrossOnly?: readonly number[];
}

/** How many candidates are looked at from one record's point of view: 40, down to 20 among a million. */
export function proposals(records: number): number {
  return Math.max(20, Math.min(40, Math.round(20_000_000 / Math.max(1, records))));
}

/** A key that too many records share. */
export interface DroppedKey {
  readonly recipe: string;
  readonly records: number;
}

export interface Candidates {
  /** Pair k is (left[k], right[k]), left < right. */
  readonly left: Uint32Array;
  readonly right: Uint32Array;
  /** Keys that were too common, largest first, at most 1,000. */
  readonly dropped: readonly DroppedKey[];
  readonly droppedKeys: number;
}

/** Grows as it is filled. */
class Column {
  values = new Float64Array(1 << 16);
  length = 0;
  push(value: number): void {
    if (this.length === this.values.length) {
      const larger = new Float64Array(this.values.length * 2);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.length++] = value;
  }
}

interface Blocks {
  /** Members of block b: `members[start[b]]` to `members[start[b + 1]]`. */
  readonly start: Uint32Array;
  readonly members: Uint32Array;
  readonly count: number;
  readonly dropped: DroppedKey[];
  readonly droppedKeys: number;
}

function buildBlocks(comparison: Comparison, joins: Joins, records: readonly Prepared[], keyLimit: number): Blocks {
  // Hash and record share the 53 bits of one number, so that one sort of a flat array groups millions of keys.
  const recordBits = Math.max(1, Math.ceil(Math.log2(records.length + 1)));
  const step = 2 ** recordBits;
  const space = 2 ** (53 - recordBits);
  const entries = new Column();
  for (const [index, prepared] of records.entries()) for (const key of keysOf(comparison, joins, prepared)) entries.push((key % space) * step + index);
  const sorted = entries.values.subarray(0, entries.length);
  sorted.sort();
  const members = new Uint32Array(sorted.length);
  const start = [0];
  const dropped: DroppedKey[] = [];
  let droppedKeys = 0;
  let kept = 0;
  for (let from = 0; from < sorted.length; ) {
    const key = Math.floor(sorted[from]! / step);
    let to = from + 1;
    while (to < sorted.length && Math.floor(sorted[to]! / step) === key) to++;
    const size = to - from;
    if (size > keyLimit) {
      droppedKeys++;
      if (dropped.length < 1_000) dropped.push({ recipe: recipeOf(comparison, joins, records[sorted[from]! % step]!, key, space), records: size });
    } else if (size > 1) {
      for (let k = from; k < to; k++) members[kept++] = sorted[k]! % step;
      start.push(kept);
    }
    from = to;
  }
  return { start: Uint32Array.from(start), members: members.subarray(0, kept), count: start.length - 1, dropped: dropped.toSorted((a, b) => b.records - a.records), droppedKeys };
}

function recipeOf(comparison: Comparison, joins: Joins, prepared: Prepared, key: number, space: number): string {
  let found = '';
  visitKeys(comparison, joins, prepared, (candidate, recipe) => {
    if (candidate % space === key) found = recipe;
  });
  return found;
}

/** Blocks of each record, as one flat list with offsets. */
function invert(blocks: Blocks, records: number): { readonly start: Uint32Array; readonly list: Uint32Array } {
  const start = new Uint32Array(records + 1);
  for (const member of blocks.members) start[member + 1]!++;
  for (let i = 0; i < records; i++) start[i + 1]! += start[i]!;
  const next = start.slice();
  const list = new Uint32Array(blocks.members.length);
  for (let b = 0; b < blocks.count; b++) {
    for (let k = blocks.start[b]!; k < blocks.start[b + 1]!; k++) list[next[blocks.members[k]!]!++] = b;
  }
  return { start, list };
}

/**
 * Pairs worth comparing. Records that share keys are ranked by how rare those keys are; each record proposes its best partners, and the best of all
 * proposals are kept within the budget.
 */
export function candidatePairs(comparison: Comparison, joins: Joins, records: readonly Prepared[], options: BlockOptions = {}): Candidates {
  const n = records.length;
  const { keyLimit = 150, perRecord = proposals(n), share = 0.001, acrossOnly } = options;
  const blocks = buildBlocks(comparison, joins, records, keyLimit);
  const of = invert(blocks, n);
  const worth = new Float32Array(blocks.count);
  for (let b = 0; b < blocks.count; b++) worth[b] = Math.log2(n / (blocks.start[b + 1]! - blocks.start[b]!)) + 0.01;

  const total = new Float32Array(n);
  const cutoff = new Float32Array(n);
  const lefts = new Column();
  const rights = new Column();
  const worths = new Column();
  let touched: number[] = [];
  for (let r = 0; r < n; r++) {
    touched = [];
    for (let k = of.start[r]!; k < of.start[r + 1]!; k++) {
      const block = of.list[k]!;
      for (let m = blocks.start[block]!; m < blocks.start[block + 1]!; m++) {
        const other = blocks.members[m]!;
        if (other === r || (acrossOnly !== undefined && acrossOnly[other] === acrossOnly[r])) continue;
        if (total[other] === 0) touched.push(other);
        total[other]! += worth[block]!;
      }
    }
    if (touched.length > perRecord) {
      const ranked = Float32Array.from(touched, (other) => total[other]!).toSorted();
      cutoff[r] = ranked[ranked.length - perRecord]!;
    }
    for (const other of touched) {
      const value = total[other]!;
      total[other] = 0;
      // A pair is kept when either side proposes it; the earlier record's proposals are known by now.
      if (value < cutoff[r]! || (other < r && value >= cutoff[other]!)) continue;
      lefts.push(Math.min(r, other));
      rights.push(Math.max(r, other));
      worths.push(value);
    }
  }
  const least = leastWorth(worths, budgetOf(n, share, acrossOnly));
  const chosen: number[] = [];
  for (let k = 0; k < worths.length; k++) if (worths.values[k]! >= least) chosen.push(k);
  return {
    left: Uint32Array.from(chosen, (k) => lefts.values[k]!),
    right: Uint32Array.from(chosen, (k) => rights.values[k]!),
    dropped: blocks.dropped,
    droppedKeys: blocks.droppedKeys,
  };
}

/** All pairs that could be compared. */
export function pairTotal(n: number, acrossOnly?: readonly number[]): number {
  const all = (n * (n - 1)) / 2;
  if (acrossOnly === undefined) return all;
  const sizes = new Map<number, number>();
  for (const source of acrossOnly) sizes.set(source, (sizes.get(source) ?? 0) + 1);
  return all - [...sizes.values()].reduce((sum, size) => sum + (size * (size - 1)) / 2, 0);
}

function budgetOf(n: number, share: number, acrossOnly: readonly number[] | undefined): number {
  return Math.max(4 * n, Math.min(share * pairTotal(n, acrossOnly), 12 * n));
}

/** Smallest worth that keeps the number of pairs within the budget. */
function leastWorth(worths: Column, budget: number): number {
  if (worths.length <= budget) return 0;
  const ranked = worths.values.subarray(0, worths.length).toSorted();
  const edge = ranked[ranked.length - Math.floor(budget) - 1]!;
  return ranked.at(-1)! > edge ? edge + 1e-9 : edge;
}
