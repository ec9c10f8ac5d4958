import { z } from 'zod';
import type { CaseCategory, CaseKind, CaseStatus, PartyRole, StayKind } from '../../domain/case.ts';
import { caseCategories, caseKinds, stayKinds } from '../../domain/case.ts';
import type { Sex } from '../../domain/person.ts';
import { isFlippedDay, isFlippedTime } from '../dates.ts';
import { words } from '../words.ts';

/** The wire form of the missions abroad. INVENTED: no interface of Peduli WNI is published. Described in docs/agencies.md. */

/** Most people in one look-up. */
export const batchLimit = 25;

export const sexWords = words({ FEMALE: 'PEREMPUAN', MALE: 'LAKI-LAKI' } as const satisfies Record<Sex, string>);
export const caseStatusWords = words({
  WAITING_VERIFICATION: 'MENUNGGU VERIFIKASI', IN_PROCESS: 'DALAM PROSES', CLOSED: 'SELESAI', REJECTED: 'DITOLAK',
} as const satisfies Record<CaseStatus, string>);
export const roleWords = words({
  WORKER: 'PMI', REPORTER: 'PELAPOR', EMPLOYER: 'PEMBERI KERJA', P3MI: 'P3MI', FAMILY: 'KELUARGA', AUTHORITY: 'OTORITAS', OTHER: 'LAINNYA',
} as const satisfies Record<PartyRole, string>);
// These lists are Indonesian already: the hub's words are the wire's.
const kategori = z.enum(caseCategories satisfies readonly CaseCategory[]);
const jenisKasus = z.enum(caseKinds satisfies readonly CaseKind[]);
const jenisLapor = z.enum(stayKinds satisfies readonly StayKind[]);

/** `dd-MM-yyyy`. */
const tanggal = z.string().refine(isFlippedDay);
/** Jakarta time, `dd-MM-yyyy HH:mm:ss`. */
const waktu = z.string().refine(isFlippedTime);
const uang = z.object({ nilai: z.string().regex(/^\d+(\.\d+)?$/), mataUang: z.string().regex(/^[A-Z]{3}$/) });
const lokasi = z.object({ negara: z.string().regex(/^[A-Z]{2}$/), wilayah: z.string().nullable(), distrik: z.string().nullable() });

const identitas = z.object({
  nik: z.string().nullable(),
  paspor: z.array(z.string()),
  ktkln: z.string().nullable(),
  idPmi: z.string().nullable(),
  namaLengkap: z.string().nullable(),
  namaLain: z.string().nullable(),
  jenisKelamin: z.enum(sexWords.wire).nullable(),
  tempatLahir: z.string().nullable(),
  tanggalLahir: tanggal.nullable(),
  namaIbu: z.string().nullable(),
  telepon: z.string().nullable(),
  kodeWilayahAsal: z.string().nullable(),
});

const laporDiri = z.object({
  nomorLaporDiri: z.string().min(1),
  jenis: jenisLapor,
  perwakilan: z.string().min(1),
  lokasi,
  tanggalLapor: tanggal,
  tanggalVerifikasi: tanggal.nullable(),
});

const kasus = z.object({
  nomorKasus: z.string().min(1),
  perwakilan: z.string().min(1),
  kategori,
  subKategori: z.string().nullable(),
  jenis: jenisKasus,
  status: z.enum(caseStatusWords.wire),
  lokasi: lokasi.nullable(),
  tanggalBuka: tanggal,
  tanggalTutup: tanggal.nullable(),
  tuntutan: uang.nullable(),
  dipulihkan: uang.nullable(),
  pihak: z.array(z.object({ peran: z.enum(roleWords.wire), nama: z.string().nullable() })),
  riwayat: z.array(z.object({ waktu, status: z.enum(caseStatusWords.wire), keterangan: z.string() })),
});

/**
 * One file (berkas) at a mission: opened by a report of stay, with the cases under it, or by a case that stands alone.
 * Each has an identity block of its own, as it was given then.
 */
export const berkas = z.object({
  nomorBerkas: z.string().min(1),
  identitas,
  laporDiri: z.array(laporDiri),
  kasus: z.array(kasus),
  diperbarui: waktu.nullable(),
});
export type Berkas = z.infer<typeof berkas>;
export type LaporDiri = z.infer<typeof laporDiri>;
export type Kasus = z.infer<typeof kasus>;
export type Lokasi = z.infer<typeof lokasi>;
export type Uang = z.infer<typeof uang>;

/** One person asked for. NIK, passports and KTKLN are tried in that order until one hits; files named by number come in any case. */
export const orang = z.object({
  nik: z.array(z.string()).optional(),
  paspor: z.array(z.string()).optional(),
  ktkln: z.array(z.string()).optional(),
  nomorLaporDiri: z.array(z.string()).optional(),
  nomorKasus: z.array(z.string()).optional(),
});
export type Orang = z.infer<typeof orang>;

export const cariRequest = z.object({ wni: z.array(orang) });

/** A look-up's answer; its rows are read one by one ({@link berkas}). */
export const cariAnswer = z.object({ berkas: z.array(z.unknown()) });

export const perubahanAnswer = z.object({ perubahan: z.array(z.unknown()), penanda: z.string(), masihAda: z.boolean() });

/** An entry of the change feed: the file as it is now, or its number alone when it is gone. */
export const perubahan = z.discriminatedUnion('dihapus', [
  z.object({ dihapus: z.literal(false), berkas }),
  z.object({ dihapus: z.literal(true), nomorBerkas: z.string().min(1) }),
]);
export type Perubahan = z.infer<typeof perubahan>;

/** RFC 6749, section 5.1. */
export const token = z.object({ access_token: z.string().min(1), token_type: z.string(), expires_in: z.number().positive() });

/** Of the cheap call that shows whether the service answers. */
export const status = z.object({ layanan: z.string() });
