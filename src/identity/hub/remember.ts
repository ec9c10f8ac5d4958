import { sql } from 'drizzle-orm';
import { type Identifier, identifierKey } from '../../domain/identifier.ts';
import { type AgencyRecord, recordKey } from '../../domain/record.ts';
import { noteChanges } from '../../events/note.ts';
import type { Queries } from '../../store/database.ts';
import { linkIdOf, recordOf } from '../record.ts';
import { clearPending, fileKeys, markPending, refileKeys, unfileKeys } from './filing.ts';
import { chunks, lockLinks, machine, makeWorkers, moveRecords, openLinks, redirectEmpty, rowsOf, touch } from './ledger.ts';
import { type Linked, linkRecords } from './linking.ts';
import { loadFrom, loadRecords, loadWorkers } from './load.ts';
import type { ModelInForce, ModelKeeper } from './model.ts';
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
  /** Best score of each record that the model looked at, in bits without the prior. */
  readonly scores: readonly number[];
}

/** Where the records belong, and what that changed. */
export interface Remembered {
  /** Worker id by {@link recordKey}. */
  readonly workerOf: ReadonlyMap<string, string>;
  /** Workers who got or lost a record, or one of whose records carries other numbers than before. */
  readonly touched: readonly string[];
  readonly changes: LinkChanges;
}

export interface RememberOptions {
  /**
   * Compare with the records alone that share a personal number for now, and with all others that may be the same later: see `Crosswalk.linkPending`. For many
   * records at once, such as the first reading of a feed, when most of those that they are to be compared with are yet to come. Default false.
   */
  readonly defer?: boolean;
  /** Whether subscribers are to be told of what is new in the records: see {@link noteChanges}. Default true. */
  readonly news?: boolean;
}

/** A record that is there, as it was. */
interface Stored {
  readonly workerId: string;
  readonly number: number;
  readonly body: AgencyRecord;
  /** Whether it is filed under no keys yet. */
  readonly pending: boolean;
}

