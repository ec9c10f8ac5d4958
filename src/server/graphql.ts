import type { IncomingHttpHeaders } from 'node:http';
import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import { errorCodes } from '../domain/failure.ts';
import type { ErrorCode } from '../domain/failure.ts';
import { type Attempt, type Closing, type Ended, type Operation, refuseUnparsed } from './apollo.ts';
import type { RequestTrace } from '../tracing/tracing.ts';
import { chooseDocument, type DocumentGate } from './documents.ts';
import { problem, refusal } from './errors.ts';
import { documentFault, documentLimits, nulFault, variablesFault } from './shape.ts';
import { exchanges, startDeadline } from './exchange.ts';
import type { DeadlineOptions, Exchange } from './exchange.ts';

/** What a request's context is made of. */
export interface ContextRequest<K> {
  readonly caller: K;
  /** Also sent on to the agencies. */
  readonly requestId: string;
  /** Aborted when the client goes away or the request is over its deadline. */
  readonly signal: AbortSignal;
  readonly headers: IncomingHttpHeaders;
  /** Default: the request is not traced. */
  readonly trace?: RequestTrace | null;
}

/** Nobody is let in from there until then, milliseconds since 1970. */
export interface Blocked {
  readonly retryAt: number;
}

export interface GraphqlOptions<K extends { readonly name: string }, C> {
  readonly apollo: ApolloServer<Attempt>;
  /** Whether the hub can serve now. */
  readonly isOpen: () => boolean | Promise<boolean>;
  readonly authenticate: (headers: IncomingHttpHeaders, address: string) => Promise<K | Blocked | null>;
  readonly context: (request: ContextRequest<K>) => C;
  readonly admit: (context: C, operation: Operation) => Promise<void> | void;
  readonly finish: (context: C, ended: Ended) => Promise<Closing> | Closing;
  readonly deadline: DeadlineOptions;
  /** Trusted documents. Null: none, and every caller sends its own. */
  readonly documents: DocumentGate<K> | null;
}

export const graphqlPath = '/graphql';

/** The GraphQL endpoint: whether the hub serves, who is asking, and only then what. */
export function registerGraphql<K extends { readonly name: string }, C>(app: FastifyInstance, options: GraphqlOptions<K, C>): void {
  const callers = new WeakMap<FastifyRequest, K>();

  function attempt(request: FastifyRequest, reply: FastifyReply): Attempt<C> {
    const caller = callers.get(request);
    if (!caller) throw refusalError('UNAUTHENTICATED');
    const deadline = startDeadline(options.deadline, () => refusalError('SERVICE_UNAVAILABLE'));
    reply.raw.once('close', () => {
      deadline.clear();
      if (!reply.raw.writableFinished) deadline.abort();
    });
    const { exchange } = request;
    const context = options.context({ caller, requestId: exchange.requestId, signal: deadline.signal, headers: request.headers, trace: exchange.trace });
    const setHeaders: Attempt['setHeaders'] = (headers) => void reply.headers(headers);
    const finish: Attempt['finish'] = (ended) => {
      const closing = options.finish(context, ended);
      return closing instanceof Promise ? closing.then((ready) => held(exchange, ready)) : held(exchange, closing);
    };
    return { exchange, deadline, context, setHeaders, admit: (operation) => options.admit(context, operation), finish };
  }

  /** The answer to a request, made ready while what it waits for comes about; what it is where that fails. */
  function answer(request: FastifyRequest, reply: FastifyReply, make: () => Promise<unknown>): Promise<unknown> {
    const { exchange } = request;
    return exchanges.run(exchange, async () => {
      const made = await make();
      try {
        await exchange.durable;
      } catch {
        exchange.outcome = null;
        return refusalOf(request, reply, 'SERVICE_UNAVAILABLE');
      }
      return made;
    });
  }

  /** Counts against the caller's limits and stands in the audit log like any refusal, but is never parsed. */
  async function refuseDocument(request: FastifyRequest, reply: FastifyReply, text: string): Promise<string> {
    return refusalOf(request, reply, await refuseUnparsed(attempt(request, reply), text, refusalError('DOCUMENT_NOT_LISTED')));
  }

  const handler = fastifyApolloHandler(options.apollo, { context: async (request, reply) => attempt(request, reply) });

  app.route({
    method: ['GET', 'POST'],
    url: graphqlPath,
    async onRequest(request, reply) {
      void reply.header('cache-control', 'no-store');
      if (!(await options.isOpen())) return refuse(request, reply.header('retry-after', '1'), 'SERVICE_UNAVAILABLE');
      const caller = await options.authenticate(request.headers, request.ip);
      if (!caller) return refuse(request, reply.header('www-authenticate', 'Bearer'), 'UNAUTHENTICATED');
      if ('retryAt' in caller) return refuse(request, reply.header('retry-after', String(Math.max(1, Math.ceil((caller.retryAt - Date.now()) / 1000)))), 'RATE_LIMITED');
      callers.set(request, caller);
      request.exchange.callerName = caller.name;
      return undefined;
    },
    handler: (request, reply) => {
      const parameters = request.method === 'GET' ? request.query : request.body;
      const choice = chooseDocument(options.documents, parameters);
      if ('refused' in choice) return refuse(request, reply, choice.refused, choice.message);
      const { text } = choice;
      request.exchange.document = text;
      const fault = requestFault(text, parameters);
      if (fault) return refuse(request, reply, fault === nulFault ? 'BAD_USER_INPUT' : 'QUERY_TOO_COMPLEX', fault);
      const caller = callers.get(request);
      if (choice.trusted) sendText(request, text);
      else if (text !== null && caller && options.documents?.mayRun(caller, text) === false) return answer(request, reply, () => refuseDocument(request, reply, text));
      return answer(request, reply, async () => handler.call(app, request, reply));
    },
  });
  app.route({
    method: ['PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'],
    url: graphqlPath,
    handler: (request, reply) => reply.code(405).header('allow', 'GET, POST').type('application/problem+json').send(problem(405, request.id)),
  });
}

