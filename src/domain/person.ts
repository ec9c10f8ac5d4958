import type { Day } from './time.ts';
import type { Identifier } from './identifier.ts';

export const sexes = ['FEMALE', 'MALE'] as const;
/** Sex as registered. */
export type Sex = (typeof sexes)[number];

/**
 * A Kemendagri area code: province `35`, regency `35.07`, district `35.07.10` or village `35.07.10.2001`.
 */
export type AreaCode = string;

/**
 * What one agency's record says of the person it is about, as that agency wrote it. Nothing here is decided: two agencies may disagree.
 * Null means the agency does not say.
 */
export interface PersonClaim {
  /** Full name as written by the agency (case and spelling kept). */
  readonly name: string | null;
  /** Father's, clan or other name that the agency keeps apart (`bin`/`binti`), as written. */
  readonly alias: string | null;
  readonly sex: Sex | null;
  readonly dateOfBirth: Day | null;
  readonly placeOfBirth: string | null;
  readonly motherName: string | null;
  /** Phone number as written. */
  readonly phone: string | null;
  /** Area of origin or residence in Indonesia, as precise as the agency knows it. */
  readonly area: AreaCode | null;
  /**
   * Every identifier on the record in canonical form: NIK, passports (old and new), and the agency's own numbers.
   * What is not of its kind's form is left out here; `raw` keeps it.
   */
  readonly identifiers: readonly Identifier[];
  /** Identifiers that could not be brought into canonical form, as written (spreadsheet damage, O for 0, too short). */
  readonly raw: readonly { readonly kind: Identifier['kind']; readonly text: string }[];
}
