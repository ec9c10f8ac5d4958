import type { Case } from '../../domain/case.ts';
import type { Day } from '../../domain/time.ts';
import { coverageEvidence, type Evidence, type Held, type ProtectionInput } from '../input.ts';
import { coveringOn } from '../cover/held.ts';
import { type Benefit, benefits } from './catalogue.ts';
import { claimsFor, coveredAtCase } from './claims.ts';
import { type Paper, papersFor } from './papers.ts';
import { subjects } from './subjects.ts';

export const offerStates = ['CLAIMED', 'DUE', 'NOT_COVERED', 'UNKNOWN'] as const;
/**
 * `CLAIMED`: a claim names the case. `DUE`: she was covered when the case was opened, and no claim names it; the benefit's condition is still to be seen to.
 * `NOT_COVERED`: no cover of the programme held. `UNKNOWN`: the records do not tell.
 */
export type OfferState = (typeof offerStates)[number];

/** A benefit that a case may entitle to. */
export interface BenefitOffer {
  readonly benefit: Benefit;
  readonly state: OfferState;
  /** Last day to claim. Always null: no deadline stands in the sources read. */
  readonly deadline: Day | null;
  readonly papers: readonly Paper[];
  readonly evidence: readonly Evidence[];
}

/** What a mission's case may entitle to; empty where no benefit hangs on it, or the mission refused it. */
export function benefitsOf(input: ProtectionInput, held: Held<Case>): BenefitOffer[] {
  if (held.value.status === 'REJECTED') return [];
  const about = subjects(held.value);
  const fitting = benefits.filter((benefit) => benefit.subjects.some((subject) => about.has(subject)));
  if (fitting.length === 0) return [];
  const papers = papersFor(input, held);
  return fitting.map((benefit) => ({ benefit, papers, deadline: null, ...stateOf(input, held, benefit) })).filter(({ state, benefit }) => !(state === 'NOT_COVERED' && benefit.programme === 'JHT'));
}

function stateOf(input: ProtectionInput, { value }: Held<Case>, { programme, phases }: Benefit): { state: OfferState; evidence: Evidence[] } {
  if (input.unknown.has('SOCIAL_SECURITY')) return { state: 'UNKNOWN', evidence: [] };
  const claims = claimsFor(input, value, [programme]);
  if (claims.named.length > 0) return { state: 'CLAIMED', evidence: claims.named.map(({ under }) => coverageEvidence(under)) };
  if (programme === 'JHT') return saved(input);
  const { state, by } = coveredAtCase(input, value, [programme]);
  if (state === 'NOT_COVERED') return { state, evidence: [] };
  if (state === 'UNKNOWN' || claims.possible.length > 0) return { state: 'UNKNOWN', evidence: by.map(coverageEvidence) };
  const fitting = coveringOn(input, programme, value.openedOn).filter((held) => phases.length === 0 || phases.includes(held.value.phase));
  return fitting.length > 0 ? { state: 'DUE', evidence: fitting.map(coverageEvidence) } : { state: 'NOT_COVERED', evidence: [] };
}

/** What was saved is paid out whenever it was saved: no window has to hold. */
function saved(input: ProtectionInput): { state: OfferState; evidence: Evidence[] } {
  const paid = input.coverages.filter(({ value }) => value.programme === 'JHT' && value.payment.status !== 'UNPAID' && value.status !== 'SUPERSEDED');
  return { state: paid.length > 0 ? 'DUE' : 'NOT_COVERED', evidence: paid.map(coverageEvidence) };
}
