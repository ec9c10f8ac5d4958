import { serverAudits } from 'graphql-http';
import { expect, test } from 'vitest';
import { key, startLibrary } from '../support/library-server.ts';

/** What Apollo Server refuses on purpose, by audit id. None of them is a MUST. */
const refusedOnPurpose: Readonly<Record<string, string>> = {
  '5A70': 'a GET without a header that forces a preflight is taken for a cross-site forgery',
  D6D5: 'the same',
  '6A70': 'the same',
  '572B': 'a document that cannot be parsed is 400 for application/json too, so that clients and proxies see the failure',
  FDE2: 'the same for one that does not fit the schema',
  '7B9B': 'the same for variables that do not fit',
};

test('the whole graphql-http server audit passes but for what Apollo refuses on purpose', async () => {
  await using server = await startLibrary();
  const audits = serverAudits({
    url: `${server.url}/graphql`,
    fetchFn: (url: string, init: RequestInit = {}) =>
      fetch(url, { ...init, headers: { ...(init.headers as Record<string, string>), authorization: `Bearer ${key}` } }),
  });
  expect(audits.length).toBeGreaterThanOrEqual(61);
  const results = [];
  for (const audit of audits) results.push(await audit.fn());
  const refused = results.filter((result) => result.status !== 'ok');
  expect(refused.filter((result) => result.name.startsWith('MUST')).map((result) => result.name)).toEqual([]);
  expect(refused.map((result) => result.id).toSorted()).toEqual(Object.keys(refusedOnPurpose).toSorted());
});
