import { isDeepStrictEqual } from 'node:util';
import { sql } from 'drizzle-orm';
import type { NewEvent } from '../domain/event.ts';
import type { Queries } from '../store/database.ts';
import { workerChange } from '../store/eventTables.ts';
import { eventsOf, type RecordChange } from './compare.ts';
import { writeEvents } from './outbox.ts';
import { shardOf } from './shard.ts';

/** A record that went from one worker to another, or came to a worker who was there before. */
export interface LinkChange {
  readonly from: string | null;
  readonly to: string;
}

export interface Changes {
  /** Records saved or deleted, with what was stored before. Those that are as they were may be among them: they change nothing. */
  readonly records?: readonly RecordChange[];
  readonly links?: readonly LinkChange[];
}

export interface NoteOptions {
  readonly at: Date;
  /**
   * Whether subscribers are to be told. False for what was there before the hub began to read an agency: the workers are assessed all the same.
   * Default true.
   */
  readonly news?: boolean;
}

/** Told when workers wait to be assessed. */
export const changesChannel = 'payung_worker_changes';

/**
 * The one function to call, inside the transaction that changes them, whenever agency records are saved or deleted or links change. It writes what
 * subscribers are to be told, and puts the workers into the queue of those whose gaps are assessed anew. Events of one person keep their order because
 * linking is done one transaction after the other (`lockLinks`).
 *
 * `rememberIn`, `removeIn` and `moveRecords` call it; only code that writes `agency_record` past them must do so itself.
 */
export async function noteChanges(queries: Queries, { records = [], links = [] }: Changes, { at, news = true }: NoteOptions): Promise<void> {
  const changed = records.filter(({ before, after }) => !isDeepStrictEqual(before, after));
  const touched = new Set([...changed.map(({ workerId }) => workerId), ...links.flatMap(({ from, to }) => (from === null ? [to] : [from, to]))]);
  if (touched.size === 0) return;
  if (news) {
    const relinked = new Set(links.flatMap(({ from, to }) => (from === to ? [] : from === null ? [to] : [from, to])));
    await writeEvents(queries, [...[...relinked].map((workerId) => linkChanged(workerId, at)), ...changed.flatMap((change) => eventsOf(change, at))], at);
  }
  await markChanged(queries, [...touched]);
}

function linkChanged(workerId: string, occurredAt: Date): NewEvent {
  return { kind: 'LINK_CHANGED', workerId, subject: null, rule: null, ref: null, reach: { facets: ['IDENTITY'] }, occurredAt };
}

/** Rows of one statement. */
const rowsAtOnce = 5_000;

/** Has workers assessed anew. */
export async function markChanged(queries: Queries, workerIds: readonly string[]): Promise<void> {
  for (let from = 0; from < workerIds.length; from += rowsAtOnce) {
    await queries.insert(workerChange).values(workerIds.slice(from, from + rowsAtOnce).map((workerId) => ({ workerId, shard: shardOf(workerId) })));
  }
  if (workerIds.length > 0) await queries.execute(sql`select pg_notify(${changesChannel}, '')`);
}
