import { benefitFinding } from '../benefits/claims.ts';
import { subjects } from '../benefits/subjects.ts';
import { benefitsDuring } from '../laws.ts';
import type { Rule } from '../rule.ts';

/** Placed contrary to her contract while covered, and no claim was filed. */
export const contraryToContractUnclaimed: Rule = {
  id: 'CONTRARY_TO_CONTRACT_UNCLAIMED',
  severity: 'WARNING',
  legalBasis: benefitsDuring,
  needs: ['CASE', 'SOCIAL_SECURITY'],
  title: { id: 'Penempatan tidak sesuai perjanjian, manfaat belum diklaim', en: 'Placed contrary to contract, benefit not claimed' },
  actor: 'PERWAKILAN',
  action: { id: 'Buat surat keterangan perwakilan dan bantu ajukan klaim JKK.', en: 'Issue the mission’s statement and help to claim JKK.' },
  assess(input) {
    return input.cases.flatMap((held) => {
      const about = subjects(held.value);
      return about.has('CONTRARY_TO_CONTRACT') || about.has('EMPLOYMENT_UNSPECIFIED') ? benefitFinding(input, held, ['JKK'], about.has('CONTRARY_TO_CONTRACT')) : [];
    });
  },
};
