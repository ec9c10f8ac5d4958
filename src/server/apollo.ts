import { ApolloServer } from '@apollo/server';
import type { ApolloServerOptionsWithGateway } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { GatewayInterface } from '@apollo/server-gateway-interface';
import type { ExecutionResult, GraphQLError, GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { createErrorFormatter } from './errors.ts';
import type { Deadline, Exchange } from './exchange.ts';
import type { Executor } from './executor.ts';

/** What is said about an operation after it ran. */
export interface Closing {
  /** Errors to add, such as one per failed agency. */
  readonly errors?: readonly GraphQLError[];
  /** Goes into the answer's `extensions`. */
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** What one request brings to its execution. Apollo copies the outer object, so the resolvers' own context stays whole inside. */
export interface Attempt<C = unknown> {
  readonly exchange: Exchange;
  readonly deadline: Deadline;
  readonly context: C;
  /** Called once, after the last resolver. */
  readonly finish: () => Closing;
}

export interface ApolloOptions {
  readonly schema: GraphQLSchema;
  readonly executor: Executor;
  readonly logger: Logger;
}

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
    stringifyResult: (value) => JSON.stringify(value),
    logger: withoutTexts(options.logger),
    plugins: [
      // It wraps every field; the hub has no use for its hints.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  };
  const apollo = new ApolloServer<Attempt>(config);
  await apollo.start();
  return apollo;
}

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
        if (operation?.operation === 'mutation' || operation?.operation === 'query') attempt.exchange.operation = operation.operation;
        const run = executor({
          document,
          documentKey: queryHash,
          operationName: request.operationName,
          variables: request.variables,
          context: attempt.context,
        });
        return closed(await Promise.race([run, attempt.deadline.overrun]), attempt);
      },
    }),
    stop: async () => {},
  };
}

/** The result with what there is to say at the end; a result without data was refused and is left alone. */
function closed(result: ExecutionResult, attempt: Attempt): ExecutionResult {
  if (result.data === undefined) return result;
  const { errors = [], extensions } = attempt.finish();
  const all = [...(result.errors ?? []), ...errors];
  attempt.exchange.outcome = all.length > 0 ? 'partial' : 'ok';
  return { data: result.data, ...(all.length > 0 && { errors: all }), ...(extensions && { extensions: { ...extensions } }) };
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
