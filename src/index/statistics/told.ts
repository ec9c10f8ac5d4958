import type { Cell } from '../disclosure/cell.ts';
import type { Disclosure } from '../disclosure/disclosure.ts';
import { threshold } from '../disclosure/noise.ts';
import { standingForFacts, standingForPersons } from '../disclosure/standing.ts';
import type { Figure, Group } from './fold.ts';
import type { Summed } from './tally.ts';

/** A group with what is told of it. */
export interface Told extends Group {
  /** The persons whose number is told; they need not be those who have the facts that are told of. */
  readonly persons: Cell;
}

/** A group of which its own figures are told. */
export const itself = (group: Group): Told => ({ ...group, persons: group.all });

/**
 * Tells of groups with their roll-ups so that the difference of the two tells of nobody: each figure is that of the group, or of the roll-up that stands for it (see
 * `disclosure/standing.ts`). Each is held against the same figure of the roll-ups: nearly all of the covered can be in a group that is a small part of all.
 */
export function telling(groups: readonly Group[]): (group: Group) => Told {
  const named = (places: readonly number[]) => places.join();
  const rollUps = new Map(groups.map((group) => [named(group.places), group]));
  const lines = new Map<string, Line>();
  /** What a group and all that it is part of count, the widest first. */
  const lineOf = (places: readonly number[]): Line => {
    const name = named(places);
    const known = lines.get(name);
    if (known) return known;
    const made = longer(places.length === 0 ? null : lineOf(places.slice(0, -1)), rollUps.get(name)!);
    lines.set(name, made);
    return made;
  };
  return (group) => {
    // Nothing stands for too few to be shown, and there may be very many such groups.
    if (group.level === 0 || group.all.persons < threshold) return itself(group);
    const above = lineOf(group.places.slice(0, -1));
    const all = [...above.all, group.all];
    return {
      ...group,
      persons: standingForPersons(all, (cell) => cell),
      all: standingForFacts(all, (cell) => cell),
      figures: new Map(Array.from(group.figures, ([name, figure]) => [name, toldOf([...above.figures.get(name)!, figure])])),
    };
  };
}

interface Line {
  readonly all: readonly Summed[];
  readonly figures: ReadonlyMap<string, readonly Figure[]>;
}

function longer(line: Line | null, { all, figures }: Group): Line {
  return { all: [...(line?.all ?? []), all], figures: new Map(Array.from(figures, ([name, figure]) => [name, [...(line?.figures.get(name) ?? []), figure]])) };
}

/** Whether there is the group for those who are told of it: that there is tells that somebody is in it. */
export function isShown({ persons }: Told, disclosure: Disclosure): boolean {
  return !disclosure.protects || disclosure.persons(persons) !== null;
}

/** What is told of the last of a line of figures of one measure. */
function toldOf(line: readonly Figure[]): Figure {
  const figure = line.at(-1)!;
  switch (figure.kind) {
    case 'counted': {
      const counted = line as readonly (typeof figure)[];
      return { kind: 'counted', sets: figure.sets.map((_, i) => standingForFacts(counted, ({ sets }) => sets[i]!).sets[i]!) };
    }
    case 'quantity':
      return standingForFacts(line as readonly (typeof figure)[], ({ sum }) => sum);
    case 'money': {
      const money = line as readonly (typeof figure)[];
      return { kind: 'money', byCurrency: figure.byCurrency.map(({ currency }) => standingForFacts(money.flatMap(({ byCurrency }) => byCurrency.filter((one) => one.currency === currency)), ({ sum }) => sum)) };
    }
  }
}
