import type { Day } from '../../domain/time.ts';

/**
 * Days as whole numbers since 1970-01-01 while a life is being made, since most of a generator's work is arithmetic on days; text only at the end.
 */
const first = -14_610; // 1930-01-01
const texts: (Day | undefined)[] = [];

export function dayNumber(day: Day): number {
  return Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1, Number(day.slice(8, 10))) / 86_400_000;
}

/** The day as text. The texts of a hundred years are kept (a few megabytes at most, however many people are made). */
export function dayText(number: number): Day {
  const slot = number - first;
  const known = texts[slot];
  if (known !== undefined) return known;
  const text = new Date(number * 86_400_000).toISOString().slice(0, 10);
  if (slot >= 0 && slot < 40_000) texts[slot] = text;
  return text;
}

export function yearOf(number: number): number {
  return Number(dayText(number).slice(0, 4));
}

/** Number of the day in the given year, month (1 to 12) and day. */
export function dayOf(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day) / 86_400_000;
}

/** As `addMonths` of the domain: where the later month is shorter, its last day. */
export function plusMonths(number: number, months: number): number {
  const text = dayText(number);
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(5, 7)) - 1 + months, Number(text.slice(8, 10))];
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Date.UTC(year, month, Math.min(day, last)) / 86_400_000;
}
