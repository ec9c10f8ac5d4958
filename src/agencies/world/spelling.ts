/** How names and numbers come to be written wrongly. Pure functions; `draw` is any whole number, which decides among the possibilities. */

const respellings: readonly (readonly [RegExp, string])[] = [
  [/^Muhammad$|^Muhamad$|^Mohammad$|^Moh\.$|^Mohd$/i, 'Mohammad Muhamad Moh Mohd Muh Moch Muhammad'],
  [/^Siti$/i, 'Sitti St Siti'],
  [/^Sitti$/i, 'Siti St'],
  [/^Ahmad$/i, 'Achmad Akhmad'],
  [/^Abdul$/i, 'Abd Abdoel'],
];
/** Old and new spelling, and letters often confused; tried in both directions. */
const letters: readonly (readonly [string, string])[] = [
  ['nur', 'noer'], ['su', 'soe'], ['dj', 'j'], ['tj', 'c'], ['ju', 'dju'], ['ya', 'ja'], ['y', 'i'], ['ei', 'e'], ['z', 's'], ['f', 'p'], ['h', ''], ['ss', 's'], ['n', 'nn'], ['ti', 'tie'], ['v', 'f'],
];

function like(sample: string, word: string): string {
  if (sample === sample.toUpperCase()) return word.toUpperCase();
  return sample.charAt(0) === sample.charAt(0).toUpperCase() ? word.charAt(0).toUpperCase() + word.slice(1) : word;
}

/** Another spelling of one of the words; the same words where none is known. */
export function respell(words: readonly string[], draw: number): string[] {
  const out = [...words];
  for (let turn = 0; turn < words.length; turn++) {
    const at = (draw + turn) % words.length;
    const word = words[at]!;
    const whole = respellings.find(([form]) => form.test(word));
    if (whole) {
      const others = whole[1].split(' ').filter((other) => other.toLowerCase() !== word.toLowerCase());
      out[at] = like(word, others[(draw >>> 4) % others.length]!);
      return out;
    }
    for (let k = 0; k < letters.length; k++) {
      const [from, to] = letters[((draw >>> 4) + k) % letters.length]!;
      const place = word.toLowerCase().indexOf(from);
      if (place < 0 || word.length < 5) continue;
      out[at] = like(word, word.slice(0, place).toLowerCase() + to + word.slice(place + from.length).toLowerCase());
      return out;
    }
  }
  return out;
}

/** One letter dropped, doubled, or exchanged with its neighbour. */
export function mistype(words: readonly string[], draw: number): string[] {
  const out = [...words];
  const at = words.reduce((longest, word, k) => (word.length > words[longest]!.length ? k : longest), 0);
  const word = words[at]!;
  if (word.length < 4) return out;
  const place = 1 + (draw % (word.length - 2));
  const kind = (draw >>> 8) % 3;
  if (kind === 0) out[at] = word.slice(0, place) + word.slice(place + 1);
  else if (kind === 1) out[at] = word.slice(0, place) + word.charAt(place) + word.slice(place);
  else out[at] = word.slice(0, place) + word.charAt(place + 1) + word.charAt(place) + word.slice(place + 2);
  return out;
}

/** A word as its first letter: the first of a Muhammad-like pair, else the last. */
export function abbreviate(words: readonly string[], dot: boolean): string[] {
  if (words.length < 2) return [...words];
  const at = /^(muh|moh|mohd|ahmad|abdul|siti)/i.test(words[0]!) ? 0 : words.length - 1;
  return words.map((word, k) => (k === at ? word.charAt(0) + (dot ? '.' : '') : word));
}

/** A name as a passport has it: no punctuation. */
export function withoutMarks(text: string): string {
  return text.replace(/[.,'’-]/g, '').replace(/ +/g, ' ').trim();
}

export const dataPageLength = 30;

export function truncate(text: string): string {
  return text.slice(0, dataPageLength).trimEnd();
}

/** Places of a NIK where a slip may fall: not the first digit of the serial, so that no impossible NIK becomes a possible one. */
const slips = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15];
const exchanges = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14];

function substitute(nik: string, place: number, digit: number): string {
  return nik.slice(0, place) + String(digit) + nik.slice(place + 1);
}

function exchange(nik: string, place: number): string {
  return nik.slice(0, place) + nik.charAt(place + 1) + nik.charAt(place) + nik.slice(place + 2);
}

/** A NIK with one slip; never the same NIK. */
export function mistypeNik(nik: string, draw: number): string {
  if (draw % 3 === 0) {
    const exchanged = exchange(nik, exchanges[(draw >>> 4) % exchanges.length]!);
    if (exchanged !== nik) return exchanged;
  }
  const place = slips[(draw >>> 4) % slips.length]!;
  return substitute(nik, place, (Number(nik.charAt(place)) + 1 + ((draw >>> 12) % 9)) % 10);
}

/** Every NIK from which one slip leads to this one. */
export function beforeSlip(nik: string): string[] {
  const found: string[] = [];
  for (const place of slips) for (let step = 1; step < 10; step++) found.push(substitute(nik, place, (Number(nik.charAt(place)) + step) % 10));
  for (const place of exchanges) {
    const exchanged = exchange(nik, place);
    if (exchanged !== nik) found.push(exchanged);
  }
  return found;
}

/** A NIK after a spreadsheet took it for a number. */
export function spreadsheet(nik: string, draw: number): string {
  return draw % 2 === 0 ? `${nik.charAt(0)},${nik.slice(1, 6)}E+15` : `${nik.charAt(0)}.${nik.slice(1, 15)}E+15`;
}

/** A NIK of a woman without the 40 added to the day. */
export function withoutSexBit(nik: string): string {
  return nik.slice(0, 6) + String(Number(nik.slice(6, 8)) - 40).padStart(2, '0') + nik.slice(8);
}

/** A phone number in one of the forms people write; `national` is without the leading 0. */
export function writePhone(national: string, draw: number): string {
  const forms = [`0${national}`, `+62${national}`, `62${national}`, `0${national.slice(0, 3)}-${national.slice(3, 7)}-${national.slice(7)}`, `+62 ${national.slice(0, 3)} ${national.slice(3, 7)} ${national.slice(7)}`];
  return forms[draw % forms.length]!;
}
