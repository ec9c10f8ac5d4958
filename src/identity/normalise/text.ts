/** Words that stand for "no value" in any field. */
const nothing = new Set(['', '-', '--', '.', 'N/A', 'NA', 'NULL', 'NONE', 'NIHIL', 'TIDAK ADA', 'TIDAK DIKETAHUI', 'UNKNOWN', 'XXX', 'XXXX', '?']);

/** True for values that stand for "no value". */
export function isNothing(raw: string): boolean {
  return nothing.has(raw.trim().toUpperCase());
}

/** Upper case without diacritics; everything that is no letter or digit becomes one blank. Letters of other scripts are kept. */
export function plain(raw: string): string {
  return raw
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toUpperCase()
    .replace(/['’‘`´]/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** Free text in canonical form, or null where it says nothing. */
export function normaliseText(raw: string): string | null {
  if (isNothing(raw)) return null;
  const text = plain(raw);
  return text === '' ? null : text;
}
