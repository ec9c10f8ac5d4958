import type { Coverage, CoveragePhase, Programme } from '../../domain/coverage.ts';
import type { Day } from '../../domain/time.ts';
import type { Held, ProtectionInput } from '../input.ts';
import type { Journey } from '../situation.ts';
import { includes, type Span, span, union } from './intervals.ts';

/** Programmes that every placed worker must have (Permenaker 4/2023). */
export const mandatory: readonly Programme[] = ['JKK', 'JKM'];

/** Cover of a programme that has not been replaced by a later registration. */
export function coveragesOf(input: Pick<ProtectionInput, 'coverages'>, programme: Programme): Held<Coverage>[] {
  return input.coverages.filter(({ value }) => value.programme === programme && value.status !== 'SUPERSEDED');
}

/** The days on which a coverage covers: inside its window, and not before it was paid for in full. Null where it covers none, or the record does not tell. */
export function coveredSpan({ window, payment, status }: Coverage): Span | null {
  if (status === 'SUPERSEDED' || window.start === null || payment.status !== 'PAID' || payment.paidOn === null) return null;
  return span(payment.paidOn > window.start ? payment.paidOn : window.start, window.end);
}

/** All days covered by a programme, whatever the number of registrations; of some phases only where these are given. */
export function coveredSpans(input: Pick<ProtectionInput, 'coverages'>, programme: Programme, only?: readonly CoveragePhase[]): Span[] {
  const spans = coveragesOf(input, programme).filter(({ value }) => !only || only.includes(value.phase)).map(({ value }) => coveredSpan(value));
  return union(spans.filter((one) => one !== null));
}

/** Paid by the agency's word, but with no day of payment or no window, so that nobody can tell which days it covers. */
function isVague({ window, payment }: Coverage): boolean {
  return payment.status === 'PAID' && (payment.paidOn === null || window.start === null);
}

export type CoverState = 'COVERED' | 'NOT_COVERED' | 'UNKNOWN';

/** Whether the programme covers the day. `UNKNOWN` where a paid cover's record lacks what would tell. */
export function coverOn(input: Pick<ProtectionInput, 'coverages'>, programme: Programme, day: Day, phase: CoveragePhase): CoverState {
  if (includes(coveredSpans(input, programme), day)) return 'COVERED';
  const vague = coveragesOf(input, programme).some(({ value }) => isVague(value) && value.phase === phase && (span(value.window.start, value.window.end)?.end ?? '') >= day);
  return vague ? 'UNKNOWN' : 'NOT_COVERED';
}

/** The coverages that hold on the day. */
export function coveringOn(input: Pick<ProtectionInput, 'coverages'>, programme: Programme, day: Day): Held<Coverage>[] {
  return coveragesOf(input, programme).filter(({ value }) => {
    const covered = coveredSpan(value);
    return covered !== null && includes([covered], day);
  });
}

/**
 * The cover bought for a journey: registered or paid since the journey's own registration, or, where a record lacks these days, with a window that
 * does not end before departure. Which registration belongs to which journey is not on record; this is the hub's own way to tell.
 */
export function boughtFor(input: Pick<ProtectionInput, 'coverages'>, programme: Programme, journey: Journey): Held<Coverage>[] {
  const since = journey.registeredOn ?? journey.departedOn;
  if (since === null) return [];
  return coveragesOf(input, programme).filter(({ value: { payment, registeredOn, window } }) => {
    const day = payment.paidOn ?? registeredOn;
    if (journey.returnedOn !== null && (day ?? window.start ?? '') > journey.returnedOn) return false;
    return day !== null && journey.registeredOn !== null ? day >= since : (window.end ?? since) >= since;
  });
}
