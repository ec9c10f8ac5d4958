import { addMonths } from '../../domain/time.ts';
import { coverageEvidence, placementEvidence } from '../input.ts';
import { boughtFor, coveredSpan, mandatory } from '../cover/held.ts';
import { dayAfter, dayBefore } from '../cover/intervals.ts';
import { duringCover } from '../laws.ts';
import { gap, ok, type Rule, unknown } from '../rule.ts';
import { boughtForExtension } from './extensionUncovered.ts';

/** Cover during work was paid, but for less than the contract. */
export const coverEndsEarly: Rule = {
  id: 'COVER_ENDS_BEFORE_CONTRACT',
  severity: 'WARNING',
  legalBasis: duringCover,
  needs: ['PLACEMENT', 'SOCIAL_SECURITY'],
  title: { id: 'Pelindungan berakhir sebelum perjanjian kerja', en: 'Cover ends before the contract' },
  actor: 'P3MI',
  action: { id: 'Bayarkan iuran untuk sisa masa perjanjian kerja.', en: 'Pay the contribution for the rest of the contract.' },
  assess(input) {
    const { situation: { phase, journey, placement } } = input;
    if ((phase !== 'DURING' && phase !== 'BEFORE') || !journey || !placement) return [];
    const { contract, renews } = placement.value;
    const paid = mandatory
      .map((programme) => ({ programme, held: boughtFor(input, programme, journey).filter(({ value }) => value.phase === 'DURING' && value.payment.status === 'PAID') }))
      .filter(({ held }) => held.length > 0);
    // Nothing paid is another rule's gap; so is an extension for which nothing was bought.
    if (paid.length === 0 || (renews !== null && !boughtForExtension(input, placement))) return [];
    const evidence = [placementEvidence(placement), ...paid.flatMap(({ held }) => held.map(coverageEvidence))];
    if (contract.end === null) return [unknown(evidence, { id: 'Akhir perjanjian kerja tidak tercatat.', en: 'The end of the contract is not on record.' })];

    const ends = paid.map(({ programme, held }) => {
      const days = held.map(({ value }) => coveredSpan(value)?.end ?? promised(value.contractMonths, contract.start));
      return { programme, end: days.includes(null) ? null : (days as string[]).toSorted().at(-1)! };
    });
    const early = ends.filter((one): one is typeof one & { end: string } => one.end !== null && one.end < contract.end!);
    if (early.length > 0) return [gap(evidence, { since: dayAfter(early.map(({ end }) => end).toSorted()[0]!), until: contract.end, programmes: early.map(({ programme }) => programme) })];
    if (ends.some(({ end }) => end === null)) return [unknown(evidence, { id: 'Masa pelindungan selama bekerja tidak tercatat.', en: 'The window of the cover during work is not on record.' })];
    return [ok(evidence, { programmes: paid.map(({ programme }) => programme) })];
  },
};

/** Before departure a cover has no window yet: it will end with the months it was paid for, and one month more. */
function promised(months: number | null, start: string | null): string | null {
  return months === null || start === null ? null : addMonths(dayBefore(addMonths(start, months)), 1);
}
