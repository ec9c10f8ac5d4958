import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, daysBetween, isDay, latestFirst } from '../../src/domain/time.ts';

describe('days', () => {
  const day = fc.date({ min: new Date('0100-01-01'), max: new Date('9000-01-01'), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10));

  test('so many days later is what the calendar says, within a month and across', () => {
    fc.assert(fc.property(day, fc.integer({ min: -400, max: 400 }), (from, days) => {
      const calendar = new Date(Date.parse(`${from}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
      expect(addDays(from, days)).toBe(calendar);
      expect(daysBetween(from, addDays(from, days))).toBe(days);
    }), { numRuns: 2_000 });
  });

  test.each([['2024-02-28', 1, '2024-02-29'], ['2023-02-28', 1, '2023-03-01'], ['2023-03-01', -1, '2023-02-28'], ['2025-12-31', 1, '2026-01-01'], ['2026-01-01', -1, '2025-12-31']])('%s and %i days', (from, days, to) => {
    expect(addDays(from, days)).toBe(to);
    expect(isDay(to)).toBe(true);
  });
});

test('the latest come first, those without a day last, and those of one day as they came', () => {
  const dated = fc.record({ name: fc.nat(), on: fc.constantFrom('2024-02-29', '2025-01-01', '2026-11-30', null) });
  fc.assert(fc.property(fc.array(dated, { maxLength: 6 }), (values) => {
    const days = ['2026-11-30', '2025-01-01', '2024-02-29', null];
    expect(latestFirst(values, ({ on }) => on)).toEqual(days.flatMap((day) => values.filter(({ on }) => on === day)));
  }));
});
