import { type DocumentNode, getNamedType, GraphQLScalarType, type GraphQLSchema, isInputObjectType, isInputType, Kind, typeFromAST, type VariableDefinitionNode, visit } from 'graphql';

/*
 * jit writes out the reading of an input object anew at every place where its type can occur. For conditions in conditions (`PlacementWhere`) that is 15 s of work
 * for one document. The hub has read the variables by then, so jit is told that such a variable is a scalar that needs no reading.
 */

const read = new GraphQLScalarType<unknown, unknown>({ name: 'InputAsRead', parseValue: (value) => value });

/** Whether a variable is an input object, or a list of them. */
function isObject(schema: GraphQLSchema, { type }: VariableDefinitionNode): boolean {
  const of = typeFromAST(schema, type);
  return of !== undefined && isInputType(of) && isInputObjectType(getNamedType(of));
}

/** Names of the variables that are input objects. */
export function objectVariables(schema: GraphQLSchema, definitions: readonly VariableDefinitionNode[]): string[] {
  return definitions.filter((definition) => isObject(schema, definition)).map(({ variable }) => variable.name.value);
}

/** The document with its input objects as scalars, and the schema that knows them. */
export function withInputsAsRead(schema: GraphQLSchema, document: DocumentNode): { readonly schema: GraphQLSchema; readonly document: DocumentNode } {
  const changed = visit(document, {
    VariableDefinition: (definition) =>
      isObject(schema, definition)
        ? { kind: Kind.VARIABLE_DEFINITION, variable: definition.variable, type: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: read.name } } }
        : false,
  });
  if (changed === document) return { schema, document };
  const knowing = Object.create(schema, { getType: { value: (name: string) => (name === read.name ? read : schema.getType(name)) } }) as GraphQLSchema;
  return { schema: knowing, document: changed };
}
