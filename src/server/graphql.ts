import type { IncomingHttpHeaders } from 'node:http';
import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import { errorCodes } from '../domain/failure.ts';
import type { ErrorCode } from '../domain/failure.ts';
import type { Attempt, Closing, Ended, Operation } from './apollo.ts';
import { problem, refusal } from './errors.ts';
import { exchanges, startDeadline } from './exchange.ts';
import type { DeadlineOptions } from './exchange.ts';

/** What a request's context is made of. */
export interface ContextRequest<K> {
  readonly caller: K;
  /** Also sent on to the agencies. */
  readonly requestId: string;
  /** Aborted when the client goes away or the request is over its deadline. */
  readonly signal: AbortSignal;
  readonly headers: IncomingHttpHeaders;
}

export interface GraphqlOptions<K extends { readonly name: string }, C> {
  readonly apollo: ApolloServer<Attempt>;
  /** Whether the hub can serve now. */
  readonly isOpen: () => boolean | Promise<boolean>;
  readonly authenticate: (headers: IncomingHttpHeaders, address: string) => Promise<K | null>;
  readonly context: (request: ContextRequest<K>) => C;
  readonly admit: (context: C, operation: Operation) => Promise<void> | void;
  readonly finish: (context: C, ended: Ended) => Promise<Closing> | Closing;
  readonly deadline: DeadlineOptions;
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
    const context = options.context({ caller, requestId: exchange.requestId, signal: deadline.signal, headers: request.headers });
    return { exchange, deadline, context, admit: (operation) => options.admit(context, operation), finish: (ended) => options.finish(context, ended) };
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
      callers.set(request, caller);
      request.exchange.callerName = caller.name;
      return undefined;
    },
    handler: (request, reply) => {
      request.exchange.document = documentOf(request.method === 'GET' ? request.query : request.body);
      return exchanges.run(request.exchange, () => handler.call(app, request, reply));
    },
  });
  app.route({
    method: ['PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'],
    url: graphqlPath,
    handler: (request, reply) => reply.code(405).header('allow', 'GET, POST').type('application/problem+json').send(problem(405, request.id)),
  });
}

function documentOf(parameters: unknown): string | null {
  const document: unknown = typeof parameters === 'object' && parameters !== null && 'query' in parameters ? parameters.query : null;
  return typeof document === 'string' ? document : null;
}

/** A refusal before anything was read, in the form a GraphQL client expects. */
function refuse(request: FastifyRequest, reply: FastifyReply, code: ErrorCode): FastifyReply {
  const type = request.headers.accept?.includes('application/graphql-response+json') ? 'application/graphql-response+json' : 'application/json';
  return reply
    .code(errorCodes[code].status ?? 500)
    .type(`${type}; charset=utf-8`)
    .send(refusal(code, request.id));
}

function refusalError(code: ErrorCode): GraphQLError {
  return new GraphQLError(errorCodes[code].meaning, { extensions: { code, http: { status: errorCodes[code].status ?? 500 } } });
}
