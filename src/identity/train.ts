import { learnDependence } from './dependence.ts';
import type { Frequencies } from './frequency.ts';
import { termFrequencies } from './frequency.ts';
import type { Joins } from './keys.ts';
import type { AttributeModel, Model, SourcePair, Thresholds } from './model.ts';
import { versioned } from './model.ts';
import type { Comparison, Prepared } from './prepare.ts';
import { MISSING } from './prepare.ts';
import { seeded } from './random.ts';
import { probabilityOf, Scorer } from './score.ts';
import { Weights } from './weights.ts';

export interface TrainOptions {
  /** Random pairs from which u is taken. Default 400,000. */
  readonly randomPairs?: number;
  /** Candidate pairs from which m is learned; a larger set is sampled. Default 400,000. */
  readonly trainingPairs?: number;
  /** Most rounds of EM. Default 40. */
  readonly rounds?: number;
  /** No source has anyone twice: pairs inside one source are left out, and no cluster has two records of one. Default false. */
  readonly acrossOnly?: boolean;
  /** Default: link from 0.99, review from 0.05. */
  readonly thresholds?: Thresholds;
}

export const defaultThresholds: Thresholds = { link: 0.99, review: 0.05 };

/** What was counted on random pairs: per attribute and level, and how many pairs had both values. */
interface RandomCounts {
  readonly levels: readonly Float64Array[];
  readonly both: Float64Array;
  readonly pairs: number;
}

interface Training {
  readonly left: Uint32Array;
  readonly right: Uint32Array;
  readonly levels: Uint8Array;
  /** How many candidate pairs each training pair stands for. */
  readonly weight: number;
  /** Index into the source pairs. */
  readonly group: Uint16Array;
}

/**
 * Learns a model without labels. u comes from random pairs (less the true pairs among them); m and the number of true pairs by EM over the candidate
 * pairs. All other pairs count as different people, which blocking all but guarantees, so that blocking does not bend m.
 */
export function train(comparison: Comparison, joins: Joins, records: readonly Prepared[], candidates: { readonly left: Uint32Array; readonly right: Uint32Array }, options: TrainOptions = {}): Model {
  const { randomPairs = 400_000, trainingPairs = 400_000, rounds = 40, acrossOnly = false, thresholds = defaultThresholds } = options;
  const sources = countSources(records);
  const index = new Map(sources.map(({ name }, i) => [name, i]));
  const sourceOf = Uint16Array.from(records, ({ record }) => index.get(record.source)!);
  const groups = sourcePairs(sources, acrossOnly);
  const random = countRandom(comparison, records, sourceOf, acrossOnly, randomPairs);
  const training = takeTraining(comparison, records, sourceOf, sources.length, candidates, trainingPairs);
  const totalPairs = groups.reduce((sum, { total }) => sum + total, 0);
  const frequencies = comparison.attributes.map((_, i) => termFrequencies(comparison, i, records));

  let attributes: AttributeModel[] = comparison.attributes.map((_, i) => firstGuess(comparison, i, random, totalPairs, frequencies[i]!));
  let pairs = groups.map(({ total }) => Math.min(records.length / 2, total / 4) * (total / Math.max(1, totalPairs)));
  const toModel = (): Model =>
    versioned({
      schema: comparison.schema, joins, attributes, thresholds,
      sources,
      sourcePairs: groups.map(({ a, b }, g): SourcePair => ({ a, b, pairs: pairs[g]! })),
    });
  const rarities = rarityOf(new Scorer(comparison, toModel()), records, training);
  const settle = (most: number): void => {
    for (let round = 0; round < most; round++) {
      const step = expectation(comparison, attributes, pairs.map((value, g) => value / Math.max(1, groups[g]!.total)), training, rarities);
      const next = attributes.map((previous, i) => maximise(i, step, random, totalPairs, previous));
      const change = Math.max(...next.map((model, i) => Math.max(...model.levels.map(({ m }, l) => Math.abs(m - attributes[i]!.levels[l]!.m)))));
      attributes = next;
      pairs = Array.from(step.pairs, (value) => value + 0.25);
      if (change < 1e-4) break;
    }
  };
  settle(rounds);
  // What agrees together by coincidence is only seen once true pairs can be told.
  const scorer = new Scorer(comparison, toModel());
  const given = learnDependence(comparison, attributes, records, (a, b, levels) => 1 - probabilityOf(scorer.prior(a, b) + scorer.weigh(a, b, levels, 0)));
  attributes = attributes.map((attribute, i) => ({ ...attribute, given: given[i]! }));
  settle(rounds);
  return toModel();
}

