import { benefitFinding } from '../benefits/claims.ts';
import { subjects } from '../benefits/subjects.ts';
import { accidentBenefits } from '../laws.ts';
import type { Rule } from '../rule.ts';

/** Raped while covered, and no claim was filed. */
export const rapeUnclaimed: Rule = {
  id: 'RAPE_UNCLAIMED',
  severity: 'CRITICAL',
  legalBasis: accidentBenefits,
  needs: ['CASE', 'SOCIAL_SECURITY'],
  title: { id: 'Pemerkosaan, manfaat belum diklaim', en: 'Rape, benefit not claimed' },
  actor: 'PERWAKILAN',
  action: { id: 'Dampingi pekerja; dengan persetujuannya buat surat keterangan dan ajukan klaim JKK.', en: 'Accompany the worker; with her consent issue a statement and claim JKK.' },
  assess(input) {
    return input.cases.flatMap((held) => {
      const about = subjects(held.value);
      return about.has('RAPE') || about.has('VIOLENCE_UNSPECIFIED') ? benefitFinding(input, held, ['JKK'], about.has('RAPE')) : [];
    });
  },
};
