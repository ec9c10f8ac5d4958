import type { Day, Period } from './time.ts';
import { holds } from './time.ts';
import type { Money } from './money.ts';

export const programmes = ['JKK', 'JKM', 'JHT'] as const;
/** Programmes of BPJS Ketenagakerjaan for PMI: work accident (JKK) and death (JKM), both mandatory; old age (JHT), voluntary (Permenaker 4/2023). */
export type Programme = (typeof programmes)[number];

export const coveragePhases = ['BEFORE', 'DURING', 'AFTER'] as const;
/** Phase of work a cover period is for: before, during or after work abroad (Permenaker 4/2023). */
export type CoveragePhase = (typeof coveragePhases)[number];

export const paymentStatuses = ['PAID', 'UNPAID', 'PARTIAL'] as const;
export type PaymentStatus = (typeof paymentStatuses)[number];

/** What was owed and paid for one cover period. */
export interface Payment {
  readonly status: PaymentStatus;
  readonly owed: Money | null;
  readonly paid: Money | null;
  readonly paidOn: Day | null;
}

export const claimStatuses = ['FILED', 'IN_REVIEW', 'PAID', 'REJECTED'] as const;
export type ClaimStatus = (typeof claimStatuses)[number];

/** A benefit claimed under a cover period. */
export interface Claim {
  readonly number: string;
  /** Benefit claimed, the agency's own words. */
  readonly benefit: string;
  readonly status: ClaimStatus;
  readonly filedOn: Day;
  readonly decidedOn: Day | null;
  readonly amount: Money | null;
  /** Number of the mission case whose statement was filed as evidence (Permenaker 4/2023 art. 50). */
  readonly caseNumber: string | null;
}

export const coverageStatuses = ['REGISTERED_UNPAID', 'ACTIVE', 'EXPIRED', 'CLAIMED', 'SUPERSEDED'] as const;
/** Administrative status as the agency states it. It does not decide cover: {@link covers} does, from window and payment. */
export type CoverageStatus = (typeof coverageStatuses)[number];

/**
 * One programme's cover for one phase under one KPJ. Phase, window and payment stand apart, because "paid" is not "covered now":
 * a paid period covers only inside its window.
 */
export interface Coverage {
  readonly kpj: string;
  readonly programme: Programme;
  readonly phase: CoveragePhase;
  readonly status: CoverageStatus;
  readonly registeredOn: Day | null;
  /** First and last day on which the programme would pay, if paid for. */
  readonly window: Period;
  readonly payment: Payment;
  /** Length of the contract that the contribution was counted for, months; null for the phases before and after. */
  readonly contractMonths: number | null;
  readonly claims: readonly Claim[];
}

/** Whether the cover holds on the day: fully paid on or before it, inside its window, and not superseded by a later registration. */
export function covers(coverage: Coverage, day: Day): boolean {
  if (coverage.status === 'SUPERSEDED') return false;
  if (coverage.window.start === null) return false;
  if (coverage.payment.status !== 'PAID' || coverage.payment.paidOn === null || coverage.payment.paidOn > day) return false;
  return holds(coverage.window, day);
}
