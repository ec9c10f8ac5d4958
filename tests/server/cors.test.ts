import { describe, expect, test } from 'vitest';
import { key, startLibrary } from '../support/library-server.ts';

const desk = 'https://desk.example.go.id';
const preflight = (url: string, origin: string) =>
  fetch(url, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,content-type,x-purpose' } });
const ask = (url: string, origin: string, headers: Record<string, string> = { authorization: `Bearer ${key}` }) =>
  fetch(url, { method: 'POST', headers: { origin, 'content-type': 'application/json', ...headers }, body: '{"query":"{ genre }"}' });
const told = (response: Response) => Object.fromEntries([...response.headers].filter(([name]) => name.startsWith('access-control-')));

describe('pages of other origins', () => {
  test('that are listed may ask first, and read the answer', async () => {
    await using server = await startLibrary({ origins: ['https://other.example', desk] });
    const first = await preflight(`${server.url}/graphql`, desk);
    expect(first.status).toBe(204);
    expect(told(first)).toMatchObject({ 'access-control-allow-origin': desk, 'access-control-allow-methods': 'GET, POST', 'access-control-max-age': '600' });
    expect(first.headers.get('access-control-allow-headers')?.split(', ')).toEqual(expect.arrayContaining(['authorization', 'content-type', 'x-purpose', 'x-case-reference']));
    const answer = await ask(`${server.url}/graphql`, desk);
    expect([answer.status, answer.headers.get('access-control-allow-origin'), answer.headers.get('vary')]).toEqual([200, desk, 'Origin']);
    expect(answer.headers.get('access-control-expose-headers')).toContain('ratelimit');
  });

  test('are told why they are refused, too', async () => {
    await using server = await startLibrary({ origins: [desk] });
    const refused = await ask(`${server.url}/graphql`, desk, {});
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([401, desk]);
  });

  test('never send cookies along', async () => {
    await using server = await startLibrary({ origins: [desk] });
    for (const response of [await preflight(`${server.url}/graphql`, desk), await ask(`${server.url}/graphql`, desk)]) expect(response.headers.get('access-control-allow-credentials')).toBeNull();
  });

  test.each(['https://evil.example', `${desk}.evil.example`, 'https://DESK.example.go.id', 'http://desk.example.go.id', `${desk}:8443`, 'null'])('such as %s, which is not listed, are told nothing', async (origin) => {
    await using server = await startLibrary({ origins: [desk] });
    expect(told(await preflight(`${server.url}/graphql`, origin))).toEqual({});
    expect(told(await ask(`${server.url}/graphql`, origin))).toEqual({});
  });

  test('are told nothing where none is listed, and nowhere but at /graphql', async () => {
    await using none = await startLibrary();
    const refused = await preflight(`${none.url}/graphql`, desk);
    expect([refused.status, told(refused)]).toEqual([405, {}]);
    expect(told(await ask(`${none.url}/graphql`, desk))).toEqual({});
    await using some = await startLibrary({ origins: [desk] });
    for (const path of ['/metrics', '/healthz', '/readyz', '/explorer']) expect(told(await fetch(some.url + path, { headers: { origin: desk } }))).toEqual({});
  });
});
