import { GraphQLList, GraphQLNonNull, GraphQLObjectType, GraphQLScalarType, GraphQLSchema, buildSchema, execute, parse } from 'graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { describe, expect, test } from 'vitest';
import { decided } from '../../src/server/conditions.ts';
import { createExecutor } from '../../src/server/executor.ts';
import { expectSameAnswers } from '../support/differential.ts';
import type { Operation } from '../support/differential.ts';
import { librarySchema } from '../support/library.ts';

const schema = librarySchema();
const bothBooks = '[{ id: "b1" }, { id: "b2" }]';

const operations: [string, Operation][] = [
  ['fields and aliases', { query: '{ one: book(by: { id: "b1" }) { title t: title id } two: book(by: { code: "2" }) { id } }' }],
  ['nothing found', { query: '{ none { id } book(by: { id: "x" }) { id } }' }],
  ['a list with gaps', { query: '{ books(by: [{ id: "b3" }, { id: "x" }, { id: "b1" }]) { id title genre author { name born } } }' }],
  ['promises in a list', { query: '{ later { id title author { name } } }' }],
  ['a named fragment, used twice', { query: `{ books(by: ${bothBooks}) { ...F author { books { ...F } } } } fragment F on Book { id title }` }],
  ['fragments within fragments', { query: `{ books(by: ${bothBooks}) { ...F } } fragment F on Book { id ...G } fragment G on Book { author { ...H } } fragment H on Author { name }` }],
  ['the same field twice, merged', { query: `{ books(by: ${bothBooks}) { author { id } author { name } ...F } } fragment F on Book { author { born } }` }],
  ['a union', { query: '{ items { __typename ... on Author { name } ... on Book { title } ... on Node { id } } }' }],
  ['an interface', { query: '{ node(id: "a1") { id __typename ... on Author { name books(first: 1) { title } } ... on Book { title } } }' }],
  ['an interface, the other type', { query: '{ node(id: "b1") { ...N } } fragment N on Node { id ... on Author { name } ... on Book { title } }' }],
  ['an interface, nothing', { query: '{ node(id: "zz") { id } }' }],
  ['an enum by default', { query: '{ genre }' }],
  ['an enum as literal', { query: '{ genre(is: POETRY) }' }],
  ['an enum as variable', { query: 'query ($g: Genre) { genre(is: $g) }', variables: { g: 'POETRY' } }],
  ['an enum variable left out', { query: 'query ($g: Genre) { genre(is: $g) }' }],
  ['an enum variable null', { query: 'query ($g: Genre) { genre(is: $g) }', variables: { g: null } }],
  ['an enum variable by its own default', { query: 'query ($g: Genre = POETRY) { genre(is: $g) }' }],
  ['a default of an argument', { query: '{ echo }' }],
  ['null as literal', { query: '{ echo(text: null) }' }],
  ['a variable left out keeps the argument out', { query: 'query ($t: String) { echo(text: $t) }' }],
  ['a variable null', { query: 'query ($t: String) { echo(text: $t) }', variables: { t: null } }],
  ['a variable for a default', { query: 'query ($s: Int) { echo(size: $s) }' }],
  ['a null variable where null must not be', { query: 'query ($s: Int = 4) { echo(size: $s) }', variables: { s: null } }],
  ['a list of scalars of our own', { query: 'query ($c: [Code!]) { echo(codes: $c) }', variables: { c: ['1', '2'] } }],
  ['one value for a list', { query: 'query ($c: [Code!]) { echo(codes: $c) }', variables: { c: '1' } }],
  ['a variable within a list', { query: 'query ($c: Code!) { echo(codes: ["1", $c]) }', variables: { c: '2' } }],
  ['an input object as variable', { query: 'query ($b: Key!) { book(by: $b) { pages } }', variables: { b: { id: 'b1' } } }],
  ['a list of input objects as variable', { query: 'query ($b: [Key!]!) { books(by: $b) { id } }', variables: { b: [{ id: 'b1' }, { code: '2' }] } }],
  ['an input object by default', { query: '{ book(by: { id: "b1" }) { pages } }' }],
  ['an input object with its defaults', { query: '{ book(by: { id: "b1" }) { pages(unit: { label: "x" }) } }' }],
  ['an input object as variable', { query: 'query ($u: Unit) { book(by: { id: "b1" }) { pages(unit: $u) } }', variables: { u: { size: 7 } } }],
  ['a variable within an input object', { query: 'query ($s: Int!) { book(by: { id: "b1" }) { pages(unit: { size: $s }) } }', variables: { s: 9 } }],
  ['a oneOf input as variable', { query: 'query ($k: Key!) { book(by: $k) { id } }', variables: { k: { code: '3' } } }],
  ['a oneOf input with a variable within', { query: 'query ($i: ID!) { book(by: { id: $i }) { id } }', variables: { i: 'b2' } }],
  ['oneOf inputs in a list', { query: 'query ($k: [Key!]!) { books(by: $k) { id } }', variables: { k: [{ code: '1' }, { id: 'b2' }] } }],
  ['refused: two keys for a oneOf', { query: 'query ($k: Key!) { book(by: $k) { id } }', variables: { k: { id: 'b1', code: '1' } } }],
  ['refused: no key for a oneOf', { query: 'query ($k: Key!) { book(by: $k) { id } }', variables: { k: {} } }],
  ['refused: null for a oneOf', { query: 'query ($k: Key!) { book(by: $k) { id } }', variables: { k: { id: null } } }],
  ['refused: an unknown field', { query: 'query ($k: Key!) { book(by: $k) { id } }', variables: { k: { id: 'b1', more: 1 } } }],
  ['refused: a missing variable', { query: 'query ($k: Key!) { book(by: $k) { id } }' }],
  ['refused: the scalar says no', { query: 'query ($c: [Code!]) { echo(codes: $c) }', variables: { c: ['x'] } }],
  ['an error in a nullable field', { query: '{ book(by: { id: "b1" }) { id broken title } }' }],
  ['errors in a list', { query: '{ shaky(errors: 3) { id title } }' }],
  ['promises in a list, some rejected', { query: '{ laterShaky { id } }' }],
  ['a type that cannot be told', { query: '{ genre odd(wait: false) { __typename } }' }],
  ['a type that cannot be told of a promise', { query: '{ genre odd(wait: true) { __typename } }' }],
  ['types that cannot be told in a list', { query: '{ oddList { __typename } }' }],
  ['errors with a code', { query: '{ coded secret genre }' }],
  ['null where it must not be, up to the nearest nullable', { query: `{ books(by: ${bothBooks}) { id mustNotBreak } }` }],
  ['null where it must not be, deeper', { query: `{ books(by: [{ id: "b2" }]) { id author { books { mustNotBreak } } } genre }` }],
  ['null where it must not be, up to the root', { query: '{ genre fatal { id } }' }],
  ['one of two operations', { query: 'query A { genre } query B { a: genre(is: POETRY) }', operationName: 'B' }],
  ['refused: which of two', { query: 'query A { genre } query B { none { id } }' }],
  ['refused: none of that name', { query: 'query A { genre }', operationName: 'C' }],
  ['mutations in order', { query: 'mutation { a: add(title: "x") { id title } b: add(title: "y") { title author { name } } }' }],
  ['a mutation that fails beside one that does not', { query: 'mutation { fail { id } add(title: "y") { id } }' }],
  ['introspection', { query: '{ __schema { types { name kind fields { name args { name defaultValue type { name ofType { name } } } } } } __type(name: "Key") { isOneOf inputFields { name } } }' }],
  ['__typename everywhere', { query: '{ __typename book(by: { id: "b1" }) { __typename author { __typename } } }' }],
];

