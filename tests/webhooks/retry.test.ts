import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { backoffMs, mostAttempts } from '../../src/webhooks/retry.ts';

const hour = 3_600_000;
/** From the first attempt to the last. */
const until = (random: number) => Array.from({ length: mostAttempts - 1 }, (_, n) => backoffMs(n + 1, () => random)).reduce((all, wait) => all + wait, 0);

it('attempts go on for two to four days, the first soon and none more than four hours after the last', () => {
  expect(until(0)).toBeGreaterThan(48 * hour);
  expect(until(1)).toBeLessThan(97 * hour);
  expect(backoffMs(1, () => 1)).toBe(2_000);
  expect(Math.max(...Array.from({ length: 100 }, (_, n) => backoffMs(n + 1, () => 1)))).toBe(4 * hour);
});

it('docs/events.md says how many', () => {
  const text = readFileSync(new URL('../../docs/events.md', import.meta.url), 'utf8');
  expect([...text.matchAll(/(\d+) times/g)].map(([, count]) => Number(count))).toEqual([mostAttempts, mostAttempts, mostAttempts]);
});
