import { z } from 'zod';
import { defineAgency } from '../definition.ts';
import { open } from './client.ts';
import { name } from './map.ts';
import { startMock } from './mock.ts';

export const settings = {
  CONS_ID: z.string().min(1).default('9999').describe('Consumer id given by BPJS Kesehatan.'),
  SECRET: z.string().min(1).default('mock-bpjs-kesehatan-secret').describe('Consumer secret given by BPJS Kesehatan.').meta({ secret: true }),
  USER_KEY: z.string().min(1).default('mock-bpjs-kesehatan-user-key').describe('Key of the hub for the VClaim service, sent as `user_key`.').meta({ secret: true }),
  MOCK_SIGNATURE_WINDOW_S: z.coerce.number().int().positive().default(600).describe('How far a request’s timestamp may be off at the mock, seconds; how far BPJS allows is not published.'),
};

export const about = {
  name,
  title: 'BPJS Kesehatan',
  description: 'National health insurance (JKN): membership, its status on a day, segment, class and facility.',
  holds: ['IDENTITY', 'HEALTH_INSURANCE'],
  looksUpBy: ['JKN_CARD', 'NIK'],
  batchLimit: 1,
} as const;

export const bpjsKesehatan = defineAgency({
  ...about,
  inventedWire: false,
  mockPort: 4103,
  settings,
  open: (options) => open(about, options),
  startMock,
});
