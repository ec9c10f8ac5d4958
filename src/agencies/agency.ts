import type { AgencyName, AgencyRecord, Facet } from '../domain/record.ts';
import type { Identifier, IdentifierKind } from '../domain/identifier.ts';
import type { FailureCode } from '../domain/failure.ts';

/**
 * One person as an agency may be asked for her: identifiers that all mean the same person. The adapter uses those kinds its agency can look up by
 * and ignores the rest. One key is one entry in a batch, however many identifiers it carries.
 */
export interface PersonKey {
  /** Opaque, unique within a batch; answers are filed under it. */
  readonly ref: string;
  /** Best first. */
  readonly identifiers: readonly Identifier[];
}

/** A fault of an agency, or on the way to it. Never carries personal data. */
export interface Failure {
  readonly code: FailureCode;
  /** Whether the same request may succeed if sent again later. */
  readonly retryable: boolean;
  /** What happened, for people; no personal data, no remote text. */
  readonly message: string;
}

/** The answer for one person: her records at the agency (one or more), none, or a fault. */
export type Result =
  | { readonly status: 'found'; readonly records: readonly AgencyRecord[] }
  | { readonly status: 'absent' }
  | { readonly status: 'failed'; readonly failure: Failure };

/** The span of one call to an agency. */
export interface CallSpan {
  /** Sent on to the agency (W3C Trace Context). */
  readonly traceparent: string;
  /** `OK` or the code of the fault. */
  end(outcome: string, attempts: number): void;
}

/** Makes spans of calls; the operation is a fixed word, never a URL. */
export interface CallTracer {
  begin(agency: AgencyName, operation: string): CallSpan;
}

/** What travels with each call to an agency. */
export interface CallContext {
  /** Sent on to the agency as `x-request-id`. */
  readonly requestId: string;
  /** Ends the call when the request is over its deadline or the caller has gone. */
  readonly signal?: AbortSignal;
  /** Where the request is traced. */
  readonly trace?: CallTracer;
}

/** One entry of a change feed: the record as it is now, or its removal (a tombstone). */
export type Change =
  | { readonly kind: 'upsert'; readonly record: AgencyRecord }
  | { readonly kind: 'delete'; readonly recordId: string };

/** A page of a change feed. */
export type ChangePage =
  | {
      readonly status: 'page';
      readonly changes: readonly Change[];
      /** Where the next page starts; give it back unchanged. Also valid when nothing is left: later changes come after it. */
      readonly cursor: string;
      /** False when the feed had nothing more at the time of asking. */
      readonly more: boolean;
      /** Entries that failed validation and were left out, by record id where readable; the agency's fault. */
      readonly rejected: number;
    }
  /** The agency does not know the cursor any more: the feed must be read from its beginning. */
  | { readonly status: 'expired' }
  | { readonly status: 'failed'; readonly failure: Failure };

/** State of the circuit breaker in front of an agency. */
export type BreakerState = 'CLOSED' | 'HALF_OPEN' | 'OPEN';

/** How an agency has answered lately, as seen by this instance of the hub. */
export interface AgencyVitals {
  readonly state: 'UP' | 'DEGRADED' | 'DOWN';
  readonly breaker: BreakerState;
  /** Median time of the latest successful calls, milliseconds; null before the first. */
  readonly latencyMs: number | null;
  /** Time of the last successful call, ISO 8601; null before the first. */
  readonly lastSuccessAt: string | null;
}

/**
 * What every adapter promises. A remote fault is a value, never an exception; answers are filed by key, never by position.
 */
export interface Agency {
  readonly name: AgencyName;
  /** Full name, in Indonesian, as the agency writes itself. */
  readonly title: string;
  /** Which facets of a worker it holds. */
  readonly holds: readonly Facet[];
  /** Identifiers it can look up by, best first. */
  readonly looksUpBy: readonly IdentifierKind[];
  /** Most people in one call; 1 where the agency has no batch look-up. */
  readonly batchLimit: number;
  /** Whether its address is one of the hub's own mocks. */
  readonly mock: boolean;
  /**
   * Looks up at most `batchLimit` people in one call. Every key's `ref` is in the answer, exactly once. A key without an identifier
   * that the agency can look up by is `absent`, without a call.
   */
  fetch(keys: readonly PersonKey[], context: CallContext): Promise<ReadonlyMap<string, Result>>;
  /** The change feed from a cursor (null: from the beginning), where the agency has one. */
  readonly changes?: (cursor: string | null, context: CallContext) => Promise<ChangePage>;
  /** A cheap call that shows whether the agency answers. Null when it does. */
  ping(context: CallContext): Promise<Failure | null>;
  vitals(): AgencyVitals;
  /** Closes connections. */
  close(): Promise<void>;
}
