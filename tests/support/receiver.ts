import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

export interface Received {
  readonly id: string;
  readonly type: string;
  readonly data: { readonly worker?: string; readonly rule?: string | null; readonly kind?: string; readonly subject?: string | null };
  readonly text: string;
  readonly path: string;
  readonly headers: Record<string, string>;
}

/** A webhook's receiver that keeps what it takes. */
export interface TestReceiver extends AsyncDisposable {
  readonly url: string;
  /** What was taken, in the order of arrival. */
  readonly taken: Received[];
  /** All attempts. */
  attempts: number;
  /** Resolves when so many were taken. */
  took(count: number): Promise<void>;
  /** Whether the message was signed with the secret. */
  verifies(message: Received, secret: string): boolean;
}

export interface ReceiverOptions {
  /** Status to answer a message with, or a promise of one; undefined answers nothing. Default 204. */
  readonly answer?: (message: Received, response: ServerResponse) => number | Promise<number> | undefined;
}

export async function startReceiver({ answer = () => 204 }: ReceiverOptions = {}): Promise<TestReceiver> {
  let waiting: { readonly count: number; readonly done: () => void }[] = [];
  const receiver = { taken: [] as Received[], attempts: 0 };
  async function take(message: Received, response: ServerResponse): Promise<void> {
    receiver.attempts += 1;
    const status = await answer(message, response);
    if (status === undefined) return;
    if (status < 300) receiver.taken.push(message);
    response.writeHead(status).end();
    for (const one of waiting.filter(({ count }) => receiver.taken.length >= count)) one.done();
    waiting = waiting.filter(({ count }) => receiver.taken.length < count);
  }
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part: string) => (text += part)).on('end', () => {
      const { type, data } = JSON.parse(text) as { type: string; data: Received['data'] };
      void take({ id: String(request.headers['webhook-id']), type, data, text, path: request.url ?? '', headers: request.headers as Record<string, string> }, response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(receiver, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    took: (count: number) => (receiver.taken.length >= count ? Promise.resolve() : new Promise<void>((done) => void waiting.push({ count, done }))),
    verifies(message: Received, secret: string) {
      try {
        new Webhook(secret).verify(message.text, message.headers);
        return true;
      } catch {
        return false;
      }
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}
