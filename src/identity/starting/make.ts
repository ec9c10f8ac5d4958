import { createWorld } from '../../agencies/world/world.ts';
import { personSchema } from '../attributes.ts';
import type { ScoreCounts } from '../drift.ts';
import { link } from '../link.ts';
import type { Model } from '../model.ts';
import { recordOf } from '../record.ts';

/** The world that the starting model is learned from. Its seed is used for nothing else. */
const from = { seed: 7_701, size: 3_000, today: '2026-11-22' } as const;

export interface StartingModel {
  /** How it came about, for whoever reads the file. */
  readonly from: string;
  readonly model: Model;
  readonly scores: ScoreCounts;
}

/** Learns the model that the demo starts with, as any other is learned: from records alone, of synthetic people. */
export function makeStartingModel(): StartingModel {
  const world = createWorld(from);
  const records = Array.from({ length: from.size }, (_, i) => world.person(i).records.map(recordOf)).flat();
  const { model, report } = link(records, personSchema);
  return { from: `${records.length} records of ${from.size} synthetic people, seed ${from.seed}, as seen on ${from.today} (npm run starting-model)`, model, scores: report.best };
}