/** Saves records as their agency last gave them; links those that are new, and looks again at those whose claims have changed. */
export async function rememberIn(queries: Queries, models: ModelKeeper, all: readonly AgencyRecord[], fetchedAt: Date, { defer = false, news = true }: RememberOptions = {}): Promise<Remembered> {
  // The last one wins where a batch holds a record twice.
  const records = [...new Map(all.map((record) => [linkIdOf(record), record])).values()];
  // Two new records of one person that arrive at the same time must not make two workers.
  await lockLinks(queries);
  const inForce = await models.current(queries);
  const known = await alreadyLinked(queries, records);
  const fresh = records.filter((record) => !known.has(linkIdOf(record)));
  const changed = records.filter((record) => {
    const before = known.get(linkIdOf(record));
    return before !== undefined && claimsOf(before.body) !== claimsOf(record);
  });
  const standing = changed.map((record) => ({ record, workerId: known.get(linkIdOf(record))!.workerId }));
  const linked: Linked = fresh.length + changed.length > 0 ? await linkRecords(queries, inForce, defer ? 'NUMBERS' : 'KEYS', fresh, standing) : { placements: [], moves: [], doubts: [], keys: new Map(), scores: [] };

  const workerOf = new Map([...known].map(([id, { workerId }]) => [id, workerId]));
  for (const { record, workerId } of linked.placements) workerOf.set(linkIdOf(record), workerId);
  const renumbered = records.filter((record) => {
    const before = known.get(linkIdOf(record));
    return before === undefined || numbersOf(before.body.person.identifiers) !== numbersOf(record.person.identifiers);
  });
  const created = new Set(linked.placements.flatMap((placement) => (placement.created ? [placement.workerId] : [])));
  // Many new ones, as when a feed is read for the first time, are copied; all else is inserted.
  const loaded = linked.placements.length >= loadFrom ? linked.placements : [];
  const inserted = loaded.length > 0 ? [] : linked.placements;
  const others = <T extends AgencyRecord>(some: readonly T[]) => (loaded.length > 0 ? some.filter((record) => known.has(linkIdOf(record))) : some);
  await (loaded.length > 0 ? loadWorkers(queries, created) : makeWorkers(queries, [...created]));
  const numbers = new Map([...await save(queries, others(records), workerOf, fetchedAt), ...(loaded.length > 0 ? await loadRecords(queries, loaded, fetchedAt) : [])]);
  await saveIdentifiers(queries, others(renumbered), known, workerOf);
  await openLinks(queries, inserted.map(({ record, workerId, evidence }) => ({ agency: record.agency, recordId: record.recordId, workerId, evidence, decidedBy: machine })), fetchedAt);
  await touch(queries, linked.placements.flatMap(({ workerId }) => (created.has(workerId) ? [] : [workerId])));
  await writeMoves(queries, linked, fetchedAt);
  for (const move of linked.moves) if (workerOf.has(linkIdOf(move))) workerOf.set(linkIdOf(move), move.to);
  await fileAll(queries, inForce, { fresh, changed, known, numbers, linked, deferred: defer || inForce === null });

  const at = (record: AgencyRecord) => workerOf.get(linkIdOf(record))!;
  await noteChanges(queries, {
    records: records.map((after) => ({ workerId: at(after), before: known.get(linkIdOf(after))?.body ?? null, after })),
    // A worker whom nobody knew before has no links that could change.
    links: linked.placements.filter(({ workerId }) => !created.has(workerId)).map(({ workerId }) => ({ from: null, to: workerId })),
  }, { at: fetchedAt, news });
  return {
    workerOf: new Map(records.map((record) => [recordKey(record.agency, record.recordId), at(record)])),
    touched: [...new Set([...renumbered.map(at), ...linked.moves.flatMap(({ from, to }) => [from, to])])],
    changes: { linked: linked.placements.length - created.size, created: created.size, moved: linked.moves.length, doubts: linked.doubts.length, scores: linked.scores },
  };
}

/** Writes records that went to other workers, and the pairs for the stewards. */
export async function writeMoves(queries: Queries, { moves, doubts }: Linked, at: Date): Promise<void> {
  await moveRecords(queries, moves.map((move) => ({ ...move, decidedBy: machine })), at);
  await redirectEmpty(queries, moves);
  if (doubts.length > 0) await openReviews(queries, doubts, at);
  if (moves.length > 0) await closeSettledOf(queries, moves);
}

interface Filing {
  readonly fresh: readonly AgencyRecord[];
  readonly changed: readonly AgencyRecord[];
  readonly known: ReadonlyMap<string, Stored>;
  readonly numbers: ReadonlyMap<string, number>;
  readonly linked: Linked;
  readonly deferred: boolean;
}

/** Each record is either filed under its keys as it is now, or pending. */
async function fileAll(queries: Queries, inForce: ModelInForce | null, { fresh, changed, known, numbers, linked, deferred }: Filing): Promise<void> {
  const filed = changed.filter((record) => !known.get(linkIdOf(record))!.pending);
  const before = (record: AgencyRecord) => inForce!.matcher.keys(recordOf(known.get(linkIdOf(record))!.body));
  const number = (record: AgencyRecord) => numbers.get(linkIdOf(record))!;
  const keys = (record: AgencyRecord) => linked.keys.get(linkIdOf(record))!;
  if (deferred) {
    if (inForce) await unfileKeys(queries, filed.map((record) => ({ number: number(record), keys: before(record) })));
    await markPending(queries, [...fresh, ...changed].map(number));
    return;
  }
  const awaited = changed.filter((record) => known.get(linkIdOf(record))!.pending);
  await fileKeys(queries, [...fresh, ...awaited].map((record) => ({ number: number(record), keys: keys(record) })));
  await refileKeys(queries, filed.map((record) => ({ number: number(record), keys: keys(record), before: before(record) })));
  await clearPending(queries, awaited.map(number));
}

