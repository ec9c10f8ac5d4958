import { and, eq, inArray, sql } from 'drizzle-orm';
import { type Identifier, identifierKey } from '../../domain/identifier.ts';
import { type AgencyRecord, recordKey } from '../../domain/record.ts';
import { noteChanges } from '../../events/note.ts';
import type { Queries } from '../../store/database.ts';
import { agencyRecord, identifier } from '../../store/tables.ts';
import { recordOf } from '../record.ts';
import { fileKeys } from './keys.ts';
import { lockLinks, machine, makeWorkers, moveRecords, openLinks, redirect } from './ledger.ts';
import { linkRecords, type Placement } from './linking.ts';
import type { ModelKeeper } from './model.ts';
import { closeSettledOf, openReviews } from './reviews.ts';

/** Whether and how links changed, for the operator's figures. */
export interface LinkChanges {
  /** New records linked to a worker that was there. */
  readonly linked: number;
  /** New records that became a worker of their own. */
  readonly created: number;
  /** Changed records that went to another worker. */
  readonly moved: number;
  /** Pairs put before the stewards. */
  readonly doubts: number;
}

/** Where the records belong, and what that changed. */
export interface Remembered {
  /** Worker id by {@link recordKey}. */
  readonly workerOf: ReadonlyMap<string, string>;
  /** Workers who got or lost a record, or one of whose records carries other numbers than before. */
  readonly touched: readonly string[];
  readonly changes: LinkChanges;
}

const nothing: LinkChanges = { linked: 0, created: 0, moved: 0, doubts: 0 };

export interface RememberOptions {
  /** Whether subscribers are to be told of what is new in the records: see {@link noteChanges}. Default true. */
  readonly news?: boolean;
}

/** Saves records as their agency last gave them; links those that are new, and looks again at those whose claims have changed. */
export async function rememberIn(queries: Queries, models: ModelKeeper, all: readonly AgencyRecord[], fetchedAt: Date, { news = true }: RememberOptions = {}): Promise<Remembered> {
  // The last one wins where a batch holds a record twice.
  const records = [...new Map(all.map((record) => [recordKey(record.agency, record.recordId), record])).values()];
  // Two new records of one person that arrive at the same time must not make two workers.
  await lockLinks(queries);
  const inForce = await models.current(queries);
  const known = await alreadyLinked(queries, records);
  const fresh = records.filter((record) => !known.has(recordKey(record.agency, record.recordId)));
  const changed = records.flatMap((record) => {
    const before = known.get(recordKey(record.agency, record.recordId));
    return before && inForce && claimsOf(before.body) !== claimsOf(record) ? [{ record, workerId: before.workerId }] : [];
  });
  const note = (came: readonly Placement[]) =>
    noteChanges(queries, {
      records: records.map((after) => ({ workerId: linked.get(recordKey(after.agency, after.recordId))!, before: known.get(recordKey(after.agency, after.recordId))?.body ?? null, after })),
      // A worker whom nobody knew before has no links that could change.
      links: came.filter(({ created }) => !created).map(({ workerId }) => ({ from: null, to: workerId })),
    }, { at: fetchedAt, news });
  const linked = new Map([...known].map(([key, { workerId }]) => [key, workerId]));
  const renumbered = new Set(records.filter((record) => known.get(recordKey(record.agency, record.recordId))?.numbers !== numbersOf(record.person.identifiers)));
  const touchedBy = () => [...renumbered].map((record) => linked.get(recordKey(record.agency, record.recordId))!);
  if (fresh.length + changed.length === 0) {
    await save(queries, records, renumbered, linked, fetchedAt);
    await note([]);
    return { workerOf: linked, touched: [...new Set(touchedBy())], changes: nothing };
  }
  const { placements, moves, doubts, filed } = await linkRecords(queries, inForce, fresh, changed);
  for (const { record, workerId } of placements) linked.set(recordKey(record.agency, record.recordId), workerId);
  const created = placements.filter((placement) => placement.created);
  await makeWorkers(queries, created.map(({ workerId }) => workerId));
  await save(queries, records, renumbered, linked, fetchedAt);
  await openLinks(queries, placements.map(({ record, workerId, evidence }) => ({ agency: record.agency, recordId: record.recordId, workerId, evidence, decidedBy: machine })), fetchedAt);
  await moveRecords(queries, moves.map(({ record, workerId, to, evidence }) => ({ agency: record.agency, recordId: record.recordId, from: workerId, to, evidence, decidedBy: machine })), fetchedAt);
  for (const { record, workerId, to } of moves) {
    // She was this record alone, so that her id leads to where it went.
    await redirect(queries, workerId, to);
    linked.set(recordKey(record.agency, record.recordId), to);
  }
  if (inForce) {
    await fileKeys(queries, inForce.keySet, filed);
    await openReviews(queries, doubts, fetchedAt);
    await closeSettledOf(queries, moves.map(({ record }) => record));
  }
  await note(placements);
  return {
    workerOf: linked,
    touched: [...new Set([...touchedBy(), ...moves.flatMap(({ workerId, to }) => [workerId, to])])],
    changes: { linked: placements.length - created.length, created: created.length, moved: moves.length, doubts: doubts.length },
  };
}

