import { afterWindow, beforeContribution, beforeWindow, duringContribution, duringWindow, extensionContribution } from '../../domain/contribution.ts';
import type { Scheme } from '../../domain/placement.ts';
import type { Day, Period } from '../../domain/time.ts';
import { addMonths } from '../../domain/time.ts';
import { dayAfter } from './intervals.ts';

/*
 * Cover for PMI as Permenaker 4/2023 counts it, where the law is more than the plain amounts and windows of `domain/contribution.ts`. The windows are quoted
 * in a training book of BPJS Ketenagakerjaan without the number of their article, so none is given for them.
 */

/** Individual workers register at the earliest so many months before leaving (art. 10). */
export const individualMonths = 1;

/** Voluntary old-age saving (JHT): the least and the most that a worker may choose per month, in rupiah. */
export const oldAgeMonthly = { least: 50_000, most: 600_000 } as const;

/** Whether a worker of this scheme registers by herself (perseorangan, art. 6 b) and not as one placed by a placement body (art. 6 a). */
export function isIndividual(scheme: Scheme): boolean {
  return scheme === 'PERSEORANGAN';
}

/** First day on which cover may be registered: for individual workers one month before departure (art. 10); for others no such day is known to us (null). */
export function earliestRegistration(scheme: Scheme, departsOn: Day): Day | null {
  return isIndividual(scheme) ? addMonths(departsOn, -individualMonths) : null;
}

/**
 * Days covered before work. Placed by a body: JKK and JKM from payment for at most five months, no longer than until departure. Individual workers: JKM only,
 * for at most one month before departure.
 */
export function windowBefore(scheme: Scheme, paidOn: Day, departedOn: Day | null): Period {
  if (!isIndividual(scheme)) return beforeWindow(paidOn, departedOn);
  const latest = addMonths(paidOn, individualMonths);
  return { start: paidOn, end: departedOn !== null && departedOn < latest ? departedOn : latest };
}

/** Days covered during work, as planned: from leaving Indonesia to the end of the contract and at most one month more. Coming home earlier ends it. */
export function windowDuring(departedOn: Day, contractEnd: Day): Period {
  return duringWindow(departedOn, contractEnd, null);
}

/** Days covered after work: from arrival in Indonesia, 30 days. JKK ends earlier, on arrival at home, of which no agency has the day. */
export function windowAfter(returnedOn: Day): Period {
  return afterWindow(returnedOn);
}

/**
 * Since when a worker who has not left must register and pay again: the day after the five months (one month for individual workers) that began with her
 * payment. Null while the window still runs, or had not ended by her departure.
 */
export function registerAgainSince(scheme: Scheme, paidOn: Day, departedOn: Day | null, on: Day): Day | null {
  const { end } = windowBefore(scheme, paidOn, null);
  if (end === null || end >= on || (departedOn !== null && departedOn <= end)) return null;
  return dayAfter(end);
}

/** Contributions for JKK and JKM in rupiah (art. 18): one sum for both programmes. */
export interface Contributions {
  /** Before work; nothing for individual workers, who pay with the next. */
  readonly before: number;
  /** During and after work. */
  readonly during: number;
  /** For months beyond the contract, paid all at once. */
  readonly extension: number;
  readonly total: number;
}

/** What is owed for a contract of so many months, and for an extension of it (art. 18). */
export function contributionsOwed(scheme: Scheme, contractMonths: number, extensionMonths = 0): Contributions {
  const before = isIndividual(scheme) ? 0 : beforeContribution;
  const during = duringContribution(contractMonths);
  const extension = extensionContribution(extensionMonths);
  return { before, during, extension, total: before + during + extension };
}

/** Whether a monthly sum may be saved for old age: from 50,000 to 600,000 rupiah. */
export function mayBeSaved(monthly: number): boolean {
  return monthly >= oldAgeMonthly.least && monthly <= oldAgeMonthly.most;
}
