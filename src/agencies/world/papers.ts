import { Draws } from './random.ts';
import { dayOf, yearOf } from './calendar.ts';
import { makeLife, passportOn } from './lives.ts';
import type { Life, Makers, Passport } from './lives.ts';
import { giveClan, giveName } from './names.ts';
import type { FullName } from './names.ts';
import { capacity } from './nik.ts';
import { hands, manner, strikes } from './mismatches.ts';
import { castSize } from './cast/size.ts';
import { tags } from './tags.ts';

/** Who a worker is by the papers shown to those who place her: her own, or somebody else's. */
export interface Papers {
  readonly name: FullName;
  readonly born: number;
  readonly placeOfBirth: string;
  readonly mother: FullName;
  readonly nik: string;
  readonly borrowed: boolean;
  passportOn(day: number): Passport;
}

/** Indices above the largest world are the friends whose papers are used after their death. */
export const largest = capacity / 2;
/** A worker lends to one at most so many places further on. */
const reach = 64;

export function friendOf(index: number): number {
  return index + largest;
}

export function borrowerOfFriend(friend: number): number {
  return friend - largest;
}

/** The worker whose papers person i uses; null where she uses a dead friend's, or her own. */
export function lenderOf(seed: number, index: number): number | null {
  if (!strikes(seed, index, 'IDENTITY_BORROWED')) return null;
  const draw = manner(seed, index, 'IDENTITY_BORROWED');
  if (draw % 2 === 0) return null;
  const lender = index - 1 - ((draw >>> 8) % reach);
  return lender >= castSize ? lender : null;
}

/** Those who use the papers of person i. */
export function borrowersOf(seed: number, lender: number): number[] {
  const found: number[] = [];
  for (let index = lender + 1; index <= lender + reach; index++) if (lenderOf(seed, index) === lender) found.push(index);
  return found;
}

export function ownPapers(life: Life): Papers {
  return { name: life.name, born: life.born, placeOfBirth: life.placeOfBirth, mother: life.mother, nik: life.nik, borrowed: false, passportOn: (day) => passportOn(life, day) };
}

/** The papers a person was placed under. */
export function papersOf(makers: Makers, life: Life): Papers {
  const { seed } = makers;
  if (!strikes(seed, life.index, 'IDENTITY_BORROWED')) return ownPapers(life);
  const lender = lenderOf(seed, life.index);
  if (lender !== null) return { ...ownPapers(makeLife(makers, lender)), borrowed: true };

  const friend = friendOf(life.index);
  const draws = new Draws(seed, friend, tags.origin);
  const birthplace = makers.niks.birthplace(friend);
  const province = birthplace.district.digits.slice(0, 2);
  const clan = giveClan(draws, province);
  const year = yearOf(life.born) - 3 + draws.between(0, 6);
  const passport = makers.numbers.passport(friend, 0);
  return {
    name: giveName(draws, province, life.sex, clan), born: dayOf(year, birthplace.month, birthplace.day), placeOfBirth: birthplace.district.regency.replace(/^(Kabupaten|Kota) /, ''),
    mother: giveName(draws, province, 'FEMALE', clan), nik: makers.niks.write(birthplace, 'friend', year, life.sex), borrowed: true,
    passportOn: (day) => ({ ...passportOn(life, day), number: passport }),
  };
}

/** Years that a passport makes its holder older; 0 for most. Only those who were young when they first left. */
export function yearsAdded(seed: number, life: Life): number {
  const age = yearOf(life.journeys[0]!.registered) - yearOf(life.born);
  if (age > 22 || !strikes(seed, life.index, 'AGE_FALSIFIED', hands.NOBODY)) return 0;
  return 2 + (manner(seed, life.index, 'AGE_FALSIFIED') % 4);
}
