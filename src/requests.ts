import type { Facet } from './domain/record.ts';
import { todayInJakarta } from './domain/time.ts';
import type { Limits } from './access/limits.ts';
import { createRecording } from './access/recording.ts';
import { type Caller, mayHave } from './access/scopes.ts';
import { sightOf } from './access/sight.ts';
import { readStatement } from './access/statement.ts';
import { createTrail } from './access/trail.ts';
import { admitRequest, requireSchemaScope } from './admission.ts';
import { endRequest, letAnnounce } from './ending.ts';
import type { GraphContext } from './graph/context.ts';
import type { Costs } from './graph/cost.ts';
import { requirePurpose } from './graph/purpose.ts';
import { schema } from './graph/schema.ts';
import type { Crosswalk } from './identity/crosswalk.ts';
import { guardReader } from './records/guard.ts';
import type { Indexed } from './records/indexed.ts';
import type { Records } from './records/reader.ts';
import type { Closing, Ended, Operation } from './server/apollo.ts';
import type { ContextRequest } from './server/graphql.ts';

/** What all requests have in common in their contexts. */
type CommonContext = Pick<
  GraphContext,
  | 'agencies' | 'keys' | 'usualLimits' | 'audit' | 'links' | 'restrictions' | 'progress' | 'statistics' | 'opaque' | 'events' | 'webhooks' | 'referrals' | 'thresholds'
  | 'lists' | 'gaps' | 'search' | 'exports' | 'indexedThrough'
>;

export interface RequestsOptions {
  readonly common: CommonContext;
  readonly records: Records;
  readonly indexed: Indexed;
  readonly crosswalk: Crosswalk;
  readonly costs: Costs;
  readonly limits: Limits;
  /** Whether the schema is told only to callers with a scope for it. */
  readonly introspectionNeedsScope: boolean;
  readonly now: () => Date;
}

/** A request from what its resolvers share, through its admission, to its end. */
export interface Requests {
  context(request: ContextRequest<Caller>): GraphContext;
  admit(context: GraphContext, operation: Operation): Promise<void>;
  finish(context: GraphContext, ended: Ended): Closing;
}

export function createRequests({ common, records, indexed, crosswalk, costs, limits, introspectionNeedsScope, now }: RequestsOptions): Requests {
  return {
    context({ caller, requestId, signal, headers, trace }) {
      const statement = readStatement(headers, caller);
      const trail = createTrail({
        caller,
        requestId,
        purpose: statement.purpose,
        caseReference: statement.caseReference,
        client: { name: headers['apollographql-client-name'], version: headers['apollographql-client-version'] },
      });
      const may = (facet: Facet) => mayHave(caller.scopes, facet);
      const sight = sightOf(caller);
      const reader = records.forRequest({
        requestId,
        signal,
        may,
        sight,
        onCall: (agency, persons) => trail.asked(agency, persons),
        ...(trace && { trace: trace.calls }),
        noCache: /\bno-cache\b/.test(headers['cache-control'] ?? ''),
      });
      const onRestricted = (workerId: string) => {
        trail.sawWorkers([workerId]);
        context.metRestriction = true;
      };
      // One time for all fields of the request.
      const at = now();
      const context: GraphContext = {
        ...common,
        caller,
        requestId,
        now: at,
        today: todayInJakarta(at),
        trace: trace ?? null,
        statement,
        trail,
        recording: createRecording(common.audit),
        foretelling: null,
        stream: null,
        indexed: indexed.forRequest({ may, sight, onRead: (ids) => trail.sawWorkers(ids) }),
        use: { estimate: null, admission: null, retryAt: null },
        missingScopes: new Set(),
        metRestriction: false,
        shared: new Map(),
        reader: guardReader(reader, { crosswalk, restricted: common.restrictions.workers, onRestricted, onRead: (ids) => trail.sawWorkers(ids) }),
      };
      return context;
    },

    async admit(context, operation) {
      context.trace?.operation(operation.type, operation.hash);
      await admitRequest(context, operation, costs, limits);
      if (introspectionNeedsScope) requireSchemaScope(context, operation);
      requirePurpose(schema, context, operation);
      letAnnounce(context, operation, now);
    },

    finish(context, ended) {
      const closing = endRequest(context, ended, costs, limits, now());
      const { trace } = context;
      if (trace) {
        const tell = () => trace.operationEnded({ 'payung.outcome': ended.how, 'payung.caller.kind': context.caller.kind });
        void Promise.resolve(closing.durable).then(tell, tell);
      }
      return closing;
    },
  };
}
