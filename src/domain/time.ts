/** A calendar day without time or zone, as `yyyy-MM-dd`. Days compare correctly as text. */
export type Day = string;

/** A moment in UTC as ISO 8601 text with milliseconds, such as `2026-11-22T07:30:00.000Z`. */
export type Instant = string;

/** A closed interval of days; an open end is null. */
export interface Period {
  readonly start: Day | null;
  readonly end: Day | null;
}

const dayForm = /^(\d{4})-(\d{2})-(\d{2})$/;

/** True for a `yyyy-MM-dd` that names a day that exists in the Gregorian calendar. */
export function isDay(text: string): text is Day {
  const parts = dayForm.exec(text);
  if (!parts) return false;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  if (month < 1 || month > 12 || day < 1) return false;
  return day <= daysInMonth(year, month);
}

function daysInMonth(year: number, month: number): number {
  // Day 0 of the next month is the last day of this one; setUTCFullYear keeps years below 100 as they are.
  const date = new Date(0);
  date.setUTCFullYear(year, month, 0);
  return date.getUTCDate();
}

/** Whether the period holds the day; an open end holds everything on its side. */
export function holds(period: Period, day: Day): boolean {
  return (period.start === null || period.start <= day) && (period.end === null || day <= period.end);
}

/** The day `days` after `day` (before it, when negative). */
export function addDays(day: Day, days: number): Day {
  // Every month has 28 days, so that most steps need no calendar: the assessment of everybody takes millions of them.
  const ordinal = Number(day.slice(8)) + days;
  if (ordinal >= 1 && ordinal <= 28) return `${day.slice(0, 8)}${ordinal < 10 ? '0' : ''}${ordinal}`;
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

/** The day `months` later; where that month is shorter, its last day (31 January + 1 month = 28 or 29 February). */
export function addMonths(day: Day, months: number): Day {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  const index = year * 12 + (month - 1) + months;
  const [newYear, newMonth] = [Math.floor(index / 12), (((index % 12) + 12) % 12) + 1];
  const newDate = Math.min(date, daysInMonth(newYear, newMonth));
  return `${String(newYear).padStart(4, '0')}-${String(newMonth).padStart(2, '0')}-${String(newDate).padStart(2, '0')}`;
}

/** Whole days from one day to another; negative when `to` is earlier. */
export function daysBetween(from: Day, to: Day): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

/** Today in Jakarta (UTC+7, no daylight saving), the day on which Indonesian agencies count cover. */
export function todayInJakarta(now: Date): Day {
  return new Date(now.getTime() + 7 * 3_600_000).toISOString().slice(0, 10);
}

/** The values by a day or moment, latest first, those without one last. Plain comparison: days and moments sort as text, and a locale costs. */
export function latestFirst<T>(values: readonly T[], when: (value: T) => Day | Instant | null): readonly T[] {
  if (comeLatestFirst(values, when)) return values;
  return values.toSorted((a, b) => {
    const [x, y] = [when(a) ?? '', when(b) ?? ''];
    return x === y ? 0 : x < y ? 1 : -1;
  });
}

/** Most lists have one, or come in order. */
function comeLatestFirst<T>(values: readonly T[], when: (value: T) => Day | Instant | null): boolean {
  if (values.length < 2) return true;
  let before = when(values[0]!) ?? '';
  for (let i = 1; i < values.length; i += 1) {
    const own = when(values[i]!) ?? '';
    if (own > before) return false;
    before = own;
  }
  return true;
}
