import type { Coverage } from '../../domain/coverage.ts';
import type { Placement } from '../../domain/placement.ts';
import { addMonths } from '../../domain/time.ts';
import { coverageEvidence, type Held, placementEvidence, type ProtectionInput } from '../input.ts';
import { coveredSpan, coveredSpans, mandatory } from '../cover/held.ts';
import { dayAfter, dayBefore } from '../cover/intervals.ts';
import { extension } from '../laws.ts';
import { gap, ok, type Rule, unknown } from '../rule.ts';

/** Cover during work that reaches further than the earlier contract gave: beyond its end and the one month after it. Null where the day is not known. */
export function boughtForExtension(input: Pick<ProtectionInput, 'coverages'>, { value: { contract } }: Held<Placement>): Held<Coverage>[] | null {
  if (contract.start === null) return null;
  const earlier = addMonths(dayBefore(contract.start), 1);
  const found = input.coverages.filter(({ value }) => value.phase === 'DURING' && mandatory.includes(value.programme) && (coveredSpan(value)?.end ?? '') > earlier);
  return found.length > 0 ? found : null;
}

/** The contract was extended abroad and nothing was paid for the extension. */
export const extensionUncovered: Rule = {
  id: 'EXTENSION_WITHOUT_COVER',
  severity: 'CRITICAL',
  legalBasis: extension,
  needs: ['PLACEMENT', 'SOCIAL_SECURITY'],
  title: { id: 'Perjanjian kerja diperpanjang tanpa memperpanjang pelindungan', en: 'Contract extended abroad without extending cover' },
  actor: 'PERWAKILAN',
  action: { id: 'Bantu pekerja membayar iuran perpanjangan Rp13.500 per bulan, sekaligus.', en: 'Help the worker to pay the extension: 13,500 rupiah per month, all at once.' },
  assess(input) {
    const { situation: { phase, placement } } = input;
    if (phase !== 'DURING' || !placement) return [];
    const { renews, stage, contract } = placement.value;
    if (renews === null) {
      if (stage !== 'RENEWED') return [];
      return [unknown([placementEvidence(placement)], { id: 'Tercatat diperpanjang, tetapi perpanjangannya tidak tercatat.', en: 'Recorded as extended, but the extension itself is not on record.' })];
    }
    if (contract.start === null) return [unknown([placementEvidence(placement)], { id: 'Awal perpanjangan tidak tercatat.', en: 'The first day of the extension is not on record.' })];
    const bought = boughtForExtension(input, placement);
    if (bought) return [ok([placementEvidence(placement), ...bought.map(coverageEvidence)])];
    const last = mandatory.flatMap((programme) => coveredSpans(input, programme, ['DURING'])).map(({ end }) => end).toSorted().at(-1);
    const since = last !== undefined && last >= contract.start ? dayAfter(last) : contract.start;
    return [gap([placementEvidence(placement)], { since, until: contract.end, programmes: mandatory })];
  },
};
