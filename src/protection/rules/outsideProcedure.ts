import { isOpen } from '../cases.ts';
import { caseEvidence, placementEvidence, stayEvidence } from '../input.ts';
import { documents } from '../laws.ts';
import { gap, ok, type Rule, unknown } from '../rule.ts';

/** Placed outside the legal procedure. */
export const outsideProcedure: Rule = {
  id: 'PLACED_OUTSIDE_PROCEDURE',
  severity: 'CRITICAL',
  legalBasis: documents,
  needs: ['PLACEMENT'],
  title: { id: 'Ditempatkan di luar prosedur', en: 'Placed outside the procedure' },
  actor: 'PERWAKILAN',
  action: {
    id: 'Periksa keadaan pekerja dan perjanjian kerjanya; bantu pendataan di perwakilan.',
    en: 'See to the worker’s condition and contract; help to have her registered at the mission.',
  },
  assess(input) {
    const { situation: { phase, journey, placement }, stays, cases, asOf } = input;
    if (phase === 'UNKNOWN') {
      const seen = [...stays.filter(({ value }) => value.reportedOn <= asOf).map(stayEvidence), ...cases.filter(({ value }) => isOpen(value, asOf)).map(caseEvidence)];
      if (seen.length > 0 && input.placements.length === 0) return [unknown(seen, { id: 'Perwakilan mengenalnya, tetapi tidak ada penempatan yang tercatat.', en: 'A mission knows her, but there is no placement on record.' })];
      return [unknown([], { id: 'Tidak diketahui apakah ia sedang dalam penempatan.', en: 'Whether she is in a placement is not known.' })];
    }
    if ((phase !== 'BEFORE' && phase !== 'DURING') || !journey || !placement) return [];
    const evidence = [placementEvidence(placement)];
    return placement.value.procedure === 'NON_PROSEDURAL' ? [gap(evidence, { since: journey.departedOn ?? journey.registeredOn })] : [ok(evidence)];
  },
};
