import { sql } from 'drizzle-orm';
import type { Database, Queries } from '../../store/database.ts';
import { personSchema } from '../attributes.ts';
import type { Crosswalk } from '../crosswalk.ts';
import { explain } from '../explain.ts';
import { link, type LinkResult } from '../link.ts';
import { createMatcher } from '../incremental.ts';
import { linkIdOf } from '../record.ts';
import { first, type LinkEvidence, refOf, weighedOf } from './evidence.ts';
import { clearPending, fileKeys } from './filing.ts';
import { type Placed, placedRow, type PlacedRow } from './neighbours.ts';
import { readPending } from './pending.ts';
import { chunks, lockLinks, machine, makeWorkers, type Move, moveRecords, redirectEmpty } from './ledger.ts';
import { groupsOf, keepApart, targetsOf } from './groups.ts';
import { type Learned, modelInForce, putInForce } from './model.ts';
import { closeOthers, closeSettled, type Doubt, openReviews } from './reviews.ts';
import { readVerdicts, type Verdicts } from './verdicts.ts';

export interface RelinkOptions {
  readonly database: Database;
  readonly crosswalk: Crosswalk;
  /** Use the model in force, where there is one, instead of learning. Default false. */
  readonly keepModel?: boolean;
  /** Below this many records nothing is learned. Default 200. */
  readonly leastRecords?: number;
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

/** Groups of records that are written in one transaction. */
const groupsAtOnce = 100;

/**
 * Links the whole index anew. The model is learned from all records, in memory; then each group of records goes to its worker, batch by batch, each batch a
 * transaction: stopped anywhere, links are as good as they were or better, and the next run goes on. What stewards have said holds. Where nothing is to be
 * changed, nothing is written.
 */
export async function relinkAll(options: RelinkOptions): Promise<RelinkReport> {
  const { database, crosswalk, leastRecords = 200, now = () => new Date(), onStage = () => {}, signal } = options;
  onStage('reading the index');
  const index = await readIndex(database);
  const count = { moved: 0, merged: 0, split: 0, weighed: 0, opened: 0, closed: 0 };
  const before = new Map(index.map(({ record, workerId }) => [record.id, workerId]));
  const report = (model: string | null, workers: number, stopped = false): RelinkReport => ({ records: index.length, workers, model, ...count, stopped });
  if (index.length < leastRecords) return report(null, new Set(before.values()).size);

  const verdicts = await database.run((q) => readVerdicts(q));
  const kept = options.keepModel ? await database.run(modelInForce) : null;
  const result = link(index.map(({ record }) => record), personSchema, {
    rejected: keepApart(verdicts),
    ...(kept && { model: kept }),
    onStage: (stage, state) => state === 'begin' && onStage(stage),
  });
  onStage('filing keys');
  await install(database, { model: result.model, scores: result.report.best }, index.length, now());

  const groups = groupsOf(result.clusters, verdicts);
  const targets = targetsOf(groups, before);
  const judge = judgeOf(result, index);
  onStage('writing links');
  const touched = new Set<string>();
  for (const batch of chunks(targets, groupsAtOnce)) {
    if (signal?.aborted) break;
    const done = await database.transaction((q) => writeGroups(q, batch, judge, verdicts, now()));
    for (const id of done.touched) touched.add(id);
    count.moved += done.moved;
    count.merged += done.merged;
    count.split += done.split;
    count.weighed += done.weighed;
  }
  await crosswalk.forget([...touched]);
  if (signal?.aborted) return report(result.model.version, targets.length, true);

  onStage('bringing the queue up to date');
  const doubts = doubtsOf(result, targets, verdicts);
  await database.transaction(async (q) => {
    await lockLinks(q);
    count.opened = await openReviews(q, doubts, now());
    count.closed = (await closeOthers(q, doubts)) + (await closeSettled(q));
  });
  return report(result.model.version, targets.length);
}

const nameOf = (row: { readonly agency: string; readonly record_id: string }) => linkIdOf({ agency: row.agency, recordId: row.record_id });

/** Records read at once. */
const pageSize = 5_000;

async function readIndex(database: Database): Promise<Placed[]> {
  const found: Placed[] = [];
  let more = true;
  while (more) {
    const last = found.at(-1)?.claimed;
    const from = last ? sql`where (agency, record_id) > (${last.agency}, ${last.recordId})` : sql``;
    const rows = await database.run((q) => q.execute<PlacedRow>(sql`select number, worker_id, agency, record_id, body -> 'person' as person from agency_record ${from} order by agency, record_id limit ${pageSize}`));
    for (const row of rows) found.push(placedRow(row));
    more = rows.length === pageSize;
  }
  return found;
}

/** Puts the model in force and files all records under its keys. */
async function install(database: Database, { model, scores }: Learned, records: number, at: Date): Promise<void> {
  const matcher = createMatcher(model);
  await database.transaction((q) => putInForce(q, { model, scores }, records, at));
  for (let more = true; more; ) {
    more = await database.transaction(async (q) => {
      await lockLinks(q);
      const rows = (await readPending(q, 1_000)).map((row) => ({ number: Number(row.number), keys: matcher.keys(placedRow(row).record) }));
      await fileKeys(q, rows);
      await clearPending(q, rows.map(({ number }) => number));
      return rows.length > 0;
    });
  }
}

/** The weighing of a record against the one of its group that speaks most strongly for it. */
type Judge = (id: string, others: readonly string[]) => LinkEvidence;

function judgeOf(result: LinkResult, index: readonly Placed[]): Judge {
  const known = new Set(index.map(({ record }) => record.id));
  return (id, others) => {
    const against = others.filter((other) => other !== id && known.has(other)).map((other) => explain(result.scorer, result.prepared(id), result.prepared(other))).toSorted((a, b) => b.score - a.score || (a.right < b.right ? -1 : 1))[0];
    return against ? { rule: 'MODEL', against: refOf(against.right), weighed: weighedOf(against) } : first;
  };
}

/** Brings the records of groups to their workers, as far as they are not there. */
async function writeGroups(queries: Queries, groups: readonly { readonly target: string; readonly created: boolean; readonly members: readonly string[] }[], judge: Judge, verdicts: Verdicts, at: Date) {
  await lockLinks(queries);
  const refs = groups.flatMap(({ members }) => members.map(refOf));
  const saidNow = await readVerdicts(queries, refs);
  const names = JSON.stringify(refs.map(({ agency, recordId }) => ({ a: agency, r: recordId })));
  const rows = await queries.execute<{ agency: string; record_id: string; worker_id: string; model_version: string | null; decided_by: string }>(sql`
    select l.agency, l.record_id, l.worker_id, l.model_version, l.decided_by
    from link l join json_to_recordset(${names}::json) as n(a text, r text) on (l.agency, l.record_id) = (a, r) where l.valid_to is null`);
  const live = new Map(rows.map((row) => [nameOf(row), row]));
  const moves: Move[] = [];
  const created: string[] = [];
  let weighed = 0;
  for (const { target, created: isNew, members } of groups) {
    const here = members.filter((id) => live.has(id));
    const named = members.map(refOf);
    // A steward has decided on them meanwhile: the next run takes that in.
    if (verdicts.mark(named) !== saidNow.mark(named)) continue;
    const away = here.filter((id) => live.get(id)!.worker_id !== target);
    if (isNew && away.length > 0) created.push(target);
    for (const id of here) {
      const { worker_id: from, model_version: version, decided_by: by } = live.get(id)!;
      const goes = from !== target;
      // The exact rule's links carry no weighing yet.
      const unweighed = !goes && version === null && by === machine && here.length > 1;
      if (!goes && !unweighed) continue;
      if (unweighed) weighed++;
      moves.push({ ...refOf(id), from, to: target, evidence: judge(id, here), decidedBy: machine });
    }
  }
  await makeWorkers(queries, created);
  await moveRecords(queries, moves, at);
  const merged = await redirectEmpty(queries, moves.filter(({ from, to }) => from !== to));
  return { touched: moves.flatMap(({ from, to }) => [from, to]), moved: moves.length - weighed, merged, split: created.length, weighed };
}

/** Pairs for the stewards: between two groups, the likeliest. */
function doubtsOf(result: LinkResult, groups: readonly { readonly members: readonly string[] }[], verdicts: Verdicts): Doubt[] {
  const groupOf = new Map(groups.flatMap(({ members }, g) => members.map((id) => [id, g] as const)));
  const found = new Map<string, Doubt>();
  for (const { a, b, zone, veto } of result.pairs) {
    const [g, h] = [groupOf.get(a)!, groupOf.get(b)!];
    const key = g < h ? `${g} ${h}` : `${h} ${g}`;
    if (zone !== 'REVIEW' || g === h || found.has(key)) continue;
    const [left, right] = [refOf(a), refOf(b)];
    if (verdicts.apart(groups[g]!.members.map(refOf), groups[h]!.members.map(refOf))) continue;
    found.set(key, { a: left, b: right, evidence: { weighed: weighedOf(explain(result.scorer, result.prepared(a), result.prepared(b))), veto }, width: groups[g]!.members.length + groups[h]!.members.length });
  }
  return [...found.values()];
}
