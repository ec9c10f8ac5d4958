import { GraphQLError, coerceInputValue, getVariableValues, isInputType, isNonNullType, typeFromAST, valueFromAST } from 'graphql';
import type { GraphQLSchema, VariableDefinitionNode } from 'graphql';
import { type InputReader, inputReader, misfit } from './inputs.ts';
import { withoutValue } from './redaction.ts';

const mostErrors = 20;

/** Variables as their types want them, or what is wrong with them. */
export type Coerced = { readonly values: Readonly<Record<string, unknown>> } | { readonly errors: readonly GraphQLError[] };

interface Variable {
  readonly name: string;
  readonly read: InputReader;
  /** Taken where the variable is left out; undefined where there is none. */
  readonly otherwise: unknown;
  readonly required: boolean;
}

/**
 * Coerces operations' variables. graphql-js' own errors print the value that does not fit, which may be a NIK; these name the variable, the place
 * in it and the expected type.
 */
export function createCoercion(schema: GraphQLSchema): (definitions: readonly VariableDefinitionNode[], given: Readonly<Record<string, unknown>>) => Coerced {
  const plans = new WeakMap<readonly VariableDefinitionNode[], readonly Variable[]>();
  return (definitions, given) => {
    let plan = plans.get(definitions);
    if (!plan) plans.set(definitions, (plan = definitions.flatMap((definition) => variableOf(schema, definition) ?? [])));
    // A definition that cannot be read has no variable.
    const values = plan.length === definitions.length ? readAll(plan, given) : null;
    return values ? { values } : coerceSlowly(schema, definitions, given);
  };
}

function variableOf(schema: GraphQLSchema, { variable, type: node, defaultValue }: VariableDefinitionNode): Variable | null {
  const type = typeFromAST(schema, node);
  if (!isInputType(type)) return null;
  return { name: variable.name.value, read: inputReader(type), otherwise: defaultValue && valueFromAST(defaultValue, type), required: isNonNullType(type) };
}

/** Null where anything does not fit. */
function readAll(plan: readonly Variable[], given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> | null {
  const values: Record<string, unknown> = {};
  for (const { name, read, otherwise, required } of plan) {
    if (!Object.hasOwn(given, name)) {
      if (otherwise !== undefined) values[name] = otherwise;
      else if (required) return null;
      continue;
    }
    const value = read(given[name]);
    if (value === misfit) return null;
    values[name] = value;
  }
  return values;
}

function coerceSlowly(schema: GraphQLSchema, definitions: readonly VariableDefinitionNode[], given: Readonly<Record<string, unknown>>): Coerced {
  const { errors, coerced } = getVariableValues(schema, definitions, given, { maxErrors: mostErrors });
  if (!errors) return { values: coerced };
  const missing = errors.filter((error) => !error.message.includes(' got invalid value '));
  return { errors: [...missing.map(asUserInput), ...definitions.flatMap((definition) => misfits(schema, definition, given))].slice(0, mostErrors) };
}

/** Variables that are missing or null where they must not be: the message names no value. */
function asUserInput(error: GraphQLError): GraphQLError {
  return new GraphQLError(error.message, { nodes: error.nodes ?? null, extensions: { code: 'BAD_USER_INPUT' } });
}

function misfits(schema: GraphQLSchema, definition: VariableDefinitionNode, given: Readonly<Record<string, unknown>>): GraphQLError[] {
  const name = definition.variable.name.value;
  const type = typeFromAST(schema, definition.type);
  const value = given[name];
  if (!isInputType(type) || value === undefined || value === null) return [];
  const found: GraphQLError[] = [];
  coerceInputValue(value, type, (path, invalid, error) => {
    const where = path.length > 0 ? ` at "${[name, ...path].join('.')}"` : '';
    found.push(
      new GraphQLError(`Variable "$${name}" got an invalid value${where}: ${withoutValue(error.message, invalid)}`, {
        nodes: definition,
        extensions: { code: 'BAD_USER_INPUT' },
      }),
    );
  });
  return found;
}
