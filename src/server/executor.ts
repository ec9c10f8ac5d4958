import { GraphQLError, execute as executeReference, getOperationAST } from 'graphql';
import type { DocumentNode, ExecutionResult, GraphQLSchema } from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import type { CompiledQuery } from 'graphql-jit';
import { LRUCache } from 'lru-cache';
import { variableErrors } from './variables.ts';

export interface ExecutorOptions {
  readonly schema: GraphQLSchema;
  /** Most compiled operations kept. Default 500. */
  readonly compiledOperations?: number;
}

/** One operation to run. */
export interface Run {
  /** Parsed and valid for the schema. */
  readonly document: DocumentNode;
  /** Identifies the document's text: two documents with one key must be the same. */
  readonly documentKey: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
  readonly context: unknown;
}

export type Executor = (run: Run) => Promise<ExecutionResult>;

/**
 * Runs operations compiled by graphql-jit, with graphql-js' own results and errors. What jit cannot compile, graphql-js runs.
 */
export function createExecutor(options: ExecutorOptions): Executor {
  const { schema } = options;
  const compiled = new LRUCache<string, Compiled>({ max: options.compiledOperations ?? 500 });

  return async (run) => {
    const operation = getOperationAST(run.document, run.operationName);
    if (!operation) return { errors: [noSuchOperation()] };
    const variables = run.variables ?? {};
    // jit's own coercion words its errors otherwise and echoes values; after this check it has nothing left to complain of.
    const invalid = variableErrors(schema, operation.variableDefinitions ?? [], variables);
    if (invalid.length > 0) return { errors: invalid };

    const key = `${run.documentKey}:${operation.name?.value ?? ''}`;
    let query = compiled.get(key);
    if (!query) {
      query = compile(schema, run.document, run.operationName);
      compiled.set(key, query);
    }
    if (query.run) {
      const result = await query.run(undefined, run.context, variables);
      // Without `data` nothing was resolved yet: jit refused variables that graphql-js takes.
      if (result.data !== undefined) return withGraphqlErrors(result);
    }
    return withGraphqlErrors(
      await executeReference({
        schema,
        document: run.document,
        operationName: run.operationName ?? null,
        variableValues: variables,
        contextValue: run.context,
      }),
    );
  };
}

/** A compiled operation; `run` is null where jit cannot compile it. */
interface Compiled {
  readonly run: CompiledQuery['query'] | null;
}

function compile(schema: GraphQLSchema, document: DocumentNode, operationName: string | undefined): Compiled {
  const query = compileQuery(schema, document, operationName, {
    // The older way decides @skip and @include per field node, which is wrong where a fragment is spread twice.
    useExperimentalPathBasedSkipInclude: true,
    disablingCapturingStackErrors: true,
  });
  return { run: isCompiledQuery(query) ? query.query : null };
}

function noSuchOperation(): GraphQLError {
  return new GraphQLError('Send `operationName`: the document has several operations, or none of the name given.');
}

function withGraphqlErrors(result: ExecutionResult): ExecutionResult {
  return result.errors ? { ...result, errors: result.errors.map(asGraphqlError) } : result;
}

/** jit's errors look like graphql-js' but lack `extensions`, on which Apollo's formatting fails. */
function asGraphqlError(error: GraphQLError): GraphQLError {
  const wrongArgument = !error.originalError && error.message.startsWith('Argument "');
  const wrapped = new GraphQLError(error.message, {
    path: error.path ?? null,
    originalError: error.originalError ?? null,
    extensions: wrongArgument ? { code: 'BAD_USER_INPUT' } : (error.extensions ?? {}),
  });
  return Object.defineProperty(wrapped, 'locations', { value: error.locations, enumerable: true });
}