function countSources(records: readonly Prepared[]): { name: string; records: number }[] {
  const counts = new Map<string, number>();
  for (const { record } of records) counts.set(record.source, (counts.get(record.source) ?? 0) + 1);
  return [...counts].toSorted((a, b) => (a[0] < b[0] ? -1 : 1)).map(([name, count]) => ({ name, records: count }));
}

/** All unordered pairs of sources, in an order that `groupOf` knows. */
function sourcePairs(sources: readonly { name: string; records: number }[], acrossOnly: boolean) {
  return sources.flatMap((x, i) =>
    sources.slice(i).map((y, j) => {
      const within = j === 0;
      const total = within ? (acrossOnly ? 0 : (x.records * (x.records - 1)) / 2) : x.records * y.records;
      return { a: x.name, b: y.name, total };
    }));
}

function groupOf(a: number, b: number, sources: number): number {
  const [low, high] = a < b ? [a, b] : [b, a];
  return low * sources - (low * (low - 1)) / 2 + (high - low);
}

function countRandom(comparison: Comparison, records: readonly Prepared[], sourceOf: Uint16Array, acrossOnly: boolean, wanted: number): RandomCounts {
  const random = seeded(20_260_101);
  const count = comparison.attributes.length;
  const levels = comparison.attributes.map(({ comparator }) => new Float64Array(comparator.levels.length));
  const both = new Float64Array(count);
  const out = new Uint8Array(count);
  let pairs = 0;
  // A small file has few pairs: more draws than pairs would only repeat them.
  const draws = Math.min(wanted, records.length * (records.length - 1) * 2);
  for (let k = 0; k < draws; k++) {
    const x = Math.floor(random() * records.length);
    const y = Math.floor(random() * records.length);
    if (x === y || (acrossOnly && sourceOf[x] === sourceOf[y])) continue;
    comparison.compare(records[x]!, records[y]!, out);
    pairs++;
    for (let i = 0; i < count; i++) {
      if (out[i] === MISSING) continue;
      both[i]!++;
      levels[i]![out[i]!]!++;
    }
  }
  return { levels, both, pairs };
}

function takeTraining(comparison: Comparison, records: readonly Prepared[], sourceOf: Uint16Array, sources: number, candidates: { readonly left: Uint32Array; readonly right: Uint32Array }, limit: number): Training {
  const count = comparison.attributes.length;
  const available = candidates.left.length;
  const taken = Math.min(available, limit);
  const stride = available / Math.max(1, taken);
  const left = new Uint32Array(taken);
  const right = new Uint32Array(taken);
  const group = new Uint16Array(taken);
  const levels = new Uint8Array(taken * count);
  for (let k = 0; k < taken; k++) {
    const from = Math.floor(k * stride);
    const [x, y] = [candidates.left[from]!, candidates.right[from]!];
    left[k] = x;
    right[k] = y;
    group[k] = groupOf(sourceOf[x]!, sourceOf[y]!, sources);
    comparison.compare(records[x]!, records[y]!, levels, k * count);
  }
  return { left, right, levels, group, weight: stride };
}

/** Bits for rarity, per training pair and attribute: they do not change from round to round. */
function rarityOf(scorer: Scorer, records: readonly Prepared[], { left, right, levels }: Training): Float32Array {
  const count = scorer.comparison.attributes.length;
  const bits = new Float32Array(levels.length);
  for (let k = 0; k < left.length; k++) {
    for (let i = 0; i < count; i++) {
      const level = levels[k * count + i]!;
      if (level !== MISSING) bits[k * count + i] = scorer.rarity(records[left[k]!]!, records[right[k]!]!, i, level);
    }
  }
  return bits;
}

