import { coverageEvidence, placementEvidence } from '../input.ts';
import { boughtFor, coverOn, coveredSpan, mandatory } from '../cover/held.ts';
import { intersection, lastDay } from '../cover/intervals.ts';
import { duringCover } from '../laws.ts';
import { gap, ok, type Rule, unknown } from '../rule.ts';

/** Money was paid for this journey, but no paid window holds a single day of it abroad: paid, and not covered. */
export const paidOutsideWindow: Rule = {
  id: 'PAID_OUTSIDE_WINDOW',
  severity: 'CRITICAL',
  legalBasis: duringCover,
  needs: ['PLACEMENT', 'SOCIAL_SECURITY'],
  title: { id: 'Sudah membayar, tetapi di luar masa pelindungan', en: 'Paid, but outside any window of cover' },
  actor: 'BPJS_KETENAGAKERJAAN',
  action: {
    id: 'Periksa pembayaran dan masa berlaku; bayarkan iuran selama bekerja bila yang dibayar hanya iuran sebelum bekerja.',
    en: 'Check payment and window; have the contribution for the time of work paid where only that before work was.',
  },
  assess(input) {
    const { asOf, situation: { phase, journey, placement } } = input;
    if (phase !== 'DURING' || !journey?.departedOn || !placement) return [];
    const abroad = [{ start: journey.departedOn, end: lastDay }];
    const paid = mandatory
      .map((programme) => ({ programme, held: boughtFor(input, programme, journey).filter(({ value }) => value.payment.status === 'PAID') }))
      .filter(({ held }) => held.length > 0);
    if (paid.length === 0) return [];
    const evidence = [placementEvidence(placement), ...paid.flatMap(({ held }) => held.map(coverageEvidence))];
    const outside = paid.filter(({ programme, held }) => {
      // Cover before work may hold the day of departure itself; that is not cover of the work abroad.
      const spans = held.filter(({ value }) => value.phase !== 'BEFORE').map(({ value }) => coveredSpan(value));
      return intersection(spans.filter((one) => one !== null), abroad).length === 0 && coverOn(input, programme, asOf, 'DURING') === 'NOT_COVERED';
    });
    if (outside.length > 0) return [gap(evidence, { since: journey.departedOn, programmes: outside.map(({ programme }) => programme) })];
    if (paid.some(({ programme }) => coverOn(input, programme, asOf, 'DURING') === 'UNKNOWN')) {
      return [unknown(evidence, { id: 'Tanggal bayar atau masa berlaku tidak tercatat.', en: 'The day of payment or the window is not on record.' })];
    }
    return [ok(evidence, { programmes: paid.map(({ programme }) => programme) })];
  },
};