/** What linking looks at, as text: records that say the same need no new look. */
function claimsOf(record: Pick<AgencyRecord, 'agency' | 'recordId' | 'person'>): string {
  return JSON.stringify(recordOf(record).values);
}

/** A record's numbers in their order as one text, to tell whether they are still the same. */
function numbersOf(identifiers: readonly Identifier[]): string {
  return [...new Set(identifiers.map(identifierKey))].join('\n');
}

interface Stored {
  readonly workerId: string;
  readonly numbers: string;
  readonly body: AgencyRecord;
}

async function alreadyLinked(queries: Queries, records: readonly AgencyRecord[]): Promise<Map<string, Stored>> {
  const stored = new Map<string, Stored>();
  for (const [agency, ofAgency] of Map.groupBy(records, (record) => record.agency)) {
    const asked = and(eq(agencyRecord.agency, agency), inArray(agencyRecord.recordId, ofAgency.map((record) => record.recordId)));
    const rows = await queries.select({ recordId: agencyRecord.recordId, workerId: agencyRecord.workerId, body: agencyRecord.body }).from(agencyRecord).where(asked);
    if (rows.length === 0) continue;
    const numbers = await queries
      .select({ recordId: identifier.recordId, kind: identifier.kind, value: identifier.value })
      .from(identifier)
      .where(and(eq(identifier.agency, agency), inArray(identifier.recordId, rows.map(({ recordId }) => recordId))))
      .orderBy(identifier.position);
    const carried = Map.groupBy(numbers, ({ recordId }) => recordId);
    for (const { recordId, workerId, body } of rows) stored.set(recordKey(agency, recordId), { workerId, numbers: numbersOf(carried.get(recordId) ?? []), body });
  }
  return stored;
}

async function save(queries: Queries, records: readonly AgencyRecord[], renumbered: ReadonlySet<AgencyRecord>, linked: ReadonlyMap<string, string>, fetchedAt: Date): Promise<void> {
  if (records.length === 0) return;
  const rows = records.map((record) => ({ record, workerId: linked.get(recordKey(record.agency, record.recordId))! }));
  await queries
    .insert(agencyRecord)
    .values(rows.map(({ record, workerId }) => ({ workerId, agency: record.agency, recordId: record.recordId, body: record, asOf: record.asOf === null ? null : new Date(record.asOf), fetchedAt })))
    .onConflictDoUpdate({
      target: [agencyRecord.agency, agencyRecord.recordId],
      set: { body: sql`excluded.body`, asOf: sql`excluded.as_of`, fetchedAt: sql`excluded.fetched_at` },
    });
  for (const [agency, ofAgency] of Map.groupBy(renumbered, (record) => record.agency)) {
    await queries.delete(identifier).where(and(eq(identifier.agency, agency), inArray(identifier.recordId, ofAgency.map((record) => record.recordId))));
  }
  const identifiers = rows.filter(({ record }) => renumbered.has(record)).flatMap(({ record, workerId }) =>
    record.person.identifiers.map((id, position) => ({ workerId, agency: record.agency, recordId: record.recordId, kind: id.kind, value: id.value, position })),
  );
  if (identifiers.length > 0) await queries.insert(identifier).values(identifiers).onConflictDoNothing();
}
