import { getEventListeners } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { Dispatcher, Pool } from 'undici';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { CallTracer } from '../../../src/agencies/agency.ts';
import { Bulkhead } from '../../../src/agencies/transport/bulkhead.ts';
import { createTransport } from '../../../src/agencies/transport/create.ts';
import { Deadline } from '../../../src/agencies/transport/deadline.ts';
import { exchange } from '../../../src/agencies/transport/exchange.ts';
import { failure } from '../../../src/agencies/transport/failures.ts';
import { parseJson } from '../../../src/agencies/transport/json.ts';
import { defaultLimits } from '../../../src/agencies/transport/transport.ts';
import type { CallEvent, Outcome, TransportLimits, WireReply } from '../../../src/agencies/transport/transport.ts';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

type Handler = (request: IncomingMessage, response: ServerResponse, nth: number) => void;
const ok: Handler = (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}');
const status = (code: number, headers: Record<string, string> = {}): Handler => (_, response) => response.writeHead(code, headers).end('secret remote text');
const never: Handler = () => undefined;

/** An agency that answers by `handler`, and a way to it. */
async function agency(handler: Handler, limits: Partial<TransportLimits> = {}, basePath = '') {
  const seen: IncomingMessage[] = [];
  let current = handler;
  const server = createServer((request, response) => {
    seen.push(request);
    current(request, response, seen.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${basePath}`;
  const way = connect(url, limits);
  cleanups.push(() => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return { ...way, server, seen, answerWith: (next: Handler) => void (current = next) };
}

function connect(url: string, limits: Partial<TransportLimits> = {}) {
  const events: CallEvent[] = [];
  const transport = createTransport({ agency: 'TOY', url, limits: { ...defaultLimits, ...limits }, observe: (event) => events.push(event) });
  cleanups.push(() => transport.close());
  const call = (options: { signal?: AbortSignal; trace?: CallTracer; decode?: (reply: WireReply) => Outcome<unknown>; headers?: () => Record<string, string> } = {}) =>
    transport.call({ operation: 'lookUp', method: 'GET', path: '/x', headers: options.headers ?? (() => ({})) }, options.decode ?? parseJson, {
      requestId: 'q-1',
      ...(options.signal ? { signal: options.signal } : {}),
      ...(options.trace ? { trace: options.trace } : {}),
    });
  return { transport, call, events };
}

const codeOf = (outcome: Outcome<unknown>) => (outcome.ok ? 'OK' : outcome.failure.code);

describe('a call to an agency', () => {
  it('is one span, whatever its attempts, and tells the agency of it', async () => {
    const { call, seen } = await agency((request, response, nth) => (nth === 1 ? status(500) : ok)(request, response, nth));
    const ended: unknown[][] = [];
    const trace: CallTracer = { begin: (...begun) => ({ traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, end: (...end) => void ended.push([...begun, ...end]) }) };
    await call({ trace });
    expect(seen.map(({ headers }) => headers['traceparent'])).toEqual(Array(2).fill(`00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`));
    expect(ended).toEqual([['TOY', 'lookUp', 'OK', 2]]);
    await call();
    expect(seen[2]!.headers).not.toHaveProperty('traceparent');
  });

  it('brings the answer, and tells the observer without personal data', async () => {
    const { call, events, seen, transport } = await agency(ok, {}, '/base');
    expect(await call()).toEqual({ ok: true, value: { ok: true } });
    expect(seen[0]?.url).toBe('/base/x');
    expect(seen[0]?.headers).toMatchObject({ 'x-request-id': 'q-1', 'accept-encoding': 'identity' });
    expect(events).toEqual([{ agency: 'TOY', operation: 'lookUp', outcome: 'OK', attempts: 1, durationMs: expect.any(Number) as number, requestId: 'q-1' }]);
    expect(transport.vitals()).toMatchObject({ state: 'UP', breaker: 'CLOSED', latencyMs: expect.any(Number) as number, lastSuccessAt: expect.any(String) as string });
  });

  it('keeps its connections for the next calls', async () => {
    const { call, server } = await agency(ok, { concurrency: 2 });
    let connections = 0;
    server.on('connection', () => connections++);
    for (let i = 0; i < 5; i++) await call();
    expect(connections).toBeLessThanOrEqual(2);
  });

  it('makes headers anew for each attempt and gives back those that were answered', async () => {
    const { call } = await agency((request, response, nth) => (nth === 1 ? status(500) : ok)(request, response, nth));
    let made = 0;
    const outcome = await call({ headers: () => ({ 'x-timestamp': String(++made) }), decode: (reply) => ({ ok: true, value: reply.sentHeaders['x-timestamp'] }) });
    expect(outcome).toEqual({ ok: true, value: '2' });
  });

  it.each([
    [500, 'AGENCY_ERROR', 3],
    [503, 'AGENCY_ERROR', 3],
    [401, 'AGENCY_REFUSED', 1],
    [403, 'AGENCY_REFUSED', 1],
    [429, 'AGENCY_QUOTA_EXCEEDED', 1],
    [404, 'AGENCY_INVALID_ANSWER', 1],
    [302, 'AGENCY_INVALID_ANSWER', 1],
  ])('takes HTTP %i for %s after %i attempts, without a word of the remote text', async (http, code, attempts) => {
    const { call, seen } = await agency(status(http, { location: '/elsewhere' }));
    const outcome = await call();
    expect(codeOf(outcome)).toBe(code);
    expect(seen).toHaveLength(attempts);
    expect(JSON.stringify(outcome)).not.toContain('secret');
  });

  it('takes a refused or broken connection for AGENCY_UNREACHABLE, and does not tell the address', async () => {
    const broken = await agency((request) => request.socket.destroy());
    expect(codeOf(await broken.call())).toBe('AGENCY_UNREACHABLE');
    expect(broken.seen).toHaveLength(3);
    const closed = createTcpServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const outcome = await connect(`http://127.0.0.1:${port}`).call();
    expect(outcome).toMatchObject({ ok: false, failure: { code: 'AGENCY_UNREACHABLE', retryable: true } });
    expect(JSON.stringify(outcome)).not.toContain(String(port));
  });

  it('takes an answer that breaks off for AGENCY_UNREACHABLE', async () => {
    const { call } = await agency((request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' }).write('{"half');
      setImmediate(() => request.socket.destroy());
    });
    expect(codeOf(await call())).toBe('AGENCY_UNREACHABLE');
  });

  it('takes no answer, half an answer and a connection that is never made for AGENCY_TIMEOUT', async () => {
    const limits = { attemptTimeoutMs: 30, attempts: 1 };
    expect(codeOf(await (await agency(never, limits)).call())).toBe('AGENCY_TIMEOUT');
    const half = await agency((_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('{'), limits);
    expect(codeOf(await half.call())).toBe('AGENCY_TIMEOUT');
    // A TLS hello that nobody answers.
    const deaf = createTcpServer(() => undefined);
    await new Promise<void>((resolve) => deaf.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => void deaf.close());
    expect(codeOf(await connect(`https://127.0.0.1:${(deaf.address() as AddressInfo).port}`, limits).call())).toBe('AGENCY_TIMEOUT');
  });

  it('ends all attempts with the call’s own time', async () => {
    const { call, seen, events } = await agency(never, { attemptTimeoutMs: 40, callTimeoutMs: 50, attempts: 10 });
    expect(codeOf(await call())).toBe('AGENCY_TIMEOUT');
    expect(seen.length).toBeLessThanOrEqual(2);
    expect(events[0]?.outcome).toBe('AGENCY_TIMEOUT');
    const patient = await agency(never, { attemptTimeoutMs: 600_000, callTimeoutMs: 50 });
    expect(codeOf(await patient.call())).toBe('AGENCY_TIMEOUT');
  });

  it('does not send what it has given up while the connection was being made', async () => {
    const handlers: Dispatcher.DispatchHandler[] = [];
    const pool = { dispatch: (_: unknown, handler: Dispatcher.DispatchHandler) => handlers.push(handler) } as unknown as Pool;
    const request = { operation: 'lookUp', method: 'GET', path: '/', headers: () => ({}) } as const;
    const deadline = new Deadline(1_000, undefined);
    expect(await exchange({ pool, basePath: '', request, requestId: 'q', bodyLimit: 1, timeoutMs: 1, deadline })).toEqual({ kind: 'TIMEOUT' });
    const abort = vi.fn<(reason: Error) => void>();
    handlers[0]?.onRequestStart?.({ abort } as unknown as Dispatcher.DispatchController, {});
    expect(abort).toHaveBeenCalledOnce();
  });

  it('sends few repeats when everything fails', async () => {
    const { call, seen } = await agency(status(500), { breakerThreshold: 1_000 });
    for (let i = 0; i < 10; i++) await call();
    expect(seen).toHaveLength(10 + 3);
  });

  it('leaves nothing behind on the caller’s signal', async () => {
    const { call } = await agency(ok);
    const { signal } = new AbortController();
    await call({ signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('reads no more than the body limit, told or untold', async () => {
    const body = JSON.stringify('x'.repeat(200));
    const told = await agency((_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(body), { bodyLimit: 100 });
    expect(codeOf(await told.call())).toBe('AGENCY_INVALID_ANSWER');
    expect(told.seen).toHaveLength(1);
    // Told at the start, it is not even waited for.
    const announced = await agency((_, response) => response.writeHead(200, { 'content-type': 'application/json', 'content-length': '101' }).flushHeaders(), {
      bodyLimit: 100, attempts: 1, attemptTimeoutMs: 1_000,
    });
    expect(codeOf(await announced.call())).toBe('AGENCY_INVALID_ANSWER');
    const untold = await agency((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const timer = setInterval(() => response.write('x'.repeat(40)), 1);
      response.on('close', () => clearInterval(timer));
    }, { bodyLimit: 100 });
    expect(codeOf(await untold.call())).toBe('AGENCY_INVALID_ANSWER');
  });

  it('takes no compressed answer', async () => {
    const { call } = await agency((_, response) => response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(gzipSync('{}')));
    expect(codeOf(await call({ decode: () => ({ ok: true, value: 1 }) }))).toBe('AGENCY_INVALID_ANSWER');
  });

  it('retries garbage once, and passes on nothing that the decoder threw', async () => {
    const garbage: Handler = (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('}{');
    const { call, seen, answerWith } = await agency(garbage);
    expect(codeOf(await call())).toBe('AGENCY_INVALID_ANSWER');
    expect(seen).toHaveLength(2);
    answerWith(ok);
    const outcome = await call({
      decode: () => {
        throw new Error('3507014101909001 is no name');
      },
    });
    expect(codeOf(outcome)).toBe('AGENCY_INVALID_ANSWER');
    expect(JSON.stringify(outcome)).not.toContain('35070141');
  });

  it('is over at once when the caller gives up, before it is sent, in the queue or under way', async () => {
    const { call, seen, events, transport } = await agency(never, { concurrency: 1 });
    expect(codeOf(await call({ signal: AbortSignal.abort() }))).toBe('AGENCY_TIMEOUT');
    expect(seen).toHaveLength(0);
    expect(events[0]?.attempts).toBe(0);
    const gone = new AbortController();
    const underWay = call({ signal: gone.signal });
    const queued = call({ signal: gone.signal });
    await expect.poll(() => seen).toHaveLength(1);
    const hungUp = new Promise((resolve) => seen[0]?.socket.once('close', resolve));
    gone.abort();
    expect([codeOf(await underWay), codeOf(await queued)]).toEqual(['AGENCY_TIMEOUT', 'AGENCY_TIMEOUT']);
    await hungUp;
    expect(events).toHaveLength(3);
    expect(transport.vitals().state).toBe('UP');
  });
});

describe('the queue', () => {
  it('lets no more through than the cap, and refuses what does not fit', async () => {
    const open: (() => void)[] = [];
    const { call, seen } = await agency((request, response) => void open.push(() => ok(request, response, 0)), { concurrency: 2, queue: 5 });
    const calls = Array.from({ length: 9 }, () => call());
    expect((await Promise.all(calls.slice(7))).map(codeOf)).toEqual(['AGENCY_BUSY', 'AGENCY_BUSY']);
    for (const underWay of [2, 2, 2, 1]) {
      await expect.poll(() => open.length).toBeGreaterThanOrEqual(underWay);
      expect(open).toHaveLength(underWay);
      for (const answer of open.splice(0)) answer();
    }
    expect((await Promise.all(calls.slice(0, 7))).map(codeOf)).toEqual(Array.from({ length: 7 }, () => 'OK'));
    expect(seen).toHaveLength(7);
  });

  it('admits in the order of coming, and keeps nobody beyond her time', async () => {
    const bulkhead = new Bulkhead(1, 5);
    expect(bulkhead.tryEnter()).toBe(true);
    const order: string[] = [];
    const late = bulkhead.enter(new Deadline(1, undefined));
    const one = bulkhead.enter(new Deadline(10_000, undefined)).then(() => order.push('one'));
    const two = bulkhead.enter(new Deadline(10_000, undefined)).then(() => order.push('two'));
    expect(await late).toBe(false);
    bulkhead.leave();
    await one;
    bulkhead.leave();
    await two;
    expect(order).toEqual(['one', 'two']);
    bulkhead.leave();
    expect(bulkhead.tryEnter()).toBe(true);
  });
});

describe('the breaker', () => {
  it('opens after faults in a row, lets one call try after a while, and closes when that succeeds', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { call, seen, answerWith, transport } = await agency(status(500), { attempts: 1, breakerThreshold: 3, breakerOpenMs: 1_000 });
    for (let i = 0; i < 3; i++) expect(codeOf(await call())).toBe('AGENCY_ERROR');
    expect(codeOf(await call())).toBe('AGENCY_UNAVAILABLE');
    expect(seen).toHaveLength(3);
    expect(transport.vitals()).toMatchObject({ state: 'DOWN', breaker: 'OPEN' });

    vi.setSystemTime(Date.now() + 1_001);
    expect((await Promise.all([call(), call()])).map(codeOf)).toEqual(['AGENCY_ERROR', 'AGENCY_UNAVAILABLE']);
    expect(codeOf(await call())).toBe('AGENCY_UNAVAILABLE');

    answerWith(ok);
    vi.setSystemTime(Date.now() + 1_001);
    expect(codeOf(await call())).toBe('OK');
    expect(transport.vitals()).toMatchObject({ state: 'DEGRADED', breaker: 'CLOSED' });
  });

  it('counts garbage, but not a refusal, a spent quota or a caller that gave up', async () => {
    const limits = { attempts: 1, breakerThreshold: 2 };
    for (const handler of [status(401), status(429)]) {
      const { call, transport } = await agency(handler, limits);
      for (let i = 0; i < 4; i++) await call();
      expect(transport.vitals().breaker).toBe('CLOSED');
    }
    const garbage = await agency((_, response) => response.writeHead(200).end('?'), limits);
    for (let i = 0; i < 2; i++) await garbage.call();
    expect(garbage.transport.vitals().breaker).toBe('OPEN');
    const slow = await agency(never, limits);
    for (let i = 0; i < 4; i++) {
      const gone = new AbortController();
      const call = slow.call({ signal: gone.signal });
      await expect.poll(() => slow.seen).toHaveLength(i + 1);
      gone.abort();
      await call;
    }
    expect(slow.transport.vitals().breaker).toBe('CLOSED');
  });

  it('is not closed by a trial that its caller gave up', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { call, answerWith, transport, seen } = await agency(status(500), { attempts: 1, breakerThreshold: 1, breakerOpenMs: 1_000 });
    await call();
    answerWith(never);
    vi.setSystemTime(Date.now() + 1_001);
    const gone = new AbortController();
    const trial = call({ signal: gone.signal });
    await expect.poll(() => seen).toHaveLength(2);
    // Others do not wait for what the trial brings.
    expect(codeOf(await call())).toBe('AGENCY_UNAVAILABLE');
    expect(transport.vitals().breaker).toBe('HALF_OPEN');
    gone.abort();
    await trial;
    expect(transport.vitals().breaker).toBe('OPEN');
  });
});

describe('a spent quota', () => {
  it('keeps calls back for as long as the agency said', async () => {
    let time = Date.parse('2026-11-22T00:00:00Z');
    const { seen, server } = await agency(status(429, { 'retry-after': '20' }));
    const transport = createTransport({ agency: 'TOY', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, limits: defaultLimits, now: () => new Date(time) });
    cleanups.push(() => transport.close());
    const call = () => transport.call({ operation: 'lookUp', method: 'GET', path: '/', headers: () => ({}) }, parseJson, { requestId: 'q' });
    expect([codeOf(await call()), codeOf(await call())]).toEqual(['AGENCY_QUOTA_EXCEEDED', 'AGENCY_QUOTA_EXCEEDED']);
    expect(seen).toHaveLength(1);
    time += 20_000;
    await call();
    expect(seen).toHaveLength(2);
  });
});

describe('vitals', () => {
  it('start unknown, and follow the latest calls', async () => {
    const { call, answerWith, transport } = await agency(ok, { attempts: 1 });
    expect(transport.vitals()).toEqual({ state: 'UP', breaker: 'CLOSED', latencyMs: null, lastSuccessAt: null });
    await call();
    answerWith(status(500));
    await call();
    expect(transport.vitals().state).toBe('DEGRADED');
    await call();
    await call();
    expect(transport.vitals()).toMatchObject({ state: 'DOWN', breaker: 'CLOSED' });
    answerWith(ok);
    for (let i = 0; i < 10; i++) await call();
    expect(transport.vitals().state).toBe('UP');
  });

  it('call an agency that mixes people up degraded, and tell the observer', async () => {
    const { call, events, transport } = await agency(ok);
    expect(await call({ decode: () => ({ ok: true, value: 1, foreign: 2 }) })).toMatchObject({ ok: true, value: 1 });
    expect(events[0]?.outcome).toBe('AGENCY_MISATTRIBUTED');
    expect(transport.vitals().state).toBe('DEGRADED');
  });

  it('do not retry a fault that the adapter says will stay', async () => {
    const { call, seen } = await agency(ok);
    const outcome = await call({ decode: () => ({ ok: false, failure: { ...failure('AGENCY_ERROR', 'Business rule failed.'), retryable: false } }) });
    expect(codeOf(outcome)).toBe('AGENCY_ERROR');
    expect(seen).toHaveLength(1);
  });
});
