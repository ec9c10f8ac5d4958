import { benefitFinding } from '../benefits/claims.ts';
import { subjects } from '../benefits/subjects.ts';
import { benefitsDuring } from '../laws.ts';
import type { Rule } from '../rule.ts';

/** Dismissed while covered, and no claim was filed. */
export const dismissalUnclaimed: Rule = {
  id: 'DISMISSAL_UNCLAIMED',
  severity: 'WARNING',
  legalBasis: benefitsDuring,
  needs: ['CASE', 'SOCIAL_SECURITY'],
  title: { id: 'Pemutusan hubungan kerja, manfaat belum diklaim', en: 'Dismissed, benefit not claimed' },
  actor: 'PERWAKILAN',
  action: { id: 'Buat surat keterangan perwakilan dan bantu ajukan klaim JKK.', en: 'Issue the mission’s statement and help to claim JKK.' },
  assess(input) {
    return input.cases.flatMap((held) => {
      const about = subjects(held.value);
      return about.has('DISMISSAL') || about.has('EMPLOYMENT_UNSPECIFIED') ? benefitFinding(input, held, ['JKK'], about.has('DISMISSAL')) : [];
    });
  },
};
