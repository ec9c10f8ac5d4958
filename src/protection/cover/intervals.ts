import type { Day, Period } from '../../domain/time.ts';
import { addDays } from '../../domain/time.ts';

/** A closed interval of days, both ends known or set to {@link firstDay} and {@link lastDay}. Never empty: `start <= end`. */
export interface Span {
  readonly start: Day;
  readonly end: Day;
}

/** Stand for an open end, so that all arithmetic is on text. */
export const firstDay: Day = '0001-01-01';
export const lastDay: Day = '9999-12-31';

/** The period as a span, null where it holds no day. */
export function span(start: Day | null, end: Day | null): Span | null {
  const [from, to] = [start ?? firstDay, end ?? lastDay];
  return from <= to ? { start: from, end: to } : null;
}

/** The span as a period: the ends of time are open. */
export function period({ start, end }: Span): Period {
  return { start: start === firstDay ? null : start, end: end === lastDay ? null : end };
}

/** The day after; the end of time has none. */
export function dayAfter(day: Day): Day {
  return day >= lastDay ? lastDay : addDays(day, 1);
}

/** The day before; the beginning of time has none. */
export function dayBefore(day: Day): Day {
  return day <= firstDay ? firstDay : addDays(day, -1);
}

/** The days in any of the spans: sorted, apart from each other, touching ones joined. */
export function union(spans: readonly Span[]): Span[] {
  const joined: { start: Day; end: Day }[] = [];
  for (const { start, end } of spans.toSorted((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0))) {
    const last = joined.at(-1);
    if (last && start <= dayAfter(last.end)) {
      if (end > last.end) last.end = end;
    } else joined.push({ start, end });
  }
  return joined;
}

/** The days that are in both. */
export function intersection(a: readonly Span[], b: readonly Span[]): Span[] {
  const common: Span[] = [];
  for (const one of union(a)) {
    for (const other of union(b)) {
      const both = span(one.start > other.start ? one.start : other.start, one.end < other.end ? one.end : other.end);
      if (both) common.push(both);
    }
  }
  return union(common);
}

/** The days of `whole` that none of the spans holds. */
export function gaps(whole: readonly Span[], spans: readonly Span[]): Span[] {
  const held = union(spans);
  const open: Span[] = [];
  for (const { start, end } of union(whole)) {
    let from: Day | null = start;
    for (const one of held) {
      if (from === null || one.start > end) break;
      if (one.end < from) continue;
      if (one.start > from) open.push({ start: from, end: dayBefore(one.start) });
      from = one.end >= end ? null : dayAfter(one.end);
    }
    if (from !== null) open.push({ start: from, end });
  }
  return open;
}

/** Whether any of the spans holds the day. */
export function includes(spans: readonly Span[], day: Day): boolean {
  return spans.some(({ start, end }) => start <= day && day <= end);
}
