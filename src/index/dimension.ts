import type { EnumName } from './fields.ts';

/** A name in both languages. */
export interface Label {
  readonly id: string;
  readonly en: string;
}

/** How far a value may say something of a person: `PLAIN` about her placement or where she comes from, `PERSONAL` about herself, `SENSITIVE` about health, cases or money. */
export const sensitivities = ['PLAIN', 'PERSONAL', 'SENSITIVE'] as const;
export type Sensitivity = (typeof sensitivities)[number];

/** Other facts of a worker that a value is made from: who may not see all of those cannot use it. */
export type Rests = 'PLACEMENT' | 'CASE' | 'STAY';

/**
 * What a dimension's values are. `code` and `enum` are texts, in the facts numbers of a dictionary; `set` holds several words, joined by `+`; a `band` is one of the
 * listed texts, in the facts its place in the list.
 */
export type DimensionType =
  | { readonly kind: 'enum'; readonly dictionary: string; readonly of: EnumName }
  | { readonly kind: 'code'; readonly dictionary: string; readonly scalar: 'CountryCode' | 'CurrencyCode' | 'AreaCode' | 'String' }
  | { readonly kind: 'set'; readonly dictionary: string }
  | { readonly kind: 'band'; readonly values: readonly string[]; readonly labels: readonly Label[] }
  | { readonly kind: 'flag' }
  | { readonly kind: 'day' }
  | { readonly kind: 'number' };

/** Something that facts can be filtered and grouped by; days are grouped by year, quarter and month. */
export interface Dimension {
  readonly name: string;
  readonly label: Label;
  readonly type: DimensionType;
  readonly sensitivity: Sensitivity;
  readonly rests: readonly Rests[];
  /**
   * SQL by which the value is made when facts are written, over the rows of the index: `f` is the fact's own, `w` the worker's with what is made for her (see
   * `facts/state.ts`). It is kept under the dimension's name. Left out: the value is made from other columns of the facts when asked for.
   */
  readonly stored?: string;
  /** SQL of the value over the facts; `$day` is the day for which is asked. For a band, the place of the value in its list. */
  readonly sql: string;
}

/** What is told of the facts of a cell. All SQL is over the facts, with `$day` for the day for which is asked. */
export type MeasureKind =
  /** How many facts. */
  | { readonly kind: 'facts' }
  /** How many different persons. */
  | { readonly kind: 'persons' }
  /** How many of the facts meet a condition, and what share that is. */
  | { readonly kind: 'count'; readonly sql: string }
  /** The same for several conditions, each with the value of an enum that stands for it. */
  | { readonly kind: 'counts'; readonly of: 'BranchName'; readonly values: readonly { readonly value: string; readonly sql: string }[] }
  /** Sum of whole numbers, and what it is for a thousand facts. */
  | { readonly kind: 'sum'; readonly sql: string }
  /** Amounts in hundredths, by currency. */
  | { readonly kind: 'money'; readonly sql: string; readonly currency: string }
  /** Whole numbers, of which mean and quantiles are told. */
  | { readonly kind: 'quantity'; readonly sql: string; readonly unit: 'DAYS' | 'MONTHS' | 'YEARS' };

export interface Measure {
  readonly name: string;
  readonly label: Label;
  readonly sensitivity: Sensitivity;
  readonly rests: readonly Rests[];
  readonly is: MeasureKind;
  /** SQL by which what the measure needs beyond dimensions is made when facts are written, by the name under which it is kept. */
  readonly stored?: Readonly<Record<string, string>>;
}

/** What statistics can be asked of: one kind of fact with its dimensions and measures. */
export interface StatisticsEntity {
  readonly dimensions: readonly Dimension[];
  readonly measures: readonly Measure[];
  /** Columns of the facts whose values occur in few combinations, see `facts/profiles.ts`: those that are asked for most. They hold numbers, and nothing that is hidden from a caller who sees the fact. */
  readonly profile: readonly string[];
}
