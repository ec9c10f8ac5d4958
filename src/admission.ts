import { GraphQLError } from 'graphql';
import { isRefusal, limitHeaders, type Limits, type Refusal } from './access/limits.ts';
import { errorCodes } from './domain/failure.ts';
import type { GraphContext } from './graph/context.ts';
import { type Costs, tooComplex } from './graph/cost.ts';
import type { Operation } from './server/apollo.ts';

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
  let admission = limits.admit(caller.id, use.estimate.points);
  if (admission instanceof Promise) {
    admission = await admission.catch(() => {
      throw new GraphQLError(errorCodes.SERVICE_UNAVAILABLE.meaning, { extensions: { code: 'SERVICE_UNAVAILABLE', http: { status: 503 } } });
    });
  }
  if (!isRefusal(admission)) {
    use.admission = admission;
    return;
  }
  if (admission.what === 'too costly') throw tooComplex(`The operation costs ${use.estimate.points} points, and a caller has ${limits.options.costPerMinute} in a minute.`);
  use.retryAt = admission.retryAt;
  throw new GraphQLError(what[admission.what], { extensions: { code: 'RATE_LIMITED', http: { status: 429 } } });
}

/** Settles what a request has used; gives the headers and the extension that tell the caller. */
export function settleRequest(context: GraphContext, costs: Costs, limits: Limits, now: Date): { headers?: Record<string, string>; extensions?: { cost: object } } {
  const { use, caller, trail } = context;
  const { admission, estimate, retryAt } = use;
  if (retryAt !== null) return { headers: { 'retry-after': String(Math.max(1, Math.ceil((retryAt - now.getTime()) / 1000))) } };
  if (!admission || !estimate) return {};
  const actual = costs.actual(estimate, trail.agencies);
  const cost = limits.settle(caller.id, admission, actual, trail.workers);
  return {
    headers: limitHeaders({ requests: admission.requests, cost }, now.getTime()),
    extensions: { cost: { requested: estimate.points, actual, limit: cost.limit, remaining: cost.remaining, resetAt: new Date(cost.resetAt).toISOString() } },
  };
}
