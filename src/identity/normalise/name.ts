import { isNothing, plain } from './text.ts';

/** A personal name as compared. */
export interface NormalName {
  /** Words of the name proper in canonical spelling, in order, without titles. A single letter is an initial. */
  readonly tokens: readonly string[];
  /** Words after `bin`, `binti`, `BT`: the father's name. */
  readonly patronymic: readonly string[];
}

const titles = new Set([
  'H', 'HJ', 'HAJI', 'HAJAH', 'HAJJAH', 'DR', 'DRS', 'DRA', 'IR', 'PROF', 'KH', 'TN', 'NY', 'NN', 'SDR', 'SDRI', 'BPK', 'IBU', 'MR', 'MRS', 'MS', 'MISS',
  'ALM', 'ALMH', 'RR',
]);
const degrees = new Set([
  'SE', 'SH', 'ST', 'SS', 'SKM', 'SPD', 'SPDI', 'SAG', 'SSOS', 'SKOM', 'SIP', 'SSI', 'SPT', 'SP', 'SKEP', 'SFARM', 'SHI', 'SPSI', 'MM', 'MPD', 'MSI', 'MH', 'MA', 'MT', 'AMD',
  'AMDKEB', 'AMDKEP', 'NERS', 'APT', 'PHD', 'BA', 'BSC', 'MSC', 'MBA', 'SPOG', 'AMK',
]);
const filler = new Set(['FNU', 'LNU', 'TANPA', 'NAMA', 'NONAME', 'NOLASTNAME', 'NOFIRSTNAME', 'MONONYM']);
const patronymics = new Set(['BIN', 'BINTI', 'BINTE', 'BT', 'BTE', 'BTI', 'BINT', 'IBN', 'IBNU']);

const muhammad = ['MUHAMAD', 'MOHAMAD', 'MOHAMED', 'MOHAMET', 'MUHAMED', 'MOCHAMAD', 'MUCHAMAD', 'MOCHAMED', 'MUH', 'MOH', 'MOCH', 'MUCH', 'MOHD', 'MUHD', 'MHD', 'MUKHAMAD', 'MOKHAMAD', 'MOKH'];
/** Spellings and abbreviations of frequent words, after doubled letters have been made single. */
const variants = new Map<string, string>([
  ...muhammad.map((word): [string, string] => [word, 'MUHAMAD']),
  ['SITTI', 'SITI'], ['SITY', 'SITI'], ['STI', 'SITI'], ['ABD', 'ABDUL'], ['ABDL', 'ABDUL'], ['ABDOEL', 'ABDUL'],
  ['ACHMAD', 'AHMAD'], ['AKHMAD', 'AHMAD'], ['AHMAT', 'AHMAD'], ['AHMED', 'AHMAD'], ['AKHMAT', 'AHMAD'], ['NOR', 'NUR'], ['NOOR', 'NUR'], ['NUER', 'NUR'],
]);

/** One word in canonical spelling: old spelling (oe, tj, dj, sj, nj) made new, doubled letters single, known variants joined. */
export function canonicalToken(word: string): string {
  if (word.length === 1) return word;
  // Before doubled letters go: OO of NOOR is the Dutch-era U, as OE is.
  const known = variants.get(word);
  if (known !== undefined) return known;
  const token = word
    .replace(/OE/g, 'U')
    .replace(/TJ/g, 'C')
    .replace(/DJ/g, 'J')
    .replace(/SJ/g, 'SY')
    .replace(/NJ/g, 'NY')
    .replace(/(.)\1+/gu, '$1');
  return variants.get(token) ?? token;
}

/** How a word sounds, for blocking and as a sign of closeness: consonants in classes, vowels dropped after the first letter. */
export function soundOf(token: string): string {
  const merged = token
    .replace(/KH|GH/g, 'H')
    .replace(/PH|V|F/g, 'P')
    .replace(/CK|Q|C(?=[KTLR])/g, 'K')
    .replace(/X/g, 'KS')
    .replace(/SY|SH|Z|TS/g, 'S')
    .replace(/DH/g, 'D')
    .replace(/TH/g, 'T')
    .replace(/Y/g, 'I');
  const rest = merged.slice(1).replace(/[AEIOUHW]/g, '');
  return (merged.charAt(0) + rest).replace(/(.)\1+/gu, '$1');
}

/** The name as compared, or null where the field holds no name. */
export function normaliseName(raw: string): NormalName | null {
  if (isNothing(raw)) return null;
  // Degrees follow a comma in Indonesian use: `Siti Aminah, S.E.`; a comma before other words is kept as a blank.
  const [head = '', ...tails] = raw.split(',');
  const kept = tails.filter((tail) => !degrees.has(plain(tail).replaceAll(' ', '')));
  const words = plain([head, ...kept].join(' ')).split(' ').filter((word) => word !== '' && !/^\p{N}+$/u.test(word));
  const tokens: string[] = [];
  const patronymic: string[] = [];
  let target = tokens;
  for (const [index, word] of words.entries()) {
    const opens = patronymics.has(word) || (word === 'B' && tokens.length > 0);
    if (opens && index < words.length - 1 && target === tokens) {
      target = patronymic;
      continue;
    }
    if (filler.has(word)) continue;
    if (titles.has(word) && words.length > 1 && (index === 0 || word.length > 1) && !(index === words.length - 1 && tokens.length === 0)) continue;
    if (word === 'ST' && index === 0 && words.length > 1) {
      tokens.push('SITI');
      continue;
    }
    const token = canonicalToken(word);
    // A mononym is doubled on papers that demand two words.
    if (target.at(-1) !== token) target.push(token);
  }
  if (tokens.length === 0) return patronymic.length > 0 ? { tokens: patronymic, patronymic: [] } : null;
  return { tokens, patronymic };
}
