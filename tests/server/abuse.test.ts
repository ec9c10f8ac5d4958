import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentFault, documentLimits, variablesFault, variableLimits } from '../../src/server/shape.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { abuses, send } from './abuse.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ people: 40 });
});
afterAll(() => hub[Symbol.asyncDispose]());

const headers = () => ({ 'content-type': 'application/json', 'x-purpose': 'SERVICE', authorization: `Bearer ${hub.keys.admin}` });

describe('abuse is refused with 4xx, in few words, and nothing is asked of any agency', () => {
  it.each(abuses.map((abuse) => [abuse.name, abuse] as const))('%s', async (_name, abuse) => {
    hub.reset();
    const { status, text } = await send(`${hub.hub.url}/graphql`, headers(), abuse);
    expect(status, text.slice(0, 300)).toBeGreaterThanOrEqual(400);
    expect(status, text.slice(0, 300)).toBeLessThan(500);
    expect(text.length).toBeLessThan(10_000);
    const { errors = [] } = JSON.parse(text) as { errors?: object[] };
    expect(errors.length).toBeLessThanOrEqual(5);
    expect(Object.values(hub.calls())).toEqual([0, 0, 0, 0]);
  });

  it.each([
    [documentLimits.nameLength, 'OPERATION_RESOLUTION_FAILURE'],
    [documentLimits.nameLength + 1, 'QUERY_TOO_COMPLEX'],
  ])('an operationName of %i characters is %s', async (length, code) => {
    const { text } = await send(`${hub.hub.url}/graphql`, headers(), { name: '', body: JSON.stringify({ query: '{ viewer { name } }', operationName: 'a'.repeat(length) }) });
    expect((JSON.parse(text) as { errors: { extensions: { code: string } }[] }).errors.map(({ extensions }) => extensions.code)).toEqual([code]);
  });

  it('and the hub goes on answering', async () => {
    expect((await hub.ask('{ viewer { name } }', {})).status).toBe(200);
  });
});

describe('the limits of documents', () => {
  const { aliases, directives, fragments, spreads, rootFields, depth, tokens, nameLength, characters } = documentLimits;
  const list = (count: number, text: (i: number) => string) => Array.from({ length: count }, (_, i) => text(i)).join(' ');
  it.each([
    ['aliases', (n: number) => `{ a { ${list(n, (i) => `x${i}: b`)} } }`, aliases],
    ['directives', (n: number) => `{ a ${list(n, () => '@d')} }`, directives],
    ['fragments', (n: number) => `{ a } ${list(n, (i) => `fragment F${i} on A { b }`)}`, fragments],
    ['fragments put in', (n: number) => `{ a { ${list(n, () => '...F')} } }`, spreads],
    ['root fields', (n: number) => `query Q($v: Int = 3) @d { ${list(n, (i) => (i % 2 ? `x${i}: a(b: { c: 1 }) @d` : 'a { b c d e }'))} }`, rootFields],
    ['nested', (n: number) => '{a'.repeat(n) + '}'.repeat(n), depth],
    ['nested', (n: number) => `{ a(b: ${'['.repeat(n)}${']'.repeat(n)}) }`, depth],
    ['A name', (n: number) => `{ ${'a'.repeat(n)} }`, nameLength],
    ['characters', (n: number) => `{ a #${'x'.repeat(n - '{ a #\n}'.length)}\n}`, characters],
    ['tokens', (n: number) => `{ a { ${list(n - 5, () => 'b')} } }`, tokens],
  ])('%s are taken up to the limit and refused beyond', (what, document, limit) => {
    expect(documentFault(document(limit))).toBeNull();
    expect(documentFault(document(limit + 1))).toContain(what);
  });

  it('hold for variables', () => {
    expect(variablesFault({ by: Array.from({ length: variableLimits.items }, () => 1) })).toBeNull();
    expect(variablesFault({ by: Array.from({ length: variableLimits.items + 1 }, () => 1) })).toContain('items');
    expect(variablesFault(Array.from({ length: 500 }, () => Array.from({ length: 50 }, () => 1)))).toContain('values');
    expect(variablesFault(undefined)).toBeNull();
  });
});
