import { describe, expect, it } from 'vitest';
import { createClient } from '../../../src/agencies/bp2mi/client.ts';
import { pmi } from '../../../src/agencies/bp2mi/contract.ts';
import { bp2mi } from '../../../src/agencies/bp2mi/index.ts';
import { toOrang, toRecord } from '../../../src/agencies/bp2mi/map.ts';
import { startBp2miMock, toPmi } from '../../../src/agencies/bp2mi/mock.ts';
import type { PersonKey, Result } from '../../../src/agencies/agency.ts';
import { fetchBatch } from '../../../src/agencies/batch.ts';
import { createTransport } from '../../../src/agencies/transport/create.ts';
import { defaultLimits } from '../../../src/agencies/transport/transport.ts';
import type { CallEvent } from '../../../src/agencies/transport/transport.ts';
import { someRecords } from '../arbitrary.ts';
import { fakeWorld } from '../fakeWorld.ts';
import { listen, postJson } from '../wire.ts';

const credentials = { userKey: 'k', username: 'u', password: 'p' };
const context = { requestId: 'paging' };
const people = someRecords('BP2MI', 40);
const keys = people.map(([record], i): PersonKey => ({ ref: String(i), identifiers: record!.person.identifiers.slice(0, 1) }));

async function open(pageSize: number, limits = defaultLimits) {
  const mock = await startBp2miMock({ ...credentials, world: fakeWorld(people), port: 0, pageSize });
  const events: CallEvent[] = [];
  const transport = createTransport({ agency: 'BP2MI', url: mock.url, limits, observe: (event) => events.push(event) });
  const client = createClient({ ...credentials, transport, callTimeoutMs: limits.callTimeoutMs });
  return {
    mock,
    events,
    fetch: (asked: readonly PersonKey[]) => fetchBatch(asked, context, { batchLimit: 100, toEntry: toOrang, lookUp: client.lookUp, row: pmi, toRecord }),
    async [Symbol.asyncDispose]() {
      await transport.close();
      await mock.close();
    },
  };
}

const idsOf = (results: ReadonlyMap<string, Result>) => [...results].map(([ref, result]) => [ref, result.status === 'found' ? result.records.map((r) => r.recordId) : result.status]);

describe('the pages of BP2MI', () => {
  it('give the same answer however small they are', async () => {
    await using whole = await open(250);
    await using small = await open(7);
    const results = await small.fetch(keys);
    expect(idsOf(results)).toEqual(idsOf(await whole.fetch(keys)));
    expect([...results.values()].every((result) => result.status === 'found')).toBe(true);
    expect(whole.mock.calls.of('lookUp')).toBe(1);
    expect(small.mock.calls.of('lookUp')).toBe(Math.ceil(40 / 7));
  });

  it('come in no order of the request', async () => {
    await using bench = await open(250);
    const asked = { permintaan: keys.map((key) => ({ idPmi: key.identifiers.map((id) => id.value) })), halaman: null };
    const answer = (await postJson(`${bench.mock.url}/api/v1/pmi/cari`, asked, credentials)) as { data: { idPmi: string }[] };
    const order = answer.data.map((row) => row.idPmi);
    expect(order.toSorted()).toEqual(people.map(([record]) => record!.recordId).toSorted());
    expect(order).not.toEqual(people.map(([record]) => record!.recordId));
  });

  it('share one deadline: a slow second page fails the look-up instead of doubling its time', async () => {
    await using bench = await open(20, { ...defaultLimits, attempts: 1, attemptTimeoutMs: 1_000, callTimeoutMs: 1_000 });
    bench.mock.faults.set({ slowMs: 600 });
    const results = await bench.fetch(keys);
    expect([...results.values()].every((result) => result.status === 'failed' && result.failure.code === 'AGENCY_TIMEOUT')).toBe(true);
  });

  it('are not followed for ever', async () => {
    const answer = { kode: '00', pesan: 'Berhasil', data: [], halamanBerikut: 'lagi' };
    await using server = await listen(() => answer);
    const agency = bp2mi.open({ url: server.url, mock: true, settings: { USER_KEY: 'k', USERNAME: 'u', PASSWORD: 'p' }, limits: defaultLimits });
    const result = (await agency.fetch(keys.slice(0, 1), context)).get('0');
    await agency.close();
    expect(result).toMatchObject({ status: 'failed', failure: { code: 'AGENCY_INVALID_ANSWER' } });
    expect(server.calls()).toBe(20);
  });
});

