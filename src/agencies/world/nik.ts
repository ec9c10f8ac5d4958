import { dealSlots } from './origins.ts';
import type { DistrictSlots } from './origins.ts';
import { hash, permutation } from './random.ts';
import type { Sex } from '../../domain/person.ts';

/**
 * NIKs that carry their owner's index. A keyed permutation turns the index into a slot; the slot decides the district, the day of the year of
 * birth and the serial; the year and the sex are free. Reading the digits backwards gives the index again. All serials lie in 9000..9999, which
 * no district ever reaches on one day, so that no NIK can be a real person's; 9990..9999 are kept for the cast.
 */

/** People that can be told apart; the largest world. */
export const capacityBits = 24;
export const capacity = 2 ** capacityBits;

const serialBase = 9000;
const serials = 990;
/** Kinds of owner that share a slot: oneself, one's twin (same district and day), the dead friend whose papers one uses. */
export type Owner = 'self' | 'twin' | 'friend';
const owners: readonly Owner[] = ['self', 'twin', 'friend'];
const serialsPerOwner = serials / owners.length;
/** The days of a year fall into two halves; the slot decides the day within a half. Nobody here was born on 29 February. */
const half = 183;
const widest = half * serialsPerOwner;
/** Coprime to 990, so that serials of neighbours lie apart; and its inverse. */
const spread = 499;
const unspread = 619;

const monthStarts = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];

/** What the slot decides of a person. */
export interface Birthplace {
  readonly district: DistrictSlots;
  readonly month: number;
  readonly day: number;
  /** Place in the order of births, 0 to 989 by owner; see {@link NikCodec.write}. */
  readonly place: number;
  readonly dayOfYear: number;
}

export interface NikCodec {
  birthplace(index: number): Birthplace;
  write(birthplace: Birthplace, owner: Owner, year: number, sex: Sex): string;
  /** The index and owner that the digits carry; null where they carry none. Year and sex are not looked at. */
  read(nik: string): { readonly index: number; readonly owner: Owner } | null;
}

let dealt: { list: readonly DistrictSlots[]; byDigits: ReadonlyMap<string, DistrictSlots> } | undefined;

function districts() {
  if (!dealt) {
    const list = dealSlots(capacity, widest);
    dealt = { list, byDigits: new Map(list.map((d) => [d.digits, d])) };
  }
  return dealt;
}

export function nikCodec(seed: number, tag: number): NikCodec {
  const slots = permutation(seed, tag, capacityBits);
  const { list, byDigits } = districts();
  const shift = (ordinal: number, dayOfYear: number) => hash(seed, ordinal * 366 + dayOfYear, tag) % serials;

  return {
    birthplace(index) {
      const slot = slots.of(index);
      let low = 0;
      let high = list.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (list[middle]!.start <= slot) low = middle;
        else high = middle - 1;
      }
      const district = list[low]!;
      const noise = hash(seed, index, tag);
      const step = Math.floor(widest / district.width);
      const spot = (slot - district.start) * step + (noise % step);
      const dayInHalf = Math.floor(spot / serialsPerOwner);
      const later = dayInHalf + half < 365 && (noise >>> 16) % 2 === 1;
      const dayOfYear = dayInHalf + (later ? half : 0);
      let month = 1;
      while (monthStarts[month]! <= dayOfYear) month++;
      return { district, month, day: dayOfYear - monthStarts[month - 1]! + 1, place: spot % serialsPerOwner, dayOfYear };
    },

    write({ district, month, day, place, dayOfYear }, owner, year, sex) {
      const serial = ((place * owners.length + owners.indexOf(owner)) * spread + shift(district.ordinal, dayOfYear)) % serials;
      return `${district.digits}${two(sex === 'FEMALE' ? day + 40 : day)}${two(month)}${two(year % 100)}${serialBase + serial}`;
    },

    read(nik) {
      const district = byDigits.get(nik.slice(0, 6));
      const [written, month, serial] = [Number(nik.slice(6, 8)), Number(nik.slice(8, 10)), Number(nik.slice(12)) - serialBase];
      const day = written > 40 ? written - 40 : written;
      if (!district || !(serial >= 0 && serial < serials) || !(month >= 1 && month <= 12) || day < 1) return null;
      const dayOfYear = monthStarts[month - 1]! + day - 1;
      if (dayOfYear >= monthStarts[month]!) return null;
      const code = ((serial - shift(district.ordinal, dayOfYear) + serials) * unspread) % serials;
      const spot = (dayOfYear % half) * serialsPerOwner + Math.floor(code / owners.length);
      const offset = Math.floor(spot / Math.floor(widest / district.width));
      if (offset >= district.width) return null;
      return { index: slots.inverse(district.start + offset), owner: owners[code % owners.length]! };
    },
  };
}

function two(number: number): string {
  return number < 10 ? `0${number}` : String(number);
}
