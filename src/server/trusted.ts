import {
  BREAK, GraphQLInterfaceType, GraphQLList, GraphQLNonNull, GraphQLObjectType, GraphQLSchema, GraphQLString, GraphQLUnionType, isInterfaceType, isIntrospectionType,
  isObjectType, isScalarType, isUnionType, Kind, visit,
} from 'graphql';
import type { DocumentNode, GraphQLFieldConfigMap, GraphQLNamedType, GraphQLOutputType } from 'graphql';

/**
 * The schema with String in place of every scalar with the extension `plainText` (its values are text and go out as they are), where values go out; what comes in keeps its types. For executing only:
 * introspection of it would tell the wrong types.
 */
export function withPlainText(schema: GraphQLSchema): GraphQLSchema {
  const copies = new Map<string, GraphQLNamedType>();

  function named(type: GraphQLNamedType): GraphQLNamedType {
    if (isScalarType(type)) return type.extensions['plainText'] === true ? GraphQLString : type;
    if (isIntrospectionType(type)) return type;
    const made = copies.get(type.name);
    if (made) return made;
    const copy = copyOf(type);
    copies.set(type.name, copy);
    return copy;
  }

  function copyOf(type: GraphQLNamedType): GraphQLNamedType {
    if (isObjectType(type)) {
      const config = type.toConfig();
      return new GraphQLObjectType({ ...config, interfaces: () => config.interfaces.map((one) => named(one) as GraphQLInterfaceType), fields: () => fields(config.fields) });
    }
    if (isInterfaceType(type)) {
      const config = type.toConfig();
      return new GraphQLInterfaceType({ ...config, interfaces: () => config.interfaces.map((one) => named(one) as GraphQLInterfaceType), fields: () => fields(config.fields) });
    }
    if (!isUnionType(type)) return type;
    const config = type.toConfig();
    return new GraphQLUnionType({ ...config, types: () => config.types.map((one) => named(one) as GraphQLObjectType) });
  }

  function fields<S, C>(configs: GraphQLFieldConfigMap<S, C>): GraphQLFieldConfigMap<S, C> {
    return Object.fromEntries(Object.entries(configs).map(([name, config]) => [name, { ...config, type: output(config.type) }]));
  }

  function output(type: GraphQLOutputType): GraphQLOutputType {
    if (type instanceof GraphQLNonNull) return new GraphQLNonNull(output(type.ofType));
    if (type instanceof GraphQLList) return new GraphQLList(output(type.ofType));
    return named(type) as GraphQLOutputType;
  }

  const config = schema.toConfig();
  const root = (type: GraphQLObjectType | null | undefined) => (type ? (named(type) as GraphQLObjectType) : null);
  return new GraphQLSchema({
    ...config,
    query: root(config.query),
    mutation: root(config.mutation),
    subscription: root(config.subscription),
    // The scalars stay for what comes in.
    types: config.types.map((type) => (isScalarType(type) ? type : named(type))),
  });
}

/** Whether the document asks about the schema itself. */
export function introspects(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    [Kind.FIELD](field) {
      if (field.name.value !== '__schema' && field.name.value !== '__type') return undefined;
      found = true;
      return BREAK;
    },
  });
  return found;
}