/** What linking looks at, as text: records that say the same need no new look. */
function claimsOf(record: Pick<AgencyRecord, 'agency' | 'recordId' | 'person'>): string {
  return JSON.stringify(recordOf(record).values);
}

/** A record's numbers in their order as one text, to tell whether they are still the same. */
function numbersOf(identifiers: readonly Identifier[]): string {
  return [...new Set(identifiers.map(identifierKey))].join('\n');
}

async function alreadyLinked(queries: Queries, records: readonly AgencyRecord[]): Promise<Map<string, Stored>> {
  const found = new Map<string, Stored>();
  for (const some of chunks(records)) {
    const rows = await queries.execute<{ agency: string; record_id: string; worker_id: string; number: string; body: AgencyRecord; pending: boolean }>(sql`
      select r.agency, r.record_id, r.worker_id, r.number, r.body, p.number is not null as pending
      from json_to_recordset(${rowsOf(some.map(({ agency, recordId }) => ({ a: agency, r: recordId })))}::json) as n(a text, r text)
      join agency_record r on (r.agency, r.record_id) = (n.a, n.r) left join link_pending p on p.number = r.number`);
    for (const { agency, record_id: recordId, worker_id: workerId, number, body, pending } of rows) found.set(linkIdOf({ agency, recordId }), { workerId, number: Number(number), body, pending });
  }
  return found;
}

/** Writes the records and gives back their numbers, by {@link linkIdOf}. */
async function save(queries: Queries, records: readonly AgencyRecord[], workerOf: ReadonlyMap<string, string>, fetchedAt: Date): Promise<Map<string, number>> {
  const numbers = new Map<string, number>();
  for (const some of chunks(records)) {
    const rows = await queries.execute<{ agency: string; record_id: string; number: string }>(sql`
      insert into agency_record (worker_id, agency, record_id, body, as_of, fetched_at)
      select w, b ->> 'agency', b ->> 'recordId', b, (b ->> 'asOf')::timestamptz, ${fetchedAt.toISOString()}::timestamptz
      from json_to_recordset(${rowsOf(some.map((record) => ({ w: workerOf.get(linkIdOf(record)), b: record })))}::json) as n(w uuid, b jsonb)
      on conflict (agency, record_id) do update set body = excluded.body, as_of = excluded.as_of, fetched_at = excluded.fetched_at
      returning agency, record_id, number`);
    for (const row of rows) numbers.set(linkIdOf({ agency: row.agency, recordId: row.record_id }), Number(row.number));
  }
  return numbers;
}

async function saveIdentifiers(queries: Queries, renumbered: readonly AgencyRecord[], known: ReadonlyMap<string, Stored>, workerOf: ReadonlyMap<string, string>): Promise<void> {
  for (const some of chunks(renumbered)) {
    const old = some.flatMap((record) => {
      const before = known.get(linkIdOf(record));
      return before ? [{ w: before.workerId, a: record.agency, r: record.recordId }] : [];
    });
    if (old.length > 0) await queries.execute(sql`delete from identifier i using json_to_recordset(${rowsOf(old)}::json) as n(w uuid, a text, r text) where (i.worker_id, i.agency, i.record_id) = (n.w, n.a, n.r)`);
    const rows = rowsOf(some.flatMap((record) => record.person.identifiers.map(({ kind, value }, position) => ({ w: workerOf.get(linkIdOf(record)), a: record.agency, r: record.recordId, k: kind, v: value, p: position }))));
    await queries.execute(sql`
      insert into identifier (worker_id, agency, record_id, kind, value, position)
      select w, a, r, k, v, p from json_to_recordset(${rows}::json) as n(w uuid, a text, r text, k text, v text, p int) on conflict do nothing`);
  }
}
