import type { Case } from '../../domain/case.ts';

export const caseSubjects = [
  'DEATH_ACCIDENT', 'DEATH_ILLNESS', 'DEATH_UNSPECIFIED', 'WORK_ACCIDENT', 'ACCIDENT_UNSPECIFIED', 'DISMISSAL', 'CONTRARY_TO_CONTRACT', 'WAGES', 'EMPLOYMENT_UNSPECIFIED', 'RAPE', 'VIOLENCE_UNSPECIFIED',
  'REPATRIATION',
] as const;
/** What a case is about, as far as benefits hang on it. `..._UNSPECIFIED`: it may be, but the file does not say. */
export type CaseSubject = (typeof caseSubjects)[number];

/*
 * Words of the missions' finer kinds. No code list is published, so these are the hub's own, those of its mock missions among them; a word that is not here
 * leaves the subject unspecified.
 */
const bySubcategory: Readonly<Record<string, CaseSubject>> = {
  MENINGGAL_KECELAKAAN: 'DEATH_ACCIDENT',
  MENINGGAL_SAKIT: 'DEATH_ILLNESS',
  KECELAKAAN_KERJA: 'WORK_ACCIDENT',
  KECELAKAAN_KAPAL: 'ACCIDENT_UNSPECIFIED',
  KECELAKAAN_TRANSPORTASI: 'ACCIDENT_UNSPECIFIED',
  PHK_SEPIHAK: 'DISMISSAL',
  PEKERJAAN_TIDAK_SESUAI: 'CONTRARY_TO_CONTRACT',
  GAJI_TIDAK_DIBAYAR: 'WAGES',
  GAJI_ABK: 'WAGES',
  PERKOSAAN: 'RAPE',
  // Harassment: the word covers rape and less.
  PELECEHAN: 'VIOLENCE_UNSPECIFIED',
  INGIN_DIPULANGKAN: 'REPATRIATION',
  DEPORTASI: 'REPATRIATION',
};

/** Finer kinds that say enough to know that no subject of ours is meant. */
const others: ReadonlySet<string> = new Set(['TIDAK_BETAH', 'DOKUMEN_DITAHAN', 'KEKERASAN_MAJIKAN', 'SAKIT', 'DEPRESI']);

/** What the case is about. Empty where no benefit hangs on it. */
export function subjects({ category, subcategory }: Pick<Case, 'category' | 'subcategory'>): ReadonlySet<CaseSubject> {
  const word = subcategory?.trim().toUpperCase() ?? '';
  const told = bySubcategory[word];
  if (told) return new Set([told]);
  if (others.has(word)) return new Set();
  switch (category) {
    case 'MENINGGAL':
      return new Set(['DEATH_UNSPECIFIED']);
    case 'KETENAGAKERJAAN':
      return new Set(['EMPLOYMENT_UNSPECIFIED']);
    case 'KEKERASAN':
      return new Set(['VIOLENCE_UNSPECIFIED']);
    case 'SAKIT':
      return new Set(['ACCIDENT_UNSPECIFIED']);
    case 'REPATRIASI':
      return new Set(['REPATRIATION']);
    default:
      return new Set();
  }
}
