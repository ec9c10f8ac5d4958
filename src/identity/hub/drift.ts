import { eq } from 'drizzle-orm';
import type { Database } from '../../store/database.ts';
import { linkModel } from '../../store/linkTables.ts';
import { countScores, type ScoreCounts, shareBelow, stabilityIndex } from '../drift.ts';

/** Scores of late beside those at training. */
export interface Drift {
  /** Share of records that scored below so many bits at training; null for a model that came without. */
  readonly expected: ((bits: number) => number) | null;
  /** How many scores it is about: the latest, at most. */
  readonly decisions: number;
  /** See {@link stabilityIndex}; null as long as there are too few to tell. */
  readonly index: number | null;
}

/** Watches whether records score as those did that the model in force was learned from. */
export interface DriftWatch {
  /** Takes the best scores of records that the model looked at, in bits without the prior. */
  scored(scores: readonly number[]): void;
  /** Against the model in force; null where there is none. */
  read(): Promise<Drift | null>;
}

export interface DriftWatchOptions {
  /** Scores that are looked at together, the latest. Default 10000. */
  readonly window?: number;
  /** Below this many nothing is told. Default 500. */
  readonly least?: number;
}

export function createDriftWatch(database: Database, { window = 10_000, least = 500 }: DriftWatchOptions = {}): DriftWatch {
  const latest: number[] = [];
  let next = 0;
  let known: { readonly version: string; readonly expected: ScoreCounts | null } | null = null;
  return {
    scored(scores) {
      for (const score of scores) {
        latest[next] = score;
        next = (next + 1) % window;
      }
    },
    async read() {
      const [row] = await database.run((q) => q.select({ version: linkModel.version }).from(linkModel).where(eq(linkModel.inForce, true)));
      if (!row) return null;
      if (known?.version !== row.version) {
        // What was scored by another model says nothing of this one.
        if (known !== null) latest.length = next = 0;
        const [model] = await database.run((q) => q.select({ scores: linkModel.scores }).from(linkModel).where(eq(linkModel.version, row.version)));
        known = { version: row.version, expected: (model?.scores as ScoreCounts | null | undefined) ?? null };
      }
      const { expected } = known;
      return { expected: expected && ((bits) => shareBelow(expected, bits)), decisions: latest.length, index: expected !== null && latest.length >= least ? stabilityIndex(expected, countScores(latest)) : null };
    },
  };
}

