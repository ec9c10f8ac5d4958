import { addDays } from '../../domain/time.ts';
import { caseEvidence } from '../input.ts';
import { isOpen } from '../cases.ts';
import { ownStandard } from '../laws.ts';
import { gap, ok, type Rule } from '../rule.ts';

/** A mission's case has been open for longer than the service time (`caseServiceDays`). */
export const caseOverdue: Rule = {
  id: 'CASE_OVERDUE',
  severity: 'WARNING',
  legalBasis: ownStandard,
  needs: ['CASE'],
  title: { id: 'Perkara melewati waktu layanan', en: 'Case open past its service time' },
  actor: 'PERWAKILAN',
  action: { id: 'Perbarui dan selesaikan perkara, atau catat mengapa belum selesai.', en: 'Update and settle the case, or record why it is not settled.' },
  assess({ cases, asOf, options: { caseServiceDays } }) {
    return cases.filter((held) => isOpen(held.value, asOf)).map((held) => {
      const due = addDays(held.value.openedOn, caseServiceDays);
      return asOf > due ? gap([caseEvidence(held)], { since: addDays(due, 1) }) : ok([caseEvidence(held)], { until: due });
    });
  },
};
