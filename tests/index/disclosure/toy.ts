import type { Measure } from '../../../src/index/dimension.ts';
import { addKeys } from '../../../src/index/disclosure/cell.ts';
import { protecting } from '../../../src/index/disclosure/disclosure.ts';
import { type Shown, shown } from '../../../src/index/statistics/figures.ts';
import type { Group } from '../../../src/index/statistics/fold.ts';
import { Spread } from '../../../src/index/statistics/histogram.ts';
import type { Summed } from '../../../src/index/statistics/tally.ts';
import { isShown, telling, type Told } from '../../../src/index/statistics/told.ts';

/** A fact of a person, who is told apart by her key. */
export interface Fact {
  readonly person: number;
  readonly fact: number;
  /** What it is grouped by. */
  readonly places: readonly number[];
  readonly affected?: boolean;
  /** Hundredths of rupiah; left out: none. */
  readonly paid?: number;
}

const label = { id: '', en: '' };
const measure = (name: string, is: Measure['is']): Measure => ({ name, label, sensitivity: 'PLAIN', rests: [], is });
export const measures = {
  count: measure('count', { kind: 'facts' }),
  people: measure('people', { kind: 'persons' }),
  affected: measure('affected', { kind: 'count', sql: '' }),
  cases: measure('cases', { kind: 'sum', sql: '' }),
  days: measure('days', { kind: 'quantity', sql: '', unit: 'DAYS' }),
  paid: measure('paid', { kind: 'money', sql: '', currency: '' }),
} as const;
export type MeasureName = keyof typeof measures;

/** Groups of facts at all levels of a roll-up, by plain sets, and which facts each cell is of. */
export class Toy {
  readonly groups: readonly Group[];
  /** Whether each person has one fact. */
  readonly perPerson: boolean;
  readonly factsOf = new Map<Summed, readonly Fact[]>();
  readonly #tell: (group: Group) => Told;

  constructor(facts: readonly Fact[], { perPerson = false } = {}) {
    this.perPerson = perPerson;
    const depth = facts[0]!.places.length;
    this.groups = Array.from({ length: depth + 1 }, (_, level) => level).flatMap((level) =>
      [...Map.groupBy(facts, ({ places }) => places.slice(0, level).join()).values()].map((some): Group => {
        const affected = some.filter((one) => one.affected);
        const paid = some.filter((one) => one.paid !== undefined);
        return {
          level,
          places: some[0]!.places.slice(0, level),
          all: this.#cell(some),
          figures: new Map([
            ['affected', { kind: 'counted', sets: [this.#cell(affected)] }],
            // Of each affected fact two.
            ['cases', { kind: 'counted', sets: [this.#cell(affected, 2)] }],
            ['days', { kind: 'quantity', sum: this.#cell(affected), values: new Spread() }],
            ['paid', { kind: 'money', byCurrency: paid.length === 0 ? [] : [{ currency: 0, sum: this.#cell(paid) }] }],
          ]),
        };
      }),
    );
    this.#tell = telling(this.groups);
  }

  #cell(some: readonly Fact[], each = 1): Summed {
    const by = [...Map.groupBy(some, ({ person }) => person).values()];
    const sums = by.map((of) => of.reduce((sum, { paid = 0 }) => sum + paid, 0));
    const [largest = 0, second = 0] = sums.toSorted((a, b) => b - a);
    const cell = {
      persons: by.length, key: by.reduce((sum, [one]) => addKeys(sum, one!.person), 0), facts: some.length * each, factKey: some.reduce((sum, { fact }) => addKeys(sum, fact), 0),
      most: Math.max(0, ...by.map((of) => of.length * each)), total: sums.reduce((a, b) => a + b, 0), largest, second,
    };
    this.factsOf.set(cell, some);
    return cell;
  }

  group(...places: readonly number[]): Group {
    return this.groups.find((group) => group.places.join() === places.join() && group.level === places.length)!;
  }

  told(...places: readonly number[]): Told {
    return this.#tell(this.group(...places));
  }

  /** Whether a protected caller is told that there is a group. */
  isShown(...places: readonly number[]): boolean {
    return isShown(this.told(...places), protecting);
  }

  /** What she is told of it, as answers are made. */
  shown(name: MeasureName, ...places: readonly number[]): Shown {
    return shown(measures[name], this.told(...places), protecting, this.perPerson, ['IDR']);
  }
}

/** Made-up keys. */
export const keyed = (random: () => number): number => Math.floor(random() * 2 ** 32);
/** Facts of so many new persons, made alike. */
export function people(random: () => number, many: number, facts: readonly Omit<Fact, 'person' | 'fact'>[]): Fact[] {
  return Array.from({ length: many }, () => keyed(random)).flatMap((person) => facts.map((one) => ({ ...one, person, fact: keyed(random) })));
}
