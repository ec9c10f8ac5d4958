import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RetryBudget, createPauses } from '../../../src/agencies/transport/retry.ts';

describe('the retry budget', () => {
  it('allows three retries whatever the traffic, and no more without calls', () => {
    const budget = new RetryBudget(0.2, () => 0);
    expect([1, 2, 3, 4].map(() => budget.spend())).toEqual([true, true, true, false]);
  });

  it('gives a retry as long as those of the last ten seconds are less than their share of the calls, and no longer', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(900), fc.nat(8)), { maxLength: 150, size: 'max' }), (steps) => {
        let time = 0;
        const budget = new RetryBudget(0.2, () => time);
        const calls: number[] = [];
        const retries: number[] = [];
        for (const [pause, burst] of steps) {
          time += pause;
          for (let i = 0; i < burst; i++) {
            budget.countCall();
            calls.push(time);
          }
          const lately = (list: number[]) => list.filter((at) => Math.floor(at / 1_000) > Math.floor(time / 1_000) - 10).length;
          const given = lately(retries) < Math.max(3, lately(calls) * 0.2);
          expect(budget.spend()).toBe(given);
          if (given) retries.push(time);
        }
      }),
    );
  });

  it('forgets what is older than ten seconds', () => {
    let time = 0;
    const budget = new RetryBudget(0.2, () => time);
    while (budget.spend());
    time = 9_999;
    expect(budget.spend()).toBe(false);
    time = 10_000;
    expect(budget.spend()).toBe(true);
  });
});

describe('pauses between attempts', () => {
  it('grow, with jitter, up to half a second', () => {
    const runs = Array.from({ length: 50 }, () => {
      const pause = createPauses();
      return Array.from({ length: 6 }, () => pause());
    });
    for (const run of runs) {
      run.forEach((ms, nth) => {
        const top = Math.min(500, 50 * 2 ** nth);
        expect(ms).toBeGreaterThanOrEqual(Math.floor(top / 2));
        expect(ms).toBeLessThanOrEqual(top);
      });
    }
    expect(new Set(runs.map((run) => run.join())).size).toBeGreaterThan(1);
  });
});
