import { connect } from 'node:net';
import { once } from 'node:events';
import { buildSchema } from 'graphql';
import { describe, expect, test } from 'vitest';
import { errorCodes } from '../../src/domain/failure.ts';
import { key, startLibrary } from '../support/library-server.ts';

const authorized = { authorization: `Bearer ${key}` };
const json = { ...authorized, 'content-type': 'application/json' };

describe('who is asking', () => {
  test.each([{}, { authorization: 'Bearer wrong' }, { authorization: key }])('a request with headers %o is refused with 401 before its body is read', async (headers) => {
    await using server = await startLibrary();
    const response = await fetch(`${server.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: '{not json' });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    const body = await response.json();
    expect(body).toEqual({ errors: [{ message: errorCodes.UNAUTHENTICATED.meaning, extensions: { code: 'UNAUTHENTICATED', retryable: false, requestId: response.headers.get('x-request-id') } }] });
  });

  test('introspection is open to key holders and closed to all others', async () => {
    await using server = await startLibrary();
    const query = { query: '{ __schema { queryType { name } } }' };
    expect((await server.ask(query)).body.data).toEqual({ __schema: { queryType: { name: 'Query' } } });
    expect((await server.ask(query, { authorization: '' })).status).toBe(401);
  });
});

describe('request ids', () => {
  test.each(['/graphql', '/healthz', '/readyz', '/nowhere'])('%s answers with the caller’s own id', async (path) => {
    await using server = await startLibrary();
    const id = `desk-7.${'x'.repeat(100)}`;
    expect((await fetch(server.url + path, { headers: { 'x-request-id': id } })).headers.get('x-request-id')).toBe(id);
  });

  test.each(['has space', 'x'.repeat(129), 'a;b', 'né', '', '3507104101909001', 'desk-3507104101909001', '0001234567890', 'A1234567'])('an id such as %o is replaced', async (id) => {
    await using server = await startLibrary();
    const given = (await fetch(`${server.url}/healthz`, { headers: { 'x-request-id': id } })).headers.get('x-request-id');
    expect(given).toMatch(/^[0-9a-f-]{36}$/);
  });

  test.each(['01234567-89ab-4cde-8f01-012345678901', '1763800000000-7', 'trace.4f2a91'])('an id such as %s is kept', async (id) => {
    await using server = await startLibrary();
    expect((await fetch(`${server.url}/healthz`, { headers: { 'x-request-id': id } })).headers.get('x-request-id')).toBe(id);
  });

  test('the id is in every error', async () => {
    await using server = await startLibrary();
    for (const body of [{ query: '{' }, { query: '{ nope }' }, { query: '{ secret coded }' }, {}, { query: '{ none { id } }', variables: [] }]) {
      const answer = await server.ask(body, { 'x-request-id': 'mine-1' });
      expect(answer.body.errors?.map((error) => error.extensions['requestId'])).toEqual(answer.body.errors?.map(() => 'mine-1'));
      expect(answer.body.errors?.length).toBeGreaterThan(0);
    }
  });
});

describe('GraphQL over HTTP', () => {
  test.each([
    ['GRAPHQL_PARSE_FAILED', { query: '{' }],
    ['GRAPHQL_VALIDATION_FAILED', { query: '{ nope }' }],
    ['BAD_USER_INPUT', { query: 'query ($k: Key!) { book(by: $k) { id } }' }],
    ['OPERATION_RESOLUTION_FAILURE', { query: 'query A { none { id } } query B { none { id } }' }],
    ['OPERATION_RESOLUTION_FAILURE', { query: 'query A { none { id } }', operationName: 'C' }],
    ['BAD_REQUEST', { query: 1 }],
    ['BAD_REQUEST', {}],
    ['BAD_REQUEST', [{ query: '{ none { id } }' }]],
  ])('%s is 400 without data: %j', async (code, body) => {
    await using server = await startLibrary();
    const answer = await server.ask(body, { accept: 'application/graphql-response+json' });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toContain('application/graphql-response+json');
    expect(answer.body.errors?.[0]?.extensions['code']).toBe(code);
    expect(answer.body).not.toHaveProperty('data');
  });

  test('a persisted query is refused in the words on which Apollo’s clients send the whole text', async () => {
    await using server = await startLibrary();
    const answer = await server.ask({ extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } });
    expect(answer.body.errors).toMatchObject([{ message: 'PersistedQueryNotSupported', extensions: { code: 'BAD_REQUEST' } }]);
  });

  test('partial data is 200, with the errors beside it', async () => {
    await using server = await startLibrary();
    const answer = await server.ask({ query: '{ book(by: { id: "b1" }) { title } coded }' });
    expect(answer.status).toBe(200);
    expect(answer.body.data).toEqual({ book: { title: 'Puisi' }, coded: null });
    expect(answer.body.errors).toEqual([
      {
        message: 'The agency did not answer in time',
        path: ['coded'],
        locations: [{ line: 1, column: 36 }],
        extensions: { code: 'AGENCY_TIMEOUT', agency: 'BP2MI', retryable: true, requestId: answer.headers.get('x-request-id') },
      },
    ]);
  });

  test('a query may come by GET with a preflight header, a mutation may not, and without the header neither', async () => {
    await using server = await startLibrary();
    const get = (query: string, headers: Record<string, string>): Promise<Response> => fetch(`${server.url}/graphql?${new URLSearchParams({ query })}`, { headers: { ...authorized, ...headers } });
    const preflight = { 'apollo-require-preflight': 'yes' };
    const good = await get('{ genre }', preflight);
    expect([good.status, await good.json()]).toEqual([200, { data: { genre: 'PROSE' } }]);
    const mutation = await get('mutation { add(title: "x") { id } }', preflight);
    expect([mutation.status, mutation.headers.get('allow')]).toEqual([405, 'POST']);
    expect(await mutation.json()).toMatchObject({ errors: [{ extensions: { code: 'METHOD_NOT_ALLOWED' } }] });
    expect((await get('{ genre }', {})).status).toBe(400);
  });

  test('what is said at the end of an operation is in its answer', async () => {
    await using server = await startLibrary({ finish: () => ({ extensions: { cost: { actual: 3 } } }) });
    expect((await server.ask({ query: '{ genre }' })).body).toEqual({ data: { genre: 'PROSE' }, extensions: { cost: { actual: 3 } } });
    expect((await server.ask({ query: '{' })).body).not.toHaveProperty('extensions');
  });

  test('answers are not stored by anyone on the way', async () => {
    await using server = await startLibrary();
    expect((await server.ask({ query: '{ genre }' })).headers.get('cache-control')).toBe('no-store');
  });
});

describe('refusals where no GraphQL was spoken', () => {
  const cases: [number, string, string, RequestInit][] = [
    [404, 'NOT_FOUND', '/nowhere', {}],
    [405, 'METHOD_NOT_ALLOWED', '/graphql', { method: 'DELETE', headers: authorized }],
    [400, 'BAD_REQUEST', '/graphql', { method: 'POST', headers: json, body: '{not json' }],
    [400, 'BAD_REQUEST', '/graphql', { method: 'POST', headers: json, body: '{"__proto__": {"x": 1}}' }],
    [413, 'PAYLOAD_TOO_LARGE', '/graphql', { method: 'POST', headers: json, body: JSON.stringify({ query: ' '.repeat(1_048_577) }) }],
    [415, 'UNSUPPORTED_MEDIA_TYPE', '/graphql', { method: 'POST', headers: { ...authorized, 'content-type': 'text/plain' }, body: '{"query": "{ genre }"}' }],
    [415, 'UNSUPPORTED_MEDIA_TYPE', '/graphql', { method: 'POST', headers: { ...authorized, 'content-type': 'application/xml' }, body: '<x/>' }],
  ];
  test.each(cases)('%i %s %s', async (status, code, path, init) => {
    await using server = await startLibrary();
    const response = await fetch(server.url + path, init);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await response.json()).toMatchObject({ status, code, requestId: response.headers.get('x-request-id') });
  });

  test('a body that is not JSON is told so, without a word of it', async () => {
    await using server = await startLibrary();
    const response = await fetch(`${server.url}/graphql`, { method: 'POST', headers: json, body: '{"nik": 3273010101909001, SITI' });
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ code: 'BAD_REQUEST', detail: 'The body is not valid JSON.' });
    expect(text + server.logText()).not.toMatch(/SITI|32730101/);
  });

  test('a request that is not HTTP gets 400 as a problem, and the connection is closed', async () => {
    await using server = await startLibrary();
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    let text = '';
    socket.setEncoding('utf8').on('data', (part: string) => (text += part));
    socket.write('HELLO\r\n\r\n');
    await once(socket, 'close');
    expect(text).toContain('HTTP/1.1 400 Bad Request');
    expect(text).toContain('"code":"BAD_REQUEST"');
  });

  test('a client that does not send its request in time is closed', async () => {
    await using server = await startLibrary({ slowClientMs: 50 });
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.write('POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n');
    socket.resume();
    await once(socket, 'close');
    expect(socket.destroyed).toBe(true);
  });
});

describe('readiness', () => {
  test('a hub that cannot serve says so at /readyz and refuses at /graphql, until it can again', async () => {
    let ready = false;
    await using server = await startLibrary({ ready: async () => ({ ready, checks: { database: ready } }) });
    const response = await fetch(`${server.url}/readyz`);
    expect([response.status, await response.json()]).toEqual([503, { ready: false, checks: { database: false } }]);
    const refused = await server.ask({ query: '{ genre }' });
    expect([refused.status, refused.body.errors?.[0]?.extensions['code'], refused.headers.get('retry-after')]).toEqual([503, 'SERVICE_UNAVAILABLE', '1']);
    ready = true;
    expect((await server.ask({ query: '{ genre }' })).status).toBe(200);
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  });

  test('a readiness check that throws means not ready, and says nothing of why', async () => {
    await using server = await startLibrary({ ready: () => Promise.reject(new Error('password of the database')) });
    const response = await fetch(`${server.url}/readyz`);
    expect([response.status, await response.json()]).toEqual([503, { ready: false, checks: { check: 'failed' } }]);
  });
});

describe('metrics and log', () => {
  test('/metrics counts requests by type and outcome', async () => {
    await using server = await startLibrary();
    await server.ask({ query: '{ genre }' });
    await server.ask({ query: '{ coded }' });
    await server.ask({ query: 'mutation { add(title: "x") { id } }' });
    await server.ask({ query: '{ nope }' });
    const text = await (await fetch(`${server.url}/metrics`)).text();
    for (const labels of ['operation="query",outcome="ok"', 'operation="query",outcome="partial"', 'operation="mutation",outcome="ok"', 'operation="none",outcome="refused"']) {
      expect(text).toContain(`payung_requests_total{${labels}} 1`);
    }
    expect(text).toContain('payung_request_duration_seconds_count{operation="query"} 2');
  });

  test('each request is one line, without query, variables or address', async () => {
    await using server = await startLibrary();
    await server.ask({ query: 'query Rahasia($t: String) { echo(text: $t) }', variables: { t: 'Siti 3273010101909001' } }, { 'x-request-id': 'line-1' });
    await fetch(`${server.url}/graphql?query=%7Bgenre%7D&nik=3273010101909001`, { headers: authorized });
    expect(server.log).toHaveLength(2);
    expect(server.log[0]).toMatchObject({ requestId: 'line-1', method: 'POST', route: '/graphql', status: 200, outcome: 'ok', caller: 'tests', operation: 'query' });
    expect(server.logText()).not.toMatch(/Siti|32730101|Rahasia|echo/);
  });
});

describe('deadline', () => {
  test('what has not come by the deadline is missing, the rest is answered', async () => {
    await using server = await startLibrary({ deadlineMs: 20 });
    expect((await server.ask({ query: '{ genre slow(ms: 60000) }' })).body).toEqual({ data: { genre: 'PROSE', slow: 'aborted' } });
  });

  test('an answer may take longer than a connection may stand still', async () => {
    await using server = await startLibrary({ deadlineMs: 10_000, slowClientMs: 500 });
    expect((await server.ask({ query: '{ genre slow(ms: 1500) }' })).body).toEqual({ data: { genre: 'PROSE', slow: 'done' } });
  });

  test('a request whose resolvers do not heed the signal is given up', async () => {
    const schema = buildSchema('type Query { stuck: String }');
    await using server = await startLibrary({ schema, deadlineMs: 10, deadlineGraceMs: 10 });
    schema.getQueryType()!.getFields()['stuck']!.resolve = () => new Promise(() => {});
    const answer = await server.ask({ query: '{ stuck }' });
    expect([answer.status, answer.body.errors?.[0]?.extensions['code']]).toEqual([503, 'SERVICE_UNAVAILABLE']);
  });

  test('a client that goes away aborts its request', async () => {
    const started = Promise.withResolvers<AbortSignal>();
    await using server = await startLibrary({
      context: ({ signal }) => {
        started.resolve(signal);
        return { signal, calls: [] };
      },
    });
    const gone = new AbortController();
    const asking = fetch(`${server.url}/graphql`, { method: 'POST', headers: json, body: JSON.stringify({ query: '{ slow(ms: 60000) }' }), signal: gone.signal });
    const signal = await started.promise;
    gone.abort();
    await expect(asking).rejects.toThrow('aborted');
    if (!signal.aborted) await once(signal, 'abort');
    expect(signal.aborted).toBe(true);
  });
});

describe('closing', () => {
  test('requests under way are finished, later ones find nobody', async () => {
    const started = Promise.withResolvers<void>();
    const server = await startLibrary({
      context: ({ signal }) => {
        started.resolve();
        return { signal, calls: [] };
      },
    });
    const asking = server.ask({ query: '{ slow(ms: 100) }' });
    await started.promise;
    const closing = server.close();
    expect((await asking).body).toEqual({ data: { slow: 'done' } });
    await closing;
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow('fetch failed');
  });

  test('a request that takes too long does not hold the closing up', async () => {
    const started = Promise.withResolvers<void>();
    const server = await startLibrary({
      closeMs: 20,
      context: () => {
        started.resolve();
        return { calls: [] };
      },
    });
    const [asked] = await Promise.allSettled([server.ask({ query: '{ slow(ms: 5000) }' }), started.promise.then(() => server.close())]);
    expect(asked).toMatchObject({ status: 'rejected', reason: { message: 'fetch failed' } });
  });

  test('a taken port is an error that names it', async () => {
    await using first = await startLibrary();
    await expect(startLibrary({ port: Number(new URL(first.url).port) })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

describe('U+0000', () => {
  const named = 'query ($title: String!) { __type(name: $title) { name } }';
  test.each([
    ['in a variable', { query: named, variables: { title: 'a\0b' } }],
    ['deep in the variables', { query: '{ __typename }', variables: { where: { or: [{ name: { eq: '\0' } }] } } }],
    ['in the document', { query: '{ __type(name: "a\\u0000b") { name } }' }],
  ])('%s is refused before anything runs', async (_where, body) => {
    await using server = await startLibrary();
    const response = await fetch(`${server.url}/graphql`, { method: 'POST', headers: json, body: JSON.stringify(body) });
    expect(response.status).toBe(400);
    expect(((await response.json()) as { errors: { extensions: { code: string } }[] }).errors.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
  });

  test('in the variables of a GET is refused too', async () => {
    await using server = await startLibrary();
    const url = `${server.url}/graphql?query=${encodeURIComponent(named)}&variables=${encodeURIComponent('{"title":"a\\u0000b"}')}`;
    const response = await fetch(url, { headers: { ...authorized, 'apollo-require-preflight': 'true' } });
    expect(response.status).toBe(400);
  });
});
