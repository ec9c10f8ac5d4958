import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basic } from '../../src/agencies/credentials.ts';
import type { Credentials } from '../../src/agencies/credentials.ts';

/** A server that answers every request with the JSON that it is told. */
export async function listen(answer: (path: string) => unknown): Promise<AsyncDisposable & { readonly url: string; calls(): number }> {
  let calls = 0;
  const server = createServer((request, response) => {
    calls++;
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer(request.url ?? '')));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve());
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: () => calls,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Asks a mock as anybody could, without the hub's own client. */
export async function postJson(url: string, body: unknown, credentials: Credentials): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { user_key: credentials.userKey, authorization: basic(credentials.username, credentials.password), 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return response.json();
}