/** What is too much about a request before anything of it is parsed. */
function requestFault(document: string | null, parameters: unknown): string | null {
  if (typeof parameters !== 'object' || parameters === null) return null;
  const { operationName, variables } = parameters as { operationName?: unknown; variables?: unknown };
  if (typeof operationName === 'string' && operationName.length > documentLimits.nameLength) return `operationName has more than ${documentLimits.nameLength} characters.`;
  return (document === null ? null : documentFault(document)) ?? variablesFault(typeof variables === 'string' ? parsed(variables) : variables);
}

/** The variables of a GET, which come as text; what is no JSON is refused later. */
function parsed(variables: string): unknown {
  try {
    return JSON.parse(variables);
  } catch {
    return null;
  }
}

/** Puts the text of a trusted document where Apollo looks for it. */
function sendText(request: FastifyRequest, text: string | null): void {
  if (text === null) return;
  if (request.method === 'POST') {
    (request.body as { query?: string }).query = text;
    return;
  }
  const { documentId: _, ...others } = request.query as Record<string, string>;
  request.raw.url = `${graphqlPath}?${new URLSearchParams({ ...others, query: text })}`;
}

/** Notes what the answer waits for. Where it fails before the answer is ready, nobody waits for it yet: that must not end the process. */
function held(exchange: Exchange, closing: Closing): Closing {
  if (closing.durable) {
    exchange.durable = closing.durable;
    exchange.durable.catch(() => {});
  }
  return closing;
}

/** A refusal before anything was read, in the form a GraphQL client expects. */
function refuse(request: FastifyRequest, reply: FastifyReply, code: ErrorCode, message?: string): FastifyReply {
  return reply.send(refusalOf(request, reply, code, message));
}

/** The text of a refusal; its status and type are set. */
function refusalOf(request: FastifyRequest, reply: FastifyReply, code: ErrorCode, message?: string): string {
  const type = request.headers.accept?.includes('application/graphql-response+json') ? 'application/graphql-response+json' : 'application/json';
  void reply.code(errorCodes[code].status ?? 500).type(`${type}; charset=utf-8`);
  return refusal(code, request.id, message);
}

function refusalError(code: ErrorCode): GraphQLError {
  return new GraphQLError(errorCodes[code].meaning, { extensions: { code, http: { status: errorCodes[code].status ?? 500 } } });
}
