import { describe, expect, test } from 'vitest';
import { afterWindow, beforeContribution, beforeWindow, duringContribution, duringWindow, extensionContribution } from '../../src/domain/contribution.ts';

describe('contributions by Permenaker 4/2023', () => {
  test.each([[6, 108_000], [12, 189_000], [24, 332_500]])('a contract of %i months costs %i', (months, amount) => {
    expect(duringContribution(months)).toBe(amount);
  });

  test('with the cover before work, a two-year contract costs 370,000 in all', () => {
    expect(beforeContribution).toBe(37_500);
    expect(beforeContribution + duringContribution(24)).toBe(370_000);
  });

  test('each month beyond costs 13,500', () => {
    expect(extensionContribution(1)).toBe(13_500);
    expect(extensionContribution(12)).toBe(162_000);
    expect(duringContribution(36)).toBe(332_500 + 162_000);
    expect(duringContribution(13)).toBe(202_500);
  });

  test('nobody pays less than the shortest contract', () => {
    expect(duringContribution(3)).toBe(108_000);
  });
});

describe('windows of cover', () => {
  test('before work: five months from payment, or until departure', () => {
    expect(beforeWindow('2026-01-15', null)).toEqual({ start: '2026-01-15', end: '2026-06-15' });
    expect(beforeWindow('2026-01-15', '2026-04-01')).toEqual({ start: '2026-01-15', end: '2026-04-01' });
    expect(beforeWindow('2026-01-15', '2026-09-01')).toEqual({ start: '2026-01-15', end: '2026-06-15' });
    expect(beforeWindow('2025-09-30', null).end).toBe('2026-02-28');
  });

  test('during work: from departure to the end of the contract and a month, or until home', () => {
    expect(duringWindow('2024-03-01', '2026-02-28', null)).toEqual({ start: '2024-03-01', end: '2026-03-28' });
    expect(duringWindow('2024-03-01', '2026-02-28', '2025-07-01')).toEqual({ start: '2024-03-01', end: '2025-07-01' });
    expect(duringWindow('2024-03-01', '2026-02-28', '2026-05-01')).toEqual({ start: '2024-03-01', end: '2026-03-28' });
  });

  test('after work: thirty days from arrival home', () => {
    expect(afterWindow('2026-02-10')).toEqual({ start: '2026-02-10', end: '2026-03-12' });
  });
});
