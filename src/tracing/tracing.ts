import type { CallTracer } from '../agencies/agency.ts';

/** What a span may say: nothing of a person. The names are those of src/tracing/redact.ts, which lets no other through. */
export type Facts = Readonly<Record<string, string | number>>;

/** A span under way. */
export interface OpenSpan {
  end(facts?: Facts): void;
}

/** The trace of one request. */
export interface RequestTrace {
  /** Begins the span of the operation; agency calls and queries that follow are inside it. */
  operation(type: string, documentHash: string): void;
  operationEnded(facts: Facts): void;
  /** Spans of calls to agencies. */
  readonly calls: CallTracer;
  /** The span of a group of queries to the database. */
  database(kind: 'run' | 'transaction'): OpenSpan;
  /** Ends the span of the request. */
  end(facts: Facts): void;
}

/** Traces of requests in OpenTelemetry's terms. */
export interface Tracing {
  /** Begins the span of a request; `traceparent` is the caller's header (W3C Trace Context). */
  begin(method: string, route: string, traceparent: string | undefined): RequestTrace;
  /** Sends what is waiting. */
  close(): Promise<void>;
}
