import { z } from 'zod';
import { isDay } from '../../domain/time.ts';

/*
 * The wire form of VClaim's member look-up, as public clients of it show it (docs/agencies.md). Fields that the hub does not use are not listed, and
 * fields that BPJS adds are let through. Texts may be missing, null or empty; a date that is there must be one.
 */

const text = z.string().nullish().transform((value) => (value === undefined || value === null || value.trim() === '' ? null : value));
const day = text.refine((value) => value === null || isDay(value), 'no yyyy-MM-dd');
const coded = z.object({ kode: z.string(), keterangan: z.string() });

/** The envelope around every answer. `code` is text; on failure there is no `response`. */
export const envelopeSchema = z.object({
  metaData: z.object({ code: z.string() }),
  response: z.string().nullish(),
});

export const pesertaSchema = z.object({
  noKartu: z.string().regex(/^\d{13}$/),
  nik: text,
  nama: text,
  sex: z.enum(['L', 'P']).nullish(),
  tglLahir: day,
  tglTMT: day,
  tglTAT: day,
  pisa: text,
  statusPeserta: coded,
  jenisPeserta: coded,
  hakKelas: z.object({ kode: text }).nullish(),
  provUmum: z.object({ kdProvider: text, nmProvider: text }).nullish(),
  mr: z.object({ noTelepon: text }).nullish(),
});
export type Peserta = z.infer<typeof pesertaSchema>;

/** What the decrypted `response` of a look-up holds. */
export const lookUpSchema = z.object({ peserta: pesertaSchema });

/** Codes of `metaData.code`. Only the first two are seen in public clients' tests; the third is named by secondary sources. */
export const codes = { ok: '200', unknownOrMalformed: '201', refused: '401' } as const;
