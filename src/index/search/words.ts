import { soundOf } from '../../identity/normalise/name.ts';
import { editDistance, jaroWinkler } from '../../identity/similarity.ts';

/*
 * How well a name fits what was typed, 0 to 1. Both in canonical spelling (`searchName`), so that old spelling, titles, `BT` for `BINTI` and the many ways to write
 * Muhammad make no difference.
 */

/** Least letters of a word that may have a slip of the pen, and of one that may have two. */
const [oneSlip, twoSlips] = [4, 8];

/** How well a word of a name fits a typed word; 0 where it does not. */
export function wordScore(typed: string, word: string): number {
  if (typed === word) return 1;
  const length = Math.max(typed.length, word.length);
  const allowed = length >= twoSlips ? 2 : length >= oneSlip ? 1 : 0;
  const slips = allowed === 0 ? 1 : editDistance(typed, word, allowed);
  const near = slips <= allowed && allowed > 0 ? 1 - (0.6 * slips) / Math.max(oneSlip, length / 1.5) : 0;
  const begun = typed.length >= 2 && word.startsWith(typed) ? 0.7 + (0.25 * typed.length) / word.length : 0;
  const heard = length >= oneSlip && soundOf(typed) === soundOf(word) && jaroWinkler(typed, word) >= 0.85 ? 0.8 : 0;
  return Math.max(near, begun, heard);
}

/** Of three or more words typed, one may fit nothing: a father's name that the record lacks, say. */
export function mostMissing(typed: readonly string[]): number {
  return typed.length >= 3 ? 1 : 0;
}

/**
 * How well a name fits the typed words: the mean of how well each is found, by its length, less up to 0.3 for words of the name that were not typed, and a little
 * for another order. Null where too many words are not found.
 */
export function nameScore(typed: readonly string[], name: readonly string[], score: (typed: string, word: string) => number): number | null {
  let [sum, letters, missing, turned, last] = [0, 0, 0, 0, -1];
  const used = new Set<number>();
  for (const word of typed) {
    let [best, at] = [0, -1];
    name.forEach((candidate, i) => {
      const fit = used.has(i) ? 0 : score(word, candidate);
      if (fit > best) [best, at] = [fit, i];
    });
    letters += word.length;
    if (at < 0) {
      missing += 1;
      continue;
    }
    used.add(at);
    if (at < last) turned += 1;
    last = at;
    sum += best * word.length;
  }
  if (missing > mostMissing(typed) || used.size === 0) return null;
  const untyped = (name.length - used.size) / name.length;
  return (sum / letters) * (1 - 0.3 * untyped) * (turned > 0 ? 0.98 : 1);
}
