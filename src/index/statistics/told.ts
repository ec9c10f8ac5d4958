import type { Cell } from '../disclosure/cell.ts';
import type { Disclosure } from '../disclosure/disclosure.ts';
import { threshold } from '../disclosure/noise.ts';
import { standingForFacts, standingForPersons } from '../disclosure/standing.ts';
import type { Figure, Group } from './fold.ts';
import { nobody, type Summed } from './tally.ts';

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
  const above = (places: readonly number[]) => places.slice(0, -1);
  const rollUps = new Map(groups.map((group) => [named(group.places), group]));
  const lines = new Map<string, Line>();
  /** What a group and all that it is part of count, the widest first. */
  const lineOf = (places: readonly number[]): Line => {
    const name = named(places);
    const known = lines.get(name);
    if (known) return known;
    const made = longer(places.length === 0 ? null : lineOf(above(places)), rollUps.get(name)!);
    lines.set(name, made);
    return made;
  };
  let parts: ReadonlyMap<string, readonly Group[]> | null = null;
  /** The other groups of a roll-up of a group. */
  const besides = ({ places }: Group, level: number): Group[] => {
    parts ??= Map.groupBy(groups.filter((each) => each.level > 0), (each) => named(above(each.places)));
    return parts.get(named(places.slice(0, level)))!.filter((other) => other.places[level] !== places[level]);
  };
  return (group) => {
    // Nothing stands for too few to be shown, and there may be very many such groups.
    if (group.level === 0 || group.all.persons < threshold) return itself(group);
    const wider = lineOf(above(group.places));
    const all = [...wider.all, group.all];
    return {
      ...group,
      persons: standingForPersons(all, (cell) => cell),
      all: standingForFacts(all, (cell) => cell, (level) => besides(group, level).map((other) => other.all)),
      figures: new Map(Array.from(group.figures, ([name, figure]) => [name, toldOf([...wider.figures.get(name)!, figure], (level) => besides(group, level).map(({ figures }) => figures.get(name)!))])),
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

/** What is told of the last of a line of figures of one measure; `besides` are those of the other groups of the one at a place. */
function toldOf(line: readonly Figure[], besides: (place: number) => readonly Figure[]): Figure {
  const figure = line.at(-1)!;
  const standIn = (cellOf: (one: Figure) => Summed) => standingForFacts(line, cellOf, (place) => besides(place).map(cellOf));
  switch (figure.kind) {
    case 'counted':
      return { kind: 'counted', sets: figure.sets.map((_, i) => setOf(standIn((one) => setOf(one, i)), i)) };
    case 'quantity':
      return standIn((one) => (one.kind === 'quantity' ? one.sum : nobody));
    case 'money':
      return { kind: 'money', byCurrency: figure.byCurrency.map(({ currency }) => ({ currency, sum: sumOf(standIn((one) => sumOf(one, currency)), currency) })) };
  }
}

const setOf = (figure: Figure, i: number): Summed => (figure.kind === 'counted' ? figure.sets[i]! : nobody);
const sumOf = (figure: Figure, currency: number): Summed => (figure.kind === 'money' ? figure.byCurrency.find((one) => one.currency === currency)?.sum : undefined) ?? nobody;
