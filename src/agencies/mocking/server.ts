import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AgencyName } from '../../domain/record.ts';
import type { Book } from './book.ts';
import { createCalls } from './calls.ts';
import type { CallCounts } from './calls.ts';
import { createControl } from './control.ts';
import { createRandom, createSwitches, faultsFromEnvironment } from './faults.ts';
import type { Faults, FaultSwitches } from './faults.ts';
import { compileRoutes } from './routes.ts';
import { streamHuge, waitFor } from './spoil.ts';

/** A running mock agency. */
export interface MockServer {
  /** Base URL, such as `http://127.0.0.1:4101`. */
  readonly url: string;
  /** The failure switches, the same ones as under `/_mock/faults`. */
  readonly faults: FaultSwitches;
  /** How often each operation was called, as under `/_mock/calls`. */
  readonly calls: CallCounts;
  /** What the agency has on file; edits show up in look-ups and in the feed. */
  readonly book: Book;
  close(): Promise<void>;
}

/** What a route is given. */
export interface MockRequest {
  /** Path segments caught by `:name`, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders;
  /** Empty without a body. */
  readonly body: string;
  /** The agency's own clock, which may be wrong. */
  readonly now: Date;
  readonly faults: Faults;
  /** Repeatable random numbers, for {@link shake}. */
  readonly random: () => number;
}

/** What a route answers. */
export interface MockReply {
  /** Default 200. */
  readonly status?: number;
  /** Default `application/json; charset=utf-8`. */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Anything but text is sent as JSON. */
  readonly body: unknown;
}

/** One operation of a mock agency. */
export interface MockRoute {
  /** Name under which its calls are counted. */
  readonly operation: string;
  readonly method: 'GET' | 'POST';
  /** Such as `/Peserta/nik/:nik`; compared with case, as the agency does. */
  readonly path: string;
  readonly handle: (request: MockRequest) => MockReply;
}

export interface MockServerOptions {
  readonly agency: AgencyName;
  readonly book: Book;
  readonly routes: readonly MockRoute[];
  /** Port on 127.0.0.1; 0 takes any free one. */
  readonly port: number;
  /** Seed of the random faults. Default 1. */
  readonly seed?: number;
  /** Default: the system clock. */
  readonly now?: () => Date;
  /** How the agency says in its own words that the quota is spent. Default: HTTP 429 with `{"message": "Quota exceeded"}`. */
  readonly quotaReply?: (request: MockRequest) => MockReply;
}

const longestBody = 4 * 1024 * 1024;
const faultPage: MockReply = { status: 500, contentType: 'text/html', body: '<html><head><title>500 Internal Server Error</title></head><body>Internal Server Error</body></html>' };

/** Starts a mock: its routes, with the failure switches applied around each, and the control path `/_mock`. */
export async function startMockServer(options: MockServerOptions): Promise<MockServer> {
  const clock = options.now ?? (() => new Date());
  const random = createRandom(options.seed ?? 1);
  const faults = createSwitches(faultsFromEnvironment(options.agency, process.env));
  const calls = createCalls();
  const match = compileRoutes(options.routes);
  const control = createControl({ agency: options.agency, book: options.book, faults, calls });
  const closing = new AbortController();

  async function answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = message.url ?? '/';
    const mark = url.indexOf('?');
    const path = mark < 0 ? url : url.slice(0, mark);
    const requestId = message.headers['x-request-id'];
    if (typeof requestId === 'string') response.setHeader('x-request-id', requestId);
    const body = message.method === 'GET' ? '' : await readBody(message);
    if (path.startsWith('/_mock/')) return send(response, control(message.method ?? 'GET', path, new URLSearchParams(mark < 0 ? '' : url.slice(mark)), body));

    const found = match(message.method ?? 'GET', path);
    calls.count(found?.route.operation ?? 'unknown', typeof requestId === 'string' ? requestId : null);
    const active = faults.get();
    if (active.slowMs > 0 || active.slowJitterMs > 0) await waitFor(active.slowMs + random() * active.slowJitterMs, message.socket, closing.signal);
    if (active.down) return void message.socket.destroy();
    if (found === null) return send(response, { status: 404, body: { message: 'Not Found' } });

    const request: MockRequest = {
      params: found.params,
      query: new URLSearchParams(mark < 0 ? '' : url.slice(mark)),
      headers: message.headers,
      body,
      now: active.clockOffsetMs === 0 ? clock() : new Date(clock().getTime() + active.clockOffsetMs),
      faults: active,
      random,
    };
    if (active.quotaSpent) {
      const reply = options.quotaReply?.(request) ?? { status: 429, body: { message: 'Quota exceeded' } };
      const wait: Record<string, string> = active.retryAfterSeconds === null ? {} : { 'retry-after': String(active.retryAfterSeconds) };
      return send(response, { ...reply, headers: { ...reply.headers, ...wait } });
    }
    if (active.errorRate > 0 && random() < active.errorRate) return send(response, faultPage);
    if (active.huge) return streamHuge(response);
    if (active.garbage) return send(response, { body: '\u0000\u0001}{ garbage ]['.repeat(20) });
    const reply = found.route.handle(request);
    if (active.truncated) {
      const text = asText(reply.body);
      return send(response, { ...reply, body: text.slice(0, Math.max(1, text.length >> 1)) });
    }
    send(response, active.wrongContentType ? { ...reply, contentType: 'text/html' } : reply);
  }

  const server = createServer((message, response) => {
    answer(message, response).catch(() => response.destroy());
  });
  await listen(server, options.port, options.agency);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults,
    calls,
    book: options.book,
    async close() {
      closing.abort();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

function listen(server: Server, port: number, agency: AgencyName): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new Error(`Port ${port} for the mock of ${agency} is taken: stop what listens there, or choose another port.`) : error);
    });
    server.listen(port, '127.0.0.1', () => resolve());
  });
}

async function readBody(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > longestBody) throw new Error('Request body too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function asText(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}

function send(response: ServerResponse, reply: MockReply): void {
  const text = asText(reply.body);
  response.writeHead(reply.status ?? 200, {
    'content-type': reply.contentType ?? 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    ...reply.headers,
  });
  response.end(text);
}
