/**
 * What an attribute is, which decides how it is normalised, blocked and compared. Levels and thresholds follow from the kind and the data,
 * never from one file.
 */
export const kinds = ['identifier', 'name', 'text', 'date', 'category', 'phone', 'number'] as const;
export type Kind = (typeof kinds)[number];

/** Finer forms of a kind for the linker's own attributes: the parts inside a NIK, letters for digits in a passport, levels of an area code. */
export type Form = 'nik' | 'passport' | 'area' | 'sex';

/** One attribute that records are compared by. */
export interface AttributeSpec {
  readonly name: string;
  readonly kind: Kind;
  readonly form?: Form;
  /**
   * Attribute whose value already encodes this one (a NIK holds date of birth, sex and district). Where that one is compared and its encoded part
   * agrees, agreement here is no further evidence.
   */
  readonly encodedIn?: string;
  /** Attribute that takes the patronymic (`bin`, `binti`, `BT`) found in this name. */
  readonly patronymicTo?: string;
}

export type Schema = readonly AttributeSpec[];

/** A record to be linked: values as written by the source, several where it has several (old and new passport). */
export interface LinkRecord {
  /** Unique among all records that are linked together. */
  readonly id: string;
  /** File or agency it comes from. How often people occur twice is learned for each pair of sources. */
  readonly source: string;
  readonly values: Readonly<Record<string, readonly string[]>>;
}

/** The linker's own attributes: those that Indonesian agencies hold of a worker. */
export const personSchema: Schema = [
  { name: 'nik', kind: 'identifier', form: 'nik' },
  { name: 'passport', kind: 'identifier', form: 'passport' },
  { name: 'kpj', kind: 'identifier' },
  { name: 'pmiId', kind: 'identifier' },
  { name: 'jknCard', kind: 'identifier' },
  { name: 'ktkln', kind: 'identifier' },
  { name: 'name', kind: 'name', patronymicTo: 'alias' },
  { name: 'alias', kind: 'name' },
  { name: 'sex', kind: 'category', form: 'sex', encodedIn: 'nik' },
  { name: 'dateOfBirth', kind: 'date', encodedIn: 'nik' },
  { name: 'placeOfBirth', kind: 'text', encodedIn: 'nik' },
  { name: 'motherName', kind: 'name' },
  { name: 'phone', kind: 'phone' },
  { name: 'area', kind: 'category', form: 'area', encodedIn: 'nik' },
];
