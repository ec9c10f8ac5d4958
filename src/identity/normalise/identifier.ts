import { isNothing } from './text.ts';

/**
 * Numbers that stand for "no number": one character repeated, or a run such as `1234567890`. They must never link two records.
 */
function isFiller(value: string): boolean {
  return value.length >= 6 && (/^(.)\1*$/.test(value) || '01234567890'.startsWith(value) || '12345678901234567890'.startsWith(value) || /^0+\d$/.test(value));
}

/** What a spreadsheet makes of a long number (`5.20407E+15`): the leading digits, the rest lost. Null where the text is no such thing. */
export function spreadsheetDigits(raw: string): string | null {
  const parts = /^\s*(\d)(?:[.,](\d+))?[eE]\+?(\d{1,2})\s*$/.exec(raw);
  return parts ? parts[1]! + (parts[2] ?? '') : null;
}

/** Any number or code: upper case, letters and digits only; null for placeholders and for spreadsheet damage. */
export function normaliseIdentifier(raw: string): string | null {
  if (isNothing(raw) || spreadsheetDigits(raw) !== null) return null;
  const value = raw.normalize('NFKD').toUpperCase().replace(/\.0+$/, '').replace(/[^\p{L}\p{N}]+/gu, '');
  return value === '' || isFiller(value) ? null : value;
}

/** A passport number: letters first, digits after; `O` for zero and `I` or `L` for one are put right behind the letters. */
export function normalisePassport(raw: string): string | null {
  const value = normaliseIdentifier(raw);
  if (value === null || value.length < 5) return null;
  const digits = value.slice(-6).replace(/O/g, '0').replace(/[IL]/g, '1');
  const head = value.slice(0, -6);
  // One or two letters, of which a leading zero is an O (`0` never starts a series); a digit after the first letter may be mistyped the same way.
  const letters = head.length === 2 && /[0-9OIL]/.test(head[1]!) ? head[0]! + head[1]!.replace('O', '0').replace(/[IL]/, '1') : head;
  const fixed = letters.replace(/^0/, 'O') + digits;
  return isFiller(fixed.replace(/^\D+/, '')) ? null : fixed;
}

/** A phone number in national form without the leading zero: `+62 812-3456`, `62812...`, `0812...` are one. */
export function normalisePhone(raw: string): string | null {
  if (isNothing(raw) || spreadsheetDigits(raw) !== null) return null;
  const all = raw.replace(/\D+/g, '').replace(/^00/, '');
  const digits = all.replace(/^620?(?=\d{7})/, '').replace(/^0+/, '');
  return digits.length < 6 || isFiller(digits) ? null : digits;
}
