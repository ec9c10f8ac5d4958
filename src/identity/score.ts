import { hashKey } from './keys.ts';
import type { Model } from './model.ts';
import type { Comparison, Prepared } from './prepare.ts';
import { MISSING } from './prepare.ts';
import { Weights } from './weights.ts';

/** One attribute's part in a score. */
export interface Evidence {
  readonly attribute: string;
  readonly level: string;
  /** Both values as normalised; null where missing. */
  readonly left: string | null;
  readonly right: string | null;
  /** Bits for (positive) or against (negative) one person; 0 where missing. */
  readonly weight: number;
  /** The part of the weight that is due to how rare the shared terms are. */
  readonly rarity: number;
  /** True where agreement counts nothing because an identifier that encodes it was compared. */
  readonly encoded: boolean;
}

/** Frequencies beyond this factor from the mean say no more: a term seen once may be a typing error that was copied. */
const rarityLimit = 12;

/** Scores pairs by a model: prior plus weights, in bits (log2 of odds). */
export class Scorer {
  readonly comparison: Comparison;
  readonly model: Model;
  readonly #weights: Weights;
  readonly #priors = new Map<string, number>();
  readonly #levels: Uint8Array;
  readonly #frequency: readonly Map<number, number>[];

  /**
   * @param sizes records per source in the index that is scored against; default: those of training. The prior follows them.
   */
  constructor(comparison: Comparison, model: Model, sizes: Readonly<Record<string, number>> = {}) {
    this.comparison = comparison;
    this.model = model;
    this.#levels = new Uint8Array(comparison.attributes.length);
    this.#weights = new Weights(comparison, model.attributes);
    this.#frequency = model.attributes.map(({ frequency }) => new Map(Object.entries(frequency).map(([hash, value]) => [Number(hash), value])));
    const trained = new Map(model.sources.map(({ name, records }) => [name, records]));
    for (const { a, b, pairs } of model.sourcePairs) {
      const growth = Math.sqrt(((sizes[a] ?? trained.get(a) ?? 1) * (sizes[b] ?? trained.get(b) ?? 1)) / ((trained.get(a) ?? 1) * (trained.get(b) ?? 1)));
      const [x, y] = [sizes[a] ?? trained.get(a) ?? 1, sizes[b] ?? trained.get(b) ?? 1];
      const total = a === b ? (x * (x - 1)) / 2 : x * y;
      const rate = Math.min(0.5, (pairs * growth) / Math.max(1, total));
      const prior = Math.log2(rate / (1 - rate));
      this.#priors.set(`${a}\0${b}`, prior);
      this.#priors.set(`${b}\0${a}`, prior);
    }
  }

  /** Log2 odds, before any evidence, that a pair of these two sources is one person. */
  prior(a: Prepared, b: Prepared): number {
    return this.#priors.get(`${a.record.source}\0${b.record.source}`) ?? this.#unknownPrior;
  }

  /** Whether both are of one source, and if so whether people are often found in it twice. */
  repeat(a: Prepared, b: Prepared): 'NONE' | 'OFTEN' | 'SELDOM' {
    const { source } = a.record;
    if (source !== b.record.source) return 'NONE';
    const twice = this.model.sourcePairs.find((pair) => pair.a === source && pair.b === source)?.pairs ?? 0;
    const records = this.model.sources.find(({ name }) => name === source)?.records ?? 0;
    return twice < 0.1 * records ? 'SELDOM' : 'OFTEN';
  }

  get #unknownPrior(): number {
    const records = this.model.sources.reduce((sum, source) => sum + source.records, 0);
    return -Math.log2(Math.max(2, records));
  }

  /** Log2 odds that the pair is one person. */
  score(a: Prepared, b: Prepared): number {
    this.comparison.compare(a, b, this.#levels);
    return this.prior(a, b) + this.weigh(a, b, this.#levels, 0);
  }

  /** Sum of weights for levels that were compared before. */
  weigh(a: Prepared, b: Prepared, levels: Uint8Array, offset: number): number {
    let sum = 0;
    for (let i = 0; i < this.comparison.attributes.length; i++) sum += this.weightOf(a, b, levels, offset, i);
    return sum;
  }

  /** Weight of one attribute at its level. */
  weightOf(a: Prepared, b: Prepared, levels: Uint8Array, offset: number, i: number): number {
    const level = levels[offset + i]!;
    if (level === MISSING) return 0;
    const base = this.#weights.of(levels, offset, i);
    const weight = base + (base > 0 ? this.rarity(a, b, i, level) : 0);
    return weight > 0 && this.#weights.encodes(levels, offset, i) ? 0 : weight;
  }

  /** Bits for the rarity of what both share: the mean frequency over the frequency of the shared terms. */
  rarity(a: Prepared, b: Prepared, i: number, level: number): number {
    const { comparator } = this.comparison.attributes[i]!;
    const learned = this.model.attributes[i]!;
    let bits = 0;
    for (const spellings of comparator.shared(a.cells[i], b.cells[i], level)) {
      const mean = learned.meanFrequency[comparator.termGroup?.(spellings[0]!) ?? ''] ?? 0;
      let frequency = 0;
      for (const term of spellings) frequency = Math.max(frequency, this.#frequency[i]!.get(hashKey(term)) ?? learned.rareFrequency);
      if (mean > 0) bits += Math.log2(mean / frequency);
    }
    return Math.max(-rarityLimit, Math.min(rarityLimit, bits));
  }

  /** The evidence of a pair, attribute by attribute, in the order of the schema. */
  evidence(a: Prepared, b: Prepared): Evidence[] {
    const levels = new Uint8Array(this.#levels.length);
    this.comparison.compare(a, b, levels);
    return this.comparison.attributes.map(({ spec, comparator }, i) => {
      const show = (cell: unknown) => (cell === null || cell === undefined ? null : comparator.show(cell));
      const level = levels[i]!;
      const weight = this.weightOf(a, b, levels, 0, i);
      const base = this.#weights.of(levels, 0, i);
      const encoded = weight === 0 && base > 0 && this.#weights.encodes(levels, 0, i);
      return {
        attribute: spec.name,
        level: level === MISSING ? 'missing' : comparator.levels[level]!,
        left: show(a.cells[i]),
        right: show(b.cells[i]),
        weight,
        rarity: encoded ? 0 : weight - base,
        encoded,
      };
    });
  }
}

/** Probability of log2 odds. */
export function probabilityOf(bits: number): number {
  return 1 / (1 + 2 ** -bits);
}
