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
  const byPlaces = new Map(groups.map((group) => [named(group.places), group]));
  return (group) => {
    // Nothing stands for too few to be shown, and there may be very many such groups.
    if (group.all.persons < threshold) return itself(group);
    const line = [...Array.from({ length: group.level }, (_, level) => byPlaces.get(named(group.places.slice(0, level)))!), group];
    const all = line.map((each) => each.all);
    return {
      ...group,
      persons: all[standingForPersons(all)]!,
      all: all[standingForFacts(all)]!,
      figures: new Map([...group.figures].map(([name, figure]) => [name, toldOf(figure, line.map(({ figures }) => figures.get(name)!))])),
    };
  };
}

/** Whether there is the group for those who are told of it: that there is tells that somebody is in it. */
export function isShown({ persons }: Told, disclosure: Disclosure): boolean {
  return !disclosure.protects || disclosure.persons(persons) !== null;
}

function toldOf(figure: Figure, line: readonly Figure[]): Figure {
  switch (figure.kind) {
    case 'counted':
      return { kind: 'counted', sets: figure.sets.map((_, i) => standIn(line.flatMap((each) => (each.kind === 'counted' ? [each.sets[i]!] : [])), (set) => set)) };
    case 'quantity':
      return standIn(line.flatMap((each) => (each.kind === 'quantity' ? [each] : [])), ({ sum }) => sum);
    case 'money':
      return {
        kind: 'money',
        byCurrency: figure.byCurrency.map(({ currency }) => standIn(line.flatMap((each) => (each.kind === 'money' ? each.byCurrency.filter((one) => one.currency === currency) : [])), ({ sum }) => sum)),
      };
  }
}

/** Whose facts stand for the last of a line. */
function standIn<T>(line: readonly T[], cellOf: (one: T) => Summed): T {
  return line[standingForFacts(line.map(cellOf))]!;
}
