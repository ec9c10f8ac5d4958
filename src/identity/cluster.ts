/** A pair to be joined if nothing speaks against it. */
export interface Bond {
  readonly a: number;
  readonly b: number;
  /** Log2 odds that both are one person. */
  readonly bits: number;
}

/** What the guard needs to know of a pair of records in two clusters that are about to be joined. */
export interface Relation {
  /** Evidence in bits, without the prior: 0 where the records have nothing in common that could be compared. */
  readonly evidence: number;
  /** Whether the two must never be together. */
  readonly apart: boolean;
  /** Facts of a life that stand on no paper (phone, residence): 1 where they agree, -1 where they differ, 0 where either record lacks them. */
  readonly life: readonly number[];
  /** `SELDOM`: both are of one source, in which hardly anyone is found twice; `OFTEN`: of one in which many are; `NONE`: of two sources. */
  readonly repeat: 'NONE' | 'OFTEN' | 'SELDOM';
}

export interface ClusterOptions {
  /** Least mean evidence, in bits, between the records of two clusters. Default 0: on the whole, they rather agree than not. */
  readonly leastMean?: number;
  /** Evidence of one pair counts no more than this, so that one shared number cannot outvote everything else. Default 20. */
  readonly cap?: number;
  /** Largest cluster. Default 60; a person has a handful of records. */
  readonly largest?: number;
}

export interface Clustering {
  /** Cluster of each record: the smallest index in it. */
  readonly clusterOf: Uint32Array;
  /** Bonds that the guard refused, with the reason. */
  readonly refused: readonly (Bond & { readonly reason: Refusal })[];
}

/**
 * Why the guard refuses: a pair in between must stay `APART`; evidence in between is `AGAINST` on the whole; `TWO_LIVES`, one source
 * knows both sides under the same papers, yet they have neither phone number nor residence in common: papers lent or borrowed; `TOO_LARGE`.
 */
export const refusals = ['APART', 'AGAINST', 'TWO_LIVES', 'TOO_LARGE'] as const;
export type Refusal = (typeof refusals)[number];

/**
 * Joins records into people, strongest bond first. Before two clusters become one, every pair between them is looked at: one pair that must stay apart
 * refuses, and so does evidence that is against on the whole. One bad pair thus never joins two families. Ties are broken by index, so that the
 * result depends on the order of records only as far as the caller lets it.
 */
export function cluster(count: number, bonds: readonly Bond[], relate: (a: number, b: number) => Relation, options: ClusterOptions = {}): Clustering {
  const { leastMean, cap, largest = 60 } = options;
  const clusterOf = Uint32Array.from({ length: count }, (_, i) => i);
  const members = new Map<number, number[]>();
  const membersOf = (id: number) => members.get(id) ?? [id];
  const refused: (Bond & { reason: Refusal })[] = [];
  const ranked = bonds.toSorted((x, y) => y.bits - x.bits || x.a - y.a || x.b - y.b);
  for (const bond of ranked) {
    const [p, q] = [clusterOf[bond.a]!, clusterOf[bond.b]!];
    if (p === q) continue;
    const [left, right] = [membersOf(p), membersOf(q)];
    const reason = left.length + right.length > largest ? 'TOO_LARGE' : objection(left, right, (a, b) => relate(Math.min(a, b), Math.max(a, b)), { leastMean, cap });
    if (reason !== null) {
      refused.push({ ...bond, reason });
      continue;
    }
    const [keep, drop] = p < q ? [p, q] : [q, p];
    const joined = [...left, ...right].toSorted((x, y) => x - y);
    for (const member of joined) clusterOf[member] = keep;
    members.set(keep, joined);
    members.delete(drop);
  }
  return { clusterOf, refused };
}

/** What speaks against joining two groups of records, each of which is one person; null when nothing does. */
export function objection<T>(left: readonly T[], right: readonly T[], relate: (a: T, b: T) => Relation, { leastMean = 0, cap = 20 }: Pick<ClusterOptions, 'leastMean' | 'cap'> = {}): Refusal | null {
  let sum = 0;
  let agreeing = 0;
  const differs = new Set<number>();
  let facts = 0;
  let often = false;
  let seldom = false;
  for (const a of left) {
    for (const b of right) {
      const { evidence, apart, life, repeat } = relate(a, b);
      if (apart) return 'APART';
      // Where a second record is a rarity in itself, two that share no fact are enough, whatever stands around them.
      if (repeat === 'SELDOM' && life.includes(-1) && !life.includes(1)) return 'TWO_LIVES';
      sum += Math.max(-cap, Math.min(cap, evidence));
      facts = life.length;
      often ||= repeat === 'OFTEN';
      seldom ||= repeat === 'SELDOM';
      for (const [fact, sign] of life.entries()) {
        if (sign > 0) agreeing++;
        else if (sign < 0) differs.add(fact);
      }
    }
  }
  // Where a second record is a rarity in itself, one fact that differs is enough.
  if (agreeing === 0 && facts > 1 && ((often && differs.size === facts) || (seldom && differs.size > 0))) return 'TWO_LIVES';
  return sum / (left.length * right.length) > leastMean ? null : 'AGAINST';
}
