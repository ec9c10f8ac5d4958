import type { Evidence, ProtectionInput } from './input.ts';
import { type Entitlement, type EntitlementProgramme, entitlements } from './entitlements.ts';
import type { Text } from './rule.ts';

export const branchNames = ['MEDICAL_CARE', 'SICKNESS', 'UNEMPLOYMENT', 'OLD_AGE', 'EMPLOYMENT_INJURY', 'FAMILY', 'MATERNITY', 'INVALIDITY', 'SURVIVORS'] as const;
/** The nine branches of social security of ILO Convention 102. */
export type BranchName = (typeof branchNames)[number];

export const branchStatuses = ['COVERED', 'PARTLY_COVERED', 'NOT_COVERED', 'SUSPENDED', 'NOT_DUE', 'NO_PROGRAMME', 'UNKNOWN'] as const;
/**
 * `PARTLY_COVERED`: by a programme that pays for a part of the branch only. `NO_PROGRAMME`: none is offered to migrant workers. `NOT_DUE`: nothing is owed on
 * the day, because she is neither in the process, nor abroad, nor just home.
 */
export type BranchStatus = (typeof branchStatuses)[number];

/** A branch with what Indonesia offers for it, and what of that a migrant worker has. */
export interface Branch {
  readonly branch: BranchName;
  /** Indonesian programmes of the branch, for whomever. */
  readonly programmes: readonly string[];
  /** The one among them that is open to migrant workers and decides the status; null where there is none. */
  readonly decidedBy: EntitlementProgramme | null;
  readonly status: BranchStatus;
  /** Why she is not or only partly covered; null where she is. */
  readonly reason: Text | null;
  /** Whether the pairing of branch and programmes was read in a source (a slide of the Ministry of Manpower); else it is general knowledge. */
  readonly sourced: boolean;
  readonly evidence: readonly Evidence[];
}

interface Row {
  readonly programmes: readonly string[];
  readonly decidedBy: EntitlementProgramme | null;
  readonly sourced: boolean;
  /** Set where there is no programme, or it covers a part only. */
  readonly limit: Text | null;
}

/** Branch by branch. Where `sourced` is false, that there is a gap is general knowledge and was not read in a source. */
const table: Record<BranchName, Row> = {
  MEDICAL_CARE: { programmes: ['JKN'], decidedBy: 'JKN', sourced: true, limit: null },
  SICKNESS: {
    programmes: [], decidedBy: null, sourced: false,
    limit: { id: 'Tidak ada asuransi tunai saat sakit; bergantung pada negara penempatan dan perjanjian kerja.', en: 'No insurance pays cash in sickness; it is left to the host country and the contract.' },
  },
  UNEMPLOYMENT: {
    programmes: ['JKP'], decidedBy: null, sourced: true,
    limit: { id: 'JKP tidak berlaku bagi PMI; JKK membayar satu kali saat pemutusan hubungan kerja.', en: 'JKP is not part of the scheme for migrant workers; JKK pays once on dismissal.' },
  },
  OLD_AGE: { programmes: ['JHT', 'JP'], decidedBy: 'JHT', sourced: true, limit: null },
  EMPLOYMENT_INJURY: { programmes: ['JKK'], decidedBy: 'JKK', sourced: true, limit: null },
  FAMILY: { programmes: [], decidedBy: null, sourced: false, limit: { id: 'Tidak ada program.', en: 'There is no programme.' } },
  MATERNITY: { programmes: ['JKN'], decidedBy: null, sourced: false, limit: { id: 'JKN menanggung perawatan, tanpa santunan tunai; bagi PMI tidak ada program.', en: 'JKN covers care and no cash; for migrant workers there is no programme.' } },
  INVALIDITY: { programmes: ['JKK', 'JP'], decidedBy: 'JKK', sourced: true, limit: { id: 'Hanya JKK, jadi hanya akibat kecelakaan kerja; JP tidak berlaku bagi PMI.', en: 'JKK only, thus by work accident only; JP is not open to migrant workers.' } },
  SURVIVORS: { programmes: ['JKM', 'JP'], decidedBy: 'JKM', sourced: true, limit: null },
};

const reasons: Partial<Record<Entitlement['status'], Text>> = {
  NOT_COVERED: { id: 'Tidak terdaftar atau tidak aktif.', en: 'Not registered, or not active.' },
  UNPAID: { id: 'Terdaftar, iuran belum lunas.', en: 'Registered, not paid in full.' },
  ENDED: { id: 'Di luar masa pelindungan.', en: 'Outside the window of cover.' },
  SUSPENDED: { id: 'Dihentikan sementara selama di luar negeri.', en: 'Suspended while abroad.' },
  NOT_TAKEN: { id: 'Sukarela dan tidak diambil.', en: 'Voluntary and not taken.' },
  NOT_DUE: { id: 'Tidak sedang dalam penempatan.', en: 'Not in a placement.' },
  UNKNOWN: { id: 'Lembaga yang menyimpan datanya tidak menjawab, atau datanya tidak lengkap.', en: 'The agency that holds it did not answer, or its record is incomplete.' },
};

/** The nine branches for her on the day of the input. JP is not open to migrant workers, so it never decides. */
export function branches(input: ProtectionInput): Branch[] {
  const byProgramme = new Map(entitlements(input).map((one) => [one.programme, one]));
  return branchNames.map((branch): Branch => {
    const { programmes, decidedBy, sourced, limit } = table[branch];
    if (decidedBy === null) return { branch, programmes, decidedBy, sourced, status: 'NO_PROGRAMME', reason: limit, evidence: [] };
    const { status, evidence } = byProgramme.get(decidedBy)!;
    if (status === 'COVERED') return { branch, programmes, decidedBy, sourced, status: limit ? 'PARTLY_COVERED' : 'COVERED', reason: limit, evidence };
    const plain: BranchStatus = status === 'UNKNOWN' || status === 'SUSPENDED' || status === 'NOT_DUE' ? status : 'NOT_COVERED';
    return { branch, programmes, decidedBy, sourced, status: plain, reason: reasons[status]!, evidence };
  });
}
