import { ApolloServer } from '@apollo/server';
import type { ApolloServerOptionsWithGateway, ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { GatewayInterface } from '@apollo/server-gateway-interface';
import { createHash } from 'node:crypto';
import { GraphQLError, parse } from 'graphql';
import type { DocumentNode, ExecutionResult, GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { type ErrorCode, errorCodes } from '../domain/failure.ts';
import { createErrorFormatter, isErrorCode } from './errors.ts';
import type { Deadline, Exchange } from './exchange.ts';
import type { Executor } from './executor.ts';

/** What is said about an operation after it ran. */
export interface Closing {
  /** Errors to add, such as one per failed agency. */
  readonly errors?: readonly GraphQLError[];
  /** Goes into the answer's `extensions`. */
  readonly extensions?: Readonly<Record<string, unknown>>;
  /** Headers of the answer. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What the answer must wait for before it leaves. It is made ready meanwhile; where this rejects, it is not sent, and the answer is SERVICE_UNAVAILABLE. Default: nothing. */
  readonly durable?: Promise<void>;
}

/** An operation about to be executed: parsed, and valid for the schema. */
export interface Operation {
  readonly document: DocumentNode;
  readonly type: 'query' | 'mutation' | 'subscription';
  /** As in the document, or as asked for where it has no such operation; undefined where there is none. */
  readonly name: string | undefined;
  /** SHA-256 of the document's text, hexadecimal. */
  readonly hash: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** An operation that has ended. */
export interface Ended {
  readonly operation: Operation;
  /** `done`: resolved. `refused`: before any resolver. `failed`: given up or broken on the way. */
  readonly how: 'done' | 'refused' | 'failed';
  readonly errors: readonly GraphQLError[];
}

/** What one request brings to its execution. Apollo copies the outer object, so the resolvers' own context stays whole inside. */
export interface Attempt<C = unknown> {
  readonly exchange: Exchange;
  readonly deadline: Deadline;
  readonly context: C;
  readonly setHeaders: (headers: Readonly<Record<string, string>>) => void;
  /** Called once, before the first resolver. Throws what the request is refused with. */
  readonly admit: (operation: Operation) => Promise<void> | void;
  /** Called once, after the last resolver or instead of one. The answer waits for it, and for what is `durable` in it, and becomes what it throws. */
  readonly finish: (ended: Ended) => Promise<Closing> | Closing;
}

export interface ApolloOptions {
  readonly schema: GraphQLSchema;
  readonly executor: Executor;
  readonly logger: Logger;
}

/** Most errors in an answer. */
const mostErrors = 5;

/** Apollo Server with everything off that phones home or that nobody asked for, and graphql-jit under it. */
export async function startApollo(options: ApolloOptions): Promise<ApolloServer<Attempt>> {
  const config: ApolloServerOptionsWithGateway<Attempt> = {
    gateway: gatewayOf(options.schema, options.executor),
    // The anonymous never get this far, so the schema is open to whoever holds a key.
    introspection: true,
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    persistedQueries: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    nodeEnv: 'production',
    formatError: createErrorFormatter(options.logger),
    stringifyResult: stringify,
    logger: withoutTexts(options.logger),
    plugins: [
      // It wraps every field; the hub has no use for its hints.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      fewErrors,
    ],
  };
  const apollo = new ApolloServer<Attempt>(config);
  await apollo.start();
  return apollo;
}

/** A document can be wrong in a hundred places; a few tell enough. */
const fewErrors: ApolloServerPlugin<Attempt> = {
  requestDidStart: async () => ({
    async willSendResponse({ response: { body } }) {
      if (body.kind === 'single' && body.singleResult.errors && body.singleResult.errors.length > mostErrors) body.singleResult.errors = body.singleResult.errors.slice(0, mostErrors);
    },
  }),
};

/** The one way into Apollo for another executor. Parsing and validating, with their cache, stay Apollo's. */
function gatewayOf(schema: GraphQLSchema, executor: Executor): GatewayInterface {
  return {
    onSchemaLoadOrUpdate(tell) {
      tell({ apiSchema: schema, coreSupergraphSdl: '' });
      return () => {};
    },
    load: async () => ({
      executor: async ({ document, queryHash, request, operation, context }) => {
        const attempt = context as Attempt;
        const type = operation?.operation === 'mutation' ? 'mutation' : 'query';
        if (operation) attempt.exchange.operation = type;
        return conduct(executor, { document, type, name: operation ? operation.name?.value : request.operationName, hash: queryHash, variables: request.variables ?? {} }, attempt);
      },
    }),
    stop: async () => {},
  };
}

/** Takes an operation from its admission to its end. Whatever becomes of it, its end is told. */
async function conduct(executor: Executor, operation: Operation, attempt: Attempt): Promise<ExecutionResult> {
  const { document, hash, name, variables } = operation;
  let how: Ended['how'] = 'refused';
  let result: WrittenResult;
  try {
    const admission = attempt.admit(operation);
    if (admission) await admission;
    how = 'failed';
    const run = executor({ document, documentKey: hash, operationName: name, variables, context: attempt.context });
    result = write(await attempt.deadline.within(run));
  } catch (error) {
    const { headers } = await attempt.finish({ operation, how, errors: error instanceof GraphQLError ? [error] : [] });
    if (headers) attempt.setHeaders(headers);
    throw error;
  }
  return closed(result, operation, attempt);
}

/** Ends a request whose document is refused before it is parsed, and gives the code it is refused with: its caller's limits may say otherwise. */
export async function refuseUnparsed(attempt: Attempt, text: string, error: GraphQLError): Promise<ErrorCode> {
  const operation: Operation = { document: nothing, type: 'query', name: undefined, hash: createHash('sha256').update(text).digest('hex'), variables: {} };
  let reason = error;
  try {
    await attempt.admit(operation);
  } catch (other) {
    if (!(other instanceof GraphQLError)) throw other;
    reason = other;
  }
  try {
    const { headers } = await attempt.finish({ operation, how: 'refused', errors: [reason] });
    if (headers) attempt.setHeaders(headers);
  } catch (other) {
    if (!(other instanceof GraphQLError)) throw other;
    reason = other;
  }
  return isErrorCode(reason.extensions.code) ? reason.extensions.code : 'INTERNAL_SERVER_ERROR';
}

/** Stands for a document that is not looked at. */
const nothing = parse('{ __typename }');

/** The result with what there is to say at the end; a result without data was refused and is left as it is. */
async function closed({ data, errors: met }: WrittenResult, operation: Operation, attempt: Attempt): Promise<ExecutionResult> {
  const large = data instanceof Written && data.tooLarge;
  const how = large || data === undefined ? 'refused' : 'done';
  const closing = attempt.finish({ operation, how, errors: large ? [tooLarge()] : met });
  const { errors = [], extensions, headers } = closing instanceof Promise ? await closing : closing;
  if (headers) attempt.setHeaders(headers);
  if (large) throw tooLarge();
  if (data === undefined) return { errors: met };
  // What is said at the end is about the whole answer: it is not pushed out by one field that fails for many.
  const all = [...met.slice(0, Math.max(0, mostErrors - errors.length)), ...errors].slice(0, mostErrors);
  attempt.exchange.outcome = all.length > 0 ? 'partial' : 'ok';
  return { data, ...(all.length > 0 && { errors: all }), ...(extensions && { extensions: { ...extensions } }) };
}

/** Most bytes of an answer that says nothing beside its data: a megabyte of data, and what stands around it. */
const mostBytes = 1_000_000 + '{"data":}'.length;

/**
 * Data as the text that is sent. Written as soon as it is known: to be measured, and so that the objects it was made of are gone while the answer waits for
 * its row in the audit log; thousands of them would be moved about by the garbage collector meanwhile.
 */
class Written {
  /** Apollo hands it on as an object of whatever fields. */
  readonly [field: string]: unknown;
  /** The whole answer, as long as there is nothing to say beside the data. */
  readonly text: string;
  constructor(data: object) {
    this.text = JSON.stringify({ data });
  }

  get tooLarge(): boolean {
    // No character takes more than three bytes for each of its units.
    return this.text.length > mostBytes || (this.text.length * 3 > mostBytes && Buffer.byteLength(this.text) > mostBytes);
  }
}

interface WrittenResult {
  /** Undefined where nothing was resolved, null where a field that must not be null was. */
  readonly data: Written | null | undefined;
  readonly errors: readonly GraphQLError[];
}

function write({ data, errors = [] }: ExecutionResult): WrittenResult {
  return { data: data ? new Written(data) : data, errors };
}

function tooLarge(): GraphQLError {
  const { meaning, status } = errorCodes.ANSWER_TOO_LARGE;
  return new GraphQLError(meaning, { extensions: { code: 'ANSWER_TOO_LARGE', http: { status } } });
}

/** The answer as text, errors first. */
function stringify({ errors, data, extensions }: { readonly errors?: unknown; readonly data?: unknown; readonly extensions?: unknown }): string {
  const whole = data instanceof Written ? data.text : JSON.stringify({ data });
  // Most have nothing to say beside the data, and go out without being copied.
  if (!errors && !extensions) return whole;
  const members = [errors && `"errors":${JSON.stringify(errors)}`, whole.slice(1, -1), extensions && `"extensions":${JSON.stringify(extensions)}`];
  return `{${members.filter(Boolean).join(',')}}`;
}

/** Apollo logs messages of errors, which can hold what a caller sent: only that something happened is kept. */
function withoutTexts(logger: Logger): { debug(): void; info(): void; warn(): void; error(): void } {
  return {
    debug: () => {},
    info: () => {},
    warn: () => logger.warn('Apollo Server warned'),
    error: () => logger.error('Apollo Server reported an error'),
  };
}
