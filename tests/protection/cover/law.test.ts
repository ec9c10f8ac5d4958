import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '../../../src/domain/time.ts';
import { contributionsOwed, earliestRegistration, mayBeSaved, registerAgainSince, windowAfter, windowBefore, windowDuring } from '../../../src/protection/cover/law.ts';

describe('cover as Permenaker 4/2023 counts it', () => {
  it.each([
    ['P_TO_P', 6, 0, 37_500, 108_000, 145_500],
    ['P_TO_P', 12, 0, 37_500, 189_000, 226_500],
    ['P_TO_P', 24, 0, 37_500, 332_500, 370_000],
    ['PERSEORANGAN', 24, 0, 0, 332_500, 332_500],
    ['G_TO_G', 24, 3, 37_500, 332_500, 410_500],
  ] as const)('%s, %i months and %i more: %i before work, %i during and after, %i in all', (scheme, months, more, before, during, total) => {
    expect(contributionsOwed(scheme, months, more)).toEqual({ before, during, extension: more * 13_500, total });
  });

  it('counts other lengths as the longest named one and single months: the hub’s own reading', () => {
    expect(contributionsOwed('P_TO_P', 18).during).toBe(189_000 + 6 * 13_500);
    expect(contributionsOwed('P_TO_P', 3).during).toBe(108_000);
  });

  it('before work: five months from payment, no longer than to departure; for individual workers one month', () => {
    expect(windowBefore('P_TO_P', '2026-01-31', null)).toEqual({ start: '2026-01-31', end: '2026-06-30' });
    expect(windowBefore('P_TO_P', '2026-01-31', '2026-03-01')).toEqual({ start: '2026-01-31', end: '2026-03-01' });
    expect(windowBefore('PERSEORANGAN', '2026-01-31', null)).toEqual({ start: '2026-01-31', end: '2026-02-28' });
    expect(windowBefore('PERSEORANGAN', '2026-01-31', '2026-02-10')).toEqual({ start: '2026-01-31', end: '2026-02-10' });
  });

  it('during work: from departure to the end of the contract and one month more; after: thirty days', () => {
    expect(windowDuring('2026-03-01', '2028-02-29')).toEqual({ start: '2026-03-01', end: '2028-03-29' });
    expect(windowAfter('2026-03-01')).toEqual({ start: '2026-03-01', end: '2026-03-31' });
  });

  it('a worker who has not left when the window is over registers and pays again from the next day', () => {
    expect(registerAgainSince('P_TO_P', '2026-01-10', null, '2026-06-10')).toBeNull();
    expect(registerAgainSince('P_TO_P', '2026-01-10', null, '2026-06-11')).toBe('2026-06-11');
    expect(registerAgainSince('P_TO_P', '2026-01-10', '2026-06-10', '2026-12-01')).toBeNull();
    expect(registerAgainSince('P_TO_P', '2026-01-10', '2026-06-11', '2026-12-01')).toBe('2026-06-11');
  });

  it('has no lapse without its window being over by departure, whatever the days', () => {
    fc.assert(fc.property(fc.nat(700), (days) => {
      const departs = addDays('2026-01-10', days);
      const lapsed = registerAgainSince('P_TO_P', '2026-01-10', departs, departs);
      expect(lapsed !== null).toBe(departs > windowBefore('P_TO_P', '2026-01-10', null).end!);
    }));
  });

  it('individual workers register at the earliest a month before leaving; for others no first day is known', () => {
    expect(earliestRegistration('PERSEORANGAN', '2026-03-31')).toBe('2026-02-28');
    expect(earliestRegistration('P_TO_P', '2026-03-31')).toBeNull();
  });

  it('old-age saving is between 50,000 and 600,000 a month', () => {
    expect([49_999, 50_000, 600_000, 600_001].map(mayBeSaved)).toEqual([false, true, true, false]);
  });
});
