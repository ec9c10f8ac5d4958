import { Draws, chanceAt } from './random.ts';
import { dayNumber, dayOf, plusMonths } from './calendar.ts';
import { tags } from './tags.ts';
import { career, careerShares, startDay, startYears } from './journeys.ts';
import type { Journey } from './journeys.ts';
import { irregular, lawful } from './markets.ts';
import { giveClan, giveName } from './names.ts';
import type { FullName } from './names.ts';
import { formerProvince } from './origins.ts';
import { nikCodec } from './nik.ts';
import type { NikCodec } from './nik.ts';
import { numbers } from './numbers.ts';
import type { Numbers } from './numbers.ts';
import type { AreaCode, Sex } from '../../domain/person.ts';

/** A passport or travel document in time. */
export interface Passport {
  readonly number: string;
  readonly issued: number;
  readonly validUntil: number;
  readonly travelDocument: boolean;
}

/** A whole life: what is true, before any agency writes it down. Days are numbers. */
export interface Life {
  readonly index: number;
  readonly name: FullName;
  readonly sex: Sex;
  readonly born: number;
  readonly area: AreaCode;
  readonly province: string;
  readonly placeOfBirth: string;
  readonly father: FullName;
  readonly mother: FullName;
  /** Mobile number after the leading 0. */
  readonly phone: string;
  readonly nik: string;
  readonly passports: readonly Passport[];
  readonly ktkln: string | null;
  readonly journeys: readonly Journey[];
  /** Index of the twin; null for most. */
  readonly twin: number | null;
}

/** About one per cent of people are twins: pairs (i, i + 1) with i even. */
export const twinPairs = 0.01;

/** What all makers of lives share. */
export interface Makers {
  readonly seed: number;
  readonly today: number;
  readonly niks: NikCodec;
  readonly numbers: Numbers;
  readonly years: ReturnType<typeof startYears>;
}

export function makers(seed: number, today: string): Makers {
  const day = dayNumber(today);
  return { seed, today: day, niks: nikCodec(seed, tags.nik), numbers: numbers(seed, tags.numbers), years: startYears(day) };
}

/** Whether person i is one of a pair of twins. The cast's indices come in whole pairs and are never asked for. */
export function isTwin({ seed }: Makers, index: number): boolean {
  return chanceAt(seed, index & ~1, tags.pair) < twinPairs;
}

/** What twins share: origin, day of birth, sex, parents and the year in which they first went abroad. */
function origin(makers: Makers, index: number) {
  const { seed, today } = makers;
  const draws = new Draws(seed, index, tags.origin);
  const birthplace = makers.niks.birthplace(index);
  const province = birthplace.district.digits.slice(0, 2);
  const byLaw = !draws.happens(careerShares.irregular);
  const market = (byLaw ? lawful : irregular).any.at(draws.unit());
  const sex: Sex = draws.happens(market.women) ? 'FEMALE' : 'MALE';
  const year = draws.weighted(makers.years);
  const firstDay = startDay(draws, year, today);
  const age = 19 + Math.floor(draws.unit() ** 1.5 * 24);
  const birthYear = year - 1 - age;
  const clan = giveClan(draws, province);
  return {
    birthplace, province, byLaw, market, sex, firstDay, birthYear, clan, born: dayOf(birthYear, birthplace.month, birthplace.day),
    father: giveName(draws, province, 'MALE', clan), mother: giveName(draws, province, 'FEMALE', clan),
  };
}

const travelDocumentYears = 1;
/** From this day passports are valid for ten years instead of five; general knowledge, not verified. */
const tenYearsSince = dayNumber('2022-10-12');

/** Passports as they were renewed in time; four at most. */
function passports(makers: Makers, index: number, journeys: readonly Journey[], draws: Draws): Passport[] {
  const list: Passport[] = [];
  const first = journeys[0]!;
  const issue = (issued: number) => {
    list.push({ number: makers.numbers.passport(index, list.length), issued, validUntil: plusMonths(issued, issued >= tenYearsSince ? 120 : 60) - 1, travelDocument: false });
  };
  issue(Math.min(makers.today, first.registered + (first.lawful ? 25 : -draws.between(20, 400))));
  const last = journeys.at(-1)!;
  const until = last.returned ?? makers.today;
  for (let next = list[0]!.validUntil - draws.between(40, 180); next <= until && list.length < 4; next = list.at(-1)!.validUntil - draws.between(40, 180)) issue(next);
  // Home without a valid passport, or after a stay outside procedure: often on a travel document.
  if (last.returned !== null && draws.happens(last.lawful ? 0.01 : 0.35)) {
    const issued = last.returned - draws.between(3, 40);
    list.push({ number: makers.numbers.splp(index), issued, validUntil: plusMonths(issued, 12 * travelDocumentYears) - 1, travelDocument: true });
  }
  return list;
}

/** The KTKLN card is of the time before SISKOP2MI; those who left earlier have one. The year is assumed. */
const lastKtkln = dayNumber('2017-12-31');

export function makeLife(makers: Makers, index: number): Life {
  const twins = isTwin(makers, index);
  const second = twins && index % 2 === 1;
  const root = origin(makers, second ? index - 1 : index);
  const own = new Draws(makers.seed, index, tags.ownName);
  const name = giveName(own, root.province, root.sex, root.clan);
  const phone = `8${own.pick(['12', '13', '21', '22', '52', '53', '57', '77', '78', '95'])}${String(own.between(1_000_0000, 9_999_9999))}`;
  const draws = new Draws(makers.seed, index, tags.career);
  const firstDay = second ? Math.min(makers.today, root.firstDay + draws.between(0, 200)) : root.firstDay;
  const written = makers.niks.write(root.birthplace, second ? 'twin' : 'self', root.birthYear, root.sex);
  const former = formerProvince(root.province, root.birthYear);
  const journeys = career(draws, { sex: root.sex, market: root.market, lawful: root.byLaw, firstDay, today: makers.today });
  const first = journeys[0]!;
  return {
    index, name, sex: root.sex, born: root.born, area: root.birthplace.district.area.code, province: root.province, placeOfBirth: placeName(root.birthplace.district.regency), father: root.father,
    mother: root.mother, phone, nik: former === null ? written : former + written.slice(2),
    passports: passports(makers, index, journeys, draws), ktkln: first.lawful && first.departed !== null && first.departed <= lastKtkln ? makers.numbers.ktkln(index) : null,
    journeys, twin: twins ? index ^ 1 : null,
  };
}

/** `Kabupaten Blitar` and `Kota Blitar` are both written `Blitar` as a place of birth. */
function placeName(regency: string): string {
  return regency.replace(/^(Kabupaten|Kota Administrasi|Kota) /, '');
}

/** The passport in use on a day; the first where the day is before all. */
export function passportOn(life: Life, day: number): Passport {
  let current = life.passports[0]!;
  for (const passport of life.passports) if (passport.issued <= day && !passport.travelDocument) current = passport;
  return current;
}

