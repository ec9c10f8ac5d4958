import { setTimeout as wait } from 'node:timers/promises';
import { GraphQLError, GraphQLScalarType, Kind, buildSchema } from 'graphql';
import type { GraphQLFieldResolver, GraphQLObjectType, GraphQLSchema } from 'graphql';

/** A small schema with everything an executor can get wrong, for tests of the server without the hub behind it. */
const typeDefs = /* GraphQL */ `
  scalar Code
  enum Genre { POETRY PROSE }
  interface Node { id: ID! }
  type Author implements Node { id: ID! name: String! books(first: Int = 2, genre: Genre): [Book!]! born: Int }
  type Book implements Node { id: ID! title: String genre: Genre author: Author broken: String mustNotBreak: String! pages(unit: Unit = { size: 10 }): Int }
  union Item = Author | Book
  input Unit { size: Int! = 5, label: String }
  input Key @oneOf { id: ID, code: Code }
  type Query {
    book(by: Key!): Book
    books(by: [Key!]!): [Book]
    genre(is: Genre = PROSE): Genre
    items: [Item]
    node(id: ID!): Node
    echo(text: String, codes: [Code!], size: Int! = 3): String
    shaky(errors: Int = 1): [Book]
    fatal: Book!
    secret: String
    coded: String
    slow(ms: Int = 20): String
    later: [Book]
    laterShaky: [Book]
    none: Book
    odd(wait: Boolean): Item
    oddList: [Item]
  }
  type Mutation { add(title: String!): Book fail: Book }
`;

export const secret = 'Basic c2VjcmV0OnNlY3JldA== for NIK 3273010101909001';

interface Row {
  readonly id: string;
  readonly title?: string;
  readonly name?: string;
}
const books: readonly Row[] = [
  { id: 'b1', title: 'Puisi' },
  { id: 'b2', title: 'Novel' },
  { id: 'b3', title: 'Sajak' },
];
const author: Row = { id: 'a1', name: 'Sari' };

export interface LibraryContext {
  readonly signal?: AbortSignal;
  calls: string[];
}

type Resolver = GraphQLFieldResolver<unknown, LibraryContext>;

function find(key: { id?: string; code?: string }): Row | null {
  return books.find((book) => book.id === (key.id ?? `b${key.code}`)) ?? null;
}

const resolvers: Record<string, Record<string, Resolver>> = {
  Query: {
    book: (_, args) => find(args['by']),
    books: (_, args) => args['by'].map(find),
    genre: (_, args) => args['is'],
    items: async () => [author, books[0], null, books[1]],
    node: (_, args) => [...books, author].find((row) => row.id === args['id']) ?? null,
    echo: (_, args, context) => {
      context.calls.push('echo');
      return JSON.stringify(Object.fromEntries(Object.entries(args).toSorted()));
    },
    shaky: (_, args) => [books[0], ...Array.from({ length: args['errors'] }, () => new Error(secret)), Promise.reject(new Error(secret)), books[1]],
    fatal: () => {
      throw new GraphQLError('down', { extensions: { code: 'AGENCY_TIMEOUT', agency: 'BP2MI', token: secret } });
    },
    secret: () => {
      throw new Error(secret);
    },
    coded: async () => {
      throw new GraphQLError('The agency did not answer in time', { extensions: { code: 'AGENCY_TIMEOUT', agency: 'BP2MI', retryable: true, token: secret } });
    },
    slow: async (_, args, context) => {
      try {
        await wait(args['ms'], undefined, { ...(context.signal && { signal: context.signal }) });
        return 'done';
      } catch {
        return 'aborted';
      }
    },
    later: () => Promise.resolve(books.map((book) => Promise.resolve(book))),
    laterShaky: () => [Promise.resolve(books[0]), Promise.reject(new Error(secret)), wait(5).then(() => books[1]), null, Promise.reject(new Error(secret))],
    none: () => null,
    odd: (_, args) => (args['wait'] ? Promise.resolve({ odd: true }) : { odd: true }),
    oddList: () => [author, { odd: true }, Promise.resolve({ odd: true }), books[0]],
  },
  Author: { books: (_, args) => books.slice(0, args['first']), born: () => Promise.resolve(1990) },
  Book: {
    genre: () => 'PROSE',
    author: () => Promise.resolve(author),
    broken: () => {
      throw new Error(secret);
    },
    mustNotBreak: (row) => ((row as Row).id === 'b1' ? 'fine' : null),
    pages: (_, args) => args['unit'].size,
  },
  Mutation: {
    add: (_, args, context) => {
      context.calls.push('add');
      return { id: 'b4', title: args['title'] };
    },
    fail: () => {
      throw new Error(secret);
    },
  },
};

/** Two upper-case letters; its own message repeats the value, as a careless scalar would. */
const parseCode = (value: unknown): string => {
  if (typeof value !== 'string' || !/^\d$/.test(value)) throw new GraphQLError(`Code must be one digit, not ${String(value)}`);
  return value;
};

export function librarySchema(): GraphQLSchema {
  const schema = buildSchema(typeDefs);
  Object.assign(schema.getType('Code') as GraphQLScalarType, {
    parseValue: parseCode,
    parseLiteral: (node: { kind: string; value?: unknown }) => parseCode(node.kind === Kind.STRING ? node.value : node.kind),
  });
  const kind = (value: object): string => {
    if ('odd' in value) throw new Error(secret);
    return 'name' in value ? 'Author' : 'Book';
  };
  for (const name of ['Item', 'Node']) Object.assign(schema.getType(name)!, { resolveType: kind });
  for (const [type, fields] of Object.entries(resolvers)) {
    for (const [field, resolve] of Object.entries(fields)) {
      (schema.getType(type) as GraphQLObjectType).getFields()[field]!.resolve = resolve;
    }
  }
  return schema;
}
