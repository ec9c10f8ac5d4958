import { z } from 'zod';
import { defineAgency } from '../definition.ts';
import { open } from './client.ts';
import { name } from './map.ts';
import { startMock } from './mock.ts';

export const settings = {
  CONS_ID: z.string().default('9999').describe('Consumer id given by BPJS Kesehatan'),
  SECRET: z.string().default('payung-demo-secret').describe('Consumer secret given by BPJS Kesehatan'),
  USER_KEY: z.string().default('payung-demo-user-key').describe('User key of the VClaim service'),
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
