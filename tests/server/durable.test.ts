import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { startLibrary } from '../support/library-server.ts';

/** A library whose answers wait until they are told to leave, or that they may not. */
async function startWaiting() {
  const { promise: durable, resolve, reject } = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const finish = () => {
    ended.resolve();
    return { durable, extensions: { note: 'é' } };
  };
  return { server: await startLibrary({ finish }), ended: ended.promise, resolve, reject };
}

describe('what an answer waits for', () => {
  test.each([
    ['an answer', '{ genre }', 200, { data: { genre: 'PROSE' }, extensions: { note: 'é' } }],
    ['an answer with errors', '{ secret }', 200, { data: { secret: null } }],
    ['a refusal', 'query ($n: Int!) { shaky(errors: $n) { id } }', 400, { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] }],
  ])('%s leaves when it is there, and not before', async (_what, query, status, body) => {
    const { server, ended, resolve } = await startWaiting();
    await using _ = server;
    const asked = server.ask({ query });
    await ended;
    expect(await Promise.race([asked, pause(100, 'waiting')])).toBe('waiting');
    resolve();
    expect(await asked).toMatchObject({ status, body });
  });

  test('an answer does not leave where it fails, and the hub says that it cannot serve', async () => {
    const { server, ended, reject } = await startWaiting();
    await using _ = server;
    const asked = server.ask({ query: '{ genre }' }, { 'x-request-id': 'mine-2' });
    await ended;
    reject(new Error('not written'));
    const { status, headers, body } = await asked;
    expect([status, headers.get('content-type')]).toEqual([503, 'application/json; charset=utf-8']);
    expect(body).toEqual({ errors: [{ message: expect.any(String), extensions: { code: 'SERVICE_UNAVAILABLE', retryable: true, requestId: 'mine-2' } }] });
    expect(await server.metrics.text()).toContain('payung_requests_total{operation="query",outcome="failed"} 1');
  });
});
