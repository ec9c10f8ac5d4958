import { normaliseArea, normaliseCategory, normaliseSex } from '../normalise/category.ts';
import { soundOf } from '../normalise/name.ts';
import { isNothing, normaliseText } from '../normalise/text.ts';
import { editDistance, jaroWinkler } from '../similarity.ts';
import type { Comparator } from './comparator.ts';

export interface TextCell {
  readonly text: string;
  readonly words: readonly string[];
}

/** Free text such as an address or a place: whole, by similarity, by shared words. */
export function textComparator(): Comparator<TextCell> {
  const levels = ['same', 'close', 'similar or half the words', 'different'] as const;
  return {
    levels,
    lastAgreeing: 2,
    prepare(values) {
      const text = normaliseText(values.join(' '));
      return text === null ? null : { text, words: text.split(' ') };
    },
    compare(a, b) {
      if (a.text === b.text) return 0;
      const similarity = jaroWinkler(a.text, b.text);
      if (similarity >= 0.93 || (Math.min(a.text.length, b.text.length) >= 5 && editDistance(a.text, b.text, 2) <= 2)) return 1;
      if (a.text.replaceAll(' ', '') === b.text.replaceAll(' ', '')) return 1;
      if (similarity >= 0.85) return 2;
      const [few, many] = a.words.length <= b.words.length ? [a.words, b.words] : [b.words, a.words];
      const shared = few.filter((word) => word.length >= 3 && many.includes(word)).length;
      return shared > 0 && shared * 2 >= few.length ? 2 : 3;
    },
    terms: (cell) => [cell.text],
    shared: (a, _b, level) => (level === 0 ? [[a.text]] : []),
    strong: (cell) => [textSound(cell)],
    weak: (cell) => [textSound(cell)],
    show: (cell) => cell.text,
  };
}

function categoryBy(normalise: (raw: string) => string | null): Comparator<string> {
  return {
    levels: ['same', 'different'],
    lastAgreeing: 0,
    prepare(values) {
      for (const value of values) {
        const normal = normalise(value);
        if (normal !== null) return normal;
      }
      return null;
    },
    compare: (a, b) => (a === b ? 0 : 1),
    terms: (cell) => [cell],
    shared: (a, _b, level) => (level === 0 ? [[a]] : []),
    strong: () => [],
    weak: (cell) => [cell],
    show: (cell) => cell,
  };
}

export const categoryComparator = () => categoryBy(normaliseCategory);
export const sexComparator = () => categoryBy(normaliseSex);

/** Area codes: by the finest level that both know. */
export function areaComparator(): Comparator<readonly string[]> {
  return {
    levels: ['same village', 'same district', 'same regency', 'same province', 'different'],
    lastAgreeing: 2,
    prepare(values) {
      for (const value of values) {
        const area = normaliseArea(value);
        if (area !== null) return area;
      }
      return null;
    },
    compare(a, b) {
      for (let depth = Math.min(a.length, b.length) - 1; depth >= 0; depth--) if (a[depth] === b[depth]) return 3 - depth;
      return 4;
    },
    terms: (cell) => cell,
    shared: (a, _b, level) => (level < 4 ? [[a[3 - level]!]] : []),
    termGroup: (term) => String(term.length),
    strong: () => [],
    // The regency: districts and villages are not known to all agencies.
    weak: (cell) => [cell[1] ?? cell[0]!],
    show: (cell) => cell.at(-1)!,
  };
}

export interface NumberCell {
  readonly text: string;
  /** NaN where the text is no number, such as `12a`. */
  readonly value: number;
}

/** Numbers: equal, nearly equal (one per cent, or one typing error), different. */
export function numberComparator(): Comparator<NumberCell> {
  return {
    levels: ['same', 'nearly', 'different'],
    lastAgreeing: 1,
    prepare(values) {
      for (const raw of values) {
        const text = raw.trim().toUpperCase().replace(/^0+(?=\d)/, '');
        if (!isNothing(text)) return { text, value: Number(text.replace(',', '.')) };
      }
      return null;
    },
    compare(a, b) {
      if (a.text === b.text || a.value === b.value) return 0;
      if (Math.abs(a.value - b.value) <= 0.01 * Math.max(Math.abs(a.value), Math.abs(b.value))) return 1;
      return Math.min(a.text.length, b.text.length) >= 2 && editDistance(a.text, b.text, 1) <= 1 ? 1 : 2;
    },
    terms: (cell) => [cell.text],
    shared: (a, _b, level) => (level === 0 ? [[a.text]] : []),
    strong: () => [],
    weak: (cell) => [cell.text],
    show: (cell) => cell.text,
  };
}

/** A text's sound, word by word, for blocking. */
const textSound = (cell: TextCell): string => cell.words.map(soundOf).join(' ');
