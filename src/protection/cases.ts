import type { Case } from '../domain/case.ts';
import type { Day } from '../domain/time.ts';

/** Whether the case is open on the day. A refused case was never one. A case told as ended without its day is not open. */
export function isOpen({ status, openedOn, closedOn }: Case, on: Day): boolean {
  if (openedOn > on || status === 'REJECTED') return false;
  return closedOn === null ? status !== 'CLOSED' : closedOn > on;
}