describe('graphql-jit answers as graphql-js does', () => {
  test.each(operations)('%s', async (_name, operation) => {
    await expectSameAnswers(schema, operation, () => ({ calls: [] }));
  });

  const flags = [true, false];
  const conditional = [
    '{ genre @skip(if: $s) none @include(if: $i) { id } x: genre @skip(if: $s) @include(if: $i) }',
    '{ book(by: { id: "b1" }) { id ...F @skip(if: $s) ...F @include(if: $i) } } fragment F on Book { title author { name @include(if: $i) } }',
    '{ a: book(by: { id: "b1" }) { ...F @skip(if: $s) } b: book(by: { id: "b2" }) { ...F @include(if: $i) } } fragment F on Book { title ...G @include(if: $i) } fragment G on Book { author { id name @skip(if: $s) } }',
    '{ book(by: { id: "b1" }) { ... @skip(if: $s) { title } ... on Book @include(if: $i) { id title } author { id @include(if: $i) } author { name @skip(if: $s) } } }',
    '{ items { ... on Book @include(if: $i) { title } ... on Node @skip(if: $s) { id } ... on Author { name @include(if: $i) books @skip(if: $s) { id } } } }',
    '{ book(by: { id: "b1" }) { title @skip(if: $s) title @include(if: $i) t: title @skip(if: true) u: title @include(if: true) } }',
  ];
  const cases = conditional.flatMap((selection) => flags.flatMap((s) => flags.map((i) => [selection, s, i] as const)));
  test('a condition that is null is an error, as there', async () => {
    await expectSameAnswers(schema, { query: 'query ($s: Boolean = true) { genre none @skip(if: $s) { id } }', variables: { s: false } }, () => ({ calls: [] }));
  });

  test.each(cases)('%s with skip %s and include %s', async (selection, s, i) => {
    await expectSameAnswers(schema, { query: `query ($s: Boolean!, $i: Boolean!) ${selection}`, variables: { s, i } }, () => ({ calls: [] }));
  });

  test('a resolver is called once per field, also where jit gives way to graphql-js', async () => {
    const executor = createExecutor({ schema });
    for (const query of ['{ echo }', 'mutation { add(title: "x") { id } }']) {
      const context = { calls: [] as string[] };
      await executor({ document: parse(query), documentKey: query, operationName: undefined, variables: {}, context });
      expect(context.calls).toHaveLength(1);
    }
  });
});

