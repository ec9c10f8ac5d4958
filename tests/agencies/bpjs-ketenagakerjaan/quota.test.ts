import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { PersonKey } from '../../../src/agencies/agency.ts';
import { bpjsKetenagakerjaan } from '../../../src/agencies/bpjs-ketenagakerjaan/index.ts';
import { toRecord } from '../../../src/agencies/bpjs-ketenagakerjaan/map.ts';
import { toPeserta } from '../../../src/agencies/bpjs-ketenagakerjaan/mock.ts';
import { defaultLimits } from '../../../src/agencies/transport/transport.ts';
import { someRecords } from '../arbitrary.ts';
import { fakeWorld } from '../fakeWorld.ts';
import { listen, postJson } from '../wire.ts';

const people = someRecords('BPJS_KETENAGAKERJAAN', 5);
const [first, second] = people[0]!;
const key: PersonKey = { ref: 'a', identifiers: first!.person.identifiers.filter((id) => id.kind === 'KPJ') };
const context = { requestId: 'quota' };
const defaults = z.object(bpjsKetenagakerjaan.settings).parse({});
/** 23:30 in Jakarta. */
const late = new Date('2026-11-22T16:30:00Z');

describe('the daily quota of BPJS Ketenagakerjaan', () => {
  it('is not used up by a demo', () => {
    expect(defaults.MOCK_DAILY_QUOTA).toBeGreaterThan(1_000_000);
  });

  it('spent: HTTP 429 with the seconds until midnight in Jakarta; the next day answers again', async () => {
    let clock = late;
    const now = () => clock;
    const settings = { ...defaults, MOCK_DAILY_QUOTA: 2 };
    const mock = await bpjsKetenagakerjaan.startMock({ world: fakeWorld(people), settings, port: 0, now });
    const agency = bpjsKetenagakerjaan.open({ url: mock.url, mock: true, settings, limits: defaultLimits, now });
    try {
      expect((await agency.fetch([key], context)).get('a')?.status).toBe('found');
      expect((await agency.fetch([key], context)).get('a')?.status).toBe('found');
      const raw = await fetch(`${mock.url}/api/pmi/kepesertaan/cari`, {
        method: 'POST',
        headers: { user_key: settings.USER_KEY, authorization: `Basic ${Buffer.from(`${settings.USERNAME}:${settings.PASSWORD}`).toString('base64')}` },
        body: '{"peserta": []}',
      });
      expect(raw.status).toBe(429);
      expect(raw.headers.get('retry-after')).toBe('1800');
      expect(await raw.json()).toMatchObject({ code: 429, data: null });
      expect((await agency.fetch([key], context)).get('a')).toMatchObject({ status: 'failed', failure: { code: 'AGENCY_QUOTA_EXCEEDED', retryable: true } });
      clock = new Date(late.getTime() + 31 * 60_000);
      expect((await agency.fetch([key], context)).get('a')?.status).toBe('found');
    } finally {
      await agency.close();
      await mock.close();
    }
  });
});

describe('BPJS Ketenagakerjaan', () => {
  it('answers all cards of a person asked for by NIK or by all her cards', async () => {
    const nik = { kind: 'NIK', value: '3507014101909001' } as const;
    const cards = [first!, second!].map((record) => ({ ...record, person: { ...record.person, raw: [], identifiers: [...record.person.identifiers.filter((id) => id.kind === 'KPJ'), nik] } }));
    const mock = await bpjsKetenagakerjaan.startMock({ world: fakeWorld([cards]), settings: defaults, port: 0 });
    const agency = bpjsKetenagakerjaan.open({ url: mock.url, mock: true, settings: defaults, limits: defaultLimits });
    try {
      for (const identifiers of [[nik], cards.flatMap((card) => card.person.identifiers.filter((id) => id.kind === 'KPJ'))]) {
        const result = (await agency.fetch([{ ref: 'a', identifiers }], context)).get('a');
        expect(result?.status === 'found' && result.records.map((record) => record.recordId).toSorted()).toEqual(cards.map((card) => card.recordId).toSorted());
      }
    } finally {
      await agency.close();
      await mock.close();
    }
  });

  it.each([[401, 'AGENCY_REFUSED', false], [429, 'AGENCY_QUOTA_EXCEEDED', true], [500, 'AGENCY_ERROR', true], [413, 'AGENCY_ERROR', false]])(
    'reads code %i inside HTTP 200 as %s', async (code, expected, retryable) => {
      await using server = await listen(() => ({ code, message: 'rahasia', data: null }));
      const agency = bpjsKetenagakerjaan.open({ url: server.url, mock: true, settings: defaults, limits: { ...defaultLimits, attempts: 1 } });
      const result = (await agency.fetch([key], context)).get('a');
      await agency.close();
      expect(result).toMatchObject({ status: 'failed', failure: { code: expected, retryable } });
    },
  );

  it('reads a time without zone as Jakarta’s', () => {
    const record = toRecord({ ...toPeserta(first!), tglUpdate: '2026-11-22 06:30:00' });
    expect(record.asOf).toBe('2026-11-21T23:30:00.000Z');
  });

  it('refuses more than 50 people with a code inside HTTP 200', async () => {
    const mock = await bpjsKetenagakerjaan.startMock({ world: fakeWorld(people), settings: defaults, port: 0 });
    const credentials = { userKey: defaults.USER_KEY, username: defaults.USERNAME, password: defaults.PASSWORD };
    const answer = await postJson(`${mock.url}/api/pmi/kepesertaan/cari`, { peserta: Array.from({ length: 51 }, () => ({ nik: ['3507014101909001'] })) }, credentials);
    await mock.close();
    expect(answer).toMatchObject({ code: 413, data: null });
  });
});
