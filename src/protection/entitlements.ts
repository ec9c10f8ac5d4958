import type { Programme } from '../domain/coverage.ts';
import type { Day } from '../domain/time.ts';
import { coverageEvidence, type Evidence, healthEvidence, type ProtectionInput } from './input.ts';
import { boughtFor, coveredSpan, coveringOn, coverOn } from './cover/held.ts';
import { isIndividual } from './cover/law.ts';
import { healthOn } from './health.ts';
import { mandatoryCover, oldAge, otherRules } from './laws.ts';
import type { LegalBasis } from './rule.ts';

export const entitlementProgrammes = ['JKK', 'JKM', 'JHT', 'JKN'] as const;
/** Programmes a migrant worker can be in. JP and JKP are not offered to them. */
export type EntitlementProgramme = (typeof entitlementProgrammes)[number];

export const obligations = ['MANDATORY', 'VOLUNTARY', 'OTHER_RULES'] as const;
/** `OTHER_RULES`: health insurance, which Permenaker 4/2023 leaves to the rules of JKN. */
export type Obligation = (typeof obligations)[number];

export const entitlementStatuses = ['COVERED', 'NOT_COVERED', 'UNPAID', 'ENDED', 'SUSPENDED', 'NOT_TAKEN', 'NOT_DUE', 'UNKNOWN'] as const;
/**
 * `UNPAID`: registered and not fully paid. `ENDED`: paid, and its window is over or has not begun. `SUSPENDED`: JKN, lawfully, while abroad. `NOT_TAKEN`:
 * voluntary and not taken. `NOT_DUE`: the programme owes no cover on the day, because she is neither in the process, nor abroad, nor home for up to 30 days.
 */
export type EntitlementStatus = (typeof entitlementStatuses)[number];

/** What one programme gives her on the day. */
export interface Entitlement {
  readonly programme: EntitlementProgramme;
  readonly obligation: Obligation;
  readonly status: EntitlementStatus;
  /** Last day of the cover that holds, or of the last that held; null where none or not known. */
  readonly until: Day | null;
  readonly legalBasis: LegalBasis;
  readonly evidence: readonly Evidence[];
}

/** What she is entitled to on the day of the input, one row per programme. */
export function entitlements(input: ProtectionInput): Entitlement[] {
  return [
    { programme: 'JKK', obligation: 'MANDATORY', legalBasis: mandatoryCover, ...social(input, 'JKK') },
    { programme: 'JKM', obligation: 'MANDATORY', legalBasis: mandatoryCover, ...social(input, 'JKM') },
    { programme: 'JHT', obligation: 'VOLUNTARY', legalBasis: oldAge, ...saving(input) },
    { programme: 'JKN', obligation: 'OTHER_RULES', legalBasis: otherRules, ...health(input) },
  ];
}

type State = Pick<Entitlement, 'status' | 'until' | 'evidence'>;

const nothing: State = { status: 'UNKNOWN', until: null, evidence: [] };

function social(input: ProtectionInput, programme: Programme): State {
  const { asOf, situation: { phase, journey, placement } } = input;
  if (input.unknown.has('SOCIAL_SECURITY')) return nothing;
  const covering = coveringOn(input, programme, asOf);
  if (covering.length > 0) {
    const until = covering.map(({ value }) => coveredSpan(value)!.end).toSorted().at(-1)!;
    return { status: 'COVERED', until, evidence: covering.map(coverageEvidence) };
  }
  if (phase === 'UNKNOWN') return nothing;
  if (phase === 'NONE' || phase === 'DECEASED' || !journey) return { status: 'NOT_DUE', until: null, evidence: [] };
  // Individual workers have JKM alone before departure.
  if (phase === 'BEFORE' && programme === 'JKK' && placement && isIndividual(placement.value.scheme)) return { status: 'NOT_DUE', until: null, evidence: [] };
  if (coverOn(input, programme, asOf, phase) === 'UNKNOWN') return nothing;
  const bought = boughtFor(input, programme, journey);
  const evidence = bought.map(coverageEvidence);
  const ended = bought.map(({ value }) => coveredSpan(value)?.end).filter((end) => end !== undefined).toSorted().at(-1);
  if (bought.some(({ value }) => value.payment.status === 'PAID')) return { status: 'ENDED', until: ended ?? null, evidence };
  return { status: bought.length > 0 ? 'UNPAID' : 'NOT_COVERED', until: null, evidence };
}

/** Saving for old age has no window that must hold: what counts is whether she pays in for this journey. */
function saving(input: ProtectionInput): State {
  const { situation: { phase, journey } } = input;
  if (input.unknown.has('SOCIAL_SECURITY') || phase === 'UNKNOWN') return nothing;
  if ((phase !== 'BEFORE' && phase !== 'DURING') || !journey) return { status: 'NOT_DUE', until: null, evidence: [] };
  const bought = boughtFor(input, 'JHT', journey);
  const evidence = bought.map(coverageEvidence);
  if (bought.some(({ value }) => value.payment.status !== 'UNPAID')) return { status: 'COVERED', until: bought.map(({ value }) => value.window.end).filter((end) => end !== null).toSorted().at(-1) ?? null, evidence };
  return { status: bought.length > 0 ? 'UNPAID' : 'NOT_TAKEN', until: null, evidence };
}

function health(input: ProtectionInput): State {
  if (input.unknown.has('HEALTH_INSURANCE')) return nothing;
  if (input.situation.phase === 'DECEASED') return { status: 'NOT_DUE', until: null, evidence: [] };
  const held = healthOn(input, input.asOf);
  if (!held) return input.health.length > 0 ? { ...nothing, evidence: input.health.map(healthEvidence) } : { status: 'NOT_COVERED', until: null, evidence: [] };
  const evidence = [healthEvidence(held)];
  if (held.value.active) return { status: 'COVERED', until: held.value.end, evidence };
  return { status: held.value.inactiveReason === 'SUSPENDED_ABROAD' ? 'SUSPENDED' : 'NOT_COVERED', until: null, evidence };
}
