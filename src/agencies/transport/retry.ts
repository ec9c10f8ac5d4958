import { ExponentialBackoff, halfJitterGenerator } from 'cockatiel';
import type { Failure } from '../agency.ts';

/** Whether the fault may pass by itself within moments. A spent quota is retryable too, but not now. */
export function worthRetrying(failure: Failure, attempt: number): boolean {
  if (failure.code === 'AGENCY_UNREACHABLE' || failure.code === 'AGENCY_TIMEOUT' || failure.code === 'AGENCY_ERROR') return failure.retryable;
  // Garbage is often the work of a gateway that restarts; twice garbage is an agency that talks so.
  return failure.code === 'AGENCY_INVALID_ANSWER' && attempt === 1;
}

const backoff = { initialDelay: 50, maxDelay: 500, generator: halfJitterGenerator };

/** The pauses before the second, third ... attempt of one call, milliseconds, with jitter so that callers do not return all at once. */
export function createPauses(): () => number {
  let next = new ExponentialBackoff(backoff).next();
  let first = true;
  return () => {
    if (!first) next = next.next(undefined);
    first = false;
    return next.duration;
  };
}

const windowSeconds = 10;
const alwaysAllowed = 3;

/**
 * Keeps retries to a share of the calls of the last ten seconds, so that an outage is never multiplied. Counted in ten buckets of a second each.
 */
export class RetryBudget {
  readonly #share: number;
  readonly #clock: () => number;
  readonly #calls = new Int32Array(windowSeconds);
  readonly #retries = new Int32Array(windowSeconds);
  #second = 0;

  /** `clock` counts milliseconds; default: the monotonic clock. */
  constructor(share: number, clock: () => number = () => performance.now()) {
    this.#share = share;
    this.#clock = clock;
  }

  countCall(): void {
    this.#advance();
    this.#calls[this.#second % windowSeconds]!++;
  }

  /** Takes one retry from the budget; false when it is used up. */
  spend(): boolean {
    this.#advance();
    if (sum(this.#retries) >= Math.max(alwaysAllowed, this.#share * sum(this.#calls))) return false;
    this.#retries[this.#second % windowSeconds]!++;
    return true;
  }

  #advance(): void {
    const now = Math.floor(this.#clock() / 1_000);
    if (now === this.#second) return;
    for (let second = Math.max(this.#second + 1, now - windowSeconds + 1); second <= now; second++) {
      this.#calls[second % windowSeconds] = 0;
      this.#retries[second % windowSeconds] = 0;
    }
    this.#second = now;
  }
}

function sum(counts: Int32Array): number {
  let total = 0;
  for (const count of counts) total += count;
  return total;
}
