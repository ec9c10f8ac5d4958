import { z } from 'zod';
import { fetchBatch } from '../../../src/agencies/batch.ts';
import { defineAgency } from '../../../src/agencies/definition.ts';
import { createTransport } from '../../../src/agencies/transport/create.ts';
import { createClient } from './client.ts';
import { batchLimit, holder } from './contract.ts';
import { agency as name, toNumbers, toRecord } from './map.ts';
import { startToyMock } from './mock.ts';

const about = { name, title: 'Imigrasi (contoh)', holds: ['IDENTITY'], looksUpBy: ['PASSPORT', 'NIK'], batchLimit } as const;

export const toy = defineAgency({
  ...about,
  description: 'A passport register that shows how an agency is added.',
  inventedWire: true,
  mockPort: 4105,
  settings: { KEY: z.string().default('mock-toy-key').describe('Key of the hub.') },
  open({ url, mock, settings, limits, observe, now }) {
    const transport = createTransport({ agency: name, url, limits, ...(observe && { observe }), ...(now && { now }) });
    const client = createClient(transport, settings.KEY);
    return {
      ...about,
      mock,
      fetch: (keys, context) => fetchBatch(keys, context, { batchLimit, toEntry: toNumbers, lookUp: client.lookUp, row: holder, toRecord }),
      ping: async (context) => {
        const outcome = await client.status(context);
        return outcome.ok ? null : outcome.failure;
      },
      vitals: () => transport.vitals(),
      close: () => transport.close(),
    };
  },
  startMock: ({ world, settings, port, now }) => startToyMock({ world, key: settings.KEY, port, ...(now && { now }) }),
});
