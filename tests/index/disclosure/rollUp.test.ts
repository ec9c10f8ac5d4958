import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../../src/identity/random.ts';
import { type Cell, cellOf, type FactCell, isFew } from '../../../src/index/disclosure/cell.ts';
import { threshold } from '../../../src/index/disclosure/noise.ts';
import { standingForFacts, standingForPersons } from '../../../src/index/disclosure/standing.ts';
import type { Figure } from '../../../src/index/statistics/fold.ts';
import type { Summed } from '../../../src/index/statistics/tally.ts';
import type { Told } from '../../../src/index/statistics/told.ts';
import { type Fact, keyed, type MeasureName, people, Toy } from './toy.ts';

/*
 * The attacker differences the figures that one answer with roll-ups tells: groups against what they are part of, all of a group against those of it whom something
 * concerns, and roll-ups against the sum of their groups. She knows all of a person but whether she is affected, and whatever she likes of the others.
 */

const rounds = 400;
/** Three standard errors of so many guesses. */
const chance = 3 * Math.sqrt(0.25 / rounds);

/** How often it is guessed right from the figures of a toy whether the target is affected, who is in half of them. */
function guessed(toyOf: (affected: boolean, random: () => number) => Toy, guess: (toy: Toy, random: () => number) => boolean, seed: number): number {
  const random = seeded(seed);
  let right = 0;
  for (let i = 0; i < rounds; i += 1) {
    const affected = i % 2 === 0;
    if (guess(toyOf(affected, random), random) === affected) right += 1;
  }
  return right / rounds;
}

