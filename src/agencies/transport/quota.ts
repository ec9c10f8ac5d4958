import type { Failure } from '../agency.ts';
import { failure } from './failures.ts';

const longestHoldMs = 60_000;

/** Keeps calls back while an agency has said, by `retry-after`, that its quota is used up; at most for a minute at a time. */
export class QuotaHold {
  #until = 0;

  /** `retryAfter` is the header as sent: seconds, or an HTTP date. Nothing is held without one. */
  hold(retryAfter: string | null, now: number): void {
    if (retryAfter === null) return;
    const ms = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1_000 : Date.parse(retryAfter) - now;
    if (ms > 0) this.#until = now + Math.min(ms, longestHoldMs);
  }

  /** Why a call must not be sent now; null when it may. */
  refusal(now: number): Failure | null {
    if (this.#until === 0) return null;
    if (now < this.#until) return failure('AGENCY_QUOTA_EXCEEDED', 'The agency said that its quota is used up and when to come again; it was not asked.');
    this.#until = 0;
    return null;
  }
}
