import { sql } from 'drizzle-orm';
import type { Queries } from '../../store/database.ts';
import { linkVerdict } from '../../store/linkTables.ts';
import { linkIdOf } from '../record.ts';
import { chunks } from './ledger.ts';
import { ordered, type RecordRef } from './evidence.ts';

/** SAME: one person; DIFFERENT: two. */
export type Verdict = 'SAME' | 'DIFFERENT';

export interface PairVerdict {
  readonly left: RecordRef;
  readonly right: RecordRef;
  readonly verdict: Verdict;
}

/** What stewards have said of pairs, for quick looks. */
export interface Verdicts {
  /** The records that the record is one person with, or that it is not, by {@link linkIdOf}. */
  of(ref: RecordRef, verdict: Verdict): ReadonlySet<string>;
  /** Whether any record of one side was found to be another person than one of the other side. */
  apart(left: readonly RecordRef[], right: readonly RecordRef[]): boolean;
  readonly all: readonly PairVerdict[];
  /** All that is said of some records, as text: equal texts, equal words. */
  mark(refs: readonly RecordRef[]): string;
}

const keyOf = linkIdOf;
const none: ReadonlySet<string> = new Set();

export function verdictsOf(all: readonly PairVerdict[]): Verdicts {
  const sides = { SAME: new Map<string, Set<string>>(), DIFFERENT: new Map<string, Set<string>>() };
  for (const { left, right, verdict } of all) {
    for (const [a, b] of [[keyOf(left), keyOf(right)], [keyOf(right), keyOf(left)]] as const) {
      const others = sides[verdict].get(a);
      if (others) others.add(b);
      else sides[verdict].set(a, new Set([b]));
    }
  }
  const of: Verdicts['of'] = (ref, verdict) => sides[verdict].get(keyOf(ref)) ?? none;
  return {
    of,
    all,
    mark: (refs) => JSON.stringify(refs.map((ref) => [[...of(ref, 'SAME')].toSorted(), [...of(ref, 'DIFFERENT')].toSorted()])),
    apart(left, right) {
      if (sides.DIFFERENT.size === 0) return false;
      const other = new Set(right.map(keyOf));
      return left.some((ref) => [...of(ref, 'DIFFERENT')].some((id) => other.has(id)));
    },
  };
}

interface Row extends Record<string, unknown> {
  readonly left_agency: string;
  readonly left_record: string;
  readonly right_agency: string;
  readonly right_record: string;
  readonly verdict: Verdict;
}

/** The verdicts that concern the records; all there are where none are given. */
export async function readVerdicts(queries: Queries, refs?: readonly RecordRef[]): Promise<Verdicts> {
  if (refs === undefined) return verdictsOf((await queries.execute<Row>(sql`select * from link_verdict`)).map(fromRow));
  const found = new Map<string, PairVerdict>();
  for (const some of chunks(refs, 10_000)) {
    const names = JSON.stringify(some.map(({ agency, recordId }) => ({ a: agency, r: recordId })));
    const rows = await queries.execute<Row>(sql`
      with named as (select * from json_to_recordset(${names}::json) as n(a text, r text))
      select v.* from link_verdict v join named on (v.left_agency, v.left_record) = (a, r)
      union select v.* from link_verdict v join named on (v.right_agency, v.right_record) = (a, r)`);
    for (const row of rows.map(fromRow)) found.set(`${keyOf(row.left)}\n${keyOf(row.right)}`, row);
  }
  return verdictsOf([...found.values()]);
}

function fromRow(row: Row): PairVerdict {
  return { left: { agency: row.left_agency, recordId: row.left_record }, right: { agency: row.right_agency, recordId: row.right_record }, verdict: row.verdict };
}

/** A verdict that was given, and what was said of the pair before. */
export interface VerdictChange extends PairVerdict {
  readonly before: Verdict | null;
}

/** Writes verdicts in place of earlier ones, and tells what changed. */
export async function giveVerdicts(queries: Queries, pairs: readonly (readonly [RecordRef, RecordRef])[], verdict: Verdict, decisionId: string): Promise<VerdictChange[]> {
  const earlier = await readVerdicts(queries, pairs.map(([a]) => a));
  const changes = pairs.map(([a, b]): VerdictChange => {
    const [left, right] = ordered(a, b);
    const before = earlier.of(left, 'SAME').has(keyOf(right)) ? 'SAME' : earlier.of(left, 'DIFFERENT').has(keyOf(right)) ? 'DIFFERENT' : null;
    return { left, right, verdict, before };
  });
  await writeVerdicts(queries, changes, decisionId);
  return changes;
}

export async function writeVerdicts(queries: Queries, pairs: readonly PairVerdict[], decisionId: string): Promise<void> {
  for (const some of chunks(pairs)) {
    await queries
      .insert(linkVerdict)
      .values(some.map(({ left, right, verdict }) => ({ leftAgency: left.agency, leftRecord: left.recordId, rightAgency: right.agency, rightRecord: right.recordId, verdict, decisionId })))
      .onConflictDoUpdate({ target: [linkVerdict.leftAgency, linkVerdict.leftRecord, linkVerdict.rightAgency, linkVerdict.rightRecord], set: { verdict: sql`excluded.verdict`, decisionId: sql`excluded.decision_id` } });
  }
}

/** Takes verdicts back to what was said before them. */
export async function restoreVerdicts(queries: Queries, changes: readonly VerdictChange[], decisionId: string): Promise<void> {
  for (const { left, right, before } of changes) {
    if (before === null) await queries.execute(sql`delete from link_verdict where (left_agency, left_record, right_agency, right_record) = (${left.agency}, ${left.recordId}, ${right.agency}, ${right.recordId})`);
    else await writeVerdicts(queries, [{ left, right, verdict: before }], decisionId);
  }
}

/** What stewards' words mean for records that are being placed. */
export interface Told {
  /** The worker that holds a record which the given one is one person with. */
  worker(ref: RecordRef): string | undefined;
  /** Whether the worker holds a record that the given one is not one person with. */
  not(ref: RecordRef, workerId: string): boolean;
  /** Counts a record as the worker's from now on. */
  place(ref: RecordRef, workerId: string): void;
  /** Counts all records of a worker as another's. */
  merge(from: string, to: string): void;
}

/** Reads where the records are that the verdicts on some others name. */
export async function readTold(queries: Queries, verdicts: Verdicts): Promise<Told> {
  const workerOf = new Map<string, string>();
  const named = verdicts.all.flatMap(({ left, right }) => [left, right]);
  for (const some of chunks(named, 10_000)) {
    const names = JSON.stringify(some.map(({ agency, recordId }) => ({ a: agency, r: recordId })));
    const rows = await queries.execute<{ agency: string; record_id: string; worker_id: string }>(sql`
      select agency, record_id, worker_id from agency_record join json_to_recordset(${names}::json) as n(a text, r text) on (agency, record_id) = (a, r)`);
    for (const row of rows) workerOf.set(linkIdOf({ agency: row.agency, recordId: row.record_id }), row.worker_id);
  }
  const not: Told['not'] = (ref, workerId) => [...verdicts.of(ref, 'DIFFERENT')].some((id) => workerOf.get(id) === workerId);
  return {
    not,
    worker: (ref) => [...verdicts.of(ref, 'SAME')].map((id) => workerOf.get(id)).find((id) => id !== undefined && !not(ref, id)),
    place: (ref, workerId) => void workerOf.set(linkIdOf(ref), workerId),
    merge(from, to) {
      for (const [id, workerId] of workerOf) if (workerId === from) workerOf.set(id, to);
    },
  };
}
