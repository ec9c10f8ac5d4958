import type { NormalName } from '../normalise/name.ts';
import { normaliseName, soundOf } from '../normalise/name.ts';
import { editDistance, jaroWinkler } from '../similarity.ts';
import type { Comparator } from './comparator.ts';

export interface NameCell extends NormalName {
  readonly ids: readonly number[];
  readonly patronymicIds: readonly number[];
  readonly joined: string;
}

/** Which features of two words make a key: sound, beginning (1), end (2). */
const pairings = [[0, 0], [1, 1], [2, 2], [0, 1], [1, 0]] as const;

/** Sounds of up to four words; initials bring nobody together. */
function soundsOf(cell: NameCell): readonly string[] {
  const sounds = new Set<string>();
  for (const token of cell.tokens) if (token.length > 1 && sounds.size < 4) sounds.add(soundOf(token));
  return [...sounds];
}

const levels = [
  'same', 'same words, other order', 'same single word', 'subset', 'one word of several', 'same but spelling of a word', 'same but a word only similar',
  'most words same', 'one word same, another differs', 'all words close', 'words close or similar', 'single word close', 'one word close, another differs',
  'words similar', 'single word similar', 'one word similar, another differs', 'different', 'single word different',
] as const;
const SAME = 0, REORDERED = 1, SAME_ONE = 2, SUBSET = 3, ONE_OF = 4, EXACT_CLOSE = 5, EXACT_SIMILAR = 6, MOST = 7, ONE_DIFFERS = 8, CLOSE = 9, CLOSE_SIMILAR = 10, CLOSE_ONE = 11,
  CLOSE_DIFFERS = 12, SIMILAR = 13, SIMILAR_ONE = 14, SIMILAR_DIFFERS = 15, DIFFERENT = 16, DIFFERENT_ONE = 17;

/** How two words agree: 3 equal, 2 close (a typing error, the same sound, a truncation), 1 similar or an initial, 0 different. */
type Closeness = 0 | 1 | 2 | 3;

function closenessOf(a: string, b: string, sameSound: boolean): Closeness {
  if (a === b) return 3;
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (short.length === 1) {
    // `M.` before a name is kept on passports where nobody knows any more what it stood for.
    if (short === 'M' && long === 'MUHAMAD') return 3;
    return long.startsWith(short) ? 1 : 0;
  }
  const similarity = jaroWinkler(a, b);
  if (similarity >= 0.92) return 2;
  // Truncation: the data page of a passport ends after a fixed number of characters.
  if (short.length >= 4 && long.startsWith(short)) return 2;
  if (short.length >= 4 && editDistance(a, b, 1) <= 1) return 2;
  if (short.length >= 4 && sameSound) return 2;
  if (similarity >= 0.8 || (short.length >= 5 && editDistance(a, b, 2) <= 2)) return 1;
  return 0;
}

