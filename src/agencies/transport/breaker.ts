import { BrokenCircuitError, CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel';
import type { CircuitBreakerPolicy } from 'cockatiel';
import type { BreakerState } from '../agency.ts';

export interface BreakerOptions {
  /** Faults in a row that open it. */
  readonly threshold: number;
  /** How long it stays open before one attempt may try, milliseconds. */
  readonly openMs: number;
}

/** What an attempt tells the breaker. `NEUTRAL` says nothing about the agency: the caller gave up first. */
export type Verdict = 'GOOD' | 'FAULT' | 'NEUTRAL';

/** A neutral attempt leaves the policy as this, because a plain value would count as a success. */
class Neutral<T> extends Error {
  readonly attempt: T;
  constructor(attempt: T) {
    super('neutral');
    this.attempt = attempt;
  }
}

/** Stops asking an agency that keeps failing, and lets one attempt through after a while. */
export class Breaker {
  readonly #policy: CircuitBreakerPolicy;

  constructor(options: BreakerOptions) {
    // In the half-open state an attempt that says nothing must not close the breaker.
    const neutral = (error: unknown) => error instanceof Neutral && this.#policy.state === CircuitState.HalfOpen;
    const faulty = (result: unknown) => (result as { verdict: Verdict }).verdict === 'FAULT';
    this.#policy = circuitBreaker(handleWhen(neutral).orWhenResult(faulty), {
      halfOpenAfter: options.openMs,
      breaker: new ConsecutiveBreaker(options.threshold),
    });
  }

  get state(): BreakerState {
    if (this.#policy.state === CircuitState.Closed) return 'CLOSED';
    return this.#policy.state === CircuitState.HalfOpen ? 'HALF_OPEN' : 'OPEN';
  }

  /** Runs the attempt; null where the breaker does not let it through. */
  async run<T extends { readonly verdict: Verdict }>(attempt: () => Promise<T>): Promise<T | null> {
    // Cockatiel lets others wait for the one that tries; here they fail at once, since their callers have better to do.
    if (this.#policy.state === CircuitState.HalfOpen) return null;
    try {
      return await this.#policy.execute(async () => {
        const result = await attempt();
        if (result.verdict === 'NEUTRAL') throw new Neutral(result);
        return result;
      });
    } catch (error) {
      if (error instanceof BrokenCircuitError) return null;
      if (error instanceof Neutral) return error.attempt as T;
      throw error;
    }
  }
}
