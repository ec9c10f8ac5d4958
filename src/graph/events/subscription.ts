import { GraphQLError } from 'graphql';
import type { Hearing } from '../../access/hearing.ts';
import type { Caller } from '../../access/scopes.ts';
import type { EventKind, LoggedEvent } from '../../domain/event.ts';
import type { EventLog } from '../../events/log.ts';
import { builder } from '../builder.ts';
import { type GraphContext, holdsScope } from '../context.ts';
import { identified } from '../purpose.ts';
import { EventKindEnum, EventType, placeOf, workersOf } from './event.ts';

/** The log, and who may hear of what. */
export interface Events {
  readonly log: EventLog;
  readonly hearing: Hearing;
}

/** The connection of a subscriber. */
export interface Stream {
  /** Aborted when it ends. */
  readonly signal: AbortSignal;
  /** Who subscribes, as of now; null once the key or token has ended. */
  caller(): Promise<Caller | null>;
  /** Resolves when the subscriber has taken most of what was sent; false when it takes too long. */
  drained(): Promise<boolean>;
  /** Puts into the audit log that events are about to be told of, and counts the people; false when the caller's people of the day are used up. */
  leaving(caller: Caller, events: readonly LoggedEvent[]): Promise<boolean>;
}

/** How often a stream without events looks whether its caller still is one, milliseconds. */
const lookMs = 1_000;

/** Events as they come, until the subscriber leaves, is one no more, or does not take what it is sent. All is in the log: whoever comes back goes on behind the last one taken. */
async function* follow({ log, hearing }: Events, stream: Stream, begin: number, kinds: readonly EventKind[] | null, workers: readonly string[] | null): AsyncGenerator<LoggedEvent, void> {
  let cursor = begin;
  while (!stream.signal.aborted) {
    const caller = await stream.caller();
    if (!caller) return;
    const events = await log.read({ after: cursor, limit: 100, ...(kinds && { kinds }), ...(workers && { workers }) });
    if (events.length === 0) {
      await log.grown(Math.max(cursor, log.last), stream.signal, lookMs);
      continue;
    }
    const heard = await hearing.of(caller, events);
    if (heard.length > 0) {
      if (!(await stream.drained()) || !(await stream.leaving(caller, heard))) return;
      yield* heard;
    }
    cursor = events.at(-1)!.id;
  }
}

builder.subscriptionType({ description: 'Everything that one can be told of as it happens, over server-sent events or a WebSocket at `/graphql/stream`.' });

builder.subscriptionField('events', (t) =>
  t.field({
    ...identified,
    type: EventType,
    nullable: false,
    description: 'What happens to the people whom you may see, at least once and in order for each of them. Needs the scope `events:read`. It ends when your key does; come back with the last `id` as `after`.',
    args: {
      after: t.arg.string({ description: 'Begin behind this event or cursor; with what comes from now on when left out.' }),
      kinds: t.arg({ type: [EventKindEnum], description: 'Only these kinds; all when left out.' }),
      workers: t.arg.idList({ description: 'Only these workers, by their ids, at most 100; all when left out.' }),
    },
    subscribe: async (_root, { after, kinds, workers }, context: GraphContext) => {
      const { stream, events } = context;
      if (!stream) throw new GraphQLError('Subscriptions are at /graphql/stream.', { extensions: { code: 'BAD_REQUEST' } });
      if (!holdsScope(context, 'events:read')) throw new GraphQLError('The scope events:read is needed.', { extensions: { code: 'FORBIDDEN', scope: 'events:read' } });
      if (workers && workers.length > 100) throw new GraphQLError('events takes at most 100 workers.', { extensions: { code: 'BAD_USER_INPUT' } });
      const begin = typeof after === 'string' ? placeOf(after, 'after') : events.log.last;
      if (begin < (await events.log.ends()).before) throw new GraphQLError('The log does not reach back to that cursor any more: read the people anew, and begin at `latest`.', { extensions: { code: 'BAD_USER_INPUT' } });
      return follow(events, stream, begin, kinds ?? null, workers ? workersOf(workers.map(String)) : null);
    },
    resolve: (event: LoggedEvent) => event,
  }),
);
