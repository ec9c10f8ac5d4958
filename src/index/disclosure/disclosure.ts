import type { Grant } from '../../access/scopes.ts';
import { type Amounts, type Cell, type FactCell } from './cell.ts';
import { noiseOf, smoothNoiseOf, threshold } from './noise.ts';
import { standingForFacts, standingForPersons } from './standing.ts';

/** Least that all contributors but the two largest must bring, as a share of the largest: else the second could tell the first's amount (the p% rule). */
export const dominance = 0.1;
/** Significant digits of protected sums, and of protected quantiles. */
export const sumDigits = 4;
export const quantileDigits = 2;

/**
 * Figures as a caller may see them. Null is a figure that is not shown: of too few persons, or of nobody, and nothing tells which. What orders, filters (`having`)
 * or cuts off rows must work on these figures, never on those they were made from.
 */
export interface Disclosure {
  /** Whether figures are made less exact than they are known. */
  readonly protects: boolean;
  /** Number of persons. */
  persons(cell: Cell): number | null;
  /** Number of facts. */
  facts(cell: FactCell): number | null;
  /** Number of those of a cell's persons to whom something more applies, such as the covered among the placed. */
  part(part: Cell, whole: Cell): number | null;
  /** Number of those of a cell's facts to which something more applies, such as those with cover among the placements. */
  partOfFacts(part: FactCell, whole: FactCell): number | null;
  /** What share of a cell's persons they are, 0 to 1. */
  share(part: Cell, whole: Cell): number | null;
  /** Sum of amounts. */
  sum(amounts: Amounts): number | null;
  /** Sum of amounts for each person who contributes. */
  mean(amounts: Amounts): number | null;
  /** The value below which the fraction `q` (0 to 1) of values of the cell lies. */
  quantile(cell: Cell, q: number, value: number | null): number | null;
}

/** How figures are shown to a caller. */
export function disclosureFor({ scopes }: Pick<Grant, 'scopes'>): Disclosure {
  return scopes.has('statistics:exact') ? exact : protecting;
}

/** One protected figure by another, such as cases for each person placed. */
export function ratio(figure: number | null, by: number | null): number | null {
  return figure === null || by === null || by === 0 ? null : figure / by;
}

/** Figures as they are. */
export const exact: Disclosure = {
  protects: false,
  persons: ({ persons }) => persons,
  facts: ({ facts }) => facts,
  part: ({ persons }) => persons,
  partOfFacts: ({ facts }) => facts,
  share: (part, whole) => ratio(part.persons, whole.persons),
  sum: ({ persons, total }) => (persons === 0 ? null : total),
  mean: ({ persons, total }) => ratio(total, persons),
  quantile: (_cell, _q, value) => value,
};

/** Figures from which nobody can be told. */
export const protecting: Disclosure = {
  protects: true,

  persons({ persons, key }) {
    if (persons < threshold) return null;
    return shown(persons + noiseOf(persons, key, 'persons'));
  },

  facts({ persons, facts, factKey, most }) {
    if (persons < threshold) return null;
    // One person can bring several facts: the noise is as large as what one person can change.
    return shown(facts + Math.max(1, most) * noiseOf(facts, factKey, 'facts'));
  },

  part(part, whole) {
    if (part.persons < threshold || whole.persons < 2 * threshold) return null;
    // Nearly everybody tells of the few others as much as a cell of the few would.
    return protecting.persons(standingForPersons([whole, part], (cell) => cell));
  },

  partOfFacts(part, whole) {
    if (protecting.part(part, whole) === null) return null;
    return protecting.facts(standingForFacts([whole, part], (cell) => cell));
  },

  share(part, whole) {
    const share = ratio(protecting.part(part, whole), protecting.persons(whole));
    return share === null ? null : Math.min(1, share);
  },

  sum({ persons, factKey, total, largest, second }) {
    if (persons < threshold || total - largest - second < dominance * largest) return null;
    // The noise goes by the facts: of the same persons with one fact more it would be the same, and the difference what this one brings.
    return digits(Math.max(0, total + largest * smoothNoiseOf(factKey)), sumDigits);
  },

  mean(amounts) {
    const mean = ratio(protecting.sum(amounts), protecting.persons(amounts));
    return mean === null ? null : digits(mean, sumDigits);
  },

  quantile({ persons }, q, value) {
    // On each side of it there must be enough persons, else it is one of the ends: somebody's own value.
    if (value === null || persons * Math.min(q, 1 - q) < threshold) return null;
    return digits(value, quantileDigits);
  },
};

function shown(figure: number): number | null {
  return figure < threshold ? null : figure;
}

function digits(value: number, significant: number): number {
  return Number(value.toPrecision(significant));
}
