import { STATUS_CODES } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { fastify } from 'fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { allowOrigins } from './cors.ts';
import { startApollo } from './apollo.ts';
import type { Closing, Ended, Operation } from './apollo.ts';
import type { DocumentGate } from './documents.ts';
import { describeFault, problem } from './errors.ts';
import { requestIdFrom } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { createExecutor } from './executor.ts';
import { registerExplorer } from './explorer/index.ts';
import type { RequestTrace, Tracing } from '../tracing/tracing.ts';
import { type DownloadsOptions, registerDownloads } from './downloads.ts';
import { graphqlPath, registerGraphql } from './graphql.ts';
import type { Blocked, ContextRequest } from './graphql.ts';
import { registerHealth } from './health.ts';
import type { Metrics, RequestOutcome } from './metrics.ts';
import { registerStreams, type Streams, type StreamsOptions } from './streams.ts';
import { createReadinessGate } from './readiness.ts';
import type { Readiness } from './readiness.ts';

declare module 'fastify' {
  interface FastifyRequest {
    exchange: Exchange;
  }
}

export interface ServerOptions<K extends { readonly id: string; readonly name: string }, C> {
  readonly schema: GraphQLSchema;
  /** Whether resolvers' enums and built-in scalars go out unchecked: see `ExecutorOptions.trustLeaves`. Default false. */
  readonly trustLeaves?: boolean;
  /** Who is asking, by headers and address alone and before anything is parsed; null is answered with 401, too many wrong tries with 429. */
  authenticate(headers: IncomingHttpHeaders, address: string): Promise<K | Blocked | null>;
  /** The resolvers' context: made anew for each request, never copied. */
  context(request: ContextRequest<K>): C;
  /** Called once per valid operation, before its first resolver. What it throws is the answer. Default: everything is admitted. */
  admit?(context: C, operation: Operation): Promise<void> | void;
  /** Called once per valid operation, after its last resolver or its refusal, and before the answer leaves: errors and extensions to add. What it throws is the answer. Default: none. */
  finish?(context: C, ended: Ended): Promise<Closing> | Closing;
  /** Lets subscriptions in; null where there are none. Default null. */
  readonly streams?: Pick<StreamsOptions<K>, 'subscribe' | 'stillIn'> | null;
  /** Whether the hub can serve; read by `/readyz`, and by `/graphql`, which answers 503 while it cannot. */
  ready(): Promise<Readiness>;
  /** Origins whose pages may call `/graphql` from a browser. Default: none. */
  readonly origins?: readonly string[];
  /** Trusted documents. Default: none, and every caller sends its own. */
  readonly documents?: DocumentGate<K>;
  /** Where requests to the API are traced. Default: nowhere, at no cost. */
  readonly tracing?: Tracing | null;
  /** Files by links, and where the links lead. Default: none. */
  readonly downloads?: Pick<DownloadsOptions<K>, 'path' | 'download'>;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** Folder of the explorer's ready-made operations (`*.graphql`, also in subfolders). */
  readonly operationsDir: string;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Addresses and networks of proxies whose `x-forwarded-for` is believed. Default: none. */
  readonly trustedProxies?: readonly string[];
  /** 0 takes any free one. */
  readonly port: number;
  /** When a request's signal is aborted, milliseconds. Default 8000. */
  readonly deadlineMs?: number;
  /** How much later a request is given up whose resolvers do not heed the signal, milliseconds. Default 500. */
  readonly deadlineGraceMs?: number;
  /** Largest request body, bytes. Default 1 MiB. */
  readonly bodyLimit?: number;
  /** How long a client may take to send its request, and how long a connection may stand still beyond what an answer may take, milliseconds. Default 30000. */
  readonly slowClientMs?: number;
  /** How long requests under way may take to end when the server closes, milliseconds. Default 10000. */
  readonly closeMs?: number;
}

