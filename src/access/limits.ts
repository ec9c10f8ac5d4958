import type { Meters, Quota, Taken } from './meters.ts';
import type { Persons } from './persons.ts';

export interface LimitsOptions {
  readonly meters: Meters;
  readonly persons: Persons;
  /** Most requests of a caller in a minute. */
  readonly requestsPerMinute: number;
  /** Most points of a caller in a minute. */
  readonly costPerMinute: number;
  /** Most requests of a caller under way at the same time, on each instance. */
  readonly concurrent: number;
}

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

/** Limits of each caller, shared by all instances but for the requests under way. */
export interface Limits {
  readonly options: Pick<LimitsOptions, 'requestsPerMinute' | 'costPerMinute' | 'concurrent'>;
  /** Every admission must be settled once. */
  admit(caller: string, points: number): Admission | Refusal | Promise<Admission | Refusal>;
  /** Ends a request: gives back the points it did not need and counts the persons it read. Returns where the caller stands in cost. */
  settle(caller: string, admission: Admission, actual: number, persons: ReadonlySet<string>): Standing;
}

const minute = 60_000;

export function isRefusal(admission: Admission | Refusal): admission is Refusal {
  return 'what' in admission;
}

export function createLimits(options: LimitsOptions): Limits {
  const { meters, persons, concurrent } = options;
  const requests: Quota = { name: 'requests', limit: options.requestsPerMinute, windowMs: minute };
  const cost: Quota = { name: 'cost', limit: options.costPerMinute, windowMs: minute };
  const underWay = new Map<string, number>();

  function conclude(caller: string, points: number, first: Taken, second: Taken): Admission | Refusal {
    if (!second.granted) {
      leave(caller);
      return { what: 'cost', retryAt: second.resetAt };
    }
    return {
      requests: { limit: requests.limit, remaining: first.remaining, resetAt: first.resetAt },
      cost: { limit: cost.limit, remaining: second.remaining, resetAt: second.resetAt },
      points,
    };
  }

  function leave(caller: string): void {
    const left = (underWay.get(caller) ?? 1) - 1;
    if (left === 0) underWay.delete(caller);
    else underWay.set(caller, left);
  }

  async function slowly(caller: string, points: number, first: Taken | Promise<Taken>, second: Taken | Promise<Taken> | null): Promise<Admission | Refusal> {
    try {
      const taken = await first;
      if (taken.granted) return conclude(caller, points, taken, await (second ?? meters.take(caller, cost, points)));
      leave(caller);
      return { what: 'requests', retryAt: taken.resetAt };
    } catch (error) {
      leave(caller);
      throw error;
    }
  }

  return {
    options,
    admit(caller, points) {
      if (points > cost.limit) return { what: 'too costly', retryAt: null };
      const blocked = persons.blockedUntil(caller);
      if (blocked !== null) return { what: 'persons', retryAt: blocked };
      const now = underWay.get(caller) ?? 0;
      if (now >= concurrent) return { what: 'concurrent', retryAt: Date.now() + 1_000 };
      underWay.set(caller, now + 1);
      // From memory without a promise, where the instance has points set aside.
      const first = meters.take(caller, requests, 1);
      if (first instanceof Promise || !first.granted) return slowly(caller, points, first, null);
      const second = meters.take(caller, cost, points);
      return second instanceof Promise ? slowly(caller, points, first, second) : conclude(caller, points, first, second);
    },
    settle(caller, admission, actual, read) {
      leave(caller);
      persons.saw(caller, read);
      const unused = Math.max(0, admission.points - actual);
        if (unused > 0) meters.giveBack(caller, cost, unused, admission.cost.resetAt);
      // A number that nobody knows is looked for everywhere: what that cost beyond the estimate is owed all the same.
      const owed = actual - admission.points;
      if (owed > 0) void Promise.resolve(meters.take(caller, cost, owed)).catch(() => undefined);
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
