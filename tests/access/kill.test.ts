import { expect, it } from 'vitest';
import { startTestHub } from '../support/hub.ts';
import { killUnderLoad } from './kill.ts';

it('a hub that is killed under load has a row for every answer that left, and its chain holds', { timeout: 120_000 }, async () => {
  await using hub = await startTestHub({ people: 60 });
  const agencyUrls = Object.fromEntries(Object.entries(hub.mocks).map(([name, mock]) => [name, mock.url]));
  const niks = [0, 1, 2].map((index) => hub.world.person(index).truth.nik);
  const { answered, missing, verification } = await killUnderLoad({ databaseUrl: hub.databaseUrl, agencyUrls, niks, rounds: 2, answers: 60 });
  expect(answered).toBeGreaterThanOrEqual(120);
  expect(missing).toEqual([]);
  expect(verification.bad).toBeNull();
});
