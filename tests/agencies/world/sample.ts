import { castSize } from '../../../src/agencies/world/cast/size.ts';
import { createWorld } from '../../../src/agencies/world/world.ts';
import type { WorldPerson } from '../../../src/agencies/world/world.ts';

export const today = '2026-11-22';

/** People drawn from all over a large world, without the cast. The same in every test that asks. */
export function sample(count: number): WorldPerson[] {
  const world = createWorld({ seed: 2026, size: 5_000_000, today });
  return Array.from({ length: count }, (_, k) => world.person(castSize + ((k * 7_919) % (world.size - castSize))));
}

/** Neighbours, so that pairs are whole. */
export function neighbours(count: number): WorldPerson[] {
  const world = createWorld({ seed: 2026, size: 5_000_000, today });
  return Array.from({ length: count }, (_, k) => world.person(1_000 + k));
}

/** Share of entries by key. */
export function shares(keys: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return new Map([...counts].map(([key, count]) => [key, count / keys.length]));
}
