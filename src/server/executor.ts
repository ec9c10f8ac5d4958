import { GraphQLError, execute as executeReference, getOperationAST } from 'graphql';
import type { DocumentNode, ExecutionResult, GraphQLSchema, VariableDefinitionNode } from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import type { CompiledQuery } from 'graphql-jit';
import { LRUCache } from 'lru-cache';
import { conditionVariables, decided } from './conditions.ts';
import { objectVariables, withInputsAsRead } from './readInputs.ts';
import { mendJitRuntime } from './jit-runtime.ts';
import { introspects, withPlainText } from './trusted.ts';
import { createCoercion } from './variables.ts';

export interface ExecutorOptions {
  readonly schema: GraphQLSchema;
  /** Most compiled operations kept. Default 500. */
  readonly compiledOperations?: number;
  /**
   * Gives enums, GraphQL's own scalars and those with the extension `plainText` out as the resolvers return them, without the check that a value is one of its type. True saves an error's path and
   * place made for every value, used or not: a fifth of what an answer allocates. Only for resolvers whose types hold their values to the schema's, with
   * enums whose values are their names. Null and errors are treated as ever. Default false.
   */
  readonly trustLeaves?: boolean;
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

const none: readonly VariableDefinitionNode[] = [];

export type Executor = (run: Run) => Promise<ExecutionResult>;

/**
 * Runs operations compiled by graphql-jit, with graphql-js' own results and errors. What jit cannot compile, graphql-js runs.
 */
export function createExecutor(options: ExecutorOptions): Executor {
  const { schema, trustLeaves = false } = options;
  const compiled = new LRUCache<string, Compiled>({ max: options.compiledOperations ?? 500 });
  const trusted = trustLeaves ? withPlainText(schema) : null;
  const coerce = createCoercion(schema);
  mendJitRuntime();

  return async (run) => {
    const operation = getOperationAST(run.document, run.operationName);
    if (!operation) return { errors: [noSuchOperation()] };
    const given = run.variables ?? {};
    // jit's own coercion words its errors otherwise and echoes values; after this check it has nothing left to complain of.
    const coerced = coerce(operation.variableDefinitions ?? none, given);
    if ('errors' in coerced) return coerced;

    const conditions = conditionVariables(run.document);
    const variant = conditions?.map((name) => String(coerced.values[name])).join() ?? '';
    const key = `${run.documentKey}:${operation.name?.value ?? ''}:${variant}`;
    let query = compiled.get(key);
    if (!query) {
      query = compile(introspects(run.document) ? schema : (trusted ?? schema), conditions ? decided(run.document, coerced.values) : run.document, run.operationName, trustLeaves);
      compiled.set(key, query);
    }
    const values = query.objects.length === 0 ? given : { ...given, ...Object.fromEntries(query.objects.flatMap((name) => (Object.hasOwn(coerced.values, name) ? [[name, coerced.values[name]]] : []))) };
    const result = await runCompiled(query, run, values, operation.operation === 'query');
    return withGraphqlErrors(
      result ??
        (await executeReference({
          schema,
          document: run.document,
          operationName: run.operationName ?? null,
          variableValues: given,
          contextValue: run.context,
        })),
    );
  };
}

/** A compiled operation; `run` is null where jit cannot compile it. */
interface Compiled {
  readonly run: CompiledQuery['query'] | null;
  /** Variables that it takes as the hub has read them. */
  readonly objects: readonly string[];
}

function compile(schema: GraphQLSchema, document: DocumentNode | null, operationName: string | undefined, trustLeaves: boolean): Compiled {
  const plain = document && withInputsAsRead(schema, document);
  const query = plain && compileQuery(plain.schema, plain.document, operationName, { disablingCapturingStackErrors: true, disableLeafSerialization: trustLeaves });
  const definitions = document ? (getOperationAST(document, operationName)?.variableDefinitions ?? none) : none;
  return { run: query && isCompiledQuery(query) ? query.query : null, objects: objectVariables(schema, definitions) };
}

/** jit's answer; null where it has none and graphql-js must try. */
async function runCompiled(query: Compiled, run: Run, variables: Readonly<Record<string, unknown>>, repeatable: boolean): Promise<ExecutionResult | null> {
  try {
    const result = await query.run?.(undefined, run.context, variables);
    // Without `data` nothing was resolved yet: jit refused variables that graphql-js takes.
    return result?.data === undefined ? null : result;
  } catch (error) {
    // A throw outside of any resolver, such as a `resolveType` that throws: graphql-js makes it an error of the field.
    if (repeatable) return null;
    throw error;
  }
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