describe('leaves that are trusted', () => {
  const small = buildSchema('enum Colour { RED } type Query { a: Colour! b: Colour c: String n: Int! e: String list: [Int!] missing: [Row!] } type Row { id: ID! }');
  const root = (small.getType('Query') as GraphQLObjectType).getFields();
  const values: Record<string, unknown> = { a: 'RED', b: null, c: 'text', n: 3, e: new Error('no'), list: [1, null], missing: [{ id: null }] };
  for (const [name, value] of Object.entries(values)) root[name]!.resolve = () => value;

  test('plain text goes out as it is, comes in checked, and is told as its type', async () => {
    const when = new GraphQLScalarType({ name: 'When', extensions: { plainText: true }, serialize: (value) => value, parseValue: (value) => `read ${String(value)}` });
    const row = new GraphQLObjectType({ name: 'Row', fields: () => ({ at: { type: new GraphQLNonNull(when) }, none: { type: when }, rows: { type: new GraphQLList(row) } }) }) as GraphQLObjectType;
    const query = new GraphQLObjectType({ name: 'Query', fields: { row: { type: row, args: { on: { type: when } }, resolve: (_root, { on }: { on?: string }) => ({ at: on ?? null, none: null, rows: [{ at: 'later' }] }) } } });
    const withText = new GraphQLSchema({ query });
    const selection = '{ at none rows { at __typename } }';
    await expectSameAnswers(withText, { query: `query ($on: When) { row(on: $on) ${selection} }`, variables: { on: 'noon' } }, () => ({}), { trustLeaves: true });
    await expectSameAnswers(withText, { query: `{ row ${selection} }` }, () => ({}), { trustLeaves: true });
    await expectSameAnswers(withText, { query: '{ __type(name: "Row") { fields { name type { kind name ofType { name } } } } row(on: "dawn") { at } }' }, () => ({}), { trustLeaves: true });
  });

  test('a scalar of our own that is not plain text is still made by its type', async () => {
    const shout = new GraphQLScalarType({ name: 'Shout', serialize: (value) => `${String(value).toUpperCase()}!` });
    const loud = new GraphQLSchema({ query: new GraphQLObjectType({ name: 'Query', fields: { word: { type: shout, resolve: () => 'hi' } } }) });
    const answer = await expectSameAnswers(loud, { query: '{ word }' }, () => ({}), { trustLeaves: true });
    expect(answer.data).toEqual({ word: 'HI!' });
  });

  test.each(Object.keys(values))('%s: null and errors are what they are with checks', async (name) => {
    await expectSameAnswers(small, { query: `{ ${name} ${name === 'missing' ? '{ id }' : ''} }` }, () => ({}), { trustLeaves: true });
  });
});

describe('what resolvers are told', () => {
  /** Runs with both engines and gives what the resolver of `rows` saw. */
  async function infos(query: string, variables: Record<string, unknown> = {}): Promise<[GraphQLResolveInfo, GraphQLResolveInfo]> {
    const seen: GraphQLResolveInfo[] = [];
    const small = buildSchema('type Query { rows(n: Int): [Row] } type Row { id: ID a: Int b: Int rows: [Row] }');
    (small.getType('Query') as GraphQLObjectType).getFields()['rows']!.resolve = (_root, _args, _context, info) => {
      seen.push(info);
      return [];
    };
    const document = parse(query);
    // The conditions are decided before: a look-ahead sees what is asked for, without @skip and @include.
    await execute({ schema: small, document: decided(document, variables)!, variableValues: variables });
    await createExecutor({ schema: small })({ document, documentKey: query, operationName: undefined, variables, context: {} });
    expect(seen).toHaveLength(2);
    return [seen[0]!, seen[1]!];
  }

  test.each([
    '{ rows { id a } }',
    'query ($s: Boolean = true) { rows { id a @skip(if: $s) ...F } } fragment F on Row { b rows { id } }',
    'query ($s: Boolean!, $n: Int = 4) { x: rows(n: $n) { id } x: rows(n: $n) { a rows { b @include(if: $s) } } }',
  ])('is the same for looking ahead: %s', async (query) => {
    const [reference, info] = await infos(query, { s: true });
    // jit notes on its copy of each node when to include it; the node's own parts are the document's.
    const plain = (nodes: unknown): unknown => JSON.parse(JSON.stringify(nodes, (key, value) => (key === 'loc' || key.startsWith('__internal') ? undefined : value)));
    expect(plain(info.fieldNodes)).toEqual(plain(reference.fieldNodes));
    expect(plain(info.fragments)).toEqual(plain(reference.fragments));
    expect(info.variableValues).toEqual(reference.variableValues);
    expect(info.fieldName).toBe(reference.fieldName);
    expect(String(info.returnType)).toBe(String(reference.returnType));
    expect(info.parentType.name).toBe(reference.parentType.name);
    expect(plain(info.operation)).toEqual(plain(reference.operation));
    expect(info.schema).toBeInstanceOf(GraphQLSchema);
  });
});
