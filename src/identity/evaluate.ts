import type { LinkResult } from './link.ts';

/** How well a result agrees with the truth. */
export interface Scores {
  /** Pairs joined by machine: share that is right, share of all true pairs. */
  readonly precision: number;
  readonly recall: number;
  /** Recall if a steward confirmed every true pair in review. */
  readonly recallWithReview: number;
  /** B-cubed: for a record, the share of its cluster that is hers, and of hers that is in its cluster, on average. */
  readonly bCubedPrecision: number;
  readonly bCubedRecall: number;
  /** Share of people whose records are one cluster with nobody else's in it. */
  readonly peopleRight: number;
  /** Share of true pairs among the candidates. */
  readonly completeness: number;
  readonly truePairs: number;
  readonly reviewPairs: number;
  /** Pairs to review per thousand records. */
  readonly reviewLoad: number;
  /** Share of pairs in review that are one person. */
  readonly reviewYield: number;
  readonly people: number;
}

const pairsOf = (n: number) => (n * (n - 1)) / 2;
const share = (part: number, whole: number) => (whole === 0 ? 1 : part / whole);

/** Scores a result against the truth: which person each record is of. Only for measuring; nothing learns from it. */
export function scoreResult(result: LinkResult, personOf: (id: string) => string): Scores {
  const records = new Map<string, number>();
  const { order, left, right } = result.report.candidates;
  const people = order.map(personOf);
  for (const person of people) records.set(person, (records.get(person) ?? 0) + 1);
  const truePairs = [...records.values()].reduce((sum, n) => sum + pairsOf(n), 0);

  let joined = 0;
  let right2 = 0;
  let whole = 0;
  let precisions = 0;
  let recalls = 0;
  for (const members of result.clusters) {
    joined += pairsOf(members.length);
    const counts = new Map<string, number>();
    for (const id of members) counts.set(personOf(id), (counts.get(personOf(id)) ?? 0) + 1);
    for (const [person, n] of counts) {
      right2 += pairsOf(n);
      precisions += (n * n) / members.length;
      recalls += (n * n) / records.get(person)!;
      if (counts.size === 1 && n === records.get(person)) whole++;
    }
  }
  let found = 0;
  for (let k = 0; k < left.length; k++) if (people[left[k]!] === people[right[k]!]) found++;
  let review = 0;
  let reviewTrue = 0;
  for (const { a, b, zone } of result.pairs) {
    if (zone !== 'REVIEW') continue;
    review++;
    if (personOf(a) === personOf(b)) reviewTrue++;
  }
  return {
    precision: share(right2, joined), recall: share(right2, truePairs), recallWithReview: share(right2 + reviewTrue, truePairs),
    bCubedPrecision: precisions / order.length, bCubedRecall: recalls / order.length, peopleRight: share(whole, records.size),
    completeness: share(found, truePairs), truePairs, reviewPairs: review, reviewLoad: (1_000 * review) / order.length, reviewYield: share(reviewTrue, review), people: records.size,
  };
}
