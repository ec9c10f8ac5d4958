import { readFileSync } from 'node:fs';
import { getNullableType, GraphQLEnumType, type GraphQLNamedType, isEnumType, isInputObjectType, isInterfaceType, isNonNullType, isObjectType, isScalarType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { printed } from '../../scripts/schema.ts';
import { schema } from '../../src/graph/schema.ts';

const ours = Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith('__'));
/** GraphQL's own scalars describe themselves. */
const builtIn = new Set(['String', 'Int', 'Float', 'Boolean', 'ID']);

function undescribed(type: GraphQLNamedType): string[] {
  const missing: string[] = [];
  const check = (path: string, description: string | null | undefined) => {
    if (!description || description.trim().length < 5) missing.push(path);
  };
  if (!builtIn.has(type.name)) check(type.name, type.description);
  if (isObjectType(type) || isInterfaceType(type)) {
    for (const field of Object.values(type.getFields())) {
      check(`${type.name}.${field.name}`, field.description);
      for (const arg of field.args) check(`${type.name}.${field.name}(${arg.name}:)`, arg.description);
    }
  }
  if (isInputObjectType(type)) for (const field of Object.values(type.getFields())) check(`${type.name}.${field.name}`, field.description);
  if (isEnumType(type)) for (const value of type.getValues()) check(`${type.name}.${value.name}`, value.description);
  return missing;
}

describe('the schema', () => {
  it('has enums whose values are their names, since the executor gives them out as they are', () => {
    const others = ours.filter(isEnumType).flatMap((type) => type.getValues().filter(({ name, value }) => value !== name).map(({ name }) => `${type.name}.${name}`));
    expect(others).toEqual([]);
  });

  it('is the one printed in schema/schema.graphql (else: npm run schema)', () => {
    expect(readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8')).toBe(printed());
  });

  it('describes every type, field, argument and enum value', () => {
    expect(ours.flatMap(undescribed)).toEqual([]);
  });

  it('lets no dead agency blank the rest: what an agency owns is nullable, but for ids and enums', () => {
    const owned = ours.filter((type) => isObjectType(type) && type.extensions.agencyOwned === true);
    expect(owned.map((type) => type.name)).toEqual(expect.arrayContaining(['Worker', 'Placement', 'Coverage', 'HealthMembership', 'Case', 'Stay']));
    /** Made by the hub itself, whatever the agencies answer. */
    const hubs = new Set(['Provenance', 'Source', 'Protection', 'WorkerIdentifier']);
    const wrong: string[] = [];
    for (const type of owned) {
      if (!isObjectType(type)) continue;
      for (const field of Object.values(type.getFields())) {
        const nullable = getNullableType(field.type);
        const named = nullable instanceof GraphQLEnumType || (isScalarType(nullable) && nullable.name === 'ID');
        const inner = String(nullable).replaceAll(/[[\]!]/g, '');
        const mustNotBeNull = named || hubs.has(inner);
        if (mustNotBeNull && !isNonNullType(field.type) && named) wrong.push(`${type.name}.${field.name} may be null`);
        if (!mustNotBeNull && isNonNullType(field.type)) wrong.push(`${type.name}.${field.name} must be nullable`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('has the root fields that callers rely on', () => {
    expect(Object.keys(schema.getQueryType()!.getFields())).toEqual(expect.arrayContaining(['worker', 'workers', 'agencies', 'viewer', 'node', 'nodes']));
    const key = schema.getType('WorkerKey');
    expect(isInputObjectType(key) && key.isOneOf).toBe(true);
  });
});