describe('an attacker who compares groups with their roll-up', () => {
  it('learns nothing of the few who are in no other group', () => {
    const toyOf = (affected: boolean, random: () => number) => new Toy([...people(random, 40, [{ places: [0, 0] }]), ...people(random, affected ? 3 : 2, [{ places: [0, 1] }])], { perPerson: true });
    for (const name of ['count', 'people'] as const) expect(guessed(toyOf, (toy) => toy.shown(name, 0, 0).value !== toy.shown(name, 0).value, 1)).toBe(0.5);
  });

  it('learns nothing from whether there is a group at all, where it is small', () => {
    const toyOf = (affected: boolean, random: () => number) => new Toy([...people(random, 5, [{ places: [0, 0] }]), ...people(random, affected ? 1 : 0, [{ places: [0, 1] }])], { perPerson: true });
    expect(guessed(toyOf, (toy) => toy.isShown(0, 0) !== toy.isShown(0), 8)).toBe(0.5);
    expect(new Toy(people(seeded(8), 4, [{ places: [0] }])).isShown(0)).toBe(false);
  });

  it('learns nothing from who is counted for something, though the other group is large', () => {
    // Of 40 in the target's group she alone can be affected.
    const toyOf = (perPerson: boolean) => (affected: boolean, random: () => number) =>
      new Toy([...people(random, 30, [{ places: [0, 0], affected: true, paid: 5 }]), ...people(random, 20, [{ places: [0, 0] }]), ...people(random, 40, [{ places: [0, 1] }]), ...people(random, 1, [{ places: [0, 1], affected, ...(affected ? { paid: 5 } : {}) }])], { perPerson });
    const told = (name: MeasureName) => (toy: Toy, ...places: number[]) => {
      const { value, money, quantity } = toy.shown(name, ...places);
      return JSON.stringify([value, money, quantity]);
    };
    for (const perPerson of [true, false]) {
      for (const name of ['affected', 'cases', 'days', 'paid'] as const) expect(guessed(toyOf(perPerson), (toy) => told(name)(toy, 0, 0) !== told(name)(toy, 0), 2), name).toBe(0.5);
    }
  });

  it('learns nothing from a group of nearly everybody, whose own facts are told, where the target has others', () => {
    // All have facts in both groups; what is paid in the other is paid to the target alone.
    const toyOf = (affected: boolean, random: () => number) =>
      new Toy([
        ...people(random, 50, [{ places: [0, 0], paid: 5 }, { places: [0, 1] }]),
        ...people(random, 1, [{ places: [0, 0], paid: 5 }, { places: [0, 1], ...(affected ? { paid: 5 } : {}) }]),
        ...people(random, 2, [{ places: [0, 1] }]),
      ]);
    const toy = toyOf(true, seeded(3));
    expect(toy.shown('people', 0, 0)).toEqual(toy.shown('people', 0));
    expect(toy.told(0, 0).all).toBe(toy.group(0, 0).all);
    expect(toy.told(0, 0).all).not.toBe(toy.told(0).all);
    for (const figure of [(each: Toy, ...places: number[]) => each.shown('paid', ...places).money[0]!.count, (each: Toy, ...places: number[]) => each.shown('paid', ...places).money[0]!.total]) {
      expect(guessed(toyOf, (each) => figure(each, 0, 0) !== figure(each, 0), 3)).toBe(0.5);
    }
    // Neither from who else is in the roll-up.
    const others = (affected: boolean, random: () => number) => new Toy([...people(random, 50, [{ places: [0, 0] }, { places: [0, 1] }]), ...people(random, affected ? 1 : 0, [{ places: [0, 1] }])]);
    expect(guessed(others, (each) => each.shown('people', 0, 0).value !== each.shown('people', 0).value, 4)).toBe(0.5);
  });

  it('is told what the group brings by itself where many bring something outside it, if few of them are not in it', () => {
    // Facts outside are as few as a few persons could have who have ten each, but ten persons have one.
    const toyOf = (outside: number) =>
      new Toy([
        ...people(seeded(1), 1, Array.from({ length: 10 }, () => ({ places: [0, 0], paid: 1 }))),
        ...people(seeded(2), 50, [{ places: [0, 0], paid: 1 }]),
        ...people(seeded(3), outside, [{ places: [0, 0], paid: 1 }, { places: [0, 1], paid: 100 }]),
      ]);
    for (const [outside, own] of [[8, false], [9, true]] as const) {
      const toy = toyOf(outside);
      const paid = (...places: number[]) => toy.told(...places).figures.get('paid');
      expect(paid(0, 0)).toEqual(own ? toy.group(0, 0).figures.get('paid') : paid(0));
      expect(paid(0)).not.toEqual(toy.group(0, 0).figures.get('paid'));
    }
  });

  it('learns no amount from the sums of the same persons: the noise of more facts is another', () => {
    // Twenty have a little in the other group, the target a lot, or a little as well; somebody has more than all.
    const toyOf = (affected: boolean, random: () => number) =>
      new Toy([
        ...people(random, 19, [{ places: [0, 0], paid: 1_000_000 }, { places: [0, 1], paid: 1 }]),
        ...people(random, 40, [{ places: [0, 0], paid: 1_000_000 }]),
        ...people(random, 1, [{ places: [0, 0], paid: 1_000_000 }, { places: [0, 1], paid: affected ? 1_000_000 : 1 }]),
        ...people(random, 1, [{ places: [0, 0], paid: 5_000_000 }]),
      ]);
    const total = (toy: Toy, ...places: number[]) => toy.shown('paid', ...places).money[0]!.total! * 100;
    expect(guessed(toyOf, (toy) => total(toy, 0) - total(toy, 0, 0) > 500_000, 5)).toBeLessThan(0.5 + chance);
  });

  it('learns next to nothing from the sum of the other groups: each has noise of its own', () => {
    const toyOf = (affected: boolean, random: () => number) =>
      new Toy([...people(random, 50, [{ places: [0, 0] }]), ...people(random, 60, [{ places: [0, 1] }]), ...people(random, affected ? 4 : 3, [{ places: [0, 2] }])], { perPerson: true });
    const right = guessed(toyOf, (toy, random) => {
      const rest = toy.shown('people', 0).value! - toy.shown('people', 0, 0).value! - toy.shown('people', 0, 1).value!;
      return rest === 3.5 ? random() < 0.5 : rest > 3.5;
    }, 6);
    // With normal noise of standard deviation 2 on three figures: Φ(0.5 / √12) = 0.557.
    expect(right).toBeLessThan(0.557 + chance);
  });
});

