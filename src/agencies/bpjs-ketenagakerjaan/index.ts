import { z } from 'zod';
import { fetchBatch } from '../batch.ts';
import { defineAgency } from '../definition.ts';
import { toChangePage } from '../feed.ts';
import { createTransport } from '../transport/create.ts';
import { createClient } from './client.ts';
import { batchLimit, peserta } from './contract.ts';
import { agency as name, toChange, toEntri, toRecord } from './map.ts';
import { startBpjsKetenagakerjaanMock } from './mock.ts';

const title = 'Badan Penyelenggara Jaminan Sosial Ketenagakerjaan (BPJS Ketenagakerjaan)';
const holds = ['IDENTITY', 'SOCIAL_SECURITY'] as const;
const looksUpBy = ['KPJ', 'NIK'] as const;

export const bpjsKetenagakerjaan = defineAgency({
  name,
  title,
  description: 'Social security at work: memberships in JKK (work accident), JKM (death) and JHT (old age), with their cover windows, contributions and claims.',
  holds,
  looksUpBy,
  batchLimit,
  inventedWire: true,
  mockPort: 4102,
  settings: {
    USER_KEY: z.string().min(1).default('mock-bpjstk-user-key').describe('Key of the hub at the agency’s API gateway, sent as `user_key`.').meta({ secret: true }),
    USERNAME: z.string().min(1).default('payung').describe('User name for HTTP Basic.'),
    PASSWORD: z.string().min(1).default('mock-bpjstk-password').describe('Password for HTTP Basic.').meta({ secret: true }),
    MOCK_DAILY_QUOTA: z.coerce.number().int().positive().default(10_000_000).describe('Calls that the mock answers on one day (Jakarta time); the real agency sets its own.'),
  },
  open({ url, mock, settings, limits, observe, now }) {
    const transport = createTransport({ agency: name, url, limits, ...(observe && { observe }), ...(now && { now }) });
    const client = createClient({ transport, userKey: settings.USER_KEY, username: settings.USERNAME, password: settings.PASSWORD });
    return {
      name, title, holds, looksUpBy, batchLimit, mock,
      fetch: (keys, context) => fetchBatch(keys, context, { batchLimit, toEntry: toEntri, lookUp: client.lookUp, row: peserta, toRecord }),
      changes: async (cursor, context) => toChangePage(await client.changes(cursor, context), toChange),
      ping: async (context) => {
        const outcome = await client.status(context);
        return outcome.ok ? null : outcome.failure;
      },
      vitals: () => transport.vitals(),
      close: () => transport.close(),
    };
  },
  startMock: ({ world, settings, port, now }) => startBpjsKetenagakerjaanMock({
    world, port, userKey: settings.USER_KEY, username: settings.USERNAME, password: settings.PASSWORD, dailyQuota: settings.MOCK_DAILY_QUOTA,
    ...(now && { now }),
  }),
});
