import type { IncomingHttpHeaders } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { GraphQLError } from 'graphql';
import type { Keys } from './access/keys.ts';
import { presentedCredential } from './access/presented.ts';
import type { Caller } from './access/scopes.ts';
import type { Staff } from './access/staff.ts';
import type { GraphContext } from './graph/context.ts';
import type { Stream } from './graph/events/subscription.ts';
import type { Closing, Ended, Operation } from './server/apollo.ts';
import type { ContextRequest } from './server/graphql.ts';
import type { Connection, StreamsOptions } from './server/streams.ts';
import type { Telling } from './telling.ts';

export interface SubscribingOptions {
  readonly context: (request: ContextRequest<Caller>) => GraphContext;
  readonly admit: (context: GraphContext, operation: Operation) => Promise<void>;
  readonly finish: (context: GraphContext, ended: Ended) => Closing;
  readonly keys: Pick<Keys, 'holder'>;
  readonly staff: Staff | null;
  readonly telling: Pick<Telling, 'leaving'>;
}

/** Bytes that a subscriber may have waiting, and how long it may take to take them. */
const [mostPending, longestWaitMs] = [65_536, 30_000];

/** Lets subscriptions in under the rules of requests: what they cost is counted at their beginning, whom they tell of with each batch. */
export function createSubscribing({ context: contextOf, admit, finish, keys, staff, telling }: SubscribingOptions): Pick<StreamsOptions<Caller>, 'subscribe' | 'stillIn'> {
  /** The caller as of now: a key that has ended is none, also where it has a successor. */
  async function now(caller: Caller, headers: IncomingHttpHeaders): Promise<Caller | null> {
    if (caller.kind === 'STAFF') return staff?.identify(presentedCredential(headers) ?? '') ?? null;
    const holder = await keys.holder(caller.id);
    return holder?.id === caller.id ? holder : null;
  }

  async function drained(connection: Connection): Promise<boolean> {
    const until = Date.now() + longestWaitMs;
    while (connection.pending() > mostPending) {
      if (connection.signal.aborted || Date.now() > until) return false;
      await pause(50);
    }
    return !connection.signal.aborted;
  }

  return {
    stillIn: async (caller, headers) => (await now(caller, headers)) !== null,
    async subscribe(caller, connection, operation) {
      const { headers, requestId, signal } = connection;
      const base = contextOf({ caller, requestId, signal, headers });
      const { purpose, caseReference } = base.statement;
      const occasion = { requestId, purpose, caseReference, operation: 'subscription', operationName: operation.name ?? null, documentHash: operation.hash } as const;
      const stream: Stream = {
        signal,
        caller: () => now(caller, headers),
        drained: () => drained(connection),
        leaving: async (as, events) => (await telling.leaving(as, occasion, events)) === null,
      };
      // The object itself is what the request is counted and refused by: it must not be a copy.
      const context = Object.assign(base, { stream });
      try {
        await admit(context, operation);
        if (!caller.scopes.has('events:read')) {
          context.missingScopes.add('events:read');
          throw new GraphQLError('The scope events:read is needed.', { extensions: { code: 'FORBIDDEN', scope: 'events:read' } });
        }
      } catch (error) {
        await finish(context, { operation, how: 'refused', errors: error instanceof GraphQLError ? [error] : [] }).durable;
        throw error;
      }
      await finish(context, { operation, how: 'done', errors: [] }).durable;
      return context;
    },
  };
}
