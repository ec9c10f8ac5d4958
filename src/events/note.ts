import { isDeepStrictEqual } from 'node:util';
import type { NewEvent } from '../domain/event.ts';
import type { Queries } from '../store/database.ts';
import { eventsOf, type RecordChange } from './compare.ts';
import { writeEvents } from './outbox.ts';

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
  /** Whether it is news. False for what was there before the hub began to read an agency: nobody is told. Default true. */
  readonly news?: boolean;
}

/**
 * The one function to call, inside the transaction that changes them, whenever agency records are saved or deleted or links change: it writes what
 * subscribers are to be told. Events of one person keep their order because linking is done one transaction after the other (`lockLinks`). That her gaps are
 * assessed anew follows from the records themselves (`sync/following.ts`).
 *
 * `rememberIn`, `removeIn` and `moveRecords` call it; only code that writes `agency_record` past them must do so itself.
 */
export async function noteChanges(queries: Queries, { records = [], links = [] }: Changes, { at, news = true }: NoteOptions): Promise<void> {
  if (!news) return;
  const relinked = new Set(links.flatMap(({ from, to }) => (from === to ? [] : from === null ? [to] : [from, to])));
  const changed = records.filter(({ before, after }) => !isDeepStrictEqual(before, after));
  await writeEvents(queries, [...[...relinked].map((workerId) => linkChanged(workerId, at)), ...changed.flatMap((change) => eventsOf(change, at))], at);
}

function linkChanged(workerId: string, occurredAt: Date): NewEvent {
  return { kind: 'LINK_CHANGED', workerId, subject: null, rule: null, ref: null, reach: { facets: ['IDENTITY'] }, occurredAt };
}
