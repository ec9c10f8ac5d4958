import * as fc from 'fast-check';
import { buildSchema, GraphQLScalarType, getVariableValues, type OperationDefinitionNode, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { createCoercion } from '../../src/server/variables.ts';

const schema = buildSchema(`
  scalar Code
  enum Genre { NOVEL POETRY }
  input Key @oneOf { id: ID, code: Code }
  input Tree { label: String! = "leaf", size: Int, genre: Genre = NOVEL, key: Key, under: [Tree!], grid: [[Int!]!] }
  input Strict { label: String!, ratio: Float, on: Boolean }
  type Query { a(tree: Tree, keys: [Key!]!, strict: Strict!, grid: [[Int]], genre: Genre, code: Code, text: String): Int }
`);
const code = schema.getType('Code') as GraphQLScalarType;
code.parseValue = (value) => {
  if (typeof value === 'string' && /^\w$/.test(value)) return value.toUpperCase();
  if (value === 'nothing') return undefined;
  throw new Error('no code');
};
const definitionsOf = (text: string) => (parse(`query (${text}) { a }`).definitions[0] as OperationDefinitionNode).variableDefinitions!;

const leaf = fc.oneof(fc.constantFrom('a', 'nothing', 'NOVEL', 'PROSE', '', '1'), fc.integer({ min: -5, max: 5 }), fc.double(), fc.boolean(), fc.constant(null), fc.constant(2 ** 40));
const names = ['label', 'size', 'genre', 'key', 'under', 'grid', 'id', 'code', 'ratio', 'on', 'more', 'constructor', '__proto__'];
const value = fc.letrec((tie) => ({
  any: fc.oneof({ depthSize: 'small' }, leaf, fc.array(tie('any'), { maxLength: 3 }), tie('object')),
  object: fc.uniqueArray(fc.tuple(fc.constantFrom(...names), tie('any')), { selector: ([name]) => name, maxLength: 4 }).map((entries) => JSON.parse(JSON.stringify(Object.fromEntries(entries))) as unknown),
})).any;
/** Values that mostly fit, so that the property is not about refusals alone. */
const fitting: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  'Tree': fc.letrec((tie) => ({ tree: fc.record({ label: fc.constantFrom('x', ''), size: fc.integer({ max: 9, min: 0 }), genre: fc.constantFrom('NOVEL', 'POETRY', null), key: fc.constantFrom({ id: 1 }, { code: 'a' }, { id: '1', code: null }), under: fc.oneof({ maxDepth: 2 }, fc.constant([]), fc.array(tie('tree'), { maxLength: 2 }), tie('tree')), grid: fc.constantFrom([[1], [2, 3]], [1], 1, [[null]]) }, { requiredKeys: [] }) })).tree,
  '[Key!]!': fc.array(fc.constantFrom({ id: 'x' }, { code: 'b' }, { id: 5 }, { id: null }, {}), { maxLength: 3 }),
  'Strict!': fc.record({ label: fc.string(), ratio: fc.double({ noNaN: true, noDefaultInfinity: true }), on: fc.boolean() }, { requiredKeys: ['label'] }),
  '[[Int]]': fc.constantFrom([[1, null]], [1, 2], 3, null),
  'Genre': fc.constantFrom('NOVEL', 'PROSE', null),
  'Code': fc.constantFrom('a', 'ab', 'nothing', null),
  'String': fc.string(),
};
const defaults: Readonly<Record<string, string>> = { Tree: ' = { size: 3 }', Genre: ' = POETRY', String: ' = "left out"' };

describe('variables', () => {
  const plain = (result: unknown) => JSON.parse(JSON.stringify(result)) as unknown;

  test('are coerced as graphql-js does, and refused where it refuses', () => {
    const coerce = createCoercion(schema);
    let accepted = 0;
    const type = fc.constantFrom(...Object.keys(fitting));
    const given = type.chain((name) => fc.tuple(fc.constant(name), fc.boolean(), fc.oneof({ arbitrary: fitting[name]!, weight: 2 }, { arbitrary: value, weight: 1 }), fc.integer({ min: 0, max: 9 })));
    fc.assert(
      fc.property(given, ([name, withDefault, sent, leftOut]) => {
        const definitions = definitionsOf(`$v: ${name}${withDefault ? (defaults[name] ?? '') : ''}`);
        const variables = leftOut === 0 ? {} : { v: sent };
        const reference = getVariableValues(schema, definitions, variables);
        const coerced = coerce(definitions, variables);
        expect('errors' in coerced).toBe(reference.errors !== undefined);
        if ('errors' in coerced) return;
        accepted += 1;
        expect(plain(coerced.values)).toEqual(plain(reference.coerced));
      }),
      { numRuns: 2_000 },
    );
    expect(accepted).toBeGreaterThan(500);
  });

  test('of a type that no input can have are told by graphql-js', () => {
    expect(createCoercion(schema)(definitionsOf('$v: Query, $w: Int'), { w: 1 })).toHaveProperty('errors');
  });
});
