import { GraphQLError } from 'graphql';
import type { EventKind, LoggedEvent } from '../../domain/event.ts';
import { builder } from '../builder.ts';
import type { GraphContext } from '../context.ts';
import { holdsScope } from '../context.ts';
import { describedEnum } from '../enums.ts';
import { decodeId, encodeId } from '../ids.ts';
import { identified } from '../purpose.ts';
import { workerId } from '../worker/key.ts';
import { cursorOf, gapId, referralId, subjectId } from './message.ts';

export const EventKindEnum = describedEnum<EventKind>('EventKind', 'What has happened to a worker.', {
  GAP_OPENED: 'Something in her protection is missing that was not before, or was not known to be.',
  GAP_CLOSED: 'It is not missing any more.',
  CASE_OPENED: 'A mission has opened a case.',
  CASE_MOVED: 'A case took a step: another status, category or mission, an entry in its history, its end, or its removal.',
  COVER_ENDING: 'Cover that she must have ends soon (`COVER_ENDING_DAYS`). Told once for each cover.',
  PLACEMENT_CHANGED: 'A placement is new, says something else than before, or is gone.',
  LINK_CHANGED: 'Other records are linked to her than before: read her again.',
  REFERRAL_SENT: 'A case was handed to another agency. Those are told who may see the referral, on both sides; so below.',
  REFERRAL_ACCEPTED: 'The other agency has taken the case up.',
  REFERRAL_ANSWERED: 'The other agency has answered.',
});

export const EventType = builder.objectRef<LoggedEvent>('Event').implement({
  description: 'Something that happened to a worker: ids and kinds, no personal data. Read the objects by `node` to learn more, as far as you may.',
  fields: (t) => ({
    id: t.id({ nullable: false, description: 'Its place in the log. Give it as `after` to go on behind it. An event that is told twice has the same id.', resolve: (event) => cursorOf(event.id) }),
    kind: t.expose('kind', { type: EventKindEnum, nullable: false, description: 'What has happened.' }),
    worker: t.id({ nullable: false, description: 'Id of the `Worker`.', resolve: (event) => encodeId('Worker', event.workerId) }),
    subject: t.id({ description: 'Id of the `Case` or `Placement` that it is about, or of the `Case` that was handed over; null for other kinds.', resolve: (event, _args, context) => subjectId(event, context.opaque) }),
    rule: t.string({ description: 'Rule of the gap; null for other kinds.', resolve: (event) => event.rule }),
    gap: t.id({ description: 'Id of the gap: that of its opening is that of its closing. Null for other kinds.', resolve: (event) => gapId(event) }),
    referral: t.id({ description: 'Id of the `Referral`; null for other kinds.', resolve: referralId }),
    occurredAt: t.field({ type: 'DateTime', nullable: false, description: 'When it happened, as far as the records tell.', resolve: (event) => event.occurredAt.toISOString() }),
    recordedAt: t.field({ type: 'DateTime', nullable: false, description: 'When the hub learned of it.', resolve: (event) => event.recordedAt.toISOString() }),
  }),
});

/** The place in the log that a cursor names. */
export function placeOf(cursor: string, field: string): number {
  const { typename, id } = decodeId(cursor);
  if (typename !== 'Event' || !/^\d{1,15}$/.test(id)) throw new GraphQLError(`${field} takes the id of an event, or a cursor of an earlier page.`, { extensions: { code: 'BAD_USER_INPUT' } });
  return Number(id);
}

/** The hub's ids of the workers named. */
export function workersOf(ids: readonly string[]): string[] {
  return ids.map((id) => {
    const found = workerId(id);
    if (found === null) throw new GraphQLError('workers takes ids of a Worker from earlier answers.', { extensions: { code: 'BAD_USER_INPUT' } });
    return found;
  });
}

interface Page {
  readonly events: readonly LoggedEvent[];
  /** Place up to which the log was read. */
  readonly reached: number;
  readonly more: boolean;
  readonly last: number;
}

const EdgeType = builder.objectRef<LoggedEvent>('EventEdge').implement({
  description: 'A place in the log.',
  fields: (t) => ({
    cursor: t.string({ nullable: false, description: 'Give it as `after` to go on behind it.', resolve: (event) => cursorOf(event.id) }),
    node: t.field({ type: EventType, nullable: false, description: 'The event.', resolve: (event) => event }),
  }),
});
const PageType = builder.objectRef<Page>('EventConnection').implement({
  description: 'A page of the log.',
  fields: (t) => ({
    edges: t.field({ type: [EdgeType], nullable: false, description: 'Events that you may hear of, oldest first.', resolve: (page) => [...page.events] }),
    endCursor: t.string({ nullable: false, description: 'How far the log was read. Give it as `after` to go on, also where the page is empty.', resolve: (page) => cursorOf(page.reached) }),
    hasNextPage: t.boolean({ nullable: false, description: 'Whether the log goes on. The next page may be empty and have one behind it.', resolve: (page) => page.more }),
    latest: t.string({ nullable: false, description: 'Cursor of the log’s end: begin there to hear only of what comes.', resolve: (page) => cursorOf(page.last) }),
  }),
});

/** Events of the log that are read for one page at most. */
const mostRead = 5_000;

async function readPage(context: GraphContext, after: number, first: number, kinds: readonly EventKind[] | null, workers: readonly string[] | null): Promise<Page> {
  const { log, hearing } = context.events;
  const { before, last } = await log.ends();
  if (after < before) throw new GraphQLError('The log does not reach back to that cursor any more: read the people anew, and begin at `latest`.', { extensions: { code: 'BAD_USER_INPUT' } });
  const heard: LoggedEvent[] = [];
  let reached = after;
  for (let read = 0; read < mostRead; ) {
    const events = await log.read({ after: reached, limit: 500, ...(kinds && { kinds }), ...(workers && { workers }) });
    if (events.length === 0) {
      reached = Math.max(reached, last);
      break;
    }
    for (const event of await hearing.of(context.caller, events)) {
      heard.push(event);
      if (heard.length === first) return { events: heard, reached: event.id, more: event.id < last, last };
    }
    read += events.length;
    reached = events.at(-1)!.id;
  }
  return { events: heard, reached, more: reached < last, last };
}

builder.queryField('events', (t) =>
  t.field({
    ...identified,
    type: PageType,
    description: 'What has happened to the people whom you may see, oldest first, for those who ask from time to time. Needs the scope `events:read`.',
    args: {
      first: t.arg.int({ required: true, defaultValue: 50, description: 'At most so many, 1 to 100.' }),
      after: t.arg.string({ description: 'Only those behind this event or cursor; from the oldest that is kept when left out.' }),
      kinds: t.arg({ type: [EventKindEnum], description: 'Only these kinds; all when left out.' }),
      workers: t.arg.idList({ description: 'Only these workers, by their ids, at most 100; all when left out.' }),
    },
    resolve: async (_root, { first, after, kinds, workers }, context) => {
      if (!holdsScope(context, 'events:read')) return null;
      if (first < 1 || first > 100) throw new GraphQLError('events takes first from 1 to 100.', { extensions: { code: 'BAD_USER_INPUT' } });
      if (workers && workers.length > 100) throw new GraphQLError('events takes at most 100 workers.', { extensions: { code: 'BAD_USER_INPUT' } });
      const begin = typeof after === 'string' ? placeOf(after, 'after') : (await context.events.log.ends()).before;
      const page = await readPage(context, begin, first, kinds ?? null, workers ? workersOf(workers.map(String)) : null);
      context.trail.sawWorkers(page.events.map(({ workerId: id }) => id));
      return page;
    },
  }),
);
