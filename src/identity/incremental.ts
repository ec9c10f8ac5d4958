import type { LinkRecord } from './attributes.ts';
import type { Refusal, Relation } from './cluster.ts';
import { cluster, objection } from './cluster.ts';
import type { Veto, Zone } from './decide.ts';
import { isBinding, lifeFacts, vetoFinder, zoneOf } from './decide.ts';
import type { Explanation } from './explain.ts';
import { explain } from './explain.ts';
import { keysOf } from './keys.ts';
import type { Model } from './model.ts';
import { Comparison, type Prepared } from './prepare.ts';
import { probabilityOf, Scorer } from './score.ts';

/**
 * Where the records that a changed one may belong to are looked up: in memory, or rows of blocking keys in a database. Keys are hashes and hold no
 * personal data in the clear.
 */
export interface CandidateSource {
  /**
   * The records that share keys with the one asked for, best first by the rarity of the keys they share; keys that too many records share are
   * left out.
   */
  candidates(keys: readonly number[], limit: number): readonly LinkRecord[] | Promise<readonly LinkRecord[]>;
}

/** A record of the index that the changed one may be the same person as. */
export interface Match {
  readonly record: LinkRecord;
  /** Log2 odds. */
  readonly bits: number;
  /** Of these, those before any evidence. */
  readonly prior: number;
  readonly probability: number;
  readonly zone: Zone;
  readonly veto: Veto | null;
  explain(): Explanation;
}

/** Scores single records against an index with a model learned before. */
export interface Matcher {
  readonly model: Model;
  /** The same, for a batch: keeps how each record is compared for as long as it is there itself, since each is asked about many times: for its keys, as a candidate of others, and by the guard. */
  remembering(): Matcher;
  /** Blocking keys under which a record is to be filed in the index. */
  keys(record: LinkRecord): number[];
  /** The record's matches in zones LINK and REVIEW, strongest first. A record of the same id is left out: it is the old state of this one. */
  match(record: LinkRecord, source: CandidateSource): Promise<Match[]>;
  /** The same among candidates that were found before, with the best score of all of them in bits without the prior; minus infinity where there are none. */
  matchAmong(record: LinkRecord, candidates: readonly LinkRecord[]): { readonly matches: Match[]; readonly best: number };
  /** One pair, wherever it comes from. */
  compare(a: LinkRecord, b: LinkRecord): Match;
  /**
   * Clusters records into people as linking a file does, given the pairs that may be one person: the strongest first, under the guard. Each cluster is the ids of
   * its records.
   */
  people(records: readonly LinkRecord[], pairs: readonly (readonly [LinkRecord, LinkRecord])[], isRejected: IsRejected): string[][];
  /** What speaks against joining two people, each given by her records (one changed record and a worker's, or two workers to merge); null when nothing does. */
  objection(left: readonly LinkRecord[], right: readonly LinkRecord[]): Refusal | null;
}

/** What stewards have said of pairs, asked by record ids. */
export type IsRejected = (a: string, b: string) => boolean;

export interface MatcherOptions {
  /** Records per source in the index, from which the prior follows. Default: those of training. */
  readonly sizes?: Readonly<Record<string, number>>;
  /** Most candidates compared for one record. Default 100. */
  readonly limit?: number;
  /** Pairs that a steward has found to be two people, asked by record ids. Default: none. */
  readonly isRejected?: IsRejected;
}

/** Makes a matcher; cheap, but worth keeping as long as model and sizes hold. */
export function createMatcher(model: Model, options: MatcherOptions = {}): Matcher {
  const { limit = 100, isRejected = () => false, sizes = {} } = options;
  const comparison = new Comparison(model.schema);
  const scorer = new Scorer(comparison, model, sizes);
  const find = vetoFinder(comparison);
  const facts = lifeFacts(comparison);
  const levels = new Uint8Array(comparison.attributes.length);

  function judge(a: Prepared, b: Prepared): Match {
    const other = b.record;
    comparison.compare(a, b, levels);
    const prior = scorer.prior(a, b);
    const bits = prior + scorer.weigh(a, b, levels, 0);
    const probability = probabilityOf(bits);
    const veto = isRejected(a.record.id, other.id) ? 'REJECTED' : find(levels, 0, a.derived | b.derived);
    return { record: other, bits, prior, probability, veto, zone: zoneOf(probability, veto, model.thresholds), explain: () => explain(scorer, a, b) };
  }

  function relate(a: Prepared, b: Prepared, rejected: IsRejected): Relation {
    comparison.compare(a, b, levels);
    const derived = a.derived | b.derived;
    const veto = rejected(a.record.id, b.record.id) ? 'REJECTED' : find(levels, 0, derived);
    return { evidence: scorer.weigh(a, b, levels, 0), apart: isBinding(veto), life: facts(levels, derived), repeat: scorer.repeat(a, b) };
  }

  const matcherOf = (prepare: (record: LinkRecord) => Prepared): Matcher => {
    const among = (prepared: Prepared, candidates: readonly LinkRecord[]): { readonly matches: Match[]; readonly best: number } => {
      const all = candidates.filter(({ id }) => id !== prepared.record.id).map((other) => judge(prepared, prepare(other)));
      return {
        matches: all.filter(({ zone }) => zone !== 'NONE').toSorted((x, y) => y.bits - x.bits || (x.record.id < y.record.id ? -1 : 1)),
        best: Math.max(-Infinity, ...all.map(({ bits, prior }) => bits - prior)),
      };
    };
    return {
      model,
      remembering: () => matcherOf(rememberingPrepare(comparison)),
      keys: (record) => keysOf(comparison, model.joins, prepare(record)),
      async match(record, source) {
        const prepared = prepare(record);
        return among(prepared, await source.candidates(keysOf(comparison, model.joins, prepared), limit)).matches;
      },
      matchAmong: (record, candidates) => among(prepare(record), candidates),
      compare: (a, b) => judge(prepare(a), prepare(b)),
      people(records, pairs, rejected) {
        const sorted = records.toSorted((x, y) => (x.id < y.id ? -1 : 1));
        const prepared = sorted.map(prepare);
        const at = new Map(sorted.map(({ id }, i) => [id, i]));
        const bonds = pairs.flatMap(([x, y]) => {
          const [a, b] = [at.get(x.id)!, at.get(y.id)!].toSorted((i, j) => i - j) as [number, number];
          const { bits, zone } = judge(prepared[a]!, prepared[b]!);
          return zone === 'LINK' && !rejected(x.id, y.id) ? [{ a, b, bits }] : [];
        });
        const { clusterOf } = cluster(sorted.length, bonds, (a, b) => relate(prepared[a]!, prepared[b]!, rejected));
        return [...Map.groupBy(sorted.keys(), (i) => clusterOf[i]!).values()].map((members) => members.map((i) => sorted[i]!.id));
      },
      objection(left, right) {
        return objection(left.map(prepare), right.map(prepare), (a, b) => relate(a, b, isRejected));
      },
    };
  };
  return matcherOf((record) => comparison.prepare(record));
}

/** Prepares each record once. */
function rememberingPrepare(comparison: Comparison): (record: LinkRecord) => Prepared {
  const known = new Map<LinkRecord, Prepared>();
  return (record) => {
    let prepared = known.get(record);
    if (prepared === undefined) known.set(record, (prepared = comparison.prepare(record)));
    return prepared;
  };
}
