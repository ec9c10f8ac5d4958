import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBook } from '../../../src/agencies/mocking/book.ts';
import { faultsFromEnvironment, noFaults, shake } from '../../../src/agencies/mocking/faults.ts';
import { startMockServer } from '../../../src/agencies/mocking/server.ts';
import type { MockServer } from '../../../src/agencies/mocking/server.ts';
import type { Identifier } from '../../../src/domain/identifier.ts';
import { bareRecord, fakeWorld } from '../fakeWorld.ts';

const nik = (i: number): Identifier => ({ kind: 'NIK', value: `350701410190${9000 + i}` });
const world = fakeWorld(Array.from({ length: 6 }, (_, i) => [bareRecord('TOY', `R${i}`, [nik(i)])]));

let mock: MockServer;
beforeEach(async () => {
  const book = createBook({ world, agency: 'TOY' });
  mock = await startMockServer({
    agency: 'TOY',
    book,
    port: 0,
    now: () => new Date('2026-11-22T00:00:00Z'),
    routes: [{ operation: 'lookUp', method: 'GET', path: '/people/:nik', handle: ({ params, now }) => ({ body: { nik: params['nik'], now } }) }],
  });
});
afterEach(() => mock.close());

const get = (path: string, init?: RequestInit) => fetch(mock.url + path, init);
const put = (path: string, body: unknown) => get(path, { method: 'PUT', body: typeof body === 'string' ? body : JSON.stringify(body) });

describe('a mock agency’s server', () => {
  it('counts calls by operation and keeps their request ids', async () => {
    const answer = await get('/people/1', { headers: { 'x-request-id': 'q-1' } });
    expect(answer.headers.get('x-request-id')).toBe('q-1');
    await get('/people/2');
    expect((await get('/elsewhere')).status).toBe(404);
    expect(await (await get('/_mock/calls')).json()).toEqual({ total: 3, operations: { lookUp: 2, unknown: 1 }, requestIds: ['q-1'] });
    expect(mock.calls.of('lookUp')).toBe(2);
    await get('/_mock/calls', { method: 'DELETE' });
    expect(mock.calls.total).toBe(0);
  });

  it('sets switches over HTTP, one at a time, and puts them all off', async () => {
    await put('/_mock/faults', { slowMs: 1 });
    expect(await (await put('/_mock/faults', { garbage: true })).json()).toEqual({ ...noFaults, slowMs: 1, garbage: true });
    await get('/_mock/faults', { method: 'DELETE' });
    expect(mock.faults.get()).toEqual(noFaults);
  });

  it.each([[{ slow: 1 }, 'slow'], [{ errorRate: 2 }, 'errorRate'], ['{', 'object']])('refuses switches it does not have: %j', async (body, says) => {
    const answer = await put('/_mock/faults', body);
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { message: string }).message).toContain(says);
    expect(mock.faults.get()).toEqual(noFaults);
  });

  it('takes records put by hand, and removes them', async () => {
    const record = bareRecord('TOY', 'hand/made', [nik(8)]);
    expect((await put('/_mock/records', record)).status).toBe(200);
    expect(await (await get(`/_mock/records?kind=NIK&value=${nik(8).value}`)).json()).toEqual([record]);
    await get(`/_mock/records/${encodeURIComponent('hand/made')}`, { method: 'DELETE' });
    expect(mock.book.find(nik(8))).toEqual([]);
    expect((await put('/_mock/records', { ...record, agency: 'OTHER' })).status).toBe(400);
    expect((await put('/_mock/records', { recordId: 'x' })).status).toBe(400);
    expect((await get('/_mock/records?kind=NIK&value=1')).status).toBe(400);
  });

  it('breaks the connection while it is down, and stays reachable for its control', async () => {
    await put('/_mock/faults', { down: true });
    await expect(get('/people/1')).rejects.toThrow('fetch failed');
    expect((await get('/_mock/faults', { method: 'DELETE' })).status).toBe(200);
    expect((await get('/people/1')).status).toBe(200);
  });

  it('spoils its answers as the switches say', async () => {
    mock.faults.set({ errorRate: 1 });
    expect((await get('/people/1')).status).toBe(500);
    mock.faults.reset();
    mock.faults.set({ garbage: true });
    await expect((await get('/people/1')).json()).rejects.toThrow(/JSON/);
    mock.faults.reset();
    mock.faults.set({ truncated: true });
    await expect((await get('/people/1')).json()).rejects.toThrow(/JSON/);
    mock.faults.reset();
    mock.faults.set({ wrongContentType: true });
    expect((await get('/people/1')).headers.get('content-type')).toBe('text/html');
    mock.faults.reset();
    mock.faults.set({ quotaSpent: true, retryAfterSeconds: 7 });
    const spent = await get('/people/1');
    expect([spent.status, spent.headers.get('retry-after')]).toEqual([429, '7']);
    mock.faults.reset();
    mock.faults.set({ clockOffsetMs: -3_600_000 });
    expect(await (await get('/people/1')).json()).toEqual({ nik: '1', now: '2026-11-21T23:00:00.000Z' });
    mock.faults.reset();
    mock.faults.set({ huge: true });
    let size = 0;
    for await (const chunk of (await get('/people/1')).body ?? []) size += chunk.length;
    expect(size).toBeGreaterThan(60 * 1024 * 1024);
  });

  it('fails the share of calls it is told to, the same ones each time', async () => {
    mock.faults.set({ errorRate: 0.5 });
    const statuses: number[] = [];
    for (let i = 0; i < 40; i++) statuses.push((await get('/people/1')).status);
    const failed = statuses.filter((status) => status === 500).length;
    expect(failed).toBeGreaterThan(8);
    expect(failed).toBeLessThan(32);
  });

  it('says in one line that its port is taken', async () => {
    const book = createBook({ world, agency: 'TOY' });
    await expect(startMockServer({ agency: 'TOY', book, port: Number(new URL(mock.url).port), routes: [] })).rejects.toThrow(/Port \d+ for the mock of TOY is taken/);
  });

  it('reads switches from the environment, or says what is wrong with them', () => {
    expect(faultsFromEnvironment('TOY', { MOCK_TOY_FAULTS: '{"down":true}' })).toEqual({ down: true });
    expect(faultsFromEnvironment('TOY', {})).toEqual({});
    expect(() => faultsFromEnvironment('TOY', { MOCK_TOY_FAULTS: 'down' })).toThrow(/MOCK_TOY_FAULTS is not JSON/);
    expect(() => faultsFromEnvironment('TOY', { MOCK_TOY_FAULTS: '{"down":1}' })).toThrow(/MOCK_TOY_FAULTS.*\n?.*down/);
  });
});

describe('shaken records', () => {
  const book = createBook({ world, agency: 'TOY' });
  const asked = [0, 1, 2].flatMap((i) => book.find(nik(i)));
  const ids = (faults: Partial<typeof noFaults>) => shake(asked, { ...noFaults, ...faults }, book, () => 0).map((record) => record.recordId);

  it('come out as the switches say', () => {
    expect(ids({})).toEqual(['R0', 'R1', 'R2']);
    expect(ids({ missing: true })).toEqual(['R1']);
    expect(ids({ duplicated: true })).toEqual(['R0', 'R0', 'R1', 'R1', 'R2', 'R2']);
    expect(ids({ reordered: true })).toEqual(['R2', 'R1', 'R0']);
    expect(ids({ extra: true })).toEqual(['R0', 'R1', 'R2', 'R3', 'R4']);
  });
});
