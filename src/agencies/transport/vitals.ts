import type { AgencyVitals, BreakerState } from '../agency.ts';

const latencies = 100;
const outcomes = 10;
const lastOutcomes = 3;

/**
 * How an agency has answered lately. DOWN: the breaker is not closed, or none of the latest three calls succeeded. DEGRADED: one of the latest ten
 * failed, or held records of people not asked for. UP otherwise, also before the first call.
 */
export class Vitals {
  readonly #latencies = new Float64Array(latencies);
  #successes = 0;
  /** Latest last. */
  readonly #outcomes: ('GOOD' | 'POOR' | 'BAD')[] = [];
  #lastSuccessAt: number | null = null;

  /** An attempt succeeded: `ms` is the time the agency took, without the hub's own queue. */
  succeeded(ms: number, at: number): void {
    this.#latencies[this.#successes % latencies] = ms;
    this.#successes++;
    this.#lastSuccessAt = at;
  }

  /** A call is over. `POOR`: answered, but not to be trusted. */
  ended(outcome: 'GOOD' | 'POOR' | 'BAD'): void {
    this.#outcomes.push(outcome);
    if (this.#outcomes.length > outcomes) this.#outcomes.shift();
  }

  read(breaker: BreakerState): AgencyVitals {
    return {
      state: this.#state(breaker),
      breaker,
      latencyMs: this.#median(),
      lastSuccessAt: this.#lastSuccessAt === null ? null : new Date(this.#lastSuccessAt).toISOString(),
    };
  }

  #state(breaker: BreakerState): AgencyVitals['state'] {
    const latest = this.#outcomes.slice(-lastOutcomes);
    if (breaker !== 'CLOSED' || (latest.length > 0 && latest.every((outcome) => outcome === 'BAD'))) return 'DOWN';
    return this.#outcomes.every((outcome) => outcome === 'GOOD') ? 'UP' : 'DEGRADED';
  }

  #median(): number | null {
    const count = Math.min(this.#successes, latencies);
    if (count === 0) return null;
    const sorted = this.#latencies.slice(0, count).toSorted();
    const middle = count >> 1;
    const median = count % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
    return Math.round(median * 100) / 100;
  }
}
