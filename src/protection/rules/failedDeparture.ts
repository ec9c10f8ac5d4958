import { coverageEvidence, placementEvidence } from '../input.ts';
import { coveragesOf } from '../cover/held.ts';
import { benefitsBeforeAfter } from '../laws.ts';
import { gap, ok, type Rule, unknown } from '../rule.ts';

/** She failed to depart while covered before work, and nothing was claimed. Whether the cause entitles her is not on record: that is for the one who acts to see. */
export const failedDeparture: Rule = {
  id: 'FAILED_DEPARTURE_UNCLAIMED',
  severity: 'WARNING',
  legalBasis: benefitsBeforeAfter,
  needs: ['PLACEMENT', 'SOCIAL_SECURITY'],
  title: { id: 'Gagal berangkat, manfaat belum diklaim', en: 'Failed to depart, benefit not claimed' },
  actor: 'BP3MI',
  action: {
    id: 'Periksa penyebabnya; bila bukan kesalahan pekerja atau P3MI dan bukan kebijakan pemerintah, bantu ajukan klaim JKK.',
    en: 'Look into the cause; where it is neither the worker’s nor the company’s fault nor government policy, help to claim JKK.',
  },
  assess(input) {
    const starts = input.placements.map(({ value }) => value.registeredOn).filter((day) => day !== null);
    return input.placements.filter(({ value }) => value.stage === 'FAILED_TO_DEPART').flatMap((held) => {
      const { registeredOn } = held.value;
      if (registeredOn !== null && registeredOn > input.asOf) return [];
      const before = coveragesOf(input, 'JKK').filter(({ value }) => value.phase === 'BEFORE' && value.payment.status === 'PAID');
      if (before.length === 0) return [];
      if (registeredOn === null) return [unknown([placementEvidence(held)], { id: 'Tanggal pendaftaran penempatan tidak tercatat.', en: 'The day on which the placement was registered is not on record.' })];
      const next = starts.filter((day) => day > registeredOn).toSorted()[0] ?? null;
      const inTime = (day: string | null) => day !== null && day >= registeredOn && (next === null || day < next);
      const own = before.filter(({ value }) => inTime(value.payment.paidOn));
      if (own.length === 0) {
        const undated = before.filter(({ value }) => value.payment.paidOn === null);
        return undated.length > 0 ? [unknown([placementEvidence(held), ...undated.map(coverageEvidence)], { id: 'Tanggal bayar tidak tercatat.', en: 'The day of payment is not on record.' }, { programmes: ['JKK'] })] : [];
      }
      const evidence = [placementEvidence(held), ...own.map(coverageEvidence)];
      return own.some(({ value }) => value.claims.length > 0) ? [ok(evidence, { programmes: ['JKK'] })] : [gap(evidence, { programmes: ['JKK'] })];
    });
  },
};
