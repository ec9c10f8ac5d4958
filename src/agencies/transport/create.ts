import type { AgencyName } from '../../domain/record.ts';
import type { CallContext, CallSpan, Failure } from '../agency.ts';
import { Breaker } from './breaker.ts';
import type { Verdict } from './breaker.ts';
import { Bulkhead } from './bulkhead.ts';
import { Deadline } from './deadline.ts';
import { exchange, openPool } from './exchange.ts';
import type { Exchanged } from './exchange.ts';
import { failure } from './failures.ts';
import { QuotaHold } from './quota.ts';
import { RetryBudget, createPauses, worthRetrying } from './retry.ts';
import type { CallObserver, Outcome, Transport, TransportLimits, WireReply, WireRequest } from './transport.ts';
import { Vitals } from './vitals.ts';

export interface TransportOptions {
  readonly agency: AgencyName;
  /** Base URL; a path in it goes before every request's path. */
  readonly url: string;
  readonly limits: TransportLimits;
  /** Told of every call. Default: nobody. */
  readonly observe?: CallObserver;
  /** Default: the system clock. Durations are measured by the monotonic clock. */
  readonly now?: () => Date;
}

/** What says to the agency whose call it is. */
interface Sent {
  readonly requestId: string;
  readonly traceparent: string | undefined;
}

/** What came of one attempt. */
interface Attempt<T> {
  readonly outcome: Outcome<T>;
  readonly verdict: Verdict;
  /** Whether another attempt is out of the question whatever the fault. */
  readonly final: boolean;
}

