import type { LinkRecord, Schema } from './attributes.ts';
import type { DroppedKey } from './block.ts';
import { candidatePairs, pairTotal } from './block.ts';
import type { Refusal } from './cluster.ts';
import { cluster } from './cluster.ts';
import type { Veto, Zone } from './decide.ts';
import { isBinding, lifeFacts, vetoFinder, zoneOf } from './decide.ts';
import { countScores, type ScoreCounts } from './drift.ts';
import { chooseJoins } from './keys.ts';
import type { Model } from './model.ts';
import type { Prepared } from './prepare.ts';
import { Comparison } from './prepare.ts';
import { probabilityOf, Scorer } from './score.ts';
import type { TrainOptions } from './train.ts';
import { train } from './train.ts';

export type Stage = 'prepare' | 'block' | 'train' | 'score' | 'cluster';

export interface LinkOptions extends TrainOptions {
  /** Use this model instead of learning one. Default: learn from the records. */
  readonly model?: Model;
  /** Pairs of record ids that a steward has found to be two people; they never come together. Default: none. */
  readonly rejected?: readonly (readonly [string, string])[];
  /** Told when a stage begins and ends. */
  readonly onStage?: (stage: Stage, state: 'begin' | 'end') => void;
}

export interface LinkedPair {
  readonly a: string;
  readonly b: string;
  readonly bits: number;
  readonly probability: number;
  /** LINK only where both ended in one cluster. */
  readonly zone: Zone;
  readonly veto: Veto | null;
  /** Why the guard kept their clusters apart although the pair alone would have been linked; null where it did not. */
  readonly refusal: Refusal | null;
}

export interface LinkResult {
  readonly model: Model;
  /** Record ids by cluster, each sorted, clusters by their first id. Every record is in exactly one. */
  readonly clusters: readonly (readonly string[])[];
  /** Pairs above the least probability, and all pairs inside clusters; strongest first. */
  readonly pairs: readonly LinkedPair[];
  readonly scorer: Scorer;
  readonly report: {
    readonly records: number;
    readonly candidatePairs: number;
    readonly possiblePairs: number;
    readonly droppedKeys: number;
    readonly dropped: readonly DroppedKey[];
    /** Candidate pairs by score, in steps of 2 bits from `from`. */
    readonly histogram: { readonly from: number; readonly counts: readonly number[] };
    /** Best score of each record among its candidates, in bits without the prior: what later scores are held against. */
    readonly best: ScoreCounts;
    /** Candidate pairs by index into `order`, for measuring completeness. */
    readonly candidates: { readonly left: Uint32Array; readonly right: Uint32Array; readonly order: readonly string[] };
  };
  prepared(id: string): Prepared;
}

/** Pairs less probable than this are not listed. */
const leastListed = 0.001;

/** Links records into people. Pure: the same records and options give the same result, in whatever order they come. */
export function link(records: readonly LinkRecord[], schema: Schema, options: LinkOptions = {}): LinkResult {
  const stage = <T>(name: Stage, work: () => T): T => {
    options.onStage?.(name, 'begin');
    const result = work();
    options.onStage?.(name, 'end');
    return result;
  };
  const sorted = records.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  for (let i = 1; i < sorted.length; i++) {
    if (sorted[i]!.id === sorted[i - 1]!.id) throw new Error('two records have the same id: ids must be unique among all that are linked');
  }
  const comparison = new Comparison(options.model?.schema ?? schema);
  const prepared = stage('prepare', () => sorted.map((record) => comparison.prepare(record)));
  const sources = new Map<string, number>();
  for (const { source } of sorted) if (!sources.has(source)) sources.set(source, sources.size);
  const acrossOnly = options.acrossOnly ? sorted.map(({ source }) => sources.get(source)!) : undefined;

  const { joins, candidates } = stage('block', () => {
    const step = Math.max(1, Math.floor(prepared.length / 2_000));
    const joins = options.model?.joins ?? chooseJoins(comparison, prepared.filter((_, i) => i % step === 0), prepared.length);
    return { joins, candidates: candidatePairs(comparison, joins, prepared, acrossOnly ? { acrossOnly } : {}) };
  });
  const model = stage('train', () => options.model ?? train(comparison, joins, prepared, candidates, options));
  const sizes = Object.fromEntries([...sources.keys()].map((name) => [name, sorted.filter(({ source }) => source === name).length]));
  const scorer = new Scorer(comparison, model, sizes);

  const scored = stage('score', () => scoreCandidates(scorer, prepared, candidates, rejectedIndex(sorted, options.rejected ?? [])));
  const { clusterOf, pairs } = stage('cluster', () => clusterPairs(scorer, prepared, scored, options.acrossOnly ?? false));
  const clusters = new Map<number, string[]>();
  for (const [i, { id }] of sorted.entries()) {
    const members = clusters.get(clusterOf[i]!);
    if (members) members.push(id);
    else clusters.set(clusterOf[i]!, [id]);
  }
  const byId = new Map(prepared.map((entry) => [entry.record.id, entry]));
  return {
    model,
    clusters: [...clusters.values()],
    pairs,
    scorer,
    report: {
      records: sorted.length,
      candidatePairs: candidates.left.length,
      possiblePairs: pairTotal(sorted.length, acrossOnly),
      droppedKeys: candidates.droppedKeys,
      dropped: candidates.dropped,
      histogram: scored.histogram,
      best: scored.best,
      candidates: { left: candidates.left, right: candidates.right, order: sorted.map(({ id }) => id) },
    },
    prepared(id) {
      const found = byId.get(id);
      if (!found) throw new Error('no record with this id was linked');
      return found;
    },
  };
}

