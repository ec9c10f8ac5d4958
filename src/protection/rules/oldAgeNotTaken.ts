import { coverageEvidence, placementEvidence } from '../input.ts';
import { boughtFor } from '../cover/held.ts';
import { oldAge } from '../laws.ts';
import { gap, ok, type Rule } from '../rule.ts';

/** No old-age saving for this placement: information only, since JHT is voluntary. */
export const oldAgeNotTaken: Rule = {
  id: 'OLD_AGE_NOT_TAKEN',
  severity: 'INFO',
  legalBasis: oldAge,
  needs: ['PLACEMENT', 'SOCIAL_SECURITY'],
  title: { id: 'JHT tidak diambil (sukarela)', en: 'Old-age saving (JHT) not taken (voluntary)' },
  actor: 'WORKER',
  action: { id: 'Beri tahu pekerja bahwa JHT dapat diambil secara sukarela.', en: 'Tell the worker that JHT can be taken voluntarily.' },
  assess(input) {
    const { situation: { phase, journey, placement } } = input;
    if ((phase !== 'BEFORE' && phase !== 'DURING') || !journey || !placement) return [];
    const taken = boughtFor(input, 'JHT', journey).filter(({ value }) => value.payment.status !== 'UNPAID');
    return taken.length > 0 ? [ok(taken.map(coverageEvidence), { programmes: ['JHT'] })] : [gap([placementEvidence(placement)], { programmes: ['JHT'] })];
  },
};
