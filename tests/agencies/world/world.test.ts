import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createWorld, largestSeed, largestWorld } from '../../../src/agencies/world/world.ts';
import type { World } from '../../../src/agencies/world/world.ts';

const today = '2026-11-22';

describe('a person of the world', () => {
  test('follows from seed and index alone: not from the size, nor from who was asked for before', () => {
    const large = createWorld({ seed: 9, size: 1_000_000, today });
    fc.assert(
      fc.property(fc.array(fc.nat(1_499), { minLength: 1, maxLength: 30 }), (indices) => {
        const small = createWorld({ seed: 9, size: 1_500, today });
        for (const index of indices) expect(small.person(index)).toEqual(large.person(index));
      }),
      { numRuns: 20 },
    );
  });

  test('differs from seed to seed, except for the cast', () => {
    const [one, two] = [createWorld({ seed: 1, size: 200, today }), createWorld({ seed: 2, size: 200, today })];
    expect(one.cast).toEqual(two.cast);
    for (let index = 0; index < one.cast.length; index++) expect(one.person(index)).toEqual(two.person(index));
    const same = Array.from({ length: 100 }, (_, k) => 100 + k).filter((index) => one.person(index).truth.nik === two.person(index).truth.nik);
    expect(same).toEqual([]);
  });

  test('is refused outside the world', () => {
    const world = createWorld({ size: 100, today });
    for (const index of [-1, 100, 1.5, Number.NaN]) expect(() => world.person(index)).toThrow(RangeError);
  });
});

test('a world is made of whole numbers and a day, within its limits', () => {
  for (const options of [{ seed: -1 }, { seed: largestSeed + 1 }, { size: -1 }, { size: 1.5 }, { size: largestWorld + 1 }]) expect(() => createWorld({ ...options, today })).toThrow(RangeError);
  for (const day of ['yesterday', '2026-02-30', '2001-01-01']) expect(() => createWorld({ today: day })).toThrow(RangeError);
  expect(createWorld({ today })).toMatchObject({ seed: 1, size: 2_000, today });
  expect(createWorld({ size: 3, today }).cast).toHaveLength(3);
  expect(createWorld({ size: 0, today }).find('BP2MI', { kind: 'NIK', value: '5202055103849991' })).toEqual([]);
});

test('reading a hundred times more people leaves no more in memory', () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const world = createWorld({ seed: 4, size: 1_000_000, today });
  const read = (world: World, count: number) => {
    for (let k = 0; k < count; k++) {
      const index = (k * 7_919 + 100) % 1_000_000;
      const { truth } = world.person(index);
      if (k % 10 === 0) world.find('BP2MI', { kind: 'NIK', value: truth.nik });
    }
    collect();
    return process.memoryUsage().heapUsed;
  };
  const few = read(world, 500);
  const many = read(world, 30_000);
  expect(many - few).toBeLessThan(6 * 1024 * 1024);
});
