import { sql } from 'drizzle-orm';
import type { Queries } from '../../../store/database.ts';
import type { LinkRecord } from '../../attributes.ts';
import type { Matcher } from '../../incremental.ts';
import { first, type LinkEvidence, modelEvidence, refOf } from '../evidence.ts';
import { groupsOf, keepApart, targetsOf } from '../groups.ts';
import { lockLinks, machine, makeWorkers, type Move, moveRecords, redirectEmpty } from '../ledger.ts';
import { placedRow, type PlacedRow } from '../neighbours.ts';
import { readVerdicts, type Verdicts } from '../verdicts.ts';

/** What became of a batch of sets. */
export interface Regrouped {
  readonly touched: readonly string[];
  readonly moved: number;
  readonly merged: number;
  readonly split: number;
  /** Links of the exact rule that now carry the model's weighing. */
  readonly weighed: number;
}

interface Row extends PlacedRow {
  readonly model_version: string | null;
  readonly decided_by: string;
  readonly late: boolean;
  readonly withheld: boolean;
}

/** A record of a set with its live link. */
interface Member {
  readonly number: number;
  readonly workerId: string;
  readonly record: LinkRecord;
  readonly row: Row;
}

/** Clusters sets of records anew, each by itself, and brings the records to their workers, as far as they are not there. */
export async function regroup(queries: Queries, matcher: Matcher, sets: readonly (readonly number[])[], beganAt: Date, at: Date): Promise<Regrouped> {
  await lockLinks(queries);
  const numbers = `{${sets.flat().join()}}`;
  const rows = await queries.execute<Row>(sql`
    select r.number, r.worker_id, r.agency, r.record_id, r.body -> 'person' as person, l.model_version, l.decided_by, l.valid_from > ${beganAt.toISOString()}::timestamptz as late,
      exists (select 1 from restriction x join worker w on w.id = x.worker_id where coalesce(w.merged_into, w.id) = r.worker_id) as withheld
    from agency_record r join link l on (l.agency, l.record_id) = (r.agency, r.record_id) and l.valid_to is null where r.number = any(${numbers}::bigint[])`);
  const members = new Map(rows.map((row): [number, Member] => [Number(row.number), { number: Number(row.number), workerId: row.worker_id, record: placedRow(row).record, row }]));
  const pairs = Map.groupBy(await queries.execute<{ a: string; b: string }>(sql`select a, b from link_pair where links and a = any(${numbers}::bigint[])`), ({ a }) => Number(a));
  const verdicts = await readVerdicts(queries, rows.map((row) => ({ agency: row.agency, recordId: row.record_id })));
  const moves: Move[] = [];
  const created: string[] = [];
  for (const set of sets) {
    const here = set.flatMap((number) => members.get(number) ?? []);
    // What was linked since the run began was linked by all that is known: the next run takes it in. Nor is she touched whose data may not be processed.
    if (here.some(({ row }) => row.late || row.withheld)) continue;
    const found = set.flatMap((number) => (pairs.get(number) ?? []).flatMap(({ a, b }) => {
      const [x, y] = [members.get(Number(a)), members.get(Number(b))];
      return x && y ? [[x.record, y.record] as const] : [];
    }));
    const one = regroupSet(matcher, here, found, verdicts);
    moves.push(...one.moves);
    created.push(...one.created);
  }
  await makeWorkers(queries, created);
  await moveRecords(queries, moves, at);
  const gone = moves.filter(({ from, to }) => from !== to);
  const merged = await redirectEmpty(queries, gone);
  return { touched: gone.flatMap(({ from, to }) => [from, to]), moved: gone.length, merged, split: created.length, weighed: moves.length - gone.length };
}

/** What is to change in one set. */
function regroupSet(matcher: Matcher, members: readonly Member[], pairs: readonly (readonly [LinkRecord, LinkRecord])[], verdicts: Verdicts): { readonly moves: readonly Move[]; readonly created: readonly string[] } {
  const byId = new Map(members.map((member) => [member.record.id, member]));
  const apart = new Set(keepApart(verdicts).flatMap(([a, b]) => [`${a}\n${b}`, `${b}\n${a}`]));
  const people = matcher.people(members.map(({ record }) => record), pairs, (a, b) => apart.has(`${a}\n${b}`));
  const groups = groupsOf(people, verdicts).map((ids) => ids.filter((id) => byId.has(id)));
  const targets = targetsOf(groups, new Map(members.map(({ record, workerId }) => [record.id, workerId])));
  const moves = targets.flatMap(({ members: ids, target }) => ids.flatMap((id): Move[] => {
    const { workerId: from, row } = byId.get(id)!;
    // The exact rule's links carry no weighing yet.
    const unweighed = row.model_version === null && row.decided_by === machine && ids.length > 1;
    return from !== target || unweighed ? [{ ...refOf(id), from, to: target, evidence: strongest(matcher, id, ids, byId), decidedBy: machine }] : [];
  }));
  return { moves, created: targets.flatMap(({ created, target }) => (created ? [target] : [])) };
}

/** The weighing of a record against the one of its group that speaks most strongly for it. */
function strongest(matcher: Matcher, id: string, group: readonly string[], byId: ReadonlyMap<string, Member>): LinkEvidence {
  const { record } = byId.get(id)!;
  const best = group.filter((other) => other !== id).map((other) => matcher.compare(record, byId.get(other)!.record)).toSorted((a, b) => b.bits - a.bits || (a.record.id < b.record.id ? -1 : 1))[0];
  return best ? modelEvidence(best, refOf(best.record.id)) : first;
}
