// Receivers of webhooks for the bench: /take answers at once, /slow after two seconds, /silent never. Told to report, it gives the delays of what /take took.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

let delays: number[] = [];
const server = createServer((request, response) => {
  let text = '';
  request.setEncoding('utf8').on('data', (part: string) => (text += part)).on('end', () => {
    if (request.url!.startsWith('/silent')) return;
    if (request.url!.startsWith('/slow')) {
      setTimeout(() => response.writeHead(204).end(), 2_000);
      return;
    }
    delays.push(Date.now() - Date.parse((JSON.parse(text) as { timestamp: string }).timestamp));
    response.writeHead(204).end();
  });
});
process.on('message', () => {
  process.send!({ delays });
  delays = [];
});
process.on('disconnect', () => process.exit(0));
server.listen(0, '127.0.0.1', () => process.send!({ port: (server.address() as AddressInfo).port }));
