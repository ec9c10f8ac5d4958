import { placementEvidence, stayEvidence } from '../input.ts';
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
    const { situation: { phase, journey, placement }, stays, asOf } = input;
    if (phase === 'UNKNOWN' && !input.unknown.has('STAY')) {
      const seen = stays.filter(({ value }) => value.reportedOn <= asOf);
      return [unknown(seen.map(stayEvidence), { id: 'Perwakilan mencatat lapor diri, tetapi BP2MI tidak mencatat penempatan.', en: 'A mission has a report of stay, but there is no placement on record.' })];
    }
    if ((phase !== 'BEFORE' && phase !== 'DURING') || !journey || !placement) return [];
    const evidence = [placementEvidence(placement)];
    return placement.value.procedure === 'NON_PROSEDURAL' ? [gap(evidence, { since: journey.departedOn ?? journey.registeredOn })] : [ok(evidence)];
  },
};
