import { GraphQLError, coerceInputValue, getVariableValues, isInputType, typeFromAST } from 'graphql';
import type { GraphQLSchema, VariableDefinitionNode } from 'graphql';
import { withoutValue } from './redaction.ts';

const mostErrors = 20;

/**
 * The errors in an operation's variables, none when they fit. graphql-js' own errors print the value that does not fit, which may be a NIK; these
 * name the variable, the place in it and the expected type.
 */
export function variableErrors(
  schema: GraphQLSchema,
  definitions: readonly VariableDefinitionNode[],
  values: Readonly<Record<string, unknown>>,
): GraphQLError[] {
  if (definitions.length === 0) return [];
  const { errors } = getVariableValues(schema, definitions, values, { maxErrors: mostErrors });
  if (!errors) return [];
  const missing = errors.filter((error) => !error.message.includes(' got invalid value '));
  return [...missing.map(asUserInput), ...definitions.flatMap((definition) => misfits(schema, definition, values))].slice(0, mostErrors);
}

/** Variables that are missing or null where they must not be: the message names no value. */
function asUserInput(error: GraphQLError): GraphQLError {
  return new GraphQLError(error.message, { nodes: error.nodes ?? null, extensions: { code: 'BAD_USER_INPUT' } });
}

function misfits(schema: GraphQLSchema, definition: VariableDefinitionNode, values: Readonly<Record<string, unknown>>): GraphQLError[] {
  const name = definition.variable.name.value;
  const type = typeFromAST(schema, definition.type);
  const value = values[name];
  if (!isInputType(type) || value === undefined || value === null) return [];
  const found: GraphQLError[] = [];
  coerceInputValue(value, type, (path, invalid, error) => {
    const place = [name, ...path].join('.');
    const where = path.length > 0 ? ` at "${place}"` : '';
    found.push(
      new GraphQLError(`Variable "$${name}" got an invalid value${where}: ${withoutValue(error.message, invalid)}`, {
        nodes: definition,
        extensions: { code: 'BAD_USER_INPUT' },
      }),
    );
  });
  return found;
}
