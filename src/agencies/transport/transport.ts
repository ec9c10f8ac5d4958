import type { AgencyName } from '../../domain/record.ts';
import type { AgencyVitals, CallContext, Failure } from '../agency.ts';

/** Limits of the calls to one agency. Every number is a setting (`src/config.ts`) with this default. */
export interface TransportLimits {
  /** Longest time for one attempt, milliseconds. Default 2000. */
  readonly attemptTimeoutMs: number;
  /** Longest time for one call with all its attempts and its wait in the queue, milliseconds. Default 4000. */
  readonly callTimeoutMs: number;
  /** Most attempts for a read, the first included. Default 3. */
  readonly attempts: number;
  /** Retries may be at most this share of the calls of the last ten seconds, so that retries never multiply an outage. Default 0.2, with at least 3 allowed. */
  readonly retryBudget: number;
  /** Most calls under way at once. Default 16. */
  readonly concurrency: number;
  /** Most calls waiting for a place; further ones fail at once as AGENCY_BUSY. Default 512. */
  readonly queue: number;
  /** Largest answer read, bytes; a larger one is cut off and is AGENCY_INVALID_ANSWER. Default 8 MiB. */
  readonly bodyLimit: number;
  /** Failures in a row that open the breaker. Default 8. */
  readonly breakerThreshold: number;
  /** How long the breaker stays open before one call may try, milliseconds. Default 10000. */
  readonly breakerOpenMs: number;
}

export const defaultLimits: TransportLimits = {
  attemptTimeoutMs: 2_000,
  callTimeoutMs: 4_000,
  attempts: 3,
  retryBudget: 0.2,
  concurrency: 16,
  queue: 512,
  bodyLimit: 8 * 1024 * 1024,
  breakerThreshold: 8,
  breakerOpenMs: 10_000,
};

/** One call to an agency, told to metrics and traces. No personal data: the operation is a fixed word, never a URL. */
export interface CallEvent {
  readonly agency: AgencyName;
  /** Fixed name of the operation, such as `lookUp` or `changes`. */
  readonly operation: string;
  readonly outcome: 'OK' | Failure['code'];
  readonly attempts: number;
  readonly durationMs: number;
  readonly requestId: string;
}
export type CallObserver = (event: CallEvent) => void;

/** A request to an agency. All requests are reads and may be repeated. */
export interface WireRequest {
  readonly operation: string;
  readonly method: 'GET' | 'POST';
  /** Path with query, after the base URL, starting with a slash. */
  readonly path: string;
  /** Made anew for each attempt, since signatures carry the time. */
  readonly headers: () => Record<string, string>;
  readonly body?: string;
}

/** What came back, read whole within the body limit. */
export interface WireReply {
  readonly status: number;
  /** Media type without parameters, lower case; empty when the agency sent none. */
  readonly contentType: string;
  readonly body: string;
  /** The headers that were sent with the attempt that was answered (VClaim needs its own timestamp back). */
  readonly sentHeaders: Record<string, string>;
}

/** What an adapter makes of a reply: a value, or the fault it stands for. */
export type Outcome<T> =
  | {
      readonly ok: true;
      readonly value: T;
      /**
       * How many records in the reply belonged to nobody who was asked for (`attach` counts them). More than none, and the call is told to the
       * observer as AGENCY_MISATTRIBUTED, though its value stands. Default 0.
       */
      readonly foreign?: number;
    }
  | { readonly ok: false; readonly failure: Failure };

/**
 * HTTP to one agency, with deadline, retries, breaker, concurrency cap and body limit around it, each in a file of its own.
 * `decode` runs inside them, so that garbage in a 200 is retried and counted like any other fault.
 */
export interface Transport {
  call<T>(request: WireRequest, decode: (reply: WireReply) => Outcome<T>, context: CallContext): Promise<Outcome<T>>;
  vitals(): AgencyVitals;
  close(): Promise<void>;
}