export interface Server {
  /** Such as `http://127.0.0.1:4000`. */
  readonly url: string;
  /** Takes no more requests, lets those under way end within `closeMs`, then drops what is left. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function createServer<K extends { readonly id: string; readonly name: string }, C>(options: ServerOptions<K, C>): Promise<Server> {
  const { logger, metrics, slowClientMs = 30_000, closeMs = 10_000 } = options;
  const deadline = { afterMs: options.deadlineMs ?? 8_000, graceMs: options.deadlineGraceMs ?? 500 };
  let closing = false;
  const app = fastify({
    logger: false,
    trustProxy: options.trustedProxies && options.trustedProxies.length > 0 ? [...options.trustedProxies] : false,
    bodyLimit: options.bodyLimit ?? 1_048_576,
    requestTimeout: slowClientMs,
    connectionTimeout: deadline.afterMs + deadline.graceMs + slowClientMs,
    http: { headersTimeout: slowClientMs, connectionsCheckingInterval: Math.min(slowClientMs, 1_000) },
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    // While closing, the gate answers like any other refusal of ours.
    return503OnClosing: false,
    requestIdHeader: false,
    genReqId: (request) => requestIdFrom(request.headers['x-request-id']),
    frameworkErrors: (error, request, reply) => sendProblem(reply, error.statusCode ?? 400, request.id),
    clientErrorHandler: (error, socket) => {
      if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return;
      const status = { ERR_HTTP_REQUEST_TIMEOUT: 408, HPE_HEADER_OVERFLOW: 431 }[error.code] ?? 400;
      const requestId = requestIdFrom(undefined);
      const body = problem(status, requestId, 'The request is not HTTP that the hub can read.');
      socket.end(
        `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-type: application/problem+json\r\n` +
          `x-request-id: ${requestId}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
    },
  });
  // Only JSON bodies are read; Fastify's text parser would let a form of another site through to the CSRF check.
  app.removeContentTypeParser('text/plain');

  app.addHook('onRequest', (request, reply, done) => {
    request.exchange = { requestId: request.id, startedAt: performance.now(), callerName: null, operation: 'none', outcome: null, document: null, trace: traced(request), durable: null, faults: 0 };
    void reply.headers({ 'x-request-id': request.id, 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
    done();
  });
  // Without this, connections of requests that end while closing would be kept for the next one.
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (closing) void reply.header('connection', 'close');
    done(null, payload);
  });
  app.addHook('onResponse', (request, reply, done) => {
    report(request, reply);
    done();
  });
  app.setNotFoundHandler((request, reply) => sendProblem(reply, 404, request.id));
  app.setErrorHandler((error, request, reply) => {
    const status = error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
    if (status >= 500) logger.error({ requestId: request.id, fault: describeFault(error) }, 'unexpected fault');
    // Fastify's own words would repeat parts of the body.
    return sendProblem(reply, status, request.id, status === 400 ? 'The body is not valid JSON.' : undefined);
  });

  const { tracing } = options;
  /** The trace of a request to the API; nothing is made where there is no tracing. */
  function traced(request: FastifyRequest): RequestTrace | null {
    if (!tracing || request.routeOptions.url !== graphqlPath) return null;
    const given = request.headers['traceparent'];
    return tracing.begin(request.method, graphqlPath, typeof given === 'string' ? given : undefined);
  }

  function report(request: FastifyRequest, reply: FastifyReply): void {
    const { exchange } = request;
    const ms = performance.now() - exchange.startedAt;
    const route = request.routeOptions.url ?? 'none';
    const outcome = outcomeOf(exchange, reply);
    exchange.trace?.end({ 'http.response.status_code': reply.statusCode, 'payung.outcome': outcome, 'payung.request.id': exchange.requestId, ...(reply.statusCode >= 500 && { 'error.type': 'SERVER' }) });
    if (route === graphqlPath) metrics.request(exchange.operation, outcome, ms);
    logger.info(
      {
        requestId: exchange.requestId,
        method: request.method,
        route,
        status: reply.statusCode,
        outcome,
        ms: Math.round(ms * 10) / 10,
        caller: exchange.callerName,
        operation: exchange.operation,
      },
      'request',
    );
  }

  const apollo = await startApollo({ schema: options.schema, executor: createExecutor({ schema: options.schema, trustLeaves: options.trustLeaves ?? false }), logger });
  const gate = createReadinessGate(() => options.ready(), 1_000);
  let streams: Streams | null = null;
  await app.register(async (part) => {
    await allowOrigins(part, options.origins ?? []);
    registerGraphql(part, {
      apollo,
      isOpen: () => !closing && gate.open(),
      authenticate: (headers, address) => options.authenticate(headers, address),
      context: (request) => options.context(request),
      admit: (context, operation) => options.admit?.(context, operation),
      finish: (context, ended) => options.finish?.(context, ended) ?? {},
      documents: options.documents ?? null,
      deadline,
    });
    if (!options.streams) return;
    streams = registerStreams<K>(part, {
      ...options.streams,
      schema: options.schema,
      isOpen: () => !closing && gate.open(),
      authenticate: (headers, address) => options.authenticate(headers, address),
      documents: options.documents ?? null,
      logger,
    });
  });
  if (options.downloads) {
    const { path, download } = options.downloads;
    registerDownloads<K>(app, { path, download, isOpen: () => !closing && gate.open(), authenticate: (headers, address) => options.authenticate(headers, address) });
  }
  registerHealth(app, { gate, closing: () => closing, metrics });
  await registerExplorer(app, { endpoint: graphqlPath, operationsDir: options.operationsDir });

  let closed: Promise<void> | null = null;
  async function close(): Promise<void> {
    closing = true;
    await streams?.close();
    const bound = setTimeout(() => app.server.closeAllConnections(), closeMs);
    await app.close();
    clearTimeout(bound);
    await apollo.stop();
  }
  const closeOnce = (): Promise<void> => (closed ??= close());

  try {
    const url = await app.listen({ host: options.host ?? '127.0.0.1', port: options.port });
    return { url, close: closeOnce, [Symbol.asyncDispose]: closeOnce };
  } catch (error) {
    await closeOnce();
    throw error;
  }
}

function outcomeOf(exchange: Exchange, reply: FastifyReply): RequestOutcome {
  if (!reply.raw.writableFinished) return 'gone';
  if (exchange.outcome) return exchange.outcome;
  if (reply.statusCode >= 500) return 'failed';
  return reply.statusCode >= 400 ? 'refused' : 'ok';
}

function sendProblem(reply: FastifyReply, status: number, requestId: string, detail?: string): FastifyReply {
  return reply.code(status).header('x-request-id', requestId).type('application/problem+json').send(problem(status, requestId, detail));
}
