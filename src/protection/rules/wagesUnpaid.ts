import { addDays } from '../../domain/time.ts';
import { caseEvidence } from '../input.ts';
import { subjects } from '../benefits/subjects.ts';
import { isOpen } from '../cases.ts';
import { contractContents } from '../laws.ts';
import { gap, ok, type Rule, unknown } from '../rule.ts';

/** A case of unpaid wages has been open for longer than a set time (`unpaidWagesDays`). */
export const wagesUnpaid: Rule = {
  id: 'WAGES_UNPAID',
  severity: 'WARNING',
  legalBasis: contractContents,
  needs: ['CASE'],
  title: { id: 'Gaji belum dibayar terlalu lama', en: 'Wages unpaid for too long' },
  actor: 'PERWAKILAN',
  action: { id: 'Tindak lanjuti tuntutan gaji terhadap pemberi kerja.', en: 'Pursue the claim for wages against the employer.' },
  assess({ cases, asOf, options: { unpaidWagesDays } }) {
    return cases.filter((held) => isOpen(held.value, asOf)).flatMap((held) => {
      const about = subjects(held.value);
      const due = addDays(held.value.openedOn, unpaidWagesDays);
      if (about.has('WAGES')) return asOf > due ? [gap([caseEvidence(held)], { since: addDays(due, 1) })] : [ok([caseEvidence(held)], { until: due })];
      if (!about.has('EMPLOYMENT_UNSPECIFIED') || asOf <= due) return [];
      return [unknown([caseEvidence(held)], { id: 'Perkara ketenagakerjaan tanpa jenis: tidak diketahui apakah tentang gaji.', en: 'An employment case without its kind: whether it is about wages is not known.' })];
    });
  },
};
