import { createHash } from 'node:crypto';
import type { Schema } from './attributes.ts';
import type { Joins } from './keys.ts';

/** u of an attribute among pairs of different people that agree on another one. */
export interface Given {
  /** Index of that other attribute; always an earlier one. */
  readonly attribute: number;
  /** By level. */
  readonly u: readonly number[];
}

/** What was learned of one attribute. */
export interface AttributeModel {
  readonly levels: readonly {
    readonly name: string;
    /** Probability of the level among pairs of one person. */
    readonly m: number;
    /** Probability of the level among pairs of two people. */
    readonly u: number;
  }[];
  /** Mean frequency of terms by group, in the sense that a term of just that frequency needs no adjustment. */
  readonly meanFrequency: Readonly<Record<string, number>>;
  /** Terms more frequent than most, by their hash (a model holds no names or numbers in the clear), with their frequency. Others count as {@link AttributeModel.rareFrequency}. */
  readonly frequency: Readonly<Record<string, number>>;
  readonly rareFrequency: number;
  /** Attributes whose agreement makes agreement here less of a surprise; the first that agrees counts. */
  readonly given: readonly Given[];
}

/** How often a person of one source is found in another (or again in the same). */
export interface SourcePair {
  readonly a: string;
  readonly b: string;
  /** Expected true pairs. */
  readonly pairs: number;
}

export interface Thresholds {
  /** Probability from which a pair is linked by machine. */
  readonly link: number;
  /** Probability from which a steward is asked. */
  readonly review: number;
}

/** All that scoring needs, as plain JSON. The prior is not stored as a number: it follows from pairs and sizes, and so from the file's size. */
export interface Model {
  /** Hash of everything else in it. */
  readonly version: string;
  readonly schema: Schema;
  readonly joins: Joins;
  readonly attributes: readonly AttributeModel[];
  readonly sources: readonly { readonly name: string; readonly records: number }[];
  readonly sourcePairs: readonly SourcePair[];
  readonly thresholds: Thresholds;
}

/** The model with its version: equal models have equal versions. */
export function versioned(model: Omit<Model, 'version'>): Model {
  const version = createHash('sha256').update(JSON.stringify(model)).digest('hex').slice(0, 12);
  return { version, ...model };
}
