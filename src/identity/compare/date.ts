import type { NormalDate } from '../normalise/date.ts';
import { normaliseDate } from '../normalise/date.ts';
import { editDistance } from '../similarity.ts';
import type { Comparator } from './comparator.ts';

export interface DateCell extends NormalDate {
  /** `yyyyMMdd`; zeros where only the year is known. */
  readonly digits: string;
}

const levels = ['same', 'day and month swapped', 'one typing error', 'same day and month, year off', 'same year, day unknown to one', 'year and one part same', 'same year or day and month', 'different'] as const;
const SAME = 0, SWAPPED = 1, TYPING = 2, YEAR_OFF = 3, YEAR_ONLY = 4, TWO_PARTS = 5, LOOSE = 6, DIFFERENT = 7;

const vague = (cell: DateCell) => cell.quality === 'DEFAULT' || cell.quality === 'YEAR';

/** Dates: a default day (1 January) or a bare year says no more than the year. */
export function dateComparator(): Comparator<DateCell> {
  return {
    levels,
    lastAgreeing: TWO_PARTS,
    prepare(values) {
      for (const value of values) {
        const date = normaliseDate(value);
        if (date !== null) return { ...date, digits: `${date.year}${String(date.month).padStart(2, '0')}${String(date.day).padStart(2, '0')}` };
      }
      return null;
    },
    compare(a, b) {
      if (a.digits === b.digits) return a.quality === 'YEAR' ? YEAR_ONLY : SAME;
      const sameYear = a.year === b.year;
      if (vague(a) !== vague(b) || a.quality === 'YEAR' || b.quality === 'YEAR') return sameYear ? YEAR_ONLY : DIFFERENT;
      if (sameYear && a.month === b.day && a.day === b.month) return SWAPPED;
      const sameMonth = a.month === b.month;
      const sameDay = a.day === b.day;
      if (sameMonth && sameDay && Math.abs(a.year - b.year) <= 8) return YEAR_OFF;
      if (editDistance(a.digits, b.digits, 1) <= 1) return TYPING;
      if (sameYear && (sameMonth || sameDay)) return TWO_PARTS;
      return sameYear || (sameMonth && sameDay) ? LOOSE : DIFFERENT;
    },
    terms: (cell) => [cell.digits],
    shared: (a, _b, level) => (level === SAME ? [[a.digits]] : []),
    strong: (cell) => (vague(cell) ? [] : [cell.digits]),
    weak(cell) {
      if (vague(cell)) return [`y${cell.year}`];
      const { year, month, day } = cell;
      return [`ym${year}-${month}`, `yd${year}-${day}`, `md${Math.min(month, day)}-${Math.max(month, day)}`, `y${year}`];
    },
    show: (cell) => (cell.quality === 'YEAR' ? String(cell.year) : `${cell.year}-${cell.digits.slice(4, 6)}-${cell.digits.slice(6)}${cell.quality === 'DEFAULT' ? ' (default day)' : ''}`),
  };
}
