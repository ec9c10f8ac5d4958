import { z } from 'zod';

/** The wire form of the toy agency: a passport register. */

export const batchLimit = 10;

export const holder = z.object({
  no: z.string().min(1),
  nik: z.string().nullable(),
  passports: z.array(z.string()),
  name: z.string().nullable(),
  born: z.iso.date().nullable(),
});
export type Holder = z.infer<typeof holder>;

export const request = z.object({ numbers: z.array(z.array(z.string())) });

export const answer = z.object({ holders: z.array(z.unknown()) });

export const status = z.object({ up: z.literal(true) });
