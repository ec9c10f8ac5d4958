import { isDay } from '../../domain/time.ts';
import { normaliseIdentifier, spreadsheetDigits } from './identifier.ts';

/** What a population number (NIK) says: district where first registered, date of birth and sex, serial. It has no check digit and no century. */
export interface NormalNik {
  /** 16 digits; empty where a spreadsheet left only the beginning. */
  readonly value: string;
  /** District, 6 digits. */
  readonly district: string;
  /** Date part as written, `DDMMYY`, women's days raised by 40. */
  readonly datePart: string;
  readonly serial: string;
  /** What the date part means; null where it names no day. */
  readonly birth: { readonly year: number; readonly month: number; readonly day: number } | null;
  readonly sex: 'FEMALE' | 'MALE' | null;
  /** Digits that survived spreadsheet damage, such as `520407` of `5.20407E+15`; null for a whole number. */
  readonly prefixOnly: string | null;
}

/**
 * Reads a NIK; null for placeholders and for what is no NIK (wrong length, letters).
 * @param pivot two-digit years up to this are 20xx. Default 15: workers are adults.
 */
export function normaliseNik(raw: string, pivot = 15): NormalNik | null {
  const damaged = spreadsheetDigits(raw);
  if (damaged !== null) {
    return damaged.length < 4 || /^0+$/.test(damaged)
      ? null
      : { value: '', district: damaged.slice(0, 6), datePart: '', serial: '', birth: null, sex: null, prefixOnly: damaged };
  }
  const value = normaliseIdentifier(raw)?.replace(/O/g, '0').replace(/[IL]/g, '1') ?? null;
  if (value === null || !/^\d{16}$/.test(value) || /^0{4}|^0+$|0{10}/.test(value)) return null;
  const [district, datePart, serial] = [value.slice(0, 6), value.slice(6, 12), value.slice(12)];
  const written = Number(datePart.slice(0, 2));
  const day = written > 40 ? written - 40 : written;
  const month = Number(datePart.slice(2, 4));
  const short = Number(datePart.slice(4, 6));
  const year = short <= pivot ? 2000 + short : 1900 + short;
  const real = isDay(`${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`);
  return {
    value, district, datePart, serial, prefixOnly: null,
    birth: real ? { year, month, day } : null,
    sex: real ? (written > 40 ? 'FEMALE' : 'MALE') : null,
  };
}
