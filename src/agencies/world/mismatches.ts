import { chanceAt, hash } from './random.ts';
import { tags } from './tags.ts';

/** A way in which records of one person differ from the truth or from each other (domain.md 5.3). */
export interface MismatchClass {
  /** Chance per person, or per record, that could have it. All are assumptions: nobody has published how often which class occurs. */
  readonly chance: number;
  readonly per: 'person' | 'record';
  /** Share of people in whose records it occurs, as this world comes out; a test holds it to a quarter more or less. */
  readonly share: number;
  readonly meaning: string;
}

/** Every mismatch class of the world. */
export const mismatchClasses = {
  NAME_SPELLING: { chance: 0.07, per: 'record', share: 0.15, meaning: 'Another spelling of the same name: Muhammad/Moh., old oe/tj/dj, Siti/Sitti, Nur/Noer, doubled letters' },
  NAME_TYPO: { chance: 0.02, per: 'record', share: 0.06, meaning: 'A letter wrong, missing or twice' },
  NAME_BIN: { chance: 0.45, per: 'record', share: 0.085, meaning: 'bin or binti and the father’s name added in Malaysia, Brunei and the Gulf' },
  NAME_TITLE: { chance: 0.6, per: 'record', share: 0.01, meaning: 'A title (H., Hj.) as part of the name' },
  NAME_DOUBLED: { chance: 0.3, per: 'record', share: 0.035, meaning: 'A single name written twice, as on foreign papers' },
  NAME_DROPPED: { chance: 0.03, per: 'record', share: 0.07, meaning: 'A word of the name left out' },
  NAME_TRUNCATED: { chance: 1, per: 'record', share: 0.03, meaning: 'Cut to the 30 characters of a passport’s data page' },
  NAME_INITIAL: { chance: 0.025, per: 'record', share: 0.06, meaning: 'A word of the name written as its first letter' },
  NIK_TYPO: { chance: 0.012, per: 'record', share: 0.03, meaning: 'One digit of the NIK wrong, or two neighbours exchanged' },
  NIK_PLACEHOLDER: { chance: 0.006, per: 'record', share: 0.015, meaning: 'NIK 0000000000000000' },
  NIK_SPREADSHEET: { chance: 0.007, per: 'record', share: 0.02, meaning: 'NIK damaged by a spreadsheet (3,50712E+15); only the raw text is kept' },
  NIK_SEX_BIT: { chance: 0.008, per: 'record', share: 0.014, meaning: 'NIK of a woman written without the 40 added to the day' },
  NIK_MISSING: { chance: 1, per: 'record', share: 0.19, meaning: 'A record without NIK' },
  PASSPORT_OLD: { chance: 1, per: 'record', share: 0.22, meaning: 'A record knows an older passport and not the one in use' },
  PASSPORT_UNREADABLE: { chance: 0.015, per: 'record', share: 0.005, meaning: 'Passport number with the letter O for zero; only the raw text is kept' },
  SPLP: { chance: 1, per: 'record', share: 0.01, meaning: 'Known to a mission under a travel document (SPLP) instead of the passport' },
  AGE_FALSIFIED: { chance: 0.06, per: 'person', share: 0.014, meaning: 'Passport with an older date of birth, to meet the age required' },
  IDENTITY_BORROWED: { chance: 0.006, per: 'person', share: 0.006, meaning: 'Worked under the papers of a dead friend or of another worker' },
  DATE_SWAPPED: { chance: 0.015, per: 'record', share: 0.015, meaning: 'Day and month of birth exchanged' },
  DATE_DEFAULT: { chance: 0.012, per: 'record', share: 0.03, meaning: 'Born on 1 January by default' },
  TWIN: { chance: 0.01, per: 'person', share: 0.01, meaning: 'A twin: same district, day of birth and parents, NIKs that differ in the last four digits only' },
  VALUE_MISSING: { chance: 0.02, per: 'record', share: 0.06, meaning: 'Sex or date of birth missing' },
  PHONE_CHANGED: { chance: 0.12, per: 'record', share: 0.2, meaning: 'Another phone number' },
  MOTHER_SPELLING: { chance: 0.06, per: 'record', share: 0.07, meaning: 'Another spelling of the mother’s name' },
  AREA_MOVED: { chance: 0.06, per: 'record', share: 0.09, meaning: 'Residence in another district than the one the NIK was given in' },
  AREA_STALE: { chance: 1, per: 'person', share: 0.0066, meaning: 'NIK (and some areas) with the code of the province before it was split' },
  RECORD_DOUBLED: { chance: 0.02, per: 'person', share: 0.016, meaning: 'Two records of the same person at BP2MI' },
  RECORD_MISSING: { chance: 0.03, per: 'person', share: 0.025, meaning: 'Placed lawfully, yet BP2MI has no record' },
} as const satisfies Record<string, MismatchClass>;

export type Mismatch = keyof typeof mismatchClasses;

const order = new Map((Object.keys(mismatchClasses) as Mismatch[]).map((name, k) => [name, k]));

/** Hands that write records: a class may strike at one and not at another. */
export const hands = { BP2MI: 0, BP2MI_AGAIN: 1, SOCIAL: 2, HEALTH: 3, MISSION: 4, SOCIAL_LATER: 5, MISSION_LATER: 6, NOBODY: 7 } as const;
export type Hand = (typeof hands)[keyof typeof hands];
export const allHands: readonly Hand[] = Object.values(hands);

/** Whether the class strikes person and hand. Needs no life to be made, so that wrong identifiers can be searched for cheaply. */
export function strikes(seed: number, index: number, mismatch: Mismatch, hand: Hand = hands.NOBODY): boolean {
  return chanceAt(seed, index * 8 + hand, tags.mismatches + order.get(mismatch)!) < mismatchClasses[mismatch].chance;
}

/** Draw for how exactly a class strikes. */
export function manner(seed: number, index: number, mismatch: Mismatch, hand: Hand = hands.NOBODY): number {
  return hash(seed, index * 8 + hand, tags.mismatches + 100 + order.get(mismatch)!);
}
