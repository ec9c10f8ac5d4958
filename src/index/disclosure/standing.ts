import { type Cell, type FactCell, isFew, mostFew, without } from './cell.ts';
import { threshold } from './noise.ts';

/*
 * Which set of a line stands for the last one: each set is part of all before it, as a group is of the groups that it is rolled up to, or the covered of the placed.
 *
 * Whether the figures of two sets, one within the other, are the same tells whether the sets are; where few persons are in the wider one alone, that tells of them
 * (Duke-Williams and Rees 1998: the differencing problem of areas within areas). So a set stands for itself only where it differs by many from each that is wider; else the
 * widest stands for it from which it differs by few, or what stands for that. What is told is thus always of a set that stands for itself, and each of these was held
 * against all wider ones: no two sets of a line that are told of differ by few.
 *
 * To hold each against the next wider one only would nearly do. What lies between two sets differs from both by no more than these differ, so that a difference of less
 * than the threshold is met on the way. From the threshold on it may not be, since the line of what is few lies elsewhere for each difference.
 *
 * What a roll-up has beside one group is that difference. What it has beside several comes with the noise of all their figures, in which one person more is mostly lost (rollUp.test.ts plays it).
 *
 * Sets of which neither is part of the other are not held against each other, nor are the sets of different questions.
 */

/** The one of a line whose number of persons is told in place of the last. */
export function standingForPersons<T>(line: readonly T[], cellOf: (one: T) => Cell): T {
  return standing(line, cellOf, fewPersons);
}

/**
 * The one of a line whose facts are told in place of the last: how many, and what they bring. Persons can have facts in a set and outside it. So those outside tell of
 * few only where they can be of few, whoever is in the set. They are of many where they are more than a few persons could have, each as many as the one who has most;
 * or where `besides` knows of many: of the set at a place, it gives parts that have no fact with the next one in common.
 */
export function standingForFacts<T>(line: readonly T[], cellOf: (one: T) => FactCell, besides: (place: number) => readonly Cell[] = () => []): T {
  const manyBetween = (from: number, to: number) => line.some((_, place) => place >= from && place < to && besides(place).some(({ persons }) => persons > mostFew));
  return standing(line, cellOf, (wider, cell, from, to) => fewPersons(wider, cell) && wider.facts - cell.facts <= mostFew * wider.most && !manyBetween(from, to));
}

/** Whether few persons are in the wider set alone. */
function fewPersons(wider: Cell, cell: Cell): boolean {
  return isFew(without(wider, cell));
}

function standing<T, C extends Cell>(line: readonly T[], cellOf: (one: T) => C, near: (wider: C, cell: C, from: number, to: number) => boolean): T {
  let at = line.length - 1;
  let cell = cellOf(line[at]!);
  // Too few to be shown are not shown, whatever they are part of.
  if (cell.persons < threshold) return line[at]!;
  for (let place = 0; place < at; ) {
    const wider = cellOf(line[place]!);
    if (near(wider, cell, place, at)) [at, cell, place] = [place, wider, 0];
    else place += 1;
  }
  return line[at]!;
}
