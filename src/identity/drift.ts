/** Steps of a histogram of scores: bits without the prior, so that an index that grows is no drift. What lies outside counts in the outermost step. */
const [from, step, steps] = [-60, 2, 60];

/** How many records had their best score in each step. */
export type ScoreCounts = readonly number[];

export function scoreStep(bits: number): number {
  return Math.max(0, Math.min(steps - 1, Math.floor((bits - from) / step)));
}

export function countScores(scores: Iterable<number>): number[] {
  const counts = Array.from({ length: steps }, () => 0);
  for (const bits of scores) counts[scoreStep(bits)]!++;
  return counts;
}

/** Share of scores below a number of bits, to the step. */
export function shareBelow(counts: ScoreCounts, bits: number): number {
  const all = counts.reduce((sum, count) => sum + count, 0);
  const below = counts.slice(0, Math.max(0, Math.min(steps, Math.round((bits - from) / step)))).reduce((sum, count) => sum + count, 0);
  return all === 0 ? 0 : below / all;
}

/** Least share of a bin at training: ten bins at most, and none that is empty by chance. */
const leastShare = 0.1;

/**
 * Population stability index of what is observed against what was seen at training: the sum over bins of (o - e) ln(o / e), with steps joined into bins of at
 * least a tenth of what was expected. 0 is no difference; below 0.1 is read as stable and above 0.25 as a shift by custom (N. Siddiqi, Intelligent Credit
 * Scoring, 2nd ed., Wiley 2017); chance alone gives about (bins - 1) / observed (B. Yurdakul and J. Naranjo, Statistical properties of the population
 * stability index, Journal of Risk Model Validation 14/4, 2020).
 */
export function stabilityIndex(expected: ScoreCounts, observed: ScoreCounts): number {
  const [e, o] = [expected, observed].map((counts) => counts.reduce((sum, count) => sum + count, 0)) as [number, number];
  if (e === 0 || o === 0) return 0;
  const bins: { e: number; o: number }[] = [{ e: 0, o: 0 }];
  for (let k = 0; k < steps; k++) {
    const bin = bins.at(-1)!;
    bin.e += expected[k]!;
    bin.o += observed[k]!;
    if (bin.e >= leastShare * e) bins.push({ e: 0, o: 0 });
  }
  const rest = bins.pop()!;
  if (bins.length === 0) return 0;
  bins.at(-1)!.e += rest.e;
  bins.at(-1)!.o += rest.o;
  // Half a record in each bin, so that an empty one is no infinity.
  return bins.reduce((sum, bin) => {
    const [x, y] = [(bin.e + 0.5) / (e + 0.5 * bins.length), (bin.o + 0.5) / (o + 0.5 * bins.length)];
    return sum + (y - x) * Math.log(y / x);
  }, 0);
}
