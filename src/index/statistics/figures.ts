import type { Measure } from '../dimension.ts';
import type { FactCell } from '../disclosure/cell.ts';
import { type Disclosure, ratio } from '../disclosure/disclosure.ts';
import type { Figure } from './fold.ts';
import type { Told } from './told.ts';

export const fractions = { p10: 0.1, p25: 0.25, median: 0.5, p75: 0.75, p90: 0.9 } as const;
export type Fraction = keyof typeof fractions;

/** Figures of a measure as the caller may see them, by the name of the figure. Null: not shown, or of nothing. */
export interface Shown {
  /** Of counts and sums; of `counts` the first of them. */
  readonly value: number | null;
  readonly share: number | null;
  readonly perThousand: number | null;
  readonly counts: readonly { readonly value: string; readonly count: number | null; readonly share: number | null }[];
  readonly money: readonly { readonly currency: string | null; readonly total: number | null; readonly mean: number | null; readonly count: number | null }[];
  readonly quantity: ({ readonly count: number | null; readonly mean: number | null } & Readonly<Record<Fraction, number | null>>) | null;
}

const blank: Shown = { value: null, share: null, perThousand: null, counts: [], money: [], quantity: null };

/** How many of the facts, or of the persons where each has one fact. */
function count(disclosure: Disclosure, cell: FactCell, whole: FactCell, onePerPerson: boolean): number | null {
  if (cell === whole) return onePerPerson ? disclosure.persons(cell) : disclosure.facts(cell);
  return onePerPerson ? disclosure.part(cell, whole) : disclosure.partOfFacts(cell, whole);
}

/** What of a group may be shown of a measure. `person` entities have one fact for each person. */
export function shown(measure: Measure, group: Told, disclosure: Disclosure, perPerson: boolean, currencies: readonly string[]): Shown {
  const figure = group.figures.get(measure.name);
  const of = (cell: FactCell) => count(disclosure, cell, group.all, perPerson);
  const all = of(group.all);
  switch (measure.is.kind) {
    case 'facts':
      return { ...blank, value: all };
    case 'persons':
      return { ...blank, value: disclosure.persons(group.persons) };
    case 'count': {
      const [part] = sets(figure);
      const value = of(part!);
      return { ...blank, value, share: share(value, all) };
    }
    case 'counts': {
      const parts = sets(figure);
      return { ...blank, counts: measure.is.values.map(({ value }, i) => ({ value, count: of(parts[i]!), share: share(of(parts[i]!), all) })) };
    }
    case 'sum': {
      const [part] = sets(figure);
      const value = disclosure.protects ? disclosure.facts(part!) : part!.facts;
      const each = ratio(value, all);
      return { ...blank, value, perThousand: each === null ? null : each * 1000 };
    }
    case 'money':
      if (figure?.kind !== 'money') return blank;
      return {
        ...blank,
        money: figure.byCurrency
          .map(({ currency, sum }) => {
            const total = disclosure.sum(sum);
            const facts = disclosure.facts(sum);
            const mean = ratio(total, facts);
            return { currency: currencies[currency] ?? null, total: total === null ? null : total / 100, mean: mean === null ? null : mean / 100, count: facts };
          })
          // That there is a currency tells that somebody has an amount in it.
          .filter(({ count: facts }) => facts !== null)
          .toSorted((a, b) => ((a.currency ?? '') < (b.currency ?? '') ? -1 : 1)),
      };
    case 'quantity': {
      if (figure?.kind !== 'quantity') return blank;
      const { sum, values } = figure;
      const facts = disclosure.facts(sum);
      const quantiles = Object.fromEntries(Object.entries(fractions).map(([name, fraction]) => [name, disclosure.quantile(sum, fraction, values.quantile(fraction))])) as Record<Fraction, number | null>;
      return { ...blank, quantity: { count: facts, mean: ratio(disclosure.sum(sum), facts), ...quantiles } };
    }
  }
}

function sets(figure: Figure | undefined): Extract<Figure, { kind: 'counted' }>['sets'] {
  if (figure?.kind !== 'counted') throw new TypeError('A measure was counted as another kind.');
  return figure.sets;
}

function share(part: number | null, all: number | null): number | null {
  const value = ratio(part, all);
  return value === null ? null : Math.min(1, value);
}
