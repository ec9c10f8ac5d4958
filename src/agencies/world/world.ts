import { LRUCache } from 'lru-cache';
import type { AgencyName, AgencyRecord } from '../../domain/record.ts';
import type { Identifier } from '../../domain/identifier.ts';
import type { Day } from '../../domain/time.ts';
import { isDay } from '../../domain/time.ts';
import type { AreaCode, Sex } from '../../domain/person.ts';
import { makeCast } from './cast/cast.ts';
import { castSize } from './cast/size.ts';
import { candidates, isPlaceholderNik, placeholderLimit, withPlaceholder } from './find.ts';
import { makers as makersFor } from './lives.ts';
import { largest } from './papers.ts';
import { makePerson } from './records.ts';

/** Who a person really is, behind all records. Used for measuring only; no agency and no part of the hub sees it. */
export interface Truth {
  readonly name: string;
  readonly sex: Sex;
  readonly dateOfBirth: Day;
  readonly placeOfBirth: string;
  readonly motherName: string;
  readonly phone: string;
  readonly area: AreaCode;
  readonly nik: string;
  /** Oldest first. */
  readonly passports: readonly string[];
}

/** One synthetic person: what is true of her, and what each agency has on her. */
export interface WorldPerson {
  /** 0 to size - 1. */
  readonly index: number;
  /** Name in the cast, such as `siti-selangor`; null for all others. */
  readonly cast: string | null;
  readonly truth: Truth;
  /** Mismatch classes that occur in her records, such as `NIK_TYPO`. */
  readonly mismatches: readonly string[];
  /**
   * A record of BPJS Kesehatan carries the history of the membership, newest first: each entry holds from its `serviceDate` until the next newer one.
   */
  readonly records: readonly AgencyRecord[];
}

/** A member of the named cast. */
export interface CastMember {
  readonly slug: string;
  readonly index: number;
  readonly nik: string;
  /** Her story in one or two English sentences. */
  readonly story: string;
}

/**
 * A synthetic population: person i follows from (seed, i) alone, so that a million people need no more memory than a thousand.
 * The cast comes first, with the same people whatever seed and size.
 */
export interface World {
  readonly seed: number;
  readonly size: number;
  /** The day on which the world is seen. */
  readonly today: Day;
  readonly cast: readonly CastMember[];
  person(index: number): WorldPerson;
  /** The people of whom the agency has a record that carries the identifier, whether or not it is truly theirs. Computed, not looked up in a table. */
  find(agency: AgencyName, identifier: Identifier): readonly number[];
}

export interface WorldOptions {
  /** Default 1. */
  readonly seed?: number;
  /** People in the world, the cast included. Default 2000; at most {@link largestWorld}. */
  readonly size?: number;
  /** The day on which the world is seen: nothing in it happens later. */
  readonly today: Day;
  /** People kept at hand, since a look-up is mostly followed by reading the person. Default 256; {@link servedAtHand} where mocks are asked for them. */
  readonly remember?: number;
}

/** Most people a world can have, so that every number still leads to one person. */
export const largestWorld = largest;
export const defaultSeed = 1;
/** Seeds are whole numbers from 0 to this. */
export const largestSeed = 2 ** 32 - 1;
export const defaultSize = 2_000;
/** People kept at hand for mocks, which are all asked for the same people: with fewer, each agency's would be made anew. Whoever goes through a million once is faster with less. */
export const servedAtHand = 5_000;

export function createWorld({ seed = defaultSeed, size = defaultSize, today, remember = 256 }: WorldOptions): World {
  if (!Number.isSafeInteger(seed) || seed < 0 || seed > largestSeed) throw new RangeError(`The seed of a world is a whole number from 0 to ${largestSeed}.`);
  if (!Number.isSafeInteger(size) || size < 0 || size > largest) throw new RangeError(`The size of a world is a whole number from 0 to ${largest}.`);
  if (!isDay(today) || today < earliest) throw new RangeError(`The day of a world is a day as yyyy-MM-dd, ${earliest} or later.`);

  const makers = makersFor(seed, today);
  const { members, people, carriers } = makeCast(today);
  const recent = new LRUCache<number, WorldPerson>({ max: remember });

  function person(index: number): WorldPerson {
    if (!Number.isSafeInteger(index) || index < 0 || index >= size) throw new RangeError(`The people of this world are 0 to ${size - 1}.`);
    const fixed = people[index];
    if (fixed) return fixed;
    let found = recent.get(index);
    if (!found) recent.set(index, (found = makePerson(makers, index)));
    return found;
  }

  function carries(index: number, agency: AgencyName, { kind, value }: Identifier): boolean {
    return person(index).records.some((record) => record.agency === agency && record.person.identifiers.some((other) => other.kind === kind && other.value === value));
  }

  function find(agency: AgencyName, identifier: Identifier): number[] {
    const found = carriers(agency, identifier).filter((index) => index < size);
    if (isPlaceholderNik(identifier)) {
      for (const index of withPlaceholder(makers, agency, size)) {
        if (found.length >= placeholderLimit) break;
        if (index >= castSize && carries(index, agency, identifier)) found.push(index);
      }
      return found;
    }
    for (const index of candidates(makers, identifier)) if (index >= castSize && index < size && carries(index, agency, identifier)) found.push(index);
    return found.toSorted((a, b) => a - b);
  }

  return { seed, size, today, cast: members.slice(0, size), person, find };
}

/** Before this day there is too little to tell: cover for PMI began in 2018. */
const earliest: Day = '2023-03-01';
