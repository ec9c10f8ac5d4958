import { z } from 'zod';
import { defineAgency } from '../definition.ts';
import { fetchBatch } from '../batch.ts';
import { toChangePage } from '../feed.ts';
import { createTransport } from '../transport/create.ts';
import { createClient } from './client.ts';
import { batchLimit, pmi } from './contract.ts';
import { agency as name, toChange, toOrang, toRecord } from './map.ts';
import { startBp2miMock } from './mock.ts';

const title = 'Badan Pelindungan Pekerja Migran Indonesia (BP2MI)';
const holds = ['IDENTITY', 'PLACEMENT'] as const;
const looksUpBy = ['PMI_ID', 'NIK', 'PASSPORT'] as const;

export const bp2mi = defineAgency({
  name,
  title,
  description: 'The register of placements (SISKOP2MI): who was placed abroad, where, by whom and with which contract.',
  holds,
  looksUpBy,
  batchLimit,
  inventedWire: true,
  mockPort: 4101,
  settings: {
    USER_KEY: z.string().min(1).default('mock-bp2mi-user-key').describe('Key of the hub at the agency’s API gateway, sent as `user_key`.').meta({ secret: true }),
    USERNAME: z.string().min(1).default('payung').describe('User name for HTTP Basic.'),
    PASSWORD: z.string().min(1).default('mock-bp2mi-password').describe('Password for HTTP Basic.').meta({ secret: true }),
  },
  open({ url, mock, settings, limits, observe, now }) {
    const transport = createTransport({ agency: name, url, limits, ...(observe && { observe }), ...(now && { now }) });
    const client = createClient({
      transport, userKey: settings.USER_KEY, username: settings.USERNAME, password: settings.PASSWORD, callTimeoutMs: limits.callTimeoutMs,
    });
    return {
      name, title, holds, looksUpBy, batchLimit, mock,
      fetch: (keys, context) => fetchBatch(keys, context, { batchLimit, toEntry: toOrang, lookUp: client.lookUp, row: pmi, toRecord }),
      changes: async (cursor, context) => toChangePage(await client.changes(cursor, context), toChange),
      ping: async (context) => {
        const outcome = await client.status(context);
        return outcome.ok ? null : outcome.failure;
      },
      vitals: () => transport.vitals(),
      close: () => transport.close(),
    };
  },
  startMock: ({ world, settings, port, now }) => startBp2miMock({
    world, port, userKey: settings.USER_KEY, username: settings.USERNAME, password: settings.PASSWORD, ...(now && { now }),
  }),
});
