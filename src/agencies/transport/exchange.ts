import type { IncomingHttpHeaders } from 'node:http';
import { Pool } from 'undici';
import type { Dispatcher } from 'undici';
import type { Failure } from '../agency.ts';
import type { Deadline } from './deadline.ts';
import { failure, failureOfError, failureOfStatus } from './failures.ts';
import type { WireReply, WireRequest } from './transport.ts';

/** How one attempt ended: a reply with a success status, a fault, or neither because its time was over. */
export type Exchanged =
  | { readonly kind: 'REPLY'; readonly reply: WireReply }
  | { readonly kind: 'FAULT'; readonly failure: Failure; readonly retryAfter: string | null }
  | { readonly kind: 'TIMEOUT' }
  | { readonly kind: 'CANCELLED' };

/** Connections to one agency: kept alive, one request on each at a time. */
export function openPool(url: string, connections: number, connectTimeoutMs: number): { readonly pool: Pool; readonly basePath: string } {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, {
    connections,
    pipelining: 1,
    // Limits and deadlines are thought out for one request per connection.
    allowH2: false,
    connect: { timeout: connectTimeoutMs },
    // An attempt has a timer over all its parts (see Deadline); these would only add two more.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return { pool, basePath: pathname.replace(/\/$/, '') };
}

export interface ExchangeOptions {
  readonly pool: Pool;
  readonly basePath: string;
  readonly request: WireRequest;
  readonly requestId: string;
  /** Default: none is sent. */
  readonly traceparent?: string | undefined;
  readonly bodyLimit: number;
  readonly timeoutMs: number;
  readonly deadline: Deadline;
}

/**
 * Sends one attempt and reads its answer whole. Settles when the time is over even while the connection is still being made; what is under way then is
 * broken off.
 */
export function exchange(options: ExchangeOptions): Promise<Exchanged> {
  const { pool, basePath, request, deadline } = options;
  const headers = request.headers();
  headers['x-request-id'] = options.requestId;
  if (options.traceparent !== undefined) headers['traceparent'] = options.traceparent;
  headers['accept-encoding'] = 'identity';
  return new Promise((resolve) => {
    const reader = new Reader(headers, options.bodyLimit, deadline, resolve);
    deadline.watch(options.timeoutMs, (ending) => reader.end({ kind: ending }));
    try {
      pool.dispatch({ path: basePath + request.path, method: request.method, headers, body: request.body ?? null }, reader);
    } catch (error) {
      reader.onResponseError(null, error);
    }
  });
}

const abandoned = new Error('abandoned');

/** Reads an answer straight from the dispatcher, without a stream in between. */
class Reader implements Dispatcher.DispatchHandler {
  readonly #sentHeaders: Record<string, string>;
  readonly #bodyLimit: number;
  readonly #deadline: Deadline;
  readonly #resolve: (exchanged: Exchanged) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #ended = false;
  #status = 0;
  #contentType = '';
  #chunks: Buffer[] = [];
  #size = 0;

  constructor(sentHeaders: Record<string, string>, bodyLimit: number, deadline: Deadline, resolve: (exchanged: Exchanged) => void) {
    this.#sentHeaders = sentHeaders;
    this.#bodyLimit = bodyLimit;
    this.#deadline = deadline;
    this.#resolve = resolve;
  }

  /** Settles the attempt, and breaks it off where it is still under way. */
  end(exchanged: Exchanged): void {
    if (this.#ended) return;
    this.#finish(exchanged);
    this.#controller?.abort(abandoned);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // Its time was over while it still waited for a connection.
    if (this.#ended) controller.abort(abandoned);
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) return;
    this.#status = status;
    const fault = failureOfStatus(status);
    if (fault !== null) {
      this.end({ kind: 'FAULT', failure: fault, retryAfter: first(headers['retry-after']) });
      return;
    }
    const encoding = first(headers['content-encoding']);
    if (encoding !== null && encoding !== 'identity') {
      this.#refuse('The answer is compressed although that was not asked for.');
      return;
    }
    this.#contentType = mediaType(first(headers['content-type']) ?? '');
    if (Number(headers['content-length'] ?? 0) > this.#bodyLimit) this.#refuseSize();
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#ended) return;
    this.#size += chunk.length;
    if (this.#size > this.#bodyLimit) this.#refuseSize();
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#ended) return;
    const body = this.#chunks.length === 1 ? this.#chunks[0]!.toString('utf8') : Buffer.concat(this.#chunks, this.#size).toString('utf8');
    this.#finish({ kind: 'REPLY', reply: { status: this.#status, contentType: this.#contentType, body, sentHeaders: this.#sentHeaders } });
  }

  onResponseError(_: Dispatcher.DispatchController | null, error: unknown): void {
    if (!this.#ended) this.#finish({ kind: 'FAULT', failure: failureOfError(error), retryAfter: null });
  }

  #refuseSize(): void {
    this.#refuse(`The answer is larger than ${this.#bodyLimit} bytes.`);
  }

  #refuse(message: string): void {
    this.end({ kind: 'FAULT', failure: failure('AGENCY_INVALID_ANSWER', message), retryAfter: null });
  }

  #finish(exchanged: Exchanged): void {
    this.#ended = true;
    this.#chunks = exchanged.kind === 'REPLY' ? this.#chunks : [];
    this.#deadline.unwatch();
    this.#resolve(exchanged);
  }
}

function first(header: string | string[] | undefined): string | null {
  return (Array.isArray(header) ? header[0] : header) ?? null;
}

function mediaType(header: string): string {
  // The one form that nearly every answer has.
  if (header === 'application/json; charset=utf-8' || header === 'application/json') return 'application/json';
  return (header.split(';')[0] ?? '').trim().toLowerCase();
}
