import { describe, expect, it } from 'vitest';
import { type Condition, withoutSmallParts } from '../../../src/index/disclosure/conditions.ts';
import { protecting } from '../../../src/index/disclosure/disclosure.ts';
import { seeded } from '../../../src/identity/random.ts';
import { among, type Dimension, dimensions, is, type Is, Register } from './register.ts';
import { Toy } from './toy.ts';

/*
 * The attacker knows everything of a person but whether she is affected, and that nobody else is like her. She asks for counts of the affected with and without that
 * person, over many overlapping groups, and guesses from what changes. Half of the targets are affected: whoever guesses without looking is right half of the time.
 */

const register = new Register(3_000, 11);
const known = ['regency', 'sex', 'birthYear', 'country', 'job'] as const satisfies readonly Dimension[];
const affected = is('affected', 1);
const oneOfAKind = (i: number): Condition<Is> => ({ and: known.map((dimension) => is(dimension, register.people[i]![dimension])) });

/** People nobody else is like, as many affected as not. */
function targets(each: number): number[] {
  const unique = register.people.map((_, i) => i).filter((i) => register.cell(register.bits(oneOfAKind(i))).persons === 1);
  return [0, 1].flatMap((state) => unique.filter((i) => register.people[i]!.affected === state).slice(0, each));
}

type Ask = (condition: Condition<Is>) => Promise<number | null>;
const count = (condition: Condition<Is>) => protecting.persons(register.cell(register.bits(condition)));
/** The way out: small parts of conditions taken away, then the protected count. */
const ask: Ask = async (condition) => count(await withoutSmallParts(condition, register.differences));
/** The cell-key method alone. */
const askUnguarded: Ask = (condition) => Promise.resolve(count(condition));

/** Two conditions that differ in the target only, if she is affected, and in nobody, if she is not. */
type Pair = (target: number, random: () => number) => readonly [Condition<Is>, Condition<Is>];

function someOf(dimension: Dimension, random: () => number, always?: number): number[] {
  return Array.from({ length: dimensions[dimension] }, (_, value) => value).filter((value) => value === always || random() < 0.7);
}
/** A group that she is in: her regency, and some values of the other dimensions. */
function aroundHer(target: number, random: () => number): Condition<Is> {
  const her = register.people[target]!;
  return { and: [is('regency', her.regency), among('country', someOf('country', random, her.country)), among('birthYear', someOf('birthYear', random, her.birthYear))] };
}
const leaveOut: Pair = (target, random) => {
  const group: Condition<Is> = { and: [aroundHer(target, random), affected] };
  return [group, { and: [group, { not: oneOfAKind(target) }] }];
};
const takeIn: Pair = (target, random) => {
  const her = register.people[target]!;
  const others = among('regency', someOf('regency', random).filter((regency) => regency !== her.regency));
  const group: Condition<Is> = { and: [others, is('sex', her.sex), affected] };
  return [group, { or: [group, { and: [oneOfAKind(target), affected] }] }];
};
const hideInCrowd: Pair = (target, random) => {
  const crowd = among('birthYear', someOf('birthYear', random).filter((year) => year !== register.people[target]!.birthYear));
  const group = aroundHer(target, random);
  return [{ and: [group, affected, { not: crowd }] }, { and: [group, affected, { not: { or: [oneOfAKind(target), crowd] } }] }];
};
const anotherYear: Pair = (target, random) => {
  const { regency, country, job, birthYear } = register.people[target]!;
  const years = someOf('birthYear', random).filter((year) => year !== birthYear);
  const group = (values: readonly number[]): Condition<Is> => ({ and: [is('regency', regency), { or: [is('country', country), is('job', job)] }, affected, among('birthYear', values)] });
  return [group(years), group([...years, birthYear].toSorted((a, b) => a - b))];
};

interface Outcome {
  readonly queries: number;
  /** Share of targets guessed right. */
  readonly right: number;
  /** Share of pairs of shown figures that differ, for targets that are affected and for those that are not. */
  readonly differ: readonly [affected: number, not: number];
}

async function attack(pair: Pair, answer: Ask, people: readonly number[], pairs: number): Promise<Outcome> {
  const random = seeded(99);
  const differ = { 0: [0, 0], 1: [0, 0] } as Record<number, [number, number]>;
  let right = 0;
  for (const target of people) {
    let changes = 0;
    for (let i = 0; i < pairs; i++) {
      const [with_, without] = pair(target, random);
      const [a, b] = [await answer(with_), await answer(without)];
      const changed = a !== b;
      if (changed) changes++;
      differ[register.people[target]!.affected]![0] += changed ? 1 : 0;
      differ[register.people[target]!.affected]![1] += 1;
    }
    // Any change gives her away; without one, the attacker takes her for not affected.
    if ((changes > 0) === (register.people[target]!.affected === 1)) right++;
  }
  const share = (state: number) => differ[state]![0] / differ[state]![1];
  return { queries: people.length * pairs * 2, right: right / people.length, differ: [share(1), share(0)] };
}

