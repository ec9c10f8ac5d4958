import { describe, expect, it } from 'vitest';
import type { PersonKey } from '../../../src/agencies/agency.ts';
import { perwakilan } from '../../../src/agencies/perwakilan/index.ts';
import { startPerwakilanMock } from '../../../src/agencies/perwakilan/mock.ts';
import { defaultLimits } from '../../../src/agencies/transport/transport.ts';
import type { Identifier } from '../../../src/domain/identifier.ts';
import type { AgencyRecord } from '../../../src/domain/record.ts';
import { someRecords } from '../arbitrary.ts';
import { fakeWorld } from '../fakeWorld.ts';

const settings = { CLIENT_ID: 'payung', CLIENT_SECRET: 'secret' };
const context = { requestId: 'token' };
const start = Date.parse('2026-11-22T03:00:00Z');

async function open(people: readonly (readonly AgencyRecord[])[], limits = defaultLimits) {
  let clock = start;
  const now = () => new Date(clock);
  const mock = await startPerwakilanMock({ world: fakeWorld(people), port: 0, clientId: settings.CLIENT_ID, clientSecret: settings.CLIENT_SECRET, tokenSeconds: 300, now });
  const agency = perwakilan.open({ url: mock.url, mock: true, settings, limits, now });
  return {
    mock,
    agency,
    at: (seconds: number) => {
      clock = start + seconds * 1_000;
    },
    async [Symbol.asyncDispose]() {
      await agency.close();
      await mock.close();
    },
  };
}

const people = someRecords('PERWAKILAN', 60);
const keyOf = (records: readonly AgencyRecord[], ref = 'a'): PersonKey => ({ ref, identifiers: records.flatMap((record) => record.person.identifiers) });
const key = keyOf(people[0]!);

describe('the token of the missions', () => {
  it('is asked for once by all who wait for one, and then kept', async () => {
    await using bench = await open(people);
    const all = await Promise.all(people.slice(0, 20).map((records) => bench.agency.fetch([keyOf(records)], context)));
    expect(all.every((results) => results.get('a')?.status === 'found')).toBe(true);
    expect(bench.mock.calls.of('token')).toBe(1);
    bench.at(200);
    await bench.agency.fetch([key], context);
    expect(bench.mock.calls.of('token')).toBe(1);
  });

  it('is renewed beside the calls before it ends, so that none is refused', async () => {
    await using bench = await open(people);
    await bench.agency.fetch([key], context);
    bench.at(250);
    expect((await bench.agency.fetch([key], context)).get('a')?.status).toBe('found');
    await expect.poll(() => bench.mock.calls.of('token')).toBe(2);
    bench.at(400);
    bench.mock.calls.reset();
    expect((await bench.agency.fetch([key], context)).get('a')?.status).toBe('found');
    expect(bench.mock.calls.operations).toEqual({ lookUp: 1 });
  });

  it('is fetched anew when it has ended', async () => {
    await using bench = await open(people);
    await bench.agency.fetch([key], context);
    bench.at(299);
    bench.mock.calls.reset();
    expect((await bench.agency.fetch([key], context)).get('a')?.status).toBe('found');
    expect(bench.mock.calls.operations).toEqual({ token: 1, lookUp: 1 });
  });

  it('refused before its time is replaced once, and the call repeated', async () => {
    await using bench = await open(people);
    await bench.agency.fetch([key], context);
    // The agency's clock jumps: to it every token has ended.
    bench.mock.faults.set({ clockOffsetMs: 3_600_000 });
    bench.mock.calls.reset();
    expect((await bench.agency.fetch([key], context)).get('a')?.status).toBe('found');
    expect(bench.mock.calls.operations).toEqual({ token: 1, lookUp: 2 });
  });

  it('refused to many calls, some of them late, is still replaced once', async () => {
    await using bench = await open(people, { ...defaultLimits, attemptTimeoutMs: 20_000, callTimeoutMs: 20_000, concurrency: 32 });
    await bench.agency.fetch([key], context);
    bench.mock.faults.set({ clockOffsetMs: 3_600_000, slowJitterMs: 300 });
    bench.mock.calls.reset();
    const all = await Promise.all(people.slice(0, 24).map((records) => bench.agency.fetch([keyOf(records)], context)));
    expect(all.every((results) => results.get('a')?.status === 'found')).toBe(true);
    expect(bench.mock.calls.of('token')).toBe(1);
  });

  it('that cannot be had fails the call with the reason, and the next call tries again', async () => {
    await using bench = await open(people, { ...defaultLimits, attempts: 1 });
    bench.mock.faults.set({ errorRate: 1 });
    expect((await bench.agency.fetch([key], context)).get('a')).toMatchObject({ status: 'failed', failure: { code: 'AGENCY_ERROR' } });
    bench.mock.faults.reset();
    expect((await bench.agency.fetch([key], context)).get('a')?.status).toBe('found');
  });

  it('does not hold up a caller who gives up', async () => {
    // Without the caller's signal the wait would outlast the test.
    await using bench = await open(people, { ...defaultLimits, attemptTimeoutMs: 600_000, callTimeoutMs: 600_000 });
    bench.mock.faults.set({ slowMs: 600_000 });
    const leaving = new AbortController();
    const answer = bench.agency.fetch([key], { ...context, signal: leaving.signal });
    leaving.abort();
    expect((await answer).get('a')).toMatchObject({ status: 'failed', failure: { code: 'AGENCY_TIMEOUT' } });
  });
});

describe('how the missions look people up', () => {
  const nik: Identifier = { kind: 'NIK', value: '3507014101909001' };
  const passport: Identifier = { kind: 'PASSPORT', value: 'C7000001' };
  const ktkln: Identifier = { kind: 'KTKLN', value: 'KTK1000001' };
  const file = (place: number, identifiers: readonly Identifier[]): AgencyRecord => {
    const record = people[place]![1]!;
    const own = record.person.identifiers.filter((id) => id.kind === 'LAPOR_DIRI' || id.kind === 'CASE_NUMBER');
    return { ...record, person: { ...record.person, raw: [], identifiers: [...own, ...identifiers] } };
  };
  const files = [file(0, [nik]), file(1, [passport]), file(2, [ktkln])];
  const found = async (...identifiers: Identifier[]) => {
    await using bench = await open([files]);
    const result = (await bench.agency.fetch([{ ref: 'a', identifiers }], context)).get('a');
    return result?.status === 'found' ? result.records.map((record) => record.recordId).toSorted() : result?.status;
  };
  const ids = (...places: number[]) => places.map((place) => files[place]!.recordId).toSorted();

  it('by NIK, else by passport, else by KTKLN', async () => {
    expect(await found(ktkln, passport, nik)).toEqual(ids(0));
    expect(await found(ktkln, passport)).toEqual(ids(1));
    expect(await found(ktkln)).toEqual(ids(2));
    expect(await found(ktkln, { kind: 'NIK', value: '9971010101909123' })).toEqual(ids(2));
  });

  it('and besides by numbers of reports and cases that are named', async () => {
    const named = files[2]!.person.identifiers[0]!;
    expect(await found(nik, named)).toEqual(ids(0, 2));
    expect(await found(named)).toEqual(ids(2));
  });
});
