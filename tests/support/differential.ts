import { execute, parse, validate } from 'graphql';
import type { ExecutionResult, GraphQLError, GraphQLSchema } from 'graphql';
import { expect } from 'vitest';
import { createExecutor } from '../../src/server/executor.ts';
import type { Executor, ExecutorOptions } from '../../src/server/executor.ts';

export interface Operation {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
  /** Names of fields whose values follow the clock: only their kind is compared. */
  readonly moving?: readonly string[];
}

const executors = new WeakMap<GraphQLSchema, Executor>();

/**
 * Runs an operation with the hub's executor (graphql-jit) and with graphql-js, each with a context of its own, and holds that the answers are
 * equal: data with the order of its fields, and errors with message, path, places and extensions. Runs it twice, since the second run is the
 * compiled one from the cache. `options` count for a schema's first operation. Values that follow the clock go by `moving`.
 */
export async function expectSameAnswers(schema: GraphQLSchema, operation: Operation, context: () => unknown, options: Omit<ExecutorOptions, 'schema'> = {}): Promise<ExecutionResult> {
  const document = parse(operation.query);
  expect(validate(schema, document)).toEqual([]);
  const executor = executors.get(schema) ?? createExecutor({ schema, ...options });
  executors.set(schema, executor);

  const reference = await execute({
    schema,
    document,
    variableValues: operation.variables ?? {},
    operationName: operation.operationName ?? null,
    contextValue: context(),
  });
  for (let run = 1; run <= 2; run++) {
    const answer = await executor({
      document,
      documentKey: operation.query,
      operationName: operation.operationName,
      variables: operation.variables,
      context: context(),
    });
    expect(comparable(answer)).toEqual(comparable(reference));
    // As text, since the order of fields counts.
    expect(textOf(answer, operation.moving)).toBe(textOf(reference, operation.moving));
  }
  return reference;
}

function comparable(result: ExecutionResult): unknown {
  // Refused before execution: the hub words these itself, without the caller's values.
  if (result.data === undefined) return { refused: (result.errors?.length ?? 0) > 0 };
  const errors = (result.errors ?? []).map(comparableError).toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  return { hasData: result.data !== null, errors };
}

function textOf(result: ExecutionResult, moving: readonly string[] = []): string | undefined {
  const still = (key: string, value: unknown): unknown => (value === undefined ? 'undefined' : moving.includes(key) && value !== null ? typeof value : value);
  return JSON.stringify(result.data, still, 1);
}

function comparableError(error: GraphQLError): Record<string, unknown> {
  const { code: _, ...extensions } = error.extensions;
  return {
    message: error.message,
    path: error.path,
    locations: error.locations,
    // graphql-js gives a wrong argument no code.
    extensions: error.message.startsWith('Argument "') ? extensions : error.extensions,
  };
}
