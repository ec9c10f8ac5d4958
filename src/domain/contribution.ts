import type { Day, Period } from './time.ts';
import { addDays, addMonths } from './time.ts';

/**
 * Contributions and windows of JKK and JKM for PMI by Permenaker 4/2023. Contributions are one sum for both programmes, in rupiah.
 */

/** Cover before work, for those placed by a placement body (art. 18). */
export const beforeContribution = 37_500;
/** Cover during and after work, by length of contract in months (art. 18), longest first. */
const duringContributions = [[24, 332_500], [12, 189_000], [6, 108_000]] as const;
/** Each further month, paid all at once (art. 18). */
export const extensionPerMonth = 13_500;

export const beforeMonths = 5;
export const afterDays = 30;

/**
 * What cover during and after work costs for a contract of so many months. Lengths between those of the regulation are counted as the longest one
 * that fits plus single months: the regulation names 6, 12 and 24 months and the month of extension, no others. A contract below 6 months pays for 6.
 */
export function duringContribution(months: number): number {
  for (const [length, amount] of duringContributions) if (months >= length) return amount + (months - length) * extensionPerMonth;
  return duringContributions[2][1];
}

/** What an extension of the contract by so many months costs. */
export function extensionContribution(months: number): number {
  return months * extensionPerMonth;
}

/** Cover before work: from payment for at most five months, and no longer than until departure. */
export function beforeWindow(paidOn: Day, departedOn: Day | null): Period {
  const latest = addMonths(paidOn, beforeMonths);
  return { start: paidOn, end: departedOn !== null && departedOn < latest ? departedOn : latest };
}

/** Cover during work: from departure to the end of the contract and at most one month more, the trip home included; arrival home ends it. */
export function duringWindow(departedOn: Day, contractEnd: Day, returnedOn: Day | null): Period {
  const latest = addMonths(contractEnd, 1);
  return { start: departedOn, end: returnedOn !== null && returnedOn < latest ? returnedOn : latest };
}

/** Cover after work: from arrival home for 30 days. */
export function afterWindow(returnedOn: Day): Period {
  return { start: returnedOn, end: addDays(returnedOn, afterDays) };
}
