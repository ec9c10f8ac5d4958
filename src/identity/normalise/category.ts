import { isNothing, plain } from './text.ts';

/** A category in canonical form, or null where it says nothing. */
export function normaliseCategory(raw: string): string | null {
  if (isNothing(raw)) return null;
  const value = plain(raw);
  return value === '' ? null : value;
}

const female = new Set(['FEMALE', 'F', 'P', 'PEREMPUAN', 'WANITA', 'W', 'WOMAN', '2']);
const male = new Set(['MALE', 'M', 'L', 'LAKI LAKI', 'LAKILAKI', 'LAKI', 'PRIA', 'MAN', '1']);

/** Sex as agencies write it (`L`/`P`, `LAKI-LAKI`/`PEREMPUAN`, `M`/`F`); null for anything else. */
export function normaliseSex(raw: string): 'FEMALE' | 'MALE' | null {
  const value = plain(raw);
  if (female.has(value)) return 'FEMALE';
  return male.has(value) ? 'MALE' : null;
}

/** An area code as levels from province to village, with or without dots: `35.07.10.2001` gives four, `3507` two. Null for anything else. */
export function normaliseArea(raw: string): readonly string[] | null {
  const digits = raw.replace(/[^\dA-Za-z]/g, '');
  if (!/^\d{2}(\d{2}(\d{2}(\d{4})?)?)?$/.test(digits) || digits.startsWith('00')) return null;
  return [2, 4, 6, 10].filter((length) => digits.length >= length).map((length) => digits.slice(0, length));
}
