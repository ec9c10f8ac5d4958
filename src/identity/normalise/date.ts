import { isDay } from '../../domain/time.ts';

/**
 * How far a date can be trusted: `EXACT`; `DEFAULT`, a day that offices write when they only know the year (1 January, 31 December);
 * `YEAR`, only the year was written; `SWAPPED`, month above 12, so day and month were exchanged back.
 */
export type DateQuality = 'EXACT' | 'DEFAULT' | 'YEAR' | 'SWAPPED';

export interface NormalDate {
  readonly year: number;
  /** 0 where only the year is known. */
  readonly month: number;
  readonly day: number;
  readonly quality: DateQuality;
}

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MEI', 'JUN', 'JUL', 'AGU', 'SEP', 'OKT', 'NOV', 'DES'];
const otherMonths: Readonly<Record<string, number>> = { MAY: 5, AUG: 8, AGT: 8, AGS: 8, OCT: 10, DEC: 12, PEB: 2, NOP: 11 };

function monthOf(word: string): number {
  const key = word.slice(0, 3).toUpperCase();
  const index = months.indexOf(key);
  return index >= 0 ? index + 1 : (otherMonths[key] ?? 0);
}

function dated(year: number, month: number, day: number): NormalDate | null {
  if (year < 1850 || year > 2150) return null;
  if (month === 0 && day === 0) return { year, month: 0, day: 0, quality: 'YEAR' };
  const text = (m: number, d: number) => `${year}-${String(m).padStart(2, '0')}-${String(d).padStart(2, '0')}`;
  if (isDay(text(month, day))) {
    const isDefault = (month === 1 && day === 1) || (month === 12 && day === 31);
    return { year, month, day, quality: isDefault ? 'DEFAULT' : 'EXACT' };
  }
  if (isDay(text(day, month))) return { year, month: day, day: month, quality: 'SWAPPED' };
  // A day that does not exist is a typing error: the parts are still evidence.
  return month <= 99 && day <= 99 ? { year, month, day, quality: 'EXACT' } : null;
}

/** A date of birth as written: ISO, `yyyyMMdd`, day first with any separator, month by name (Indonesian or English), year only. */
export function normaliseDate(raw: string): NormalDate | null {
  const text = raw.trim().replace(/[T ]\d{1,2}:\d{2}.*$/, '');
  const compact = /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  const iso = compact ?? /^(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})$/.exec(text);
  if (iso) return dated(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const dayFirst = /^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})$/.exec(text);
  if (dayFirst) return dated(Number(dayFirst[3]), Number(dayFirst[2]), Number(dayFirst[1]));
  const worded = /^(\d{1,2})[-/. ]+([A-Za-z]{3,})[-/., ]+(\d{4})$/.exec(text);
  if (worded) return dated(Number(worded[3]), monthOf(worded[2]!), Number(worded[1]));
  const year = /^(\d{4})$/.exec(text);
  return year ? dated(Number(year[1]), 0, 0) : null;
}
