import { z } from 'zod';
import type { EmployerKind, PlacementStage, Procedure, Scheme, Sector } from '../../domain/placement.ts';
import type { Sex } from '../../domain/person.ts';
import { words } from '../words.ts';

/** The wire form of BP2MI. INVENTED: no interface of SISKOP2MI is published. Described in docs/agencies.md. */

/** Most people in one look-up. */
export const batchLimit = 100;

export const codes = { ok: '00', malformed: '10', tooMany: '11', badCursor: '12', refused: '20', quota: '30', fault: '90' } as const;

export const sexWords = words({ FEMALE: 'PEREMPUAN', MALE: 'LAKI-LAKI' } as const satisfies Record<Sex, string>);
export const schemeWords = words({
  G_TO_G: 'G TO G', P_TO_P: 'P TO P', PERSEORANGAN: 'PERSEORANGAN', UKPS: 'UKPS',
} as const satisfies Record<Scheme, string>);
export const procedureWords = words({ PROSEDURAL: 'PROSEDURAL', NON_PROSEDURAL: 'NON PROSEDURAL' } as const satisfies Record<Procedure, string>);
export const sectorWords = words({ FORMAL: 'FORMAL', INFORMAL: 'INFORMAL' } as const satisfies Record<Sector, string>);
export const employerWords = words({
  LEGAL_ENTITY: 'BADAN HUKUM', HOUSEHOLD: 'PERSEORANGAN', VESSEL: 'KAPAL',
} as const satisfies Record<EmployerKind, string>);
export const stageWords = words({
  REGISTERED: 'PENDAFTARAN', VERIFIED: 'VERIFIKASI', ID_ISSUED: 'ID TERBIT', PLACEMENT_AGREED: 'PERJANJIAN PENEMPATAN', MEDICAL_PASSED: 'LULUS KESEHATAN',
  TRAINED: 'PELATIHAN', CONTRACT_SIGNED: 'PERJANJIAN KERJA', VISA_ISSUED: 'VISA TERBIT', SOCIAL_SECURITY_PAID: 'JAMSOS LUNAS', ORIENTED: 'OPP',
  EPMI_ISSUED: 'E-PMI TERBIT', DEPARTED: 'BERANGKAT', ARRIVED: 'TIBA', RENEWED: 'PERPANJANGAN', RETURNED: 'PULANG', FAILED_TO_DEPART: 'GAGAL BERANGKAT',
  CANCELLED: 'BATAL',
} as const satisfies Record<PlacementStage, string>);

const day = z.iso.date().nullable();

const penempatan = z.object({
  nomorPenempatan: z.string().min(1),
  skema: z.enum(schemeWords.wire),
  prosedur: z.enum(procedureWords.wire),
  tahap: z.enum(stageWords.wire),
  negara: z.string().regex(/^[A-Z]{2}$/),
  wilayahNegara: z.string().nullable(),
  distrik: z.string().nullable(),
  perwakilan: z.string().nullable(),
  p3mi: z.object({ kode: z.string(), nama: z.string() }).nullable(),
  pemberiKerja: z.object({ nama: z.string(), jenis: z.enum(employerWords.wire) }).nullable(),
  sektor: z.enum(sectorWords.wire),
  jabatan: z.string(),
  kontrak: z.object({
    mulai: day,
    selesai: day,
    bulan: z.int().nonnegative().nullable(),
    upah: z.object({ jumlah: z.string().regex(/^\d+(\.\d+)?$/), mataUang: z.string().regex(/^[A-Z]{3}$/) }).nullable(),
    tanggalTandaTangan: day,
  }),
  tanggalDaftar: day,
  tanggalBerangkat: day,
  tanggalTiba: day,
  tanggalPulang: day,
  paspor: z.string().nullable(),
  pasporBerlakuSampai: day,
  sistemSatuKanal: z.boolean().nullable(),
  perpanjanganDari: z.string().nullable(),
});

/** One worker as BP2MI registers her, with all her placements. */
export const pmi = z.object({
  idPmi: z.string().min(1),
  nik: z.string().nullable(),
  nama: z.string().nullable(),
  namaLain: z.string().nullable(),
  jenisKelamin: z.enum(sexWords.wire).nullable(),
  tempatLahir: z.string().nullable(),
  tanggalLahir: day,
  namaIbuKandung: z.string().nullable(),
  nomorTelepon: z.string().nullable(),
  kodeWilayah: z.string().nullable(),
  nomorKtkln: z.string().nullable(),
  nomorKpj: z.array(z.string()),
  nomorKartuJkn: z.string().nullable(),
  /** The present passport and earlier ones. */
  paspor: z.array(z.string()),
  penempatan: z.array(penempatan),
  /** With its offset, `+07:00`. */
  diperbaruiPada: z.iso.datetime({ offset: true }).nullable(),
});
export type Pmi = z.infer<typeof pmi>;
export type Penempatan = z.infer<typeof penempatan>;

/** One person asked for, by whatever of her numbers the caller has. */
export const orang = z.object({
  idPmi: z.array(z.string()).optional(),
  nik: z.array(z.string()).optional(),
  paspor: z.array(z.string()).optional(),
});
export type Orang = z.infer<typeof orang>;

export const cariRequest = z.object({ permintaan: z.array(orang), halaman: z.string().nullable() });

/** Around every answer. On anything but `00` there is no `data`. */
export const envelope = z.object({ kode: z.string(), pesan: z.string() });

/** `data` of a look-up; its rows are read one by one ({@link pmi}). */
export const cariAnswer = envelope.extend({ data: z.array(z.unknown()), halamanBerikut: z.string().nullable() });

export const perubahanAnswer = envelope.extend({ data: z.array(z.unknown()), kursor: z.string(), masihAda: z.boolean() });

/** An entry of the change feed: the record as it is now, or that it is gone. */
export const perubahan = z.discriminatedUnion('jenis', [
  z.object({ jenis: z.literal('UBAH'), pmi }),
  z.object({ jenis: z.literal('HAPUS'), idPmi: z.string().min(1) }),
]);
export type Perubahan = z.infer<typeof perubahan>;
