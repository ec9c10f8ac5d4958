import { and, eq, inArray, isNull, or, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { noteChanges } from '../../events/note.ts';
import type { Queries } from '../../store/database.ts';
import { link } from '../../store/linkTables.ts';
import { agencyRecord, identifier, worker } from '../../store/tables.ts';
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

/** Writes links of records that have none. The records themselves are saved by the caller. */
export async function openLinks(queries: Queries, links: readonly NewLink[], at: Date): Promise<void> {
  for (const some of chunks(links)) {
    await queries.insert(link).values(some.map(({ workerId, agency, recordId, evidence, decidedBy, reason, decisionId }) => ({
      workerId, agency, recordId, evidence, decidedBy, reason: reason ?? null, decisionId: decisionId ?? null, modelVersion: evidence.weighed?.model ?? null, validFrom: at,
    })));
  }
  await touch(queries, links.map(({ workerId }) => workerId));
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
  for (const [to, some] of Map.groupBy(moves, (move) => move.to)) {
    await queries.update(agencyRecord).set({ workerId: to }).where(among(agencyRecord, some));
    await queries.update(identifier).set({ workerId: to }).where(among(identifier, some));
  }
  await openLinks(queries, moves.map((move) => ({ ...move, workerId: move.to })), at);
  await touch(queries, moves.map(({ from }) => from));
  // A move to where it stands gives a link new grounds, and changes nothing for her.
  await noteChanges(queries, { links: moves.filter(({ from, to }) => from !== to) }, { at });
}

export async function makeWorkers(queries: Queries, ids: readonly string[]): Promise<void> {
  for (const some of chunks(ids)) await queries.insert(worker).values(some.map((id) => ({ id })));
}

/** Lets a worker's id, and all that redirect to it, lead to another. Gives back the ids that led to it before. */
export async function redirect(queries: Queries, from: string, to: string): Promise<string[]> {
  const followers = await queries.update(worker).set({ mergedInto: to }).where(eq(worker.mergedInto, from)).returning({ id: worker.id });
  await queries.update(worker).set({ mergedInto: to, linksVersion: sql`${worker.linksVersion} + 1` }).where(eq(worker.id, from));
  return followers.map(({ id }) => id);
}

/** Counts a change of the workers' links. */
export async function touch(queries: Queries, ids: readonly string[]): Promise<void> {
  for (const some of chunks([...new Set(ids)])) await queries.update(worker).set({ linksVersion: sql`${worker.linksVersion} + 1` }).where(inArray(worker.id, [...some]));
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
