import { benefitFinding } from '../benefits/claims.ts';
import { subjects } from '../benefits/subjects.ts';
import { accidentBenefits } from '../laws.ts';
import type { Rule } from '../rule.ts';

/** A death or a work accident is on file at a mission, she was covered, and no claim was filed. */
export const claimNotFiled: Rule = {
  id: 'DEATH_OR_ACCIDENT_UNCLAIMED',
  severity: 'CRITICAL',
  legalBasis: accidentBenefits,
  needs: ['CASE', 'SOCIAL_SECURITY'],
  title: { id: 'Kematian atau kecelakaan kerja tanpa klaim', en: 'Death or work accident without a claim' },
  actor: 'PERWAKILAN',
  action: {
    id: 'Buat surat keterangan perwakilan dan bantu pekerja atau ahli waris mengajukan klaim JKK atau JKM.',
    en: 'Issue the mission’s statement and help the worker or heirs to claim JKK or JKM.',
  },
  assess(input) {
    return input.cases.flatMap((held) => {
      const about = subjects(held.value);
      // A death is paid by one of the two programmes, whatever its cause.
      if (about.has('DEATH_ACCIDENT') || about.has('DEATH_ILLNESS') || about.has('DEATH_UNSPECIFIED')) return benefitFinding(input, held, ['JKK', 'JKM'], true);
      if (about.has('WORK_ACCIDENT')) return benefitFinding(input, held, ['JKK'], true);
      return about.has('ACCIDENT_UNSPECIFIED') ? benefitFinding(input, held, ['JKK'], false) : [];
    });
  },
};