/** Opens the way to one agency. The order of the concerns, from the outside: deadline, retry, queue, breaker, connection. */
export function createTransport(options: TransportOptions): Transport {
  const { agency, limits, observe } = options;
  const now = options.now === undefined ? Date.now : () => options.now!().getTime();
  const { pool, basePath } = openPool(options.url, limits.concurrency, limits.attemptTimeoutMs);
  const bulkhead = new Bulkhead(limits.concurrency, limits.queue);
  const breaker = new Breaker({ threshold: limits.breakerThreshold, openMs: limits.breakerOpenMs });
  const budget = new RetryBudget(limits.retryBudget);
  const quota = new QuotaHold();
  const vitals = new Vitals();

  async function send<T>(request: WireRequest, decode: (reply: WireReply) => Outcome<T>, sent: Sent, deadline: Deadline): Promise<Attempt<T>> {
    const timeoutMs = Math.min(limits.attemptTimeoutMs, deadline.left);
    const started = performance.now();
    const exchanged = await exchange({ pool, basePath, request, ...sent, bodyLimit: limits.bodyLimit, timeoutMs, deadline });
    if (exchanged.kind !== 'REPLY') return notAnswered(exchanged, timeoutMs);
    const ms = performance.now() - started;
    const outcome = read(exchanged.reply, decode);
    if (outcome.ok) vitals.succeeded(ms, now());
    return { outcome, verdict: outcome.ok || !countsAsFault(outcome.failure) ? 'GOOD' : 'FAULT', final: false };
  }

  function notAnswered<T>(exchanged: Exclude<Exchanged, { kind: 'REPLY' }>, timeoutMs: number): Attempt<T> {
    if (exchanged.kind === 'CANCELLED') return { outcome: { ok: false, failure: givenUp }, verdict: 'NEUTRAL', final: true };
    if (exchanged.kind === 'TIMEOUT') {
      // An attempt cut short by the call's own end says little about the agency.
      const fair = timeoutMs >= limits.attemptTimeoutMs / 2;
      const late = failure('AGENCY_TIMEOUT', `The agency did not answer within ${Math.round(timeoutMs)} ms.`);
      return { outcome: { ok: false, failure: late }, verdict: fair ? 'FAULT' : 'NEUTRAL', final: false };
    }
    if (exchanged.failure.code === 'AGENCY_QUOTA_EXCEEDED') quota.hold(exchanged.retryAfter, now());
    const tooLarge = exchanged.failure.code === 'AGENCY_INVALID_ANSWER';
    return { outcome: { ok: false, failure: exchanged.failure }, verdict: countsAsFault(exchanged.failure) ? 'FAULT' : 'GOOD', final: tooLarge };
  }

  async function attempt<T>(request: WireRequest, decode: (reply: WireReply) => Outcome<T>, sent: Sent, deadline: Deadline): Promise<Attempt<T> | Failure> {
    const held = quota.refusal(now());
    if (held !== null) return held;
    if (!bulkhead.tryEnter()) {
      if (breaker.state !== 'CLOSED') return unavailable;
      if (!(await bulkhead.enter(deadline))) return deadline.cancelled ? givenUp : busy;
    }
    try {
      return (await breaker.run(() => send(request, decode, sent, deadline))) ?? unavailable;
    } finally {
      bulkhead.leave();
    }
  }

  async function run<T>(request: WireRequest, decode: (reply: WireReply) => Outcome<T>, sent: Sent, deadline: Deadline, told: { attempts: number }): Promise<Outcome<T>> {
    budget.countCall();
    let pauses: (() => number) | undefined;
    let last: Outcome<T> | undefined;
    for (;;) {
      if (deadline.cancelled) return { ok: false, failure: givenUp };
      const result = await attempt(request, decode, sent, deadline);
      // Not let through: an earlier attempt's fault tells more.
      if ('code' in result) return last ?? { ok: false, failure: result };
      told.attempts++;
      last = result.outcome;
      if (last.ok || result.final || told.attempts >= limits.attempts || !worthRetrying(last.failure, told.attempts)) return last;
      pauses ??= createPauses();
      const pause = pauses();
      if (pause >= deadline.left || breaker.state !== 'CLOSED' || !budget.spend()) return last;
      if (!(await deadline.pause(pause))) return { ok: false, failure: givenUp };
    }
  }

  function tell<T>(request: WireRequest, outcome: Outcome<T>, context: CallContext, span: CallSpan | undefined, attempts: number, started: number): void {
    const misattributed = outcome.ok && (outcome.foreign ?? 0) > 0;
    const code = outcome.ok ? (misattributed ? 'AGENCY_MISATTRIBUTED' : 'OK') : outcome.failure.code;
    // A call that was never sent, or was given up, says nothing of the agency.
    if (attempts > 0 && !(!outcome.ok && outcome.failure === givenUp)) vitals.ended(!outcome.ok ? 'BAD' : misattributed ? 'POOR' : 'GOOD');
    span?.end(code, attempts);
    observe?.({ agency, operation: request.operation, outcome: code, attempts, durationMs: performance.now() - started, requestId: context.requestId });
  }

  return {
    async call(request, decode, context) {
      const started = performance.now();
      const deadline = new Deadline(limits.callTimeoutMs, context.signal);
      const told = { attempts: 0 };
      const span = context.trace?.begin(agency, request.operation);
      try {
        const outcome = await run(request, decode, { requestId: context.requestId, traceparent: span?.traceparent }, deadline, told);
        tell(request, outcome, context, span, told.attempts, started);
        return outcome;
      } finally {
        deadline.close();
      }
    },
    vitals: () => vitals.read(breaker.state),
    close: () => pool.destroy(),
  };
}

const givenUp = failure('AGENCY_TIMEOUT', 'The request ended before the agency answered.');
const busy = failure('AGENCY_BUSY', 'Too many calls to the agency are waiting; this one was not sent.');
const unavailable = failure('AGENCY_UNAVAILABLE', 'The agency failed so often lately that it is not being asked for a while.');

/** Whether the fault is one of those that open the breaker: the agency does not work. A refusal or a spent quota is an answer. */
function countsAsFault(fault: Failure): boolean {
  return fault.code === 'AGENCY_UNREACHABLE' || fault.code === 'AGENCY_TIMEOUT' || fault.code === 'AGENCY_ERROR' || fault.code === 'AGENCY_INVALID_ANSWER';
}

function read<T>(reply: WireReply, decode: (reply: WireReply) => Outcome<T>): Outcome<T> {
  try {
    return decode(reply);
  } catch {
    // What was thrown may quote the answer, so it is not passed on.
    return { ok: false, failure: failure('AGENCY_INVALID_ANSWER', 'The answer could not be read.') };
  }
}
