import type { Meters, Quota, Taken } from './meters.ts';
import type { Persons } from './persons.ts';
import type { Places } from './places.ts';
import type { Caller } from './scopes.ts';
import { type CallerLimits, type OwnLimits, usualTerms } from './terms.ts';

export interface LimitsOptions {
  readonly meters: Meters;
  readonly persons: Persons;
  readonly places: Places;
  /** Limits of callers that have none of their own. */
  readonly usual: CallerLimits;
}

/** Whose limits they are. */
export type Limited = Pick<Caller, 'id' | 'limits'>;

/** Where a caller stands. */
export interface Standing {
  readonly limit: number;
  readonly remaining: number;
  /** Milliseconds since 1970. */
  readonly resetAt: number;
}

/** A request that was let in. */
export interface Admission {
  readonly requests: Standing;
  readonly cost: Standing;
  readonly points: number;
}

/** A request that was not, and when it is worth trying again. */
export interface Refusal {
  readonly what: 'requests' | 'cost' | 'concurrent' | 'persons' | 'too costly';
  /** Milliseconds since 1970; null: never, as it is. */
  readonly retryAt: number | null;
}

/** Limits of each caller, shared by all instances. */
export interface Limits {
  /** The caller's own limits, and the usual ones where it has none. */
  of(caller: Limited): CallerLimits;
  /** Every admission must be settled once. */
  admit(caller: Limited, points: number): Admission | Refusal | Promise<Admission | Refusal>;
  /** Ends a request: gives back the points it did not need and counts the persons it read. Returns where the caller stands in cost. */
  settle(caller: Limited, admission: Admission, actual: number, persons: ReadonlySet<string>): Standing;
}

const minute = 60_000;

export function isRefusal(admission: Admission | Refusal): admission is Refusal {
  return 'what' in admission;
}

/** A caller's limits in the form that is counted. */
interface Quotas {
  readonly all: CallerLimits;
  readonly requests: Quota;
  readonly cost: Quota;
}

function quotasOf(all: CallerLimits): Quotas {
  return { all, requests: { name: 'requests', limit: all.requestsPerMinute, windowMs: minute }, cost: { name: 'cost', limit: all.costPerMinute, windowMs: minute } };
}

export function createLimits({ meters, persons, places, usual }: LimitsOptions): Limits {
  const usualQuotas = quotasOf(usual);
  /** Dropped with the caller's entry in the memory of keys. */
  const known = new WeakMap<OwnLimits, Quotas>();

  function quotas({ limits }: Limited): Quotas {
    if (limits === usualTerms.limits) return usualQuotas;
    let own = known.get(limits);
    if (!own) known.set(limits, (own = quotasOf({ ...usual, ...limits })));
    return own;
  }

  function conclude(caller: string, { requests, cost }: Quotas, points: number, first: Taken, second: Taken): Admission | Refusal {
    if (!second.granted) {
      places.leave(caller);
      return { what: 'cost', retryAt: second.resetAt };
    }
    return {
      requests: { limit: requests.limit, remaining: first.remaining, resetAt: first.resetAt },
      cost: { limit: cost.limit, remaining: second.remaining, resetAt: second.resetAt },
      points,
    };
  }

  async function slowly(caller: string, own: Quotas, points: number, first: Taken | Promise<Taken>, second: Taken | Promise<Taken> | null): Promise<Admission | Refusal> {
    try {
      const taken = await first;
      if (taken.granted) return conclude(caller, own, points, taken, await (second ?? meters.take(caller, own.cost, points)));
      places.leave(caller);
      return { what: 'requests', retryAt: taken.resetAt };
    } catch (error) {
      places.leave(caller);
      throw error;
    }
  }

  /** Goes on with a request that has a place, or has none. From memory without a promise, where the instance has points set aside. */
  function enter(caller: string, own: Quotas, points: number, placed: boolean): Admission | Refusal | Promise<Admission | Refusal> {
    if (!placed) return { what: 'concurrent', retryAt: Date.now() + 1_000 };
    const first = meters.take(caller, own.requests, 1);
    if (first instanceof Promise || !first.granted) return slowly(caller, own, points, first, null);
    const second = meters.take(caller, own.cost, points);
    return second instanceof Promise ? slowly(caller, own, points, first, second) : conclude(caller, own, points, first, second);
  }

  return {
    of: (caller) => quotas(caller).all,
    admit(caller, points) {
      const own = quotas(caller);
      const { id } = caller;
      if (points > own.cost.limit) return { what: 'too costly', retryAt: null };
      const blocked = persons.blockedUntil(id, own.all.personsPerDay);
      if (blocked !== null) return { what: 'persons', retryAt: blocked };
      const placed = places.take(id, own.all.concurrent);
      return placed instanceof Promise ? placed.then((got) => enter(id, own, points, got)) : enter(id, own, points, placed);
    },
    settle(caller, admission, actual, read) {
      const { all, cost } = quotas(caller);
      const { id } = caller;
      places.leave(id);
      persons.saw(id, read, all.personsPerDay);
      const unused = Math.max(0, admission.points - actual);
      if (unused > 0) meters.giveBack(id, cost, unused, admission.cost.resetAt);
      // A number that nobody knows is looked for everywhere: what that cost beyond the estimate is owed all the same.
      const owed = actual - admission.points;
      if (owed > 0) void Promise.resolve(meters.take(id, cost, owed)).catch(() => undefined);
      return { ...admission.cost, remaining: admission.cost.remaining + unused };
    },
  };
}

/** `RateLimit` and `RateLimit-Policy` as the IETF draft (draft-ietf-httpapi-ratelimit-headers) has them. */
export function limitHeaders({ requests, cost }: Pick<Admission, 'requests' | 'cost'>, now: number): Record<string, string> {
  const seconds = (standing: Standing) => Math.max(0, Math.ceil((standing.resetAt - now) / 1000));
  return {
    'ratelimit-policy': `"requests";q=${requests.limit};w=60, "cost";q=${cost.limit};w=60`,
    ratelimit: `"requests";r=${requests.remaining};t=${seconds(requests)}, "cost";r=${cost.remaining};t=${seconds(cost)}`,
  };
}
