import type { Facet } from '../domain/record.ts';
import type { Programme } from '../domain/coverage.ts';
import type { Day } from '../domain/time.ts';
import type { Evidence, ProtectionInput } from './input.ts';

/** A text in both languages. */
export interface Text {
  readonly id: string;
  readonly en: string;
}

/** What a statement rests on. */
export interface LegalBasis {
  /** The instrument, such as `Permenaker 4/2023`; null where there is none and the standard is the hub's own. */
  readonly instrument: string | null;
  /** Article, such as `art. 18`; null where the sources we read quote the instrument without its article. */
  readonly article: string | null;
  /** What it says, in one sentence. */
  readonly says: Text;
}

export const severities = ['CRITICAL', 'WARNING', 'INFO'] as const;
/** How much hangs on it: a person unprotected now; something that will fail or is owed; worth knowing. The hub's own grading. */
export type Severity = (typeof severities)[number];

export const actors = ['WORKER', 'P3MI', 'BP3MI', 'PERWAKILAN', 'BPJS_KETENAGAKERJAAN', 'BPJS_KESEHATAN'] as const;
/** Who should act on a gap. */
export type Actor = (typeof actors)[number];

export const findingStatuses = ['OK', 'GAP', 'UNKNOWN'] as const;
export type FindingStatus = (typeof findingStatuses)[number];

/** What a rule finds. A rule that does not concern the worker finds nothing. */
export interface Finding {
  readonly status: FindingStatus;
  /** First day of the gap; it may lie ahead. Null where it is not known, or nothing is amiss. */
  readonly since: Day | null;
  /** Last day of the gap as things stand; null for open. */
  readonly until: Day | null;
  readonly evidence: readonly Evidence[];
  /** Programmes that it is about; empty where it is about none. */
  readonly programmes: readonly Programme[];
  /** What distinguishes this finding, such as why nothing is known; null where the rule says all. */
  readonly note: Text | null;
}

/** One rule: what must hold, on which basis, and who acts when it does not. */
export interface Rule {
  readonly id: string;
  readonly severity: Severity;
  readonly legalBasis: LegalBasis;
  /** Facets without which nothing can be said; when one is not known, the rule is not asked and its finding is `UNKNOWN`. */
  readonly needs: readonly Facet[];
  /** What is wrong when there is a gap. */
  readonly title: Text;
  readonly actor: Actor;
  readonly action: Text;
  assess(input: ProtectionInput): readonly Finding[];
}

type Details = Partial<Pick<Finding, 'since' | 'until' | 'programmes' | 'note'>>;

function finding(status: FindingStatus, evidence: readonly Evidence[], { since = null, until = null, programmes = [], note = null }: Details): Finding {
  return { status, since, until, evidence, programmes, note };
}

/** All is well. */
export function ok(evidence: readonly Evidence[], details: Details = {}): Finding {
  return finding('OK', evidence, details);
}

export function gap(evidence: readonly Evidence[], details: Details = {}): Finding {
  return finding('GAP', evidence, details);
}

/** The records do not tell; the note says what is missing. */
export function unknown(evidence: readonly Evidence[], note: Text, details: Omit<Details, 'note'> = {}): Finding {
  return finding('UNKNOWN', evidence, { ...details, note });
}
