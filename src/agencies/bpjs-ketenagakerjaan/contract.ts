import { z } from 'zod';
import type { ClaimStatus, CoveragePhase, CoverageStatus, PaymentStatus } from '../../domain/coverage.ts';
import { programmes } from '../../domain/coverage.ts';
import type { Sex } from '../../domain/person.ts';
import { isLocalTime } from '../dates.ts';
import { words } from '../words.ts';

/** The wire form of BPJS Ketenagakerjaan. INVENTED: no interface of it is published. Described in docs/agencies.md. */

/** Most people in one look-up. */
export const batchLimit = 50;

/** `code` of the envelope. Only a spent quota also shows in the HTTP status (429). */
export const codes = { ok: 200, malformed: 400, refused: 401, badCursor: 410, tooMany: 413, quota: 429, fault: 500 } as const;

export const sexWords = words({ FEMALE: 'P', MALE: 'L' } as const satisfies Record<Sex, string>);
export const phaseWords = words({
  BEFORE: 'SEBELUM_BEKERJA', DURING: 'SELAMA_BEKERJA', AFTER: 'SETELAH_BEKERJA',
} as const satisfies Record<CoveragePhase, string>);
export const statusWords = words({
  REGISTERED_UNPAID: 'TERDAFTAR_BELUM_BAYAR', ACTIVE: 'AKTIF', EXPIRED: 'BERAKHIR', CLAIMED: 'SUDAH_KLAIM', SUPERSEDED: 'DIGANTIKAN',
} as const satisfies Record<CoverageStatus, string>);
export const paymentWords = words({
  PAID: 'LUNAS', UNPAID: 'BELUM_BAYAR', PARTIAL: 'SEBAGIAN',
} as const satisfies Record<PaymentStatus, string>);
export const claimWords = words({
  FILED: 'DIAJUKAN', IN_REVIEW: 'DIPROSES', PAID: 'DIBAYARKAN', REJECTED: 'DITOLAK',
} as const satisfies Record<ClaimStatus, string>);

const day = z.iso.date().nullable();
/** Whole rupiah, as text. */
const rupiah = z.string().regex(/^\d{1,15}$/).nullable();

const klaim = z.object({
  noKlaim: z.string().min(1),
  manfaat: z.string(),
  status: z.enum(claimWords.wire),
  tglPengajuan: z.iso.date(),
  tglKeputusan: day,
  nilai: rupiah,
  noKasusPerwakilan: z.string().nullable(),
});

const perlindungan = z.object({
  kpj: z.string().min(1),
  program: z.enum(programmes),
  fase: z.enum(phaseWords.wire),
  status: z.enum(statusWords.wire),
  tglDaftar: day,
  masaPerlindungan: z.object({ mulai: day, akhir: day }),
  iuran: z.object({ status: z.enum(paymentWords.wire), tagihan: rupiah, dibayar: rupiah, tglBayar: day }),
  masaKontrakBulan: z.int().nonnegative().nullable(),
  klaim: z.array(klaim),
});

/** One participant card (KPJ) with the cover under it. A person has several cards, and so several rows. */
export const peserta = z.object({
  kpj: z.string().min(1),
  /** Other cards that the agency knows to be the same participant's. */
  kpjLain: z.array(z.string()),
  nik: z.string().nullable(),
  noPaspor: z.array(z.string()),
  idPmi: z.string().nullable(),
  namaPeserta: z.string().nullable(),
  namaLain: z.string().nullable(),
  jenisKelamin: z.enum(sexWords.wire).nullable(),
  tempatLahir: z.string().nullable(),
  tglLahir: day,
  namaIbuKandung: z.string().nullable(),
  noHp: z.string().nullable(),
  kodeWilayah: z.string().nullable(),
  perlindungan: z.array(perlindungan),
  /** Jakarta time, `yyyy-MM-dd HH:mm:ss`. */
  tglUpdate: z.string().refine(isLocalTime).nullable(),
});
export type Peserta = z.infer<typeof peserta>;
export type Perlindungan = z.infer<typeof perlindungan>;

/** One person asked for. */
export const entri = z.object({ nik: z.array(z.string()).optional(), kpj: z.array(z.string()).optional() });
export type Entri = z.infer<typeof entri>;

export const cariRequest = z.object({ peserta: z.array(entri) });

/** Around every answer, also around refusals: the HTTP status stays 200. `data` is null on anything but code 200. */
export const envelope = z.object({ code: z.number(), message: z.string() });

/** `data` of a look-up; its rows are read one by one ({@link peserta}). */
export const cariAnswer = envelope.extend({ data: z.object({ peserta: z.array(z.unknown()) }) });

export const perubahanAnswer = envelope.extend({
  data: z.object({ perubahan: z.array(z.unknown()), kursor: z.string(), lanjut: z.boolean() }),
});

/** An entry of the change feed: the card as it is now, or that it is gone. */
export const perubahan = z.discriminatedUnion('aksi', [
  z.object({ aksi: z.literal('SIMPAN'), peserta }),
  z.object({ aksi: z.literal('HAPUS'), kpj: z.string().min(1) }),
]);
export type Perubahan = z.infer<typeof perubahan>;
