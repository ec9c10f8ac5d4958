import { placementEvidence } from '../input.ts';
import { oneChannel } from '../laws.ts';
import { gap, ok, type Rule, unknown } from '../rule.ts';

/** First day of the memorandum. */
const oneChannelSince = '2022-04-01';

/** Job titles of domestic workers, as they stand in BP2MI's statistics. Which titles the memorandum means is the hub's own reading. */
export const domesticJobs: ReadonlySet<string> = new Set(['HOUSE MAID', 'DOMESTIC WORKER']);

/** A domestic worker in Malaysia who was not placed through the One Channel System. */
export const outsideOneChannel: Rule = {
  id: 'OUTSIDE_ONE_CHANNEL_SYSTEM',
  severity: 'CRITICAL',
  legalBasis: oneChannel,
  needs: ['PLACEMENT'],
  title: { id: 'Pekerja rumah tangga di Malaysia di luar One Channel System', en: 'Domestic worker in Malaysia outside the One Channel System' },
  actor: 'PERWAKILAN',
  action: { id: 'Periksa penempatan dan dokumen pekerja dengan BP3MI dan P3MI.', en: 'Check placement and papers of the worker with BP3MI and the placement company.' },
  assess({ situation: { phase, journey, placement } }) {
    if ((phase !== 'BEFORE' && phase !== 'DURING') || !journey || !placement || placement.value.place.country !== 'MY') return [];
    const { oneChannelSystem, employer, job, registeredOn, departedOn } = placement.value;
    const evidence = [placementEvidence(placement)];
    if (oneChannelSystem !== null) return oneChannelSystem ? [ok(evidence)] : [gap(evidence, { since: journey.departedOn ?? journey.registeredOn })];
    if (!domesticJobs.has(job.trim().toUpperCase()) || (employer !== null && employer.kind !== 'HOUSEHOLD')) return [];
    const began = registeredOn ?? departedOn;
    if (began !== null && began < oneChannelSince) return [];
    return [unknown(evidence, { id: 'Jalur penempatan tidak tercatat.', en: 'The channel of the placement is not on record.' })];
  },
};
