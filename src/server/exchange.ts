import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { RequestTrace } from '../tracing/tracing.ts';
import type { OperationType, RequestOutcome } from './metrics.ts';

/** One HTTP request and what is known of it so far, for its log line, its metrics and its errors. */
export interface Exchange {
  readonly requestId: string;
  /** `performance.now()` at arrival. */
  readonly startedAt: number;
  /** Name of the caller once identified. */
  callerName: string | null;
  operation: OperationType;
  /** Set once an operation was executed; else the HTTP status tells. */
  outcome: RequestOutcome | null;
  /** The document as it was sent, to keep its values out of errors; never logged. */
  document: string | null;
  /** Null where requests are not traced. */
  readonly trace: RequestTrace | null;
  /** What the answer, made ready meanwhile, waits for before it leaves; where it rejects, the answer is that the hub cannot serve. */
  durable: Promise<void> | null;
  /** Faults of the hub met so far. */
  faults: number;
}

/** The exchange that the running code belongs to: Apollo formats errors without saying whose they are. */
export const exchanges = new AsyncLocalStorage<Exchange>();

const requestIdForm = /^[A-Za-z0-9._-]{1,128}$/;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** A NIK, a JKN card, a KPJ or a passport, by the look of it. */
const personal = /(?<!\d)(?:\d{16}|000\d{10}|\d{11})(?!\d)|^[A-Za-z]{1,2}\d{6,7}$/;

/** The caller's own `x-request-id` when it is short, plain and no number of a person, else a new one: it goes into logs, traces and the audit log, and on to agencies. */
export function requestIdFrom(header: string | readonly string[] | undefined): string {
  return typeof header === 'string' && requestIdForm.test(header) && (uuid.test(header) || !personal.test(header)) ? header : randomUUID();
}

/** Time limits of one request. */
export interface DeadlineOptions {
  /** When the request's signal is aborted, milliseconds after arrival; what has not come by then is missing from the answer. */
  readonly afterMs: number;
  /** How much later the request is given up if the resolvers do not heed the signal, milliseconds. */
  readonly graceMs: number;
}

/** A running deadline: a signal for those who work, and an end for those who wait. */
export interface Deadline {
  readonly signal: AbortSignal;
  /**
   * What the work comes to; rejects with the given error once the grace is over. It lets go of the work when that has ended: `Promise.race` with a promise that lasts as
   * long as the request would hold the whole result until then.
   */
  within<T>(work: Promise<T>): Promise<T>;
  /** Aborts the signal at once: the client is gone. */
  abort(): void;
  /** Stops the clock; the signal stays as it is. */
  clear(): void;
}

export function startDeadline(options: DeadlineOptions, overrunError: () => Error): Deadline {
  const controller = new AbortController();
  const waiting = new Set<(error: Error) => void>();
  let over = false;
  let timer = setTimeout(() => {
    controller.abort(new DOMException('The request is over its deadline', 'TimeoutError'));
    timer = setTimeout(() => {
      over = true;
      for (const giveUp of waiting) giveUp(overrunError());
    }, options.graceMs);
  }, options.afterMs);
  return {
    signal: controller.signal,
    within: (work) =>
      new Promise((resolve, reject) => {
        if (over) reject(overrunError());
        waiting.add(reject);
        const ended = <R>(settle: (result: R) => void) => (result: R) => {
          waiting.delete(reject);
          settle(result);
        };
        work.then(ended(resolve), ended(reject));
      }),
    abort: () => controller.abort(new DOMException('The client has gone', 'AbortError')),
    clear: () => clearTimeout(timer),
  };
}
