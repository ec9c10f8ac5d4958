import { once } from 'node:events';
import { connect } from 'node:net';
import { buildSchema } from 'graphql';
import { describe, expect, test } from 'vitest';
import type { Ended } from '../../src/server/apollo.ts';
import { key, startLibrary } from '../support/library-server.ts';

/** A server whose one field answers with the text it is given. */
async function startWith(text: () => string, options: Parameters<typeof startLibrary>[0] = {}) {
  const schema = buildSchema('type Query { text: String many: [String] }');
  const fields = schema.getQueryType()!.getFields();
  fields['text']!.resolve = text;
  fields['many']!.resolve = () => Array.from({ length: 100 }, () => 'x'.repeat(20_000));
  return startLibrary({ schema, ...options });
}

describe('an answer', () => {
  test.each([
    ['of a megabyte of data', () => 'x'.repeat(1_000_000 - '{"text":""}'.length)],
    ['of as many bytes in fewer characters', () => '’'.repeat(Math.floor((1_000_000 - '{"text":""}'.length) / 3))],
  ])('%s is sent whole, and one character more is refused', async (_name, text) => {
    let more = '';
    const ends: Ended[] = [];
    await using server = await startWith(() => text() + more, { finish: (_context, ended) => (ends.push(ended), { extensions: { note: 'x'.repeat(100) }, headers: { 'x-note': 'yes' } }) });
    const whole = await server.ask({ query: '{ text }' });
    expect([whole.status, whole.body]).toEqual([200, { data: { text: text() }, extensions: { note: 'x'.repeat(100) } }]);
    more = '’';
    const refused = await server.ask({ query: '{ text }' });
    expect([refused.status, refused.headers.get('x-note'), refused.body.errors?.map(({ extensions }) => extensions['code'])]).toEqual([400, 'yes', ['ANSWER_TOO_LARGE']]);
    expect(refused.body).not.toHaveProperty('data');
    expect(ends.map(({ how, errors }) => [how, errors.map(({ extensions }) => extensions['code'])])).toEqual([['done', []], ['refused', ['ANSWER_TOO_LARGE']]]);
  });

  test('of many small values is measured as a whole', async () => {
    await using server = await startWith(() => '');
    const refused = await server.ask({ query: '{ many }' });
    expect([refused.status, JSON.stringify(refused.body).length < 1_000]).toEqual([400, true]);
  });

  test('names its errors before its data', async () => {
    await using server = await startLibrary();
    const response = await fetch(`${server.url}/graphql`, { method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' }, body: '{"query":"{ genre coded }"}' });
    expect(await response.text()).toMatch(/^\{"errors":\[.*\],"data":\{"genre":"PROSE","coded":null\}\}$/);
  });

  test('that a client does not read is given up with its connection', async () => {
    // Larger than what the two sockets hold between them.
    await using server = await startWith(() => 'x'.repeat(900_000), { slowClientMs: 200, deadlineMs: 100, deadlineGraceMs: 0 });
    const closed = Promise.withResolvers<void>();
    const socket = connect({ port: Number(new URL(server.url).port), host: '127.0.0.1' });
    socket.on('error', () => closed.resolve());
    socket.on('close', () => closed.resolve());
    await once(socket, 'connect');
    socket.pause();
    const body = '{"query":"{ text }"}';
    const head = `POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    for (let i = 0; i < 20; i += 1) socket.write(head);
    // Nothing is read, so only the server can end it; the reading afterwards is what notices.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    let bytes = 0;
    socket.on('data', (chunk: Buffer) => (bytes += chunk.length));
    socket.resume();
    await closed.promise;
    expect(bytes).toBeLessThan(20 * 900_000);
  });
});