/** A candidate pair whose score is worth keeping. */
interface Scored {
  readonly a: number;
  readonly b: number;
  readonly bits: number;
  readonly veto: Veto | null;
}

interface ScoredPairs {
  readonly pairs: readonly Scored[];
  readonly histogram: { readonly from: number; readonly counts: readonly number[] };
  readonly best: ScoreCounts;
  readonly judge: (a: number, b: number) => Scored;
  /** Facts of a life: see {@link Relation}. */
  readonly life: (a: number, b: number) => readonly number[];
}

function rejectedIndex(sorted: readonly LinkRecord[], rejected: readonly (readonly [string, string])[]): Set<number> {
  const at = new Map(rejected.length === 0 ? [] : sorted.map(({ id }, i) => [id, i]));
  const keys = new Set<number>();
  for (const [x, y] of rejected) {
    const [a, b] = [at.get(x), at.get(y)];
    if (a !== undefined && b !== undefined) keys.add(Math.min(a, b) * sorted.length + Math.max(a, b));
  }
  return keys;
}

function scoreCandidates(scorer: Scorer, prepared: readonly Prepared[], candidates: { readonly left: Uint32Array; readonly right: Uint32Array }, rejected: ReadonlySet<number>): ScoredPairs {
  const find = vetoFinder(scorer.comparison);
  const levels = new Uint8Array(scorer.comparison.attributes.length);
  const judge = (a: number, b: number): Scored => {
    const [x, y] = [prepared[a]!, prepared[b]!];
    scorer.comparison.compare(x, y, levels);
    const bits = scorer.prior(x, y) + scorer.weigh(x, y, levels, 0);
    const veto = rejected.has(a * prepared.length + b) ? 'REJECTED' : find(levels, 0, x.derived | y.derived);
    return { a, b, bits, veto };
  };
  const least = Math.log2(leastListed / (1 - leastListed));
  const [from, steps] = [-60, 60];
  const counts = Array.from({ length: steps }, () => 0);
  const pairs: Scored[] = [];
  const best = new Float64Array(prepared.length).fill(-Infinity);
  for (let k = 0; k < candidates.left.length; k++) {
    const pair = judge(candidates.left[k]!, candidates.right[k]!);
    counts[Math.max(0, Math.min(steps - 1, Math.floor((pair.bits - from) / 2)))]!++;
    if (pair.bits >= least) pairs.push(pair);
    const evidence = pair.bits - scorer.prior(prepared[pair.a]!, prepared[pair.b]!);
    for (const side of [pair.a, pair.b]) best[side] = Math.max(best[side]!, evidence);
  }
  const facts = lifeFacts(scorer.comparison);
  const life = (a: number, b: number) => {
    const [x, y] = [prepared[a]!, prepared[b]!];
    scorer.comparison.compare(x, y, levels);
    return facts(levels, x.derived | y.derived);
  };
  return { pairs, histogram: { from, counts }, best: countScores(best), judge, life };
}

function clusterPairs(scorer: Scorer, prepared: readonly Prepared[], scored: ScoredPairs, oncePerSource: boolean): { clusterOf: Uint32Array; pairs: LinkedPair[] } {
  const { thresholds } = scorer.model;
  const bonds = scored.pairs.filter(({ bits, veto }) => zoneOf(probabilityOf(bits), veto, thresholds) === 'LINK');
  const { clusterOf, refused } = cluster(prepared.length, bonds, (a, b) => {
    const pair = scored.judge(a, b);
    const sameSource = prepared[a]!.record.source === prepared[b]!.record.source;
    return { evidence: pair.bits - scorer.prior(prepared[a]!, prepared[b]!), apart: isBinding(pair.veto) || (oncePerSource && sameSource), life: scored.life(a, b), repeat: scorer.repeat(prepared[a]!, prepared[b]!) };
  });
  const refusals = new Map(refused.map(({ a, b, reason }) => [a * prepared.length + b, reason]));
  const listed = new Map(scored.pairs.map((pair) => [pair.a * prepared.length + pair.b, pair]));
  const members = Map.groupBy(clusterOf.keys(), (i) => clusterOf[i]!);
  for (const group of members.values()) {
    for (const [k, a] of group.entries()) {
      for (const b of group.slice(k + 1)) {
        const key = a * prepared.length + b;
        if (!listed.has(key)) listed.set(key, scored.judge(a, b));
      }
    }
  }
  const pairs = [...listed.values()].map(({ a, b, bits, veto }): LinkedPair => {
    const probability = probabilityOf(bits);
    const together = clusterOf[a] === clusterOf[b];
    const zone = zoneOf(probability, veto, thresholds);
    return {
      a: prepared[a]!.record.id, b: prepared[b]!.record.id, bits, probability, veto,
      zone: together ? 'LINK' : zone === 'LINK' ? 'REVIEW' : zone,
      refusal: together ? null : (refusals.get(a * prepared.length + b) ?? null),
    };
  });
  return { clusterOf, pairs: pairs.toSorted((x, y) => y.bits - x.bits || (x.a < y.a ? -1 : x.a > y.a ? 1 : x.b < y.b ? -1 : 1)) };
}
