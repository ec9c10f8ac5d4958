import { expect, it, vi } from 'vitest';
import { toy } from '../agencies/toy/index.ts';

// The recipe's one line of registration.
vi.mock('../../src/agencies/index.ts', async (original) => {
  const { agencies } = await original<typeof import('../../src/agencies/index.ts')>();
  return { agencies: [...agencies, toy] };
});

it('a fifth agency joins the answer by being registered: no other code knows it', async () => {
  const { startTestHub } = await import('../support/hub.ts');
  await using hub = await startTestHub({ people: 1_000 });
  const { data: listed } = await hub.ask<{ agencies: { name: string; holds: string[]; mock: boolean }[] }, object>('{ agencies { name holds mock } }', {});
  expect(listed!.agencies.at(-1)).toEqual({ name: toy.name, holds: ['IDENTITY'], mock: true });

  // The toy's register follows the truth: whoever no other agency has on file is in it.
  const nobodyElses = Array.from({ length: hub.world.size }, (_, i) => hub.world.person(i)).find(({ records }) => records.length === 0)!;
  interface Seen {
    worker: { name: string; identitySource: { agency: string }; identifiers: { value: string; agencies: string[] }[]; sources: { agency: string; state: string }[] };
  }
  const { data, errors } = await hub.ask<Seen, object>(
    'query ($nik: NIK!) { worker(by: { nik: $nik }) { name identitySource { agency } identifiers { value agencies } placements { number } sources { agency state } } }',
    { nik: nobodyElses.truth.nik },
  );
  expect(errors).toEqual([]);
  expect(data!.worker.identitySource.agency).toBe(toy.name);
  expect(data!.worker.identifiers).toContainEqual({ value: nobodyElses.truth.nik, agencies: [toy.name] });
  expect(data!.worker.sources.at(-1)).toEqual({ agency: toy.name, state: 'OK' });
  expect(data!.worker.sources.slice(0, -1).every(({ state }) => state === 'ABSENT')).toBe(true);
  expect(hub.mocks[toy.name]!.calls.total).toBe(1);
});
