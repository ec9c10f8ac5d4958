// Bare: the calls that plain code makes, sent again with undici and read with JSON.parse alone. The floor under any server in this process.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';

const urls = JSON.parse(process.env.BENCH_URLS!) as Record<string, string>;
const requests = JSON.parse(process.env.BENCH_REQUESTS!) as Record<string, { method: 'POST'; path: string; headers: Record<string, string>; body: string }[]>;
const calls = Object.entries(requests).flatMap(([agency, list]) => {
  const pool = new Pool(urls[agency]!, { connections: 32 });
  return list.map((request) => async () => {
    const { body } = await pool.request(request);
    return JSON.parse(await body.text()) as unknown;
  });
});
const server = createServer((request, response) => {
  request.resume().on('end', async () => {
    const text = JSON.stringify(await Promise.all(calls.map((call) => call())));
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }).end(text);
  });
});
server.listen(0, '127.0.0.1', () => process.send!({ ready: true, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` }));
