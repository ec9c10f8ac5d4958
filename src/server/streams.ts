import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type ExecutionArgs, getOperationAST, GraphQLError, type GraphQLSchema, parse, specifiedRules, validate } from 'graphql';
import { createHandler } from 'graphql-sse/lib/use/fastify';
import { useServer } from 'graphql-ws/use/ws';
import type { Logger } from 'pino';
import { WebSocketServer } from 'ws';
import { errorCodes, type ErrorCode } from '../domain/failure.ts';
import type { Operation } from './apollo.ts';
import { chooseDocument, type DocumentGate } from './documents.ts';
import { createErrorFormatter, refusal } from './errors.ts';
import { requestIdFrom } from './exchange.ts';
import type { Blocked } from './graphql.ts';
import { documentFault, variablesFault } from './shape.ts';
import { createCoercion } from './variables.ts';

/** The connection of a subscriber. */
export interface Connection {
  readonly headers: IncomingHttpHeaders;
  readonly address: string;
  readonly requestId: string;
  /** Aborted when it ends. */
  readonly signal: AbortSignal;
  /** Bytes that were sent and not yet taken. */
  pending(): number;
}

export interface StreamsOptions<K extends { readonly id: string; readonly name: string }> {
  readonly schema: GraphQLSchema;
  readonly isOpen: () => boolean | Promise<boolean>;
  readonly authenticate: (headers: IncomingHttpHeaders, address: string) => Promise<K | Blocked | null>;
  readonly documents: DocumentGate<K> | null;
  /** Lets a subscription in, or throws what it is refused with; gives back the resolvers' context. */
  readonly subscribe: (caller: K, connection: Connection, operation: Operation) => Promise<object>;
  /** Whether a caller still is one. */
  readonly stillIn: (caller: K, headers: IncomingHttpHeaders) => Promise<boolean>;
  readonly logger: Logger;
  /** Most subscriptions of a caller at the same time on this instance. Default 50. */
  readonly most?: number;
}

export interface Streams {
  /** Ends all subscriptions. */
  close(): Promise<void>;
}

export const streamPath = '/graphql/stream';

interface Parameters {
  readonly query?: unknown;
  readonly operationName?: unknown;
  readonly variables?: unknown;
}

const refused = (code: ErrorCode, message: string = errorCodes[code].meaning) => new GraphQLError(message, { extensions: { code } });
/** What a WebSocket client may say in `connectionParams`, since browsers send no headers of their own. */
const told = ['authorization', 'x-api-key', 'x-purpose', 'x-case-reference', 'apollographql-client-name', 'apollographql-client-version'] as const;