describe('an attacker who compares those of a group whom something concerns with all of it', () => {
  it('learns nothing of the few whom it does not', () => {
    const toyOf = (perPerson: boolean) => (affected: boolean, random: () => number) =>
      new Toy([...people(random, 40, [{ places: [], affected: true }, ...(perPerson ? [] : [{ places: [], affected: true }])]), ...people(random, 1, [{ places: [], affected }])], { perPerson });
    for (const perPerson of [true, false]) expect(guessed(toyOf(perPerson), (toy) => toy.shown('affected').value === toy.shown('count').value, 7)).toBe(0.5);
  });
});

describe('what stands for a group', () => {
  const cell = (keys: readonly number[], facts = keys.length, most = 1) => ({ ...cellOf(keys), facts, factKey: 0, most });
  const random = seeded(5);
  const everybody = Array.from({ length: 100 }, () => keyed(random));
  const of = (many: number, facts?: number, most?: number) => cell(everybody.slice(0, many), facts, most);

  /** Their places in the line. */
  const forPersons = (line: readonly FactCell[]) => line.indexOf(standingForPersons(line, (one) => one));
  const forFacts = (line: readonly FactCell[]) => line.indexOf(standingForFacts(line, (one) => one));

  it('is the widest roll-up that is nearly the group, else the group', () => {
    expect(forPersons([of(53), of(51), of(50)])).toBe(0);
    expect(forPersons([of(100), of(53), of(51), of(50)])).toBe(1);
    expect(forPersons([of(100), of(50)])).toBe(1);
    expect(forPersons([of(50)])).toBe(0);
  });

  it('is what stands for such a roll-up: the steps can be small and the whole way long', () => {
    const line = [of(62), of(58), of(54), of(50)];
    expect(isFew({ persons: 12, key: 0 })).toBe(false);
    expect([forPersons(line), forFacts(line)]).toEqual([0, 0]);
  });

  it('is a roll-up further up too that is nearly the group, where those between are not nearly it', () => {
    // Seven can be many, and eight with them few: the keys tell.
    const found = [0, 0];
    for (let i = 0; i < 400; i += 1) {
      const keys = Array.from({ length: 58 }, () => keyed(random));
      const [group, one, seven, far] = [50, 51, 57, 58].map((many) => cell(keys.slice(0, many))) as [FactCell, FactCell, FactCell, FactCell];
      if (!isFew(cellOf(keys.slice(50)))) continue;
      const between = [isFew(cellOf(keys.slice(51))) ? null : one, isFew(cellOf(keys.slice(50, 57))) ? null : seven];
      for (const [place, next] of between.entries()) if (next) found[place]! += 1;
      expect(between.map((next) => next && [forPersons([far, next, group]), forFacts([far, next, group])])).toEqual(between.map((next) => next && [0, 0]));
    }
    expect(Math.min(...found)).toBeGreaterThan(10);
  });

  it('is the group itself for its facts, where those outside are more than a few persons could have', () => {
    // Eight persons with three each could have 24 facts.
    expect(forFacts([of(52, 174, 3), of(50, 150, 3)])).toBe(0);
    expect(forFacts([of(52, 175, 3), of(50, 150, 3)])).toBe(1);
    expect(forPersons([of(52, 175, 3), of(50, 150, 3)])).toBe(0);
  });

  it('is so too where another part of a roll-up on the way is of many', () => {
    const line = [of(54, 159, 3), of(52, 157, 3), of(50, 150, 3)];
    const forFactsBesides = (...parts: readonly (readonly Cell[])[]) => line.indexOf(standingForFacts(line, (one) => one, (place) => parts[place]!));
    expect(forFactsBesides([], [])).toBe(0);
    expect(forFactsBesides([], [cellOf(everybody.slice(0, 8))])).toBe(0);
    expect(forFactsBesides([], [cellOf(everybody.slice(0, 2)), cellOf(everybody.slice(0, 9))])).toBe(2);
    // What is outside the next one is outside the last, but not outside the first.
    expect(forFactsBesides([cellOf(everybody.slice(0, 9))], [])).toBe(1);
  });

  it('is nothing else where the group is too small to be shown', () => {
    expect([forPersons([of(6), of(4)]), forFacts([of(6), of(4)])]).toEqual([1, 1]);
    expect(forPersons([of(6), of(5)])).toBe(0);
  });
});

