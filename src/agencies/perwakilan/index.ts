import { z } from 'zod';
import { fetchBatch } from '../batch.ts';
import { defineAgency } from '../definition.ts';
import { toChangePage } from '../feed.ts';
import { createTransport } from '../transport/create.ts';
import { createClient } from './client.ts';
import { batchLimit, berkas } from './contract.ts';
import { agency as name, toChange, toOrang, toRecord } from './map.ts';
import { startPerwakilanMock } from './mock.ts';

const title = 'Perwakilan Republik Indonesia (KBRI, KJRI, KRI, KDEI)';
const holds = ['IDENTITY', 'CASE', 'STAY'] as const;
const looksUpBy = ['NIK', 'PASSPORT', 'KTKLN', 'LAPOR_DIRI', 'CASE_NUMBER'] as const;

export const perwakilan = defineAgency({
  name,
  title,
  description: 'The missions abroad (Peduli WNI): reports of stay (lapor diri) and protection cases with their history.',
  holds,
  looksUpBy,
  batchLimit,
  inventedWire: true,
  mockPort: 4104,
  settings: {
    CLIENT_ID: z.string().min(1).default('payung').describe('OAuth client id of the hub.'),
    CLIENT_SECRET: z.string().min(1).default('mock-perwakilan-secret').describe('OAuth client secret of the hub.').meta({ secret: true }),
  },
  open({ url, mock, settings, limits, observe, now }) {
    const transport = createTransport({ agency: name, url, limits, ...(observe && { observe }), ...(now && { now }) });
    const client = createClient({
      transport, clientId: settings.CLIENT_ID, clientSecret: settings.CLIENT_SECRET, callTimeoutMs: limits.callTimeoutMs, ...(now && { now }),
    });
    return {
      name, title, holds, looksUpBy, batchLimit, mock,
      fetch: (keys, context) => fetchBatch(keys, context, { batchLimit, toEntry: toOrang, lookUp: client.lookUp, row: berkas, toRecord }),
      changes: async (cursor, context) => toChangePage(await client.changes(cursor, context), toChange),
      ping: async (context) => {
        const outcome = await client.status(context);
        return outcome.ok ? null : outcome.failure;
      },
      vitals: () => transport.vitals(),
      close: () => transport.close(),
    };
  },
  startMock: ({ world, settings, port, now }) =>
    startPerwakilanMock({ world, port, clientId: settings.CLIENT_ID, clientSecret: settings.CLIENT_SECRET, ...(now && { now }) }),
});
