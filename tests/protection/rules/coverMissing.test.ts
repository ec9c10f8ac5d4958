import { describe, expect, it } from 'vitest';
import { coverMissing } from '../../../src/protection/rules/coverMissing.ts';
import { both, coverage, findings, inProcess, placement, status, today } from '../kit.ts';

describe('COVER_MISSING', () => {
  it('is content while both programmes cover the day, and says by which records', () => {
    const [found] = findings(coverMissing);
    expect(found).toMatchObject({ status: 'OK', programmes: ['JKK', 'JKM'] });
    expect(found!.evidence).toHaveLength(2);
  });

  it('counts the last day of the window as covered, and the day after as not', () => {
    expect(status(coverMissing, { coverages: both({ window: { start: '2025-06-01', end: today } }) })).toBe('OK');
    expect(findings(coverMissing, { coverages: both({ window: { start: '2025-06-01', end: '2026-02-28' } }) })).toMatchObject([{ status: 'GAP', since: today, until: null, programmes: ['JKK', 'JKM'] }]);
  });

  it('names the one programme that is missing, since departure', () => {
    expect(findings(coverMissing, { coverages: [coverage('JKK')] })).toMatchObject([{ status: 'GAP', since: '2025-06-01', programmes: ['JKM'] }]);
  });

  it('does not take unpaid, partly paid or superseded cover for cover', () => {
    for (const payment of ['UNPAID', 'PARTIAL'] as const) {
      expect(status(coverMissing, { coverages: both({ payment: { status: payment, owed: null, paid: null, paidOn: '2025-05-02' } }) })).toBe('GAP');
    }
    expect(status(coverMissing, { coverages: both({ status: 'SUPERSEDED' }) })).toBe('GAP');
  });

  it('covers from the day of payment when it was paid after departure, not before', () => {
    const coverages = both({ payment: { status: 'PAID', owed: null, paid: null, paidOn: '2026-03-02' } });
    expect(findings(coverMissing, { coverages })).toMatchObject([{ status: 'GAP', since: '2025-06-01', until: '2026-03-01' }]);
    expect(status(coverMissing, { coverages, asOf: '2026-03-02' })).toBe('OK');
  });

  it('does not guess: paid without a day of payment, or without a window, is unknown', () => {
    expect(status(coverMissing, { coverages: both({ payment: { status: 'PAID', owed: null, paid: null, paidOn: null } }) })).toBe('UNKNOWN');
    expect(status(coverMissing, { coverages: both({ window: { start: null, end: null } }) })).toBe('UNKNOWN');
    expect(status(coverMissing, { coverages: both({ window: { start: null, end: today } }) })).toBe('UNKNOWN');
    expect(status(coverMissing, { coverages: both({ window: { start: null, end: '2026-02-28' } }) })).toBe('GAP');
  });

  it('is unknown when either agency is silent', () => {
    expect(status(coverMissing, { unknown: ['SOCIAL_SECURITY'] })).toBe('UNKNOWN');
    expect(status(coverMissing, { unknown: ['PLACEMENT'] })).toBe('UNKNOWN');
  });

  it('does not concern those who have not left, or are back', () => {
    expect(status(coverMissing, { placements: [inProcess()], coverages: [] })).toBe('none');
    expect(status(coverMissing, { placements: [placement({ stage: 'RETURNED', returnedOn: today })], coverages: [] })).toBe('none');
    expect(status(coverMissing, { placements: [placement({ stage: 'RETURNED', returnedOn: '2026-03-02' })], coverages: [] })).toBe('GAP');
  });
});