describe('figures of groups that are part of one another', () => {
  /** Most people are alike, so that groups are often nearly what they are part of. */
  const place = fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constant(1) });
  const fact = fc.record({ fact: fc.integer({ min: 0, max: 2 ** 32 - 1 }), places: fc.tuple(place, place, place), affected: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }) });
  const person = fc.record({ person: fc.integer({ min: 0, max: 2 ** 32 - 1 }), facts: fc.array(fact, { minLength: 1, maxLength: 3 }) });
  const register = fc.uniqueArray(person, { minLength: 5, maxLength: 60, selector: (one) => one.person, size: 'max' });

  const personsOf = (facts: readonly Fact[]) => new Set(facts.map(({ person: key }) => key));
  const without = <T>(some: Iterable<T>, others: ReadonlySet<T>) => [...some].filter((one) => !others.has(one));
  /** The cells of whose facts is told, by what they are of. */
  const cellsOf = ({ all, figures }: Told) => new Map([['all', all] as const, ...[...figures].flatMap(([name, figure]) => sums(figure).map((sum, i) => [`${name} ${i}`, sum] as const))]);
  const sums = (figure: Figure) => (figure.kind === 'counted' ? figure.sets : figure.kind === 'quantity' ? [figure.sum] : figure.byCurrency.map(({ sum }) => sum));

  /** Of all that is told of groups and of what these are part of: the persons who are in the wider set alone, and those who have facts in it alone. */
  function* differences(toy: Toy): Generator<{ readonly persons?: Cell; readonly facts?: number }> {
    for (const { level, places } of toy.groups) {
      const told = toy.told(...places);
      for (let above = 0; above < level; above += 1) {
        const wider = toy.told(...places.slice(0, above));
        const inner = personsOf(toy.factsOf.get(told.persons as Summed)!);
        if (inner.size >= threshold) yield { persons: cellOf(without(personsOf(toy.factsOf.get(wider.persons as Summed)!), inner)) };
        const own = cellsOf(told);
        for (const [name, cell] of cellsOf(wider)) {
          const within = own.get(name);
          if (within !== undefined && within.persons >= threshold) yield { facts: personsOf(without(toy.factsOf.get(cell)!, new Set(toy.factsOf.get(within)!))).size };
        }
      }
    }
  }

  it('differ by nobody, or by many', () => {
    let [many, none] = [0, 0];
    fc.assert(
      fc.property(register, (some) => {
        const toy = new Toy(some.flatMap(({ person: key, facts }) => facts.map((one): Fact => ({ ...one, person: key, paid: 1 }))));
        const found = [...differences(toy)];
        expect(found.filter(({ persons }) => persons && persons.persons > 0 && isFew(persons))).toEqual([]);
        expect(found.filter(({ facts }) => facts && facts > 0 && facts < threshold)).toEqual([]);
        for (const { persons, facts } of found) if ((persons?.persons ?? facts) === 0) none += 1; else many += 1;
      }),
      { numRuns: 300, seed: 9 },
    );
    expect(Math.min(many, none)).toBeGreaterThan(1_000);
  });
});