describe('an attacker who takes the difference of thousands of overlapping counts', () => {
  const people = targets(25);

  it('would be right nearly always against the cell-key method alone', async () => {
    const { right, differ } = await attack(leaveOut, askUnguarded, people, 6);
    expect(right).toBeGreaterThan(0.95);
    expect(differ[1]).toBe(0);
  });

  it.each([
    ['leaves her out', leaveOut],
    ['takes her in', takeIn],
  ])('learns nothing where the second query %s: no figure differs', async (_name, pair) => {
    const { right, differ, queries } = await attack(pair, ask, people, 12);
    expect(queries).toBe(1_200);
    expect(differ).toEqual([0, 0]);
    expect(right).toBe(0.5);
  });

  it.each([
    ['hides her in a crowd that is left out', hideInCrowd],
    ['asks for a year more, which tells her apart', anotherYear],
  ])('learns next to nothing where the second query %s', async (_name, pair) => {
    const { right, differ, queries } = await attack(pair, ask, people, 6);
    expect(queries).toBe(600);
    // Figures can differ for others like her. What is small hangs together with what else is small, so a few pairs in a hundred do tell.
    expect(Math.abs(differ[0] - differ[1])).toBeLessThan(0.1);
    // Half, and three standard errors of 50 guesses.
    expect(right).toBeLessThan(0.5 + 3 * Math.sqrt(0.25 / people.length));
  });

  it('learns nothing from a group against its roll-up', async () => {
    let right = 0;
    for (const target of people) {
      const her = register.people[target]!;
      // All of her birth year and regency are of the other sex, or she is the only one of hers.
      const place: Condition<Is> = { and: [is('regency', her.regency), affected, { or: [is('sex', 1 - her.sex), oneOfAKind(target)] }] };
      const found = register.people.map((_, i) => i).filter((i) => register.has(place, i));
      const toy = new Toy(found.map((i) => ({ person: register.keys[i]!, fact: register.keys[i]!, places: [register.people[i]!.sex] })), { perPerson: true });
      const [group, rollUp] = [toy.shown('people', 1 - her.sex), toy.shown('people')];
      expect(rollUp.value).toBe(count(place));
      expect(group.value).toBe(rollUp.value);
      const changed = group.value !== rollUp.value;
      if (changed === (her.affected === 1)) right++;
    }
    expect(right / people.length).toBe(0.5);
  });

  it('learns no more from the size of single differences than they tell: a step of one is hidden in the noise', () => {
    const random = seeded(17);
    let right = 0;
    const rounds = 20_000;
    for (let i = 0; i < rounds; i++) {
      // Two sets of people that have nothing in common, so that the figures cannot be known to be the same: which one has 200, and which 201?
      const [a, b] = [200, 201].map((persons) => protecting.persons({ persons, key: Math.floor(random() * 2 ** 32) })!);
      if (b! > a! || (a === b && random() < 0.5)) right++;
    }
    // With normal noise of standard deviation 2 on both: Φ(1 / √8) = 0.638.
    expect(right / rounds).toBeLessThan(0.65);
    expect(right / rounds).toBeGreaterThan(0.6);
  });

  it('cannot average the noise away: however a set of people is asked for, the figure is one', async () => {
    const random = seeded(5);
    const base: Condition<Is> = { and: [is('country', 2), is('sex', 1), affected] };
    const answers = new Set<number | null>();
    for (let i = 0; i < 300; i++) {
      const cut = Math.floor(random() * dimensions.birthYear);
      const years = Array.from({ length: dimensions.birthYear }, (_, year) => year);
      const everybody: Condition<Is>[] = [
        among('birthYear', years),
        { or: [among('birthYear', years.slice(0, cut)), among('birthYear', years.slice(cut))] },
        { not: { and: [among('birthYear', years.slice(cut)), among('birthYear', years.slice(0, cut))] } },
        { or: [is('job', cut % 10), { not: is('job', cut % 10) }] },
      ];
      const form = everybody[i % everybody.length]!;
      answers.add(count(i % 2 === 0 ? { and: [form, base] } : { not: { or: [{ not: base }, { not: form }] } }));
    }
    expect(answers.size).toBe(1);
  });
});

describe('conditions', () => {
  it('that single out nobody are left as they are', async () => {
    const condition: Condition<Is> = { and: [is('regency', 3), { not: is('job', 2) }, among('country', [1, 2])] };
    expect(await withoutSmallParts(condition, register.differences)).toEqual(condition);
  });

  it('lose what matters to a few only, and keep the rest', async () => {
    const [target] = targets(1);
    const rest: Condition<Is> = { and: [is('regency', 3), affected] };
    expect(await withoutSmallParts({ and: [is('regency', 3), affected, { not: oneOfAKind(target!) }] }, register.differences)).toEqual(rest);
    expect(await withoutSmallParts({ or: [rest, oneOfAKind(target!)] }, register.differences)).toEqual(rest);
    expect(await withoutSmallParts({ not: oneOfAKind(target!) }, register.differences)).toEqual({ always: true });
  });
});
