import { sql } from 'drizzle-orm';
import type { Database } from '../../store/database.ts';
import { linkRun } from '../../store/linkTables.ts';
import { proposals } from '../block.ts';
import type { Crosswalk } from '../crosswalk.ts';
import { readStartingModel } from '../starting/install.ts';
import { createModelKeeper, type ModelInForce, type ModelKeeper, putInForce } from './model.ts';
import { filePending } from './pending.ts';
import { readForest } from './relink/forest.ts';
import { learn } from './relink/learn.ts';
import { findPairs } from './relink/pairs.ts';
import { renewQueue } from './relink/queue.ts';
import { regroup } from './relink/regroup.ts';

export interface RelinkOptions {
  readonly database: Database;
  readonly crosswalk: Pick<Crosswalk, 'forget'>;
  /** Learn a model from the index although one is in force. Where none is, one is learned anyway. Default false. */
  readonly relearn?: boolean;
  /** Below this many records nothing is learned. Default 200. */
  readonly leastRecords?: number;
  /** Most records that are learned from, and so held in memory: some 10 kB each. Default 50000. */
  readonly mostRecords?: number;
  /** Stops after the batch under way; the next run goes on. */
  readonly signal?: AbortSignal;
  /** Told what is being done. */
  readonly onStage?: (stage: string) => void;
  /** Default: the system clock. */
  readonly now?: () => Date;
}

export interface RelinkReport {
  readonly records: number;
  readonly workers: number;
  /** Version of the model; null where there were too few records to learn from. */
  readonly model: string | null;
  readonly moved: number;
  readonly merged: number;
  readonly split: number;
  /** Links of the exact rule that now carry the model's weighing. */
  readonly weighed: number;
  readonly opened: number;
  readonly closed: number;
  readonly stopped: boolean;
}

/** Records of the sets that are written in one transaction. */
const recordsAtOnce = 300;

/**
 * Links the whole index anew, in memory that hardly grows with it. Every record is filed; then the pairs of each are found and kept in the database, page by
 * page; then what pairs join is clustered, set by set, each batch a transaction: stopped anywhere, links are as good as they were or better, and the next run
 * goes on where this one was. What stewards have said holds. Where nothing is to be changed, nothing is written.
 */
export async function relinkAll(options: RelinkOptions): Promise<RelinkReport> {
  const { database, crosswalk, now = () => new Date(), onStage = () => {}, signal } = options;
  const models = createModelKeeper();
  const count = { moved: 0, merged: 0, split: 0, weighed: 0, opened: 0, closed: 0 };
  const report = async (model: string | null, stopped = false): Promise<RelinkReport> => {
    const [row] = await database.run((q) => q.execute<{ records: number; workers: number }>(sql`select count(*)::int as records, count(distinct worker_id)::int as workers from agency_record`));
    return { ...row!, model, ...count, stopped };
  };
  const inForce = await prepareModel(options, models);
  if (inForce === null) return report(null);
  const { model: { version }, matcher } = inForce;
  onStage('filing keys');
  await filePending({ database, models, ...(signal && { signal }) });

  const run = await beginRun(database, version, now());
  onStage(run.reached > 0 ? 'finding pairs, from where the last run was stopped' : 'finding pairs');
  const whole = await findPairs({ database, matcher, limit: proposals(inForce.records), signal, onPage: () => {} });
  if (!whole) return report(version, true);

  onStage('writing links');
  const forest = await readForest(database);
  for (const sets of forest.batches(recordsAtOnce)) {
    if (signal?.aborted) return report(version, true);
    const done = await database.transaction((q) => regroup(q, matcher, sets, run.beganAt, now()));
    await crosswalk.forget([...new Set(done.touched)]);
    count.moved += done.moved;
    count.merged += done.merged;
    count.split += done.split;
    count.weighed += done.weighed;
  }
  onStage('bringing the queue up to date');
  Object.assign(count, await renewQueue(database, matcher, run.beganAt, now));
  await database.run((q) => q.execute(sql`truncate link_run, link_pair`));
  return report(version);
}

/** The model in force, learned first where there is none or another is wanted; null where there are too few records for one. */
async function prepareModel({ database, relearn = false, leastRecords = 200, mostRecords = 50_000, now = () => new Date(), onStage = () => {} }: RelinkOptions, models: ModelKeeper): Promise<ModelInForce | null> {
  const current = () => database.run((q) => models.current(q));
  const there = await current();
  if (there === null || relearn) {
    const [counted] = await database.run((q) => q.execute<{ count: number }>(sql`select count(*)::int as count from agency_record`));
    if (counted!.count < leastRecords) return there;
    // What a large index is sampled by, where it was never linked by a model: the one learned from synthetic people.
    const scaffold = async () => {
      if (there === null) {
        const starting = await readStartingModel();
        await database.transaction((q) => putInForce(q, starting, counted!.count, now()));
      }
      await filePending({ database, models });
      return (await current())!;
    };
    onStage('learning');
    const learned = await learn({ database, most: mostRecords, scaffold, onStage });
    await database.transaction((q) => putInForce(q, learned, learned.records, now()));
  }
  await database.run((q) => models.recount(q));
  return current();
}

/** The run under way where it is of the same model, else a new one. */
async function beginRun(database: Database, model: string, at: Date): Promise<{ readonly beganAt: Date; readonly reached: number }> {
  return database.transaction(async (q) => {
    const [row] = await q.select().from(linkRun);
    if (row?.model === model) return row;
    await q.execute(sql`truncate link_run, link_pair`);
    await q.insert(linkRun).values({ model, beganAt: at });
    return { beganAt: at, reached: 0 };
  });
}
