import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getIntrospectionQuery } from 'graphql';
import { startTestHub, type TestHub } from '../support/hub.ts';

/** Every way to ask about the schema that GraphQL has. */
const doors: readonly [string, string][] = [
  ['the usual query', getIntrospectionQuery()],
  ['__schema', '{ __schema { queryType { name } } }'],
  ['__type', '{ __type(name: "Worker") { fields { name } } }'],
  ['an alias', '{ viewer: __schema { queryType { name } } }'],
  ['a fragment', '{ ...F } fragment F on Query { __schema { queryType { name } } }'],
  ['a fragment in a fragment', '{ ...F } fragment F on Query { ...G } fragment G on Query { t: __type(name: "Query") { name } }'],
  ['an inline fragment', '{ viewer { name } ... on Query { ... { __type(name: "Query") { name } } } }'],
  ['a condition that is met', 'query ($yes: Boolean = true) { viewer { name } __schema @include(if: $yes) { queryType { name } } }'],
  ['an operation beside the one that is run', 'query A { viewer { name } } query B { __schema { queryType { name } } }'],
];

let closed: TestHub;
beforeAll(async () => {
  closed = await startTestHub({ people: 40, sync: false, settings: { INTROSPECTION: 'scope' } });
});
afterAll(() => closed[Symbol.asyncDispose]());

describe('where introspection needs a scope', () => {
  it.each(doors)('%s is refused to those without it, and tells nothing', async (_name, query) => {
    const headers = { authorization: `Bearer ${closed.keys.desk}`, 'content-type': 'application/json' };
    const response = await fetch(`${closed.hub.url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query, operationName: query.includes('query A') ? 'A' : undefined }) });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'INTROSPECTION_FORBIDDEN', scope: 'schema:read' } }] });
  });

  it.each(doors.filter(([, query]) => !query.includes('query A')))('%s is answered to those with it', async (_name, query) => {
    const { status, errors } = await closed.ask(query, {}, { as: 'admin' });
    expect([status, errors]).toEqual([200, []]);
  });

  it('type names in answers are nobody’s secret', async () => {
    expect((await closed.ask('{ __typename viewer { __typename } }', {})).data).toEqual({ __typename: 'Query', viewer: { __typename: 'Viewer' } });
  });

  it('a refusal stands in the audit log', async () => {
    await closed.ask(doors[1]![1], {});
    const rows = await closed.hub.database.run((q) => q.execute('select outcome, codes, denied from audit_entry order by seq desc limit 1'));
    expect(rows[0]).toEqual({ outcome: 'REFUSED', codes: ['INTROSPECTION_FORBIDDEN'], denied: ['schema:read'] });
  });
});

it('a hub whose agencies are all mocks lets every key read the schema, unless told otherwise', async () => {
  await using open = await startTestHub({ people: 40, sync: false, beside: closed });
  expect((await open.ask(doors[0]![1], {})).status).toBe(200);
});

it('a hub with a real agency asks for the scope unless told otherwise', async () => {
  const settings = { AGENCY_BP2MI_URL: closed.mocks['BP2MI']!.url };
  const { key } = await closed.hub.keys.create({ name: 'live', scopes: [], environment: 'live', expiresAt: new Date(Date.now() + 3_600_000) });
  const asked = async (more: Record<string, string>) => {
    await using live = await startTestHub({ people: 40, sync: false, beside: closed, settings: { ...settings, ...more } });
    return (await live.ask(doors[1]![1], {}, { as: null, headers: { 'x-api-key': key } })).status;
  };
  expect([await asked({}), await asked({ INTROSPECTION: 'any' })]).toEqual([403, 200]);
});
