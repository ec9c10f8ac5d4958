// Upstreams at a stated delay: the real mocks behind a proxy that asks them once and then answers from memory, so that a benchmark measures the hub and not
// the mocks. BPJS Kesehatan encrypts each answer with the request's own time, so its requests are passed on every time.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';
import { createWorld } from '../../../src/agencies/world/world.ts';
import { readConfig } from '../../../src/config.ts';
import { todayInJakarta } from '../../../src/domain/time.ts';

interface Kept {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer;
  readonly request: { readonly method: string; readonly path: string; readonly headers: Record<string, string>; readonly body: string };
}

const config = readConfig(process.env);
const world = createWorld({ seed: 1, size: Number(process.env.BENCH_PEOPLE ?? 2_000), today: todayInJakarta(new Date()) });
let delayMs = 0;
const urls: Record<string, string> = {};
const kept: Record<string, Map<string, Kept>> = {};

for (const { definition, settings } of config.agencies) {
  const mock = await definition.startMock({ world, settings, port: 0 });
  const pool = new Pool(mock.url, { connections: 32 });
  const memory = (kept[definition.name] = new Map<string, Kept>());
  const repeatable = definition.batchLimit > 1;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => void answer(request, response, Buffer.concat(chunks).toString()));
  });
  async function answer(request: IncomingMessage, response: ServerResponse, body: string): Promise<void> {
    const key = `${request.method} ${request.url} ${body}`;
    let reply = memory.get(key);
    if (!reply) {
      const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !['host', 'connection', 'content-length', 'transfer-encoding'].includes(name))) as Record<string, string>;
      const upstream = await pool.request({ method: request.method as 'GET', path: request.url!, headers, ...(body ? { body } : {}) });
      reply = { status: upstream.statusCode, type: String(upstream.headers['content-type']), body: Buffer.from(await upstream.body.arrayBuffer()), request: { method: request.method!, path: request.url!, headers, body } };
      if (repeatable) memory.set(key, reply);
    }
    const send = () => response.writeHead(reply.status, { 'content-type': reply.type, 'content-length': reply.body.length }).end(reply.body);
    if (delayMs > 0) setTimeout(send, delayMs);
    else send();
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  urls[definition.name] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

process.on('message', (message: { readonly delayMs?: number; readonly forget?: true; readonly requests?: true }) => {
  if (message.delayMs !== undefined) delayMs = message.delayMs;
  if (message.forget) for (const memory of Object.values(kept)) memory.clear();
  const requests = Object.fromEntries(Object.entries(kept).map(([name, memory]) => [name, [...memory.values()].map(({ request }) => request)]));
  process.send!({ done: true, ...(message.requests ? { requests } : {}) });
});
process.send!({ ready: true, urls, niks: niksEverywhereKnown() });

/** 25 people whom the three batch agencies know without a mistake. */
function niksEverywhereKnown(): string[] {
  const niks: string[] = [];
  for (let i = 0; niks.length < 25; i += 1) {
    const { records, mismatches, truth } = world.person(i);
    if (mismatches.length === 0 && new Set(records.map((record) => record.agency)).size === config.agencies.length) niks.push(truth.nik);
  }
  return niks;
}
