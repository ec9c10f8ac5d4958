import { coverageEvidence, placementEvidence } from '../input.ts';
import { coveragesOf, coveredSpan, coverOn, mandatory } from '../cover/held.ts';
import { dayAfter } from '../cover/intervals.ts';
import { isIndividual } from '../cover/law.ts';
import { beforeCover } from '../laws.ts';
import { gap, ok, type Rule, unknown } from '../rule.ts';

/** Cover before work ran out before she left, and she has not registered again; she may have left since, without cover. */
export const windowLapsed: Rule = {
  id: 'WINDOW_LAPSED_BEFORE_DEPARTURE',
  severity: 'CRITICAL',
  legalBasis: beforeCover,
  needs: ['PLACEMENT', 'SOCIAL_SECURITY'],
  title: { id: 'Pelindungan sebelum bekerja berakhir sebelum keberangkatan', en: 'Cover before work ran out before departure' },
  actor: 'P3MI',
  action: { id: 'Daftarkan dan bayarkan kembali JKK dan JKM sebelum keberangkatan.', en: 'Register and pay JKK and JKM again before departure.' },
  assess(input) {
    const { asOf, situation: { phase, journey, placement } } = input;
    if ((phase !== 'BEFORE' && phase !== 'DURING') || !journey || !placement) return [];
    const leaves = phase === 'DURING' ? journey.departedOn! : asOf;
    // Individual workers have JKM only before departure.
    const owed = isIndividual(placement.value.scheme) ? mandatory.filter((programme) => programme === 'JKM') : mandatory;
    // Once abroad and covered for it, what lapsed before is past.
    const programmes = phase === 'DURING' ? owed.filter((programme) => coverOn(input, programme, asOf, 'DURING') !== 'COVERED') : owed;
    const paid = programmes.map((programme) => ({
      programme,
      held: coveragesOf(input, programme).filter(({ value }) => value.phase === 'BEFORE' && value.payment.status === 'PAID' && (journey.registeredOn === null || (value.payment.paidOn ?? '9999') >= journey.registeredOn)),
    }));
    const bought = paid.filter(({ held }) => held.length > 0);
    if (bought.length === 0) return [];
    if (phase === 'DURING' && bought.every(({ held }) => held.some(({ value }) => (coveredSpan(value)?.end ?? '') >= leaves))) return [];
    const vague = bought.filter(({ held }) => held.some(({ value }) => coveredSpan(value) === null || value.window.end === null));
    const evidence = [placementEvidence(placement), ...bought.flatMap(({ held }) => held.map(coverageEvidence))];
    const lapsed = bought.filter(({ held }) => held.every(({ value }) => (coveredSpan(value)?.end ?? leaves) < leaves));
    if (lapsed.length > 0) {
      const since = lapsed.map(({ held }) => dayAfter(held.map(({ value }) => coveredSpan(value)!.end).toSorted().at(-1)!)).toSorted()[0]!;
      return [gap(evidence, { since, programmes: lapsed.map(({ programme }) => programme) })];
    }
    if (vague.length > 0) return [unknown(evidence, { id: 'Akhir masa pelindungan sebelum bekerja tidak tercatat.', en: 'The end of the window before work is not on record.' })];
    return [ok(evidence, { programmes: bought.map(({ programme }) => programme) })];
  },
};