describe('answers of BP2MI that no mock gives', () => {
  const settings = { USER_KEY: 'k', USERNAME: 'u', PASSWORD: 'p' };
  async function answering(answer: unknown, asked: readonly PersonKey[] = keys.slice(0, 2)) {
    await using server = await listen(() => answer);
    const agency = bp2mi.open({ url: server.url, mock: true, settings, limits: { ...defaultLimits, attempts: 1 } });
    try {
      return await agency.fetch(asked, context);
    } finally {
      await agency.close();
    }
  }
  const row = (i: number) => toPmi(people[i]![0]!);
  const around = (...data: unknown[]) => ({ kode: '00', pesan: 'Berhasil', data, halamanBerikut: null });

  it('costs nobody who is found when an unreadable row names no one, but leaves no one absent', async () => {
    const results = await answering(around(row(0), { idPmi: null, nama: 'X' }));
    expect(results.get('0')?.status).toBe('found');
    expect(results.get('1')).toMatchObject({ status: 'failed', failure: { code: 'AGENCY_INVALID_ANSWER' } });
  });

  it('fails the one whom an unreadable row names, even where another row of hers is good', async () => {
    const results = await answering(around(row(0), row(1), { ...row(1), penempatan: 'tidak ada' }));
    expect(results.get('0')?.status).toBe('found');
    expect(results.get('1')).toMatchObject({ status: 'failed', failure: { code: 'AGENCY_INVALID_ANSWER' } });
  });

  it('keeps fields it does not know out of the record', async () => {
    const results = await answering(around({ ...row(0), kolomBaru: 1 }), keys.slice(0, 1));
    expect(results.get('0')).toEqual({ status: 'found', records: [toRecord(row(0))] });
  });

  it.each([
    ['20', 'AGENCY_REFUSED', false], ['30', 'AGENCY_QUOTA_EXCEEDED', true], ['90', 'AGENCY_ERROR', true], ['11', 'AGENCY_ERROR', false], ['77', 'AGENCY_ERROR', false],
  ])('reads code %s inside HTTP 200 as %s', async (kode, code, retryable) => {
    const results = await answering({ kode, pesan: 'NIK 3507014101909001 rahasia' });
    expect(results.get('0')).toMatchObject({ status: 'failed', failure: { code, retryable } });
    expect(JSON.stringify([...results])).not.toContain('3507014101909001');
  });

  it.each([['a list', []], ['no code', { pesan: 'x' }], ['no rows', { kode: '00', pesan: 'x' }]])('takes %s for an invalid answer', async (_, answer) => {
    expect((await answering(answer)).get('0')).toMatchObject({ status: 'failed', failure: { code: 'AGENCY_INVALID_ANSWER' } });
  });
});

describe('the mock of BP2MI', () => {
  it('refuses more than 100 people and pages it does not know, with a code inside HTTP 200', async () => {
    await using bench = await open(250);
    const url = `${bench.mock.url}/api/v1/pmi/cari`;
    const many = Array.from({ length: 101 }, () => ({ nik: ['3507014101909001'] }));
    expect(await postJson(url, { permintaan: many, halaman: null }, credentials)).toMatchObject({ kode: '11' });
    expect(await postJson(url, { permintaan: [], halaman: 'bukan' }, credentials)).toMatchObject({ kode: '12' });
    expect(await postJson(url, { permintaan: 'semua' }, credentials)).toMatchObject({ kode: '10' });
  });
});
