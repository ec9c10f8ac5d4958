import { isInputObjectType, isListType, isNonNullType, isRequiredInputField } from 'graphql';
import type { GraphQLInputObjectType, GraphQLInputType } from 'graphql';

/** Stands for a value that is not one of its type. */
export const misfit = Symbol('misfit');

/** Makes of a value from JSON what its type wants, as graphql-js does, or {@link misfit}. */
export type InputReader = (value: unknown) => unknown;

const readers = new WeakMap<GraphQLInputType, InputReader>();

/**
 * Reads input of a type. What graphql-js does besides, to say where in the input a fault is, costs ten times as much for each value; whoever meets a misfit
 * asks graphql-js what is wrong.
 */
export function inputReader(type: GraphQLInputType): InputReader {
  let reader = readers.get(type);
  if (!reader) readers.set(type, (reader = makeReader(type)));
  return reader;
}

function makeReader(type: GraphQLInputType): InputReader {
  if (isNonNullType(type)) {
    const read = inputReader(type.ofType);
    return (value) => (value === null || value === undefined ? misfit : read(value));
  }
  const read = isListType(type) ? listReader(inputReader(type.ofType)) : isInputObjectType(type) ? objectReader(type) : leafReader((value) => type.parseValue(value));
  return (value) => (value === null || value === undefined ? null : read(value));
}

function leafReader(parse: InputReader): InputReader {
  return (value) => {
    try {
      return parse(value) ?? misfit;
    } catch {
      return misfit;
    }
  };
}

function listReader(readItem: InputReader): InputReader {
  return (value) => {
    if (!Array.isArray(value)) {
      // One value stands for a list of one.
      const item = readItem(value);
      return item === misfit ? misfit : [item];
    }
    const items: unknown[] = [];
    for (const given of value) {
      const item = readItem(given);
      if (item === misfit) return misfit;
      items.push(item);
    }
    return items;
  };
}

function objectReader(type: GraphQLInputObjectType): InputReader {
  // Made at first use, since types may hold themselves.
  let fields: readonly { readonly name: string; readonly read: InputReader; readonly required: boolean; readonly byDefault: unknown }[] | null = null;
  return (value) => {
    if (typeof value !== 'object' || Array.isArray(value)) return misfit;
    fields ??= Object.values(type.getFields()).map((field) => ({ name: field.name, read: inputReader(field.type), required: isRequiredInputField(field), byDefault: field.defaultValue }));
    const given = value as Readonly<Record<string, unknown>>;
    const object: Record<string, unknown> = {};
    let known = 0;
    let set = 0;
    for (const { name, read, required, byDefault } of fields) {
      const one = given[name];
      if (one === undefined) {
        if (required) return misfit;
        if (byDefault !== undefined) object[name] = byDefault;
        continue;
      }
      const result = read(one);
      if (result === misfit) return misfit;
      object[name] = result;
      known += 1;
      if (result !== null) set += 1;
    }
    if (type.isOneOf && (known !== 1 || set !== 1)) return misfit;
    return Object.keys(given).length === known ? object : misfit;
  };
}
