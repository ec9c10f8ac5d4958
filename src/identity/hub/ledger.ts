import { and, eq, inArray, isNull, or, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { noteChanges } from '../../events/note.ts';
import { restrictionsChannel } from '../../store/channels.ts';
import type { Queries } from '../../store/database.ts';
import { link } from '../../store/linkTables.ts';
import { agencyRecord, worker } from '../../store/tables.ts';
import type { LinkEvidence, RecordRef } from './evidence.ts';

/** Who made a link, and on which grounds. */
export interface Grounds {
  readonly evidence: LinkEvidence;
  /** `machine`, or the kind and id of the caller. */
  readonly decidedBy: string;
  readonly reason?: string | null;
  readonly decisionId?: string | null;
}

export interface NewLink extends RecordRef, Grounds {
  readonly workerId: string;
}

export interface Move extends RecordRef, Grounds {
  readonly from: string;
  readonly to: string;
}

export const machine = 'machine';

/** All changes of links happen one after the other, whichever instance makes them: call it first in the transaction. */
export async function lockLinks(queries: Queries): Promise<void> {
  await queries.execute(sql`select pg_advisory_xact_lock(hashtext('payung linking'))`);
}

/** Rows of one statement: Postgres takes at most 65,535 parameters. */
const rowsAtOnce = 2_000;
export function* chunks<T>(list: readonly T[], size = rowsAtOnce): Generator<readonly T[]> {
  for (let from = 0; from < list.length; from += size) yield list.slice(from, from + size);
}

/** Rows as one value: statements keep their text, however many rows they take. */
export const rowsOf = (rows: readonly unknown[]): string => JSON.stringify(rows);

/** Writes links of records that have none. The records themselves are saved by the caller. */
export async function openLinks(queries: Queries, links: readonly NewLink[], at: Date): Promise<void> {
  for (const some of chunks(links)) {
    const rows = rowsOf(some.map(({ workerId, agency, recordId, evidence, decidedBy, reason, decisionId }) => ({
      w: workerId, a: agency, r: recordId, e: evidence, m: evidence.weighed?.model ?? null, d: decidedBy, t: reason ?? null, i: decisionId ?? null,
    })));
    await queries.execute(sql`
      insert into link (worker_id, agency, record_id, evidence, model_version, decided_by, reason, decision_id, valid_from)
      select w, a, r, e, m, d, t, i, ${at.toISOString()}::timestamptz
      from json_to_recordset(${rows}::json) as n(w uuid, a text, r text, e jsonb, m text, d text, t text, i uuid)`);
  }
}

/** Condition: one of these records. */
export function among(table: { readonly agency: PgColumn; readonly recordId: PgColumn }, refs: readonly RecordRef[]) {
  return or(...[...Map.groupBy(refs, ({ agency }) => agency)].map(([agency, some]) => and(eq(table.agency, agency), inArray(table.recordId, some.map(({ recordId }) => recordId)))));
}

/** Ends the live links of records; their histories stay. */
export async function closeLinks(queries: Queries, refs: readonly RecordRef[], at: Date): Promise<void> {
  for (const some of chunks(refs)) await queries.update(link).set({ validTo: at }).where(and(isNull(link.validTo), among(link, some)));
}

/** Moves records from worker to worker with everything that hangs on them. */
export async function moveRecords(queries: Queries, moves: readonly Move[], at: Date): Promise<void> {
  if (moves.length === 0) return;
  await closeLinks(queries, moves, at);
  for (const some of chunks(moves)) {
    const rows = rowsOf(some.filter(({ from, to }) => from !== to).map(({ agency, recordId, to }) => ({ a: agency, r: recordId, w: to })));
    const wanted = sql`json_to_recordset(${rows}::json) as n(a text, r text, w uuid)`;
    await queries.execute(sql`
      update identifier i set worker_id = n.w
      from ${wanted} join agency_record r on (r.agency, r.record_id) = (n.a, n.r)
      where (i.worker_id, i.agency, i.record_id) = (r.worker_id, n.a, n.r)`);
    await queries.execute(sql`update agency_record r set worker_id = n.w from ${wanted} where (r.agency, r.record_id) = (n.a, n.r)`);
  }
  await openLinks(queries, moves.map((move) => ({ ...move, workerId: move.to })), at);
  await touch(queries, moves.flatMap(({ from, to }) => [from, to]));
  // A move to where it stands gives a link new grounds, and changes nothing for her.
  await noteChanges(queries, { links: moves.filter(({ from, to }) => from !== to) }, { at });
}

export async function makeWorkers(queries: Queries, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await queries.execute(sql`insert into worker (id) select unnest(${`{${ids.join()}}`}::uuid[])`);
}

/** Lets a worker's id, and all that redirect to it, lead to another. Gives back the ids that led to it before. */
export async function redirect(queries: Queries, from: string, to: string): Promise<string[]> {
  const followers = await queries.update(worker).set({ mergedInto: to }).where(eq(worker.mergedInto, from)).returning({ id: worker.id });
  await queries.update(worker).set({ mergedInto: to, linksVersion: sql`${worker.linksVersion} + 1` }).where(eq(worker.id, from));
  // A restriction follows her.
  await queries.execute(sql`select pg_notify(${restrictionsChannel}, '') where exists (select 1 from restriction r join worker w on w.id = r.worker_id where ${to}::uuid in (w.id, w.merged_into))`);
  return followers.map(({ id }) => id);
}

/** Workers who have no record left after some went elsewhere lead to where most of theirs went. Tells how many. */
export async function redirectEmpty(queries: Queries, moves: readonly Pick<Move, 'from' | 'to'>[]): Promise<number> {
  if (moves.length === 0) return 0;
  const left = new Set((await recordsOf(queries, [...new Set(moves.map(({ from }) => from))])).map(({ workerId }) => workerId));
  let merged = 0;
  for (const [from, gone] of Map.groupBy(moves, (move) => move.from)) {
    if (left.has(from)) continue;
    const [[to]] = [...Map.groupBy(gone, (move) => move.to)].toSorted((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1)) as [[string, typeof gone]];
    await redirect(queries, from, to);
    merged++;
  }
  return merged;
}

/** Counts a change of the workers' links. */
export async function touch(queries: Queries, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await queries.execute(sql`update worker set links_version = links_version + 1 where id = any(${`{${[...new Set(ids)].join()}}`}::uuid[])`);
}

/** The ids that these lead to now: themselves, or what they were merged into. */
export async function resolve(queries: Queries, ids: readonly string[]): Promise<ReadonlyMap<string, { readonly id: string; readonly version: number }>> {
  if (ids.length === 0) return new Map();
  const rows = await queries.execute<{ asked: string; id: string; version: number }>(sql`
    select w.id as asked, t.id, t.links_version as version from worker w join worker t on t.id = coalesce(w.merged_into, w.id)
    where w.id in (${sql.join(ids.map((id) => sql`${id}::uuid`), sql`, `)})`);
  return new Map(rows.map(({ asked, id, version }) => [asked, { id, version }]));
}

/** The records of workers. */
export async function recordsOf(queries: Queries, workerIds: readonly string[]): Promise<{ readonly workerId: string; readonly agency: string; readonly recordId: string }[]> {
  if (workerIds.length === 0) return [];
  return queries.select({ workerId: agencyRecord.workerId, agency: agencyRecord.agency, recordId: agencyRecord.recordId }).from(agencyRecord).where(inArray(agencyRecord.workerId, [...workerIds])).orderBy(agencyRecord.agency, agencyRecord.recordId);
}
