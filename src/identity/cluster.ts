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
  /** Bonds that the guard refused. */
  readonly refused: readonly Bond[];
}

/**
 * Joins records into people, strongest bond first. Before two clusters become one, every pair between them is looked at: one pair that must stay apart
 * refuses, and so does evidence that is against on the whole. One bad pair thus never joins two families. Ties are broken by index, so that the
 * result depends on the order of records only as far as the caller lets it.
 */
export function cluster(count: number, bonds: readonly Bond[], relate: (a: number, b: number) => Relation, options: ClusterOptions = {}): Clustering {
  const { leastMean = 0, cap = 20, largest = 60 } = options;
  const clusterOf = Uint32Array.from({ length: count }, (_, i) => i);
  const members = new Map<number, number[]>();
  const membersOf = (id: number) => members.get(id) ?? [id];
  const refused: Bond[] = [];
  const ranked = bonds.toSorted((x, y) => y.bits - x.bits || x.a - y.a || x.b - y.b);
  for (const bond of ranked) {
    const [p, q] = [clusterOf[bond.a]!, clusterOf[bond.b]!];
    if (p === q) continue;
    const [left, right] = [membersOf(p), membersOf(q)];
    if (left.length + right.length > largest || !mayJoin(left, right, relate, leastMean, cap)) {
      refused.push(bond);
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

function mayJoin(left: readonly number[], right: readonly number[], relate: (a: number, b: number) => Relation, leastMean: number, cap: number): boolean {
  let sum = 0;
  for (const a of left) {
    for (const b of right) {
      const { evidence, apart } = relate(Math.min(a, b), Math.max(a, b));
      if (apart) return false;
      sum += Math.max(-cap, Math.min(cap, evidence));
    }
  }
  return sum / (left.length * right.length) > leastMean;
}
