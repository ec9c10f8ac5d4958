import { coverageEvidence, placementEvidence } from '../input.ts';
import { boughtFor, coveredSpans, coveringOn, coverOn, mandatory } from '../cover/held.ts';
import { gaps, lastDay } from '../cover/intervals.ts';
import { mandatoryCover } from '../laws.ts';
import { gap, ok, type Rule, unknown } from '../rule.ts';

/** Abroad without work-accident or death cover on the day. */
export const coverMissing: Rule = {
  id: 'COVER_MISSING',
  severity: 'CRITICAL',
  legalBasis: mandatoryCover,
  needs: ['PLACEMENT', 'SOCIAL_SECURITY'],
  title: { id: 'Berada di luar negeri tanpa JKK atau JKM', en: 'Abroad without JKK or JKM' },
  actor: 'PERWAKILAN',
  action: {
    id: 'Bantu pekerja mendaftar dan membayar JKK dan JKM melalui perwakilan dengan paspor dan perjanjian kerja (pasal 8 dan 9).',
    en: 'Help the worker to register and pay JKK and JKM through the mission, with passport and contract (art. 8 and 9).',
  },
  assess(input) {
    const { asOf, situation: { phase, journey, placement } } = input;
    if (phase !== 'DURING' || !journey?.departedOn || !placement) return [];
    const states = mandatory.map((programme) => [programme, coverOn(input, programme, asOf, 'DURING')] as const);
    const without = states.filter(([, state]) => state === 'NOT_COVERED').map(([programme]) => programme);
    if (without.length > 0) {
      const open = without.map((programme) => gaps([{ start: journey.departedOn!, end: lastDay }], coveredSpans(input, programme)).find(({ start, end }) => start <= asOf && asOf <= end)!);
      const evidence = [placementEvidence(placement), ...without.flatMap((programme) => boughtFor(input, programme, journey).map(coverageEvidence))];
      const [since, until] = [open.map(({ start }) => start).toSorted()[0]!, open.map(({ end }) => end).toSorted().at(-1)!];
      return [gap(evidence, { since, until: until === lastDay ? null : until, programmes: without })];
    }
    const vague = states.filter(([, state]) => state === 'UNKNOWN').map(([programme]) => programme);
    if (vague.length > 0) {
      return [
        unknown([placementEvidence(placement), ...vague.flatMap((programme) => boughtFor(input, programme, journey).map(coverageEvidence))], {
          id: 'Tercatat lunas, tetapi tanggal bayar atau masa berlakunya tidak tercatat.',
          en: 'Recorded as paid, but the day of payment or the window is not on record.',
        }, { programmes: vague }),
      ];
    }
    return [ok(mandatory.flatMap((programme) => coveringOn(input, programme, asOf).map(coverageEvidence)), { programmes: mandatory })];
  },
};
