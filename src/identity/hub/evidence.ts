import type { AgencyName } from '../../domain/record.ts';
import type { Veto } from '../decide.ts';
import type { Explanation, Step } from '../explain.ts';
import type { Match } from '../incremental.ts';

/** An agency's record by its name. */
export interface RecordRef {
  readonly agency: AgencyName;
  readonly recordId: string;
}

/**
 * How a link came about: `FIRST`, nothing to link to, so a worker of its own; `EXACT`, a number and date of birth or name agree (no model in force);
 * `MODEL`, weighed; `STEWARD`, decided by one; `APART`, what it was linked to left it.
 */
export const linkRules = ['FIRST', 'EXACT', 'MODEL', 'STEWARD', 'APART'] as const;
export type LinkRule = (typeof linkRules)[number];

/** The weighing of a pair: prior, each comparison, final score. Steps without a value on either side are left out: they weigh nothing. */
export type Weighed = Pick<Explanation, 'model' | 'prior' | 'steps' | 'score' | 'probability'>;

/** What spoke for a link when it was made. */
export interface LinkEvidence {
  readonly rule: LinkRule;
  /** The record that it was linked by: of the worker's others, the one that speaks most strongly. */
  readonly against: RecordRef | null;
  readonly weighed: Weighed | null;
}

/** What a steward is shown of a pair. */
export interface PairEvidence {
  readonly weighed: Weighed;
  readonly veto: Veto | null;
}

export function weighedOf({ model, prior, steps, score, probability }: Explanation): Weighed {
  return { model, prior, steps: steps.filter((step: Step) => step.level !== 'missing'), score, probability };
}

export function modelEvidence(match: Match, against: RecordRef): LinkEvidence {
  return { rule: 'MODEL', against, weighed: weighedOf(match.explain()) };
}

export const first: LinkEvidence = { rule: 'FIRST', against: null, weighed: null };
/** A steward has said so. */
export const byWord: LinkEvidence = { rule: 'STEWARD', against: null, weighed: null };

/** Splits the linker's id of a record; agency names hold no colon. */
export function refOf(linkId: string): RecordRef {
  const colon = linkId.indexOf(':');
  return { agency: linkId.slice(0, colon), recordId: linkId.slice(colon + 1) };
}

/** A pair in the one order in which pairs are kept. */
export function ordered(a: RecordRef, b: RecordRef): readonly [RecordRef, RecordRef] {
  return a.agency < b.agency || (a.agency === b.agency && a.recordId < b.recordId) ? [a, b] : [b, a];
}
