import type { AgencyName, AgencyRecord } from '../../domain/record.ts';
import type { Identifier } from '../../domain/identifier.ts';
import type { Day } from '../../domain/time.ts';
import type { AreaCode, Sex } from '../../domain/person.ts';

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