/** Names: by words, in any order, the shorter name against the best words of the longer. Words are interned and their closeness remembered. */
export function nameComparator(): Comparator<NameCell> {
  const words: string[] = [];
  const sounds: string[] = [];
  const idOf = new Map<string, number>();
  const remembered = new Map<number, Closeness>();

  function intern(word: string): number {
    let id = idOf.get(word);
    if (id === undefined) {
      id = words.length;
      words.push(word);
      sounds.push(soundOf(word));
      idOf.set(word, id);
    }
    return id;
  }

  function closeness(a: number, b: number): Closeness {
    if (a === b) return 3;
    const key = a < b ? a * 0x4000000 + b : b * 0x4000000 + a;
    let value = remembered.get(key);
    if (value === undefined) {
      value = closenessOf(words[a]!, words[b]!, sounds[a] === sounds[b]);
      if (remembered.size > 2_000_000) remembered.clear();
      remembered.set(key, value);
    }
    return value;
  }

  /** How many of the words without a partner are the other's father: his name may stand within the name at one agency and behind `binti` at another. */
  function fathersAmong({ ids }: NameCell, taken: number, { patronymicIds }: NameCell): number {
    let count = 0;
    if (patronymicIds.length > 0) for (let i = 0; i < ids.length; i++) if (!((taken >> i) & 1) && patronymicIds.some((father) => closeness(ids[i]!, father) >= 2)) count += 1;
    return count;
  }

  /** How well the words of the shorter name agree with their best partners, or with the father's name; partners are given out best first. */
  function align(short: NameCell, long: NameCell): Closeness[] {
    const result: Closeness[] = short.ids.map(() => 0);
    let takenShort = 0;
    let takenLong = 0;
    for (const wanted of [3, 2, 1] as const) {
      for (let i = 0; i < short.ids.length; i++) {
        if ((takenShort >> i) & 1) continue;
        for (let j = 0; j < long.ids.length; j++) {
          if ((takenLong >> j) & 1 || closeness(short.ids[i]!, long.ids[j]!) !== wanted) continue;
          takenShort |= 1 << i;
          takenLong |= 1 << j;
          result[i] = wanted;
          break;
        }
      }
    }
    // Of names of as many words either may be the shorter.
    let fathers = fathersAmong(short, takenShort, long);
    if (short.ids.length === long.ids.length) fathers = Math.max(fathers, fathersAmong(long, takenLong, short));
    for (let i = 0; fathers > 0; i++) {
      if ((takenShort >> i) & 1) continue;
      result[i] = 2;
      fathers -= 1;
    }
    return result;
  }

  /** Index of the partner of each word of the shorter name that is equal or close; -1 for none. */
  function partners(short: NameCell, long: NameCell): number[] {
    const result = short.ids.map(() => -1);
    for (const wanted of [3, 2] as const) {
      for (let i = 0; i < result.length; i++) {
        if (result[i]! >= 0) continue;
        result[i] = long.ids.findIndex((id, j) => !result.includes(j) && closeness(short.ids[i]!, id) === wanted);
      }
    }
    return result;
  }

  function sameOrder(a: NameCell, b: NameCell): boolean {
    return a.ids.every((id, index) => closeness(id, b.ids[index]!) === 3);
  }

  return {
    levels,
    lastAgreeing: CLOSE_ONE,
    wordForWord: (level) => level <= ONE_OF,
    fullyAgrees: (level) => level <= EXACT_SIMILAR || level === CLOSE || level === CLOSE_ONE,
    prepare(values) {
      const name = normaliseName(values.join(' '));
      if (name === null) return null;
      const tokens = name.tokens.slice(0, 12);
      return { tokens, patronymic: name.patronymic, ids: tokens.map(intern), patronymicIds: name.patronymic.map(intern), joined: tokens.join('') };
    },
    compare(a, b) {
      const [short, long] = a.ids.length <= b.ids.length ? [a, b] : [b, a];
      const found = align(short, long);
      const count = [0, 0, 0, 0];
      for (const value of found) count[value]!++;
      const [none, similar, close, equal] = count as [number, number, number, number];
      const n = found.length;
      if (equal === n) {
        if (n === long.ids.length) return n === 1 ? SAME_ONE : sameOrder(a, b) ? SAME : REORDERED;
        return n === 1 ? (a.joined === b.joined ? EXACT_CLOSE : ONE_OF) : SUBSET;
      }
      // A blank typed into a word, or left out between two.
      if ((none > 0 || similar > 0) && a.joined.length >= 5 && editDistance(a.joined, b.joined, 1) <= 1) return a.joined === b.joined ? EXACT_CLOSE : CLOSE;
      if (n === 1) return close ? CLOSE_ONE : similar ? SIMILAR_ONE : DIFFERENT_ONE;
      if (none > 0) {
        if (equal >= 2) return MOST;
        return equal ? ONE_DIFFERS : close ? CLOSE_DIFFERS : similar ? SIMILAR_DIFFERS : DIFFERENT;
      }
      if (similar > 0) return equal ? EXACT_SIMILAR : close ? CLOSE_SIMILAR : SIMILAR;
      return equal ? EXACT_CLOSE : CLOSE;
    },
    terms: (cell) => cell.tokens,
    shared(a, b, level) {
      if (level >= SIMILAR) return [];
      const [short, long] = a.ids.length <= b.ids.length ? [a, b] : [b, a];
      const found = partners(short, long);
      const terms: (readonly string[])[] = [];
      for (const [i, j] of found.entries()) {
        if (j < 0) continue;
        const [x, y] = [short.tokens[i]!, long.tokens[j]!];
        terms.push(x === y ? [x] : [x, y]);
      }
      return terms;
    },
    strong(cell) {
      const words = cell.tokens.filter((token) => token.length > 1).slice(0, 4).map((token) => [soundOf(token), `^${token.slice(0, 3)}`, `$${token.slice(-3)}`] as const);
      const pairs = new Set<string>();
      for (const [i, x] of words.entries()) {
        for (const y of words.slice(i + 1)) for (const [f, g] of pairings) pairs.add([x[f], y[g]].toSorted().join(' '));
      }
      return [...pairs];
    },
    weak: soundsOf,
    coarse: (cell) => cell.tokens.filter((token) => token.length > 2).slice(0, 4).flatMap((token) => [`^${token.slice(0, 3)}`, `$${token.slice(-3)}`]),
    show: (cell) => cell.tokens.join(' ') + (cell.patronymic.length > 0 ? ` (bin/binti ${cell.patronymic.join(' ')})` : ''),
  };
}
