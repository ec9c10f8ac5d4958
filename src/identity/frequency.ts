import { hashKey } from './keys.ts';
import type { Comparison, Prepared } from './prepare.ts';
import type { AttributeModel } from './model.ts';

/** The part of a model that is counted, not learned. */
export type Frequencies = Pick<AttributeModel, 'frequency' | 'meanFrequency' | 'rareFrequency'>;

/** How many terms of an attribute a model lists at most. */
const listed = 5_000;

/** Term frequencies of one attribute: in which share of the records that have it each term occurs. */
export function termFrequencies(comparison: Comparison, i: number, records: readonly Prepared[]): Frequencies {
  const { comparator, spec } = comparison.attributes[i]!;
  const counts = new Map<string, number>();
  let filled = 0;
  for (const { cells } of records) {
    const cell = cells[i];
    if (cell === null || cell === undefined) continue;
    filled++;
    for (const term of comparator.terms(cell)) counts.set(term, (counts.get(term) ?? 0) + 1);
  }
  const groups = new Map<string, { sum: number; squares: number }>();
  for (const [term, count] of counts) {
    const name = comparator.termGroup?.(term) ?? '';
    const group = groups.get(name) ?? { sum: 0, squares: 0 };
    group.sum += count;
    group.squares += count * count;
    groups.set(name, group);
  }
  // Among pairs of different people that share a term, term t occurs in proportion to its frequency squared: hence the mean that leaves the level's
  // own weight right on average.
  const meanFrequency = Object.fromEntries([...groups].map(([name, { sum, squares }]) => [name, squares / sum / Math.max(1, filled)]));
  const ranked = [...counts].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  // Numbers are one person's each; only those that stand on far more records than others are worth listing.
  const usual = spec.kind === 'identifier' || spec.kind === 'phone' ? (4 * ranked.reduce((sum, [, count]) => sum + count, 0)) / Math.max(1, ranked.length) : 1;
  const top = ranked.slice(0, listed).filter(([, count]) => count > usual);
  const rest = ranked.slice(top.length);
  const meanRest = rest.length === 0 ? 1 : rest.reduce((sum, [, count]) => sum + count, 0) / rest.length;
  return {
    frequency: Object.fromEntries(top.map(([term, count]) => [hashKey(term), count / filled])),
    meanFrequency,
    rareFrequency: Math.max(1, meanRest) / Math.max(1, filled),
  };
}
