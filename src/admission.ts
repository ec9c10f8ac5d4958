import { type DocumentNode, GraphQLError } from 'graphql';
import { isRefusal, limitHeaders, type Limits, type Refusal } from './access/limits.ts';
import { errorCodes } from './domain/failure.ts';
import type { GraphContext } from './graph/context.ts';
import { type Costs, tooComplex } from './graph/cost.ts';
import type { Operation } from './server/apollo.ts';
import { introspects } from './server/trusted.ts';

const what: Record<Exclude<Refusal['what'], 'too costly'>, string> = {
  requests: 'Too many requests in this minute.',
  cost: 'The points of this minute are used up: `extensions.cost` tells what an operation costs.',
  concurrent: 'Too many requests at the same time.',
  persons: 'Too many different persons were read today.',
};

/** Lets an operation in, or throws what it is refused with: before any resolver runs and any agency is asked. */
export async function admitRequest(context: GraphContext, operation: Operation, costs: Costs, limits: Limits): Promise<void> {
  const { use, caller } = context;
  use.estimate = costs.estimate(operation.document, operation.name, operation.variables);
  let admission = limits.admit(caller, use.estimate.points);
  if (admission instanceof Promise) {
    admission = await admission.catch(() => {
      throw new GraphQLError(errorCodes.SERVICE_UNAVAILABLE.meaning, { extensions: { code: 'SERVICE_UNAVAILABLE', http: { status: 503 } } });
    });
  }
  if (!isRefusal(admission)) {
    use.admission = admission;
    return;
  }
  if (admission.what === 'too costly') throw tooComplex(`The operation costs ${use.estimate.points} points, and a caller has ${limits.of(caller).costPerMinute} in a minute.`);
  use.retryAt = admission.retryAt;
  throw new GraphQLError(what[admission.what], { extensions: { code: 'RATE_LIMITED', http: { status: 429 } } });
}

/** Whether documents ask about the schema itself; dropped with the document. */
const introspective = new WeakMap<DocumentNode, boolean>();

/** Refuses a document that asks about the schema, in whatever part and under whatever name, unless the caller may read it. */
export function requireSchemaScope(context: GraphContext, { document }: Operation): void {
  if (context.caller.scopes.has('schema:read')) return;
  let asks = introspective.get(document);
  if (asks === undefined) introspective.set(document, (asks = introspects(document)));
  if (!asks) return;
  context.missingScopes.add('schema:read');
  const { meaning, status } = errorCodes.INTROSPECTION_FORBIDDEN;
  throw new GraphQLError(meaning, { extensions: { code: 'INTROSPECTION_FORBIDDEN', scope: 'schema:read', http: { status } } });
}

/** Settles what a request has used; gives the headers and the extension that tell the caller. */
export function settleRequest(context: GraphContext, costs: Costs, limits: Limits, now: Date): { headers?: Record<string, string>; extensions?: { cost: object } } {
  const { use, caller, trail } = context;
  const { admission, estimate, retryAt } = use;
  if (retryAt !== null) return { headers: { 'retry-after': String(Math.max(1, Math.ceil((retryAt - now.getTime()) / 1000))) } };
  if (!admission || !estimate) return {};
  const actual = costs.actual(estimate, trail.agencies);
  const cost = limits.settle(caller, admission, actual, trail.workers);
  return {
    headers: limitHeaders({ requests: admission.requests, cost }, now.getTime()),
    extensions: { cost: { requested: estimate.points, actual, limit: cost.limit, remaining: cost.remaining, resetAt: new Date(cost.resetAt).toISOString() } },
  };
}
