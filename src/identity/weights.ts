import { nikEncodes } from './compare/identifier.ts';
import type { AttributeModel } from './model.ts';
import type { Comparison } from './prepare.ts';
import { MISSING } from './prepare.ts';

/** Weights in bits for levels, as learning and scoring both use them. */
export class Weights {
  readonly #comparison: Comparison;
  readonly #base: readonly Float64Array[];
  readonly #given: readonly (readonly { readonly attribute: number; readonly lastAgreeing: number; readonly weights: Float64Array }[])[];

  constructor(comparison: Comparison, attributes: readonly AttributeModel[]) {
    this.#comparison = comparison;
    this.#base = attributes.map(({ levels }) => Float64Array.from(levels, ({ m, u }) => Math.log2(m / u)));
    this.#given = attributes.map(({ levels, given }) =>
      given.map(({ attribute, u }) => ({
        attribute,
        lastAgreeing: comparison.attributes[attribute]!.comparator.lastAgreeing,
        weights: Float64Array.from(levels, ({ m }, l) => Math.log2(m / u[l]!)),
      })));
  }

  /** Weight of attribute i's level before rarity; a missing level weighs nothing. */
  of(levels: Uint8Array, offset: number, i: number): number {
    const level = levels[offset + i]!;
    if (level === MISSING) return 0;
    for (const { attribute, lastAgreeing, weights } of this.#given[i]!) {
      const other = levels[offset + attribute]!;
      if (other !== MISSING && other <= lastAgreeing) return weights[level]!;
    }
    return this.#base[i]![level]!;
  }

  /** Whether an identifier that encodes attribute i was compared and its encoded part agrees: agreement here is then no further evidence. */
  encodes(levels: Uint8Array, offset: number, i: number): boolean {
    const by = this.#comparison.attributes[i]!.encodedIn;
    if (by < 0) return false;
    const level = levels[offset + by]!;
    return level !== MISSING && nikEncodes(level);
  }
}
