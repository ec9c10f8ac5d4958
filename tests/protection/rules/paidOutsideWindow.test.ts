import { describe, expect, it } from 'vitest';
import { paidOutsideWindow } from '../../../src/protection/rules/paidOutsideWindow.ts';
import { both, findings, status } from '../kit.ts';

const beforeOnly = both({ phase: 'BEFORE', window: { start: '2025-05-02', end: '2025-06-01' }, contractMonths: null });

describe('PAID_OUTSIDE_WINDOW', () => {
  it('finds who paid only for the time before work and left', () => {
    expect(findings(paidOutsideWindow, { coverages: beforeOnly })).toMatchObject([{ status: 'GAP', since: '2025-06-01', programmes: ['JKK', 'JKM'] }]);
  });

  it('is content with a paid window that holds a single day abroad, even when it is over: then another rule speaks', () => {
    expect(status(paidOutsideWindow, { coverages: both({ window: { start: '2025-05-02', end: '2025-06-01' } }) })).toBe('OK');
    expect(status(paidOutsideWindow, { coverages: both({ window: { start: '2025-05-02', end: '2025-05-31' } }) })).toBe('GAP');
  });

  it('does not guess where a paid cover has no window on record', () => {
    expect(status(paidOutsideWindow, { coverages: both({ window: { start: null, end: null } }) })).toBe('UNKNOWN');
    expect(status(paidOutsideWindow, { unknown: ['SOCIAL_SECURITY'] })).toBe('UNKNOWN');
  });

  it('does not concern who paid nothing for this journey', () => {
    expect(status(paidOutsideWindow, { coverages: [] })).toBe('none');
    expect(status(paidOutsideWindow, { coverages: both({ registeredOn: '2022-01-01', window: { start: '2022-02-01', end: '2024-02-01' }, payment: { status: 'PAID', owed: null, paid: null, paidOn: '2022-01-01' } }) })).toBe('none');
  });
});