function firstGuess(comparison: Comparison, i: number, random: RandomCounts, totalPairs: number, frequency: Frequencies): AttributeModel {
  const { levels, lastAgreeing } = comparison.attributes[i]!.comparator;
  const both = random.both[i]!;
  const agreeing = levels.map((_, l) => (l > lastAgreeing ? 0 : 0.6 ** l));
  const sum = agreeing.reduce((total, value) => total + value, 0);
  return {
    ...frequency,
    given: [],
    levels: levels.map((name, l) => ({
      name,
      m: l <= lastAgreeing ? (0.9 * agreeing[l]!) / sum : 0.1 / (levels.length - lastAgreeing - 1),
      u: Math.max(random.levels[i]![l]! / Math.max(1, both), 1 / Math.max(1, totalPairs), both === 0 ? 1 / levels.length : 0),
    })),
  };
}

interface Step {
  /** Expected true pairs per source pair. */
  readonly pairs: Float64Array;
  /** Per attribute and level: expected true pairs, and candidate pairs of different people. */
  readonly same: readonly Float64Array[];
  readonly different: readonly Float64Array[];
}

function expectation(comparison: Comparison, attributes: readonly AttributeModel[], rates: readonly number[], training: Training, rarities: Float32Array): Step {
  const count = attributes.length;
  const weights = new Weights(comparison, attributes);
  const priors = rates.map((rate) => Math.log2(Math.max(rate, 1e-12) / (1 - Math.min(rate, 0.5))));
  const pairs = new Float64Array(rates.length);
  const same = attributes.map(({ levels }) => new Float64Array(levels.length));
  const different = attributes.map(({ levels }) => new Float64Array(levels.length));
  const { levels, group, weight } = training;
  for (let k = 0; k < group.length; k++) {
    const offset = k * count;
    let bits = priors[group[k]!]!;
    for (let i = 0; i < count; i++) {
      const level = levels[offset + i]!;
      if (level === MISSING) continue;
      const base = weights.of(levels, offset, i);
      const value = base + (base > 0 ? rarities[offset + i]! : 0);
      if (value > 0 && weights.encodes(levels, offset, i)) continue;
      bits += value;
    }
    const probability = 1 / (1 + 2 ** -bits);
    pairs[group[k]!]! += probability * weight;
    for (let i = 0; i < count; i++) {
      const level = levels[offset + i]!;
      if (level === MISSING) continue;
      same[i]![level]! += probability * weight;
      different[i]![level]! += (1 - probability) * weight;
    }
  }
  return { pairs, same, different };
}

function maximise(i: number, { pairs, same, different }: Step, random: RandomCounts, totalPairs: number, previous: AttributeModel): AttributeModel {
  const seen = same[i]!.reduce((sum, value) => sum + value, 0);
  const both = random.both[i]!;
  const matches = pairs.reduce((sum, value) => sum + value, 0);
  // Pairs of the whole file in which both have a value.
  const present = Math.max(1, (totalPairs * Math.max(both, 1)) / Math.max(1, random.pairs));
  const trueAmongRandom = (random.pairs * matches) / Math.max(1, totalPairs);
  // One imagined true pair spread over the levels: a level never seen is unlikely, not impossible.
  const smoothing = 1 / previous.levels.length;
  const levels = previous.levels.map(({ name }, l) => {
    const m = (same[i]![l]! + smoothing) / (seen + 1);
    const drawn = random.levels[i]![l]!;
    const clean = Math.max(0, drawn - trueAmongRandom * (seen / Math.max(1, matches)) * m);
    // What random pairs saw too seldom to tell from the true pairs among them is taken from the candidates: a lower bound, since other pairs may have the level as well.
    const bound = different[i]![l]! / present;
    const u = Math.max(clean > 3 * Math.sqrt(drawn) ? clean / Math.max(1, both) : 0, bound, 0.5 / present);
    // A level hardly ever seen proves little: numbers given out one after the other differ in one digit. Full agreement needs no examples.
    const seenHere = same[i]![l]! + different[i]![l]!;
    const trust = l === 0 ? 1 : seenHere / (seenHere + 5);
    return { name, m: u * (m / u) ** trust, u: Math.min(u, 1) };
  });
  return { ...previous, levels };
}