/** Subscriptions over server-sent events (graphql-sse) and WebSocket (graphql-ws), for the same callers under the same rules as requests. */
export function registerStreams<K extends { readonly id: string; readonly name: string }>(app: FastifyInstance, options: StreamsOptions<K>): Streams {
  const { schema, documents, most = 50 } = options;
  const coerce = createCoercion(schema);
  const format = createErrorFormatter(options.logger);
  const asTold = (errors: readonly GraphQLError[]) => errors.map((error) => new GraphQLError(format(error.toJSON(), error).message, { extensions: format(error.toJSON(), error).extensions ?? {} }));
  const open = new Set<AbortController>();
  const counts = new Map<string, number>();

  /** The arguments of a subscription that was let in; throws what it is refused with. */
  async function prepare(caller: K, connection: Connection, parameters: Parameters): Promise<ExecutionArgs> {
    const choice = chooseDocument(documents, parameters);
    if ('refused' in choice) throw refused(choice.refused, choice.message);
    const { text } = choice;
    if (text === null) throw refused('BAD_REQUEST', 'The request holds no query.');
    const fault = documentFault(text) ?? variablesFault(parameters.variables);
    if (fault) throw refused('QUERY_TOO_COMPLEX', fault);
    if (!choice.trusted && documents?.mayRun(caller, text) === false) throw refused('DOCUMENT_NOT_LISTED');
    const document = parsed(text);
    const name = typeof parameters.operationName === 'string' ? parameters.operationName : undefined;
    const operation = getOperationAST(document, name);
    if (operation?.operation !== 'subscription') throw refused('BAD_REQUEST', 'Only subscriptions are served here; queries and mutations are at /graphql.');
    if (validate(schema, document, specifiedRules, { maxErrors: 1 }).length > 0) throw refused('GRAPHQL_VALIDATION_FAILED', 'The document does not fit the schema.');
    const variables = typeof parameters.variables === 'object' && parameters.variables !== null ? (parameters.variables as Record<string, unknown>) : {};
    const coerced = coerce(operation.variableDefinitions ?? [], variables);
    if ('errors' in coerced) throw coerced.errors[0]!;
    if ((counts.get(caller.id) ?? 0) >= most) throw refused('RATE_LIMITED', 'Too many subscriptions at the same time.');
    const hash = createHash('sha256').update(text).digest('hex');
    const contextValue = await options.subscribe(caller, connection, { document, type: 'subscription', name: name ?? operation.name?.value, hash, variables });
    counts.set(caller.id, (counts.get(caller.id) ?? 0) + 1);
    connection.signal.addEventListener('abort', () => counts.set(caller.id, Math.max(0, (counts.get(caller.id) ?? 1) - 1)), { once: true });
    return { schema, document, operationName: name ?? null, variableValues: variables, contextValue };
  }

  const callers = new WeakMap<FastifyRequest, K>();
  const sse = createHandler<Record<string, unknown>>({
    schema,
    authenticate: () => null,
    async onSubscribe(request, parameters) {
      const raw = request.raw as FastifyRequest;
      const reply = (request.context as { readonly reply: FastifyReply }).reply;
      const ending = new AbortController();
      open.add(ending);
      const end = () => {
        open.delete(ending);
        ending.abort();
      };
      reply.raw.once('close', end);
      try {
        return (await prepare(callers.get(raw)!, { headers: raw.headers, address: raw.ip, requestId: raw.id, signal: ending.signal, pending: () => reply.raw.writableLength }, parameters)) as never;
      } catch (error) {
        end();
        const code = codeOf(error, options.logger);
        const status = errorCodes[code].status ?? 400;
        return [refusal(code, raw.id, error instanceof GraphQLError ? error.message : undefined), { status, statusText: 'Refused', headers: { 'content-type': 'application/json; charset=utf-8' } }];
      }
    },
    onNext: (_context, _request, result) => ('errors' in result && result.errors ? { ...result, errors: asTold(result.errors) } : undefined),
  });
  app.route({
    method: 'POST',
    url: streamPath,
    async onRequest(request, reply) {
      void reply.header('cache-control', 'no-store');
      const refuse = (code: ErrorCode) => reply.code(errorCodes[code].status ?? 500).type('application/json; charset=utf-8').send(refusal(code, request.id));
      if (!(await options.isOpen())) return refuse('SERVICE_UNAVAILABLE');
      const caller = await options.authenticate(request.headers, request.ip);
      if (!caller) return refuse('UNAUTHENTICATED');
      if ('retryAt' in caller) return refuse('RATE_LIMITED');
      if (request.headers.accept !== 'text/event-stream') return reply.code(406).type('application/json; charset=utf-8').send(refusal('NOT_ACCEPTABLE', request.id, 'Send accept: text/event-stream.'));
      callers.set(request, caller);
      request.exchange.callerName = caller.name;
      return undefined;
    },
    async handler(request, reply) {
      reply.hijack();
      // What the client sent so far is on its way; it may be still for as long as it likes.
      request.raw.socket.setTimeout(0);
      await sse(request, reply).catch(() => reply.raw.destroy());
    },
  });

  interface Extra extends Record<PropertyKey, unknown> {
    caller?: K;
    headers?: IncomingHttpHeaders;
  }
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 65_536 });
  const ws = useServer<Record<string, unknown>, Extra>(
    {
      async onConnect(context) {
        const { request, socket } = context.extra;
        const headers: Record<string, string | string[] | undefined> = { ...request.headers };
        for (const name of told) if (typeof context.connectionParams?.[name] === 'string') headers[name] = context.connectionParams[name];
        const caller = (await options.isOpen()) ? await options.authenticate(headers, addressOf(request)) : null;
        if (!caller || 'retryAt' in caller) return false;
        context.extra.caller = caller;
        context.extra.headers = headers;
        // A subscriber whose key has ended is cut off, whether or not there is anything to tell.
        const watch = setInterval(() => void options.stillIn(caller, headers).then((still) => (still ? undefined : socket.close(4403, 'Forbidden')), () => undefined), 1_000);
        socket.once('close', () => clearInterval(watch));
        return true;
      },
      async onSubscribe(context, _id, payload) {
        const { caller, headers, socket, request } = context.extra;
        const ending = new AbortController();
        open.add(ending);
        const end = () => {
          open.delete(ending);
          ending.abort();
        };
        socket.once('close', end);
        try {
          return await prepare(caller!, { headers: headers!, address: addressOf(request), requestId: requestIdFrom(undefined), signal: ending.signal, pending: () => socket.bufferedAmount }, payload);
        } catch (error) {
          end();
          const code = codeOf(error, options.logger);
          return [new GraphQLError(error instanceof GraphQLError ? error.message : errorCodes[code].meaning, { extensions: { code, retryable: errorCodes[code].retryable } })];
        }
      },
      onNext: (_context, _id, _payload, _args, result) => (result.errors ? { ...result, errors: asTold(result.errors) } : undefined),
      onError: (_context, _id, _payload, errors) => (errors[0] instanceof GraphQLError ? asTold(errors as GraphQLError[]) : undefined),
    },
    sockets,
  );
  app.server.on('upgrade', (request, socket, head) => {
    if (request.url?.split('?')[0] !== streamPath || request.headers['sec-websocket-protocol']?.split(',').every((one) => one.trim() !== 'graphql-transport-ws') !== false) {
      socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n');
      return;
    }
    socket.removeAllListeners('timeout');
    sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client, request));
  });
  /** Behind a proxy, the limits on wrong keys are the proxy's to keep: a WebSocket is known by its connection. */
  const addressOf = (request: IncomingMessage) => request.socket.remoteAddress ?? '';

  return {
    async close() {
      for (const ending of open) ending.abort();
      await ws.dispose();
      sockets.close();
    },
  };
}

function parsed(text: string) {
  try {
    return parse(text);
  } catch {
    throw refused('GRAPHQL_PARSE_FAILED', 'The document is not GraphQL.');
  }
}

function codeOf(error: unknown, logger: Logger): ErrorCode {
  const code = error instanceof GraphQLError ? error.extensions['code'] : undefined;
  if (typeof code === 'string' && Object.hasOwn(errorCodes, code)) return code as ErrorCode;
  logger.error('a subscription could not be begun');
  return 'INTERNAL_SERVER_ERROR';
}
