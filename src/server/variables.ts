import { GraphQLError, coerceInputValue, getVariableValues, isInputType, typeFromAST } from 'graphql';
import type { GraphQLSchema, VariableDefinitionNode } from 'graphql';
import { withoutValue } from './redaction.ts';

const mostErrors = 20;

/** Variables as their types want them, or what is wrong with them. */
export type Coerced = { readonly values: Readonly<Record<string, unknown>> } | { readonly errors: readonly GraphQLError[] };

/**
 * Coerces an operation's variables. graphql-js' own errors print the value that does not fit, which may be a NIK; these name the variable, the place
 * in it and the expected type.
 */
export function coerceVariables(schema: GraphQLSchema, definitions: readonly VariableDefinitionNode[], given: Readonly<Record<string, unknown>>): Coerced {
  if (definitions.length === 0) return { values: {} };
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
