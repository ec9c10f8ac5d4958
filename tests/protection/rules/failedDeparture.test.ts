import { describe, expect, it } from 'vitest';
import { failedDeparture } from '../../../src/protection/rules/failedDeparture.ts';
import { claim, coverage, findings, inProcess, status } from '../kit.ts';

const failed = inProcess({ stage: 'FAILED_TO_DEPART' });
const before = coverage('JKK', { phase: 'BEFORE', window: { start: '2025-10-01', end: '2026-03-01' }, payment: { status: 'PAID', owed: null, paid: null, paidOn: '2025-10-01' } });

describe('FAILED_DEPARTURE_UNCLAIMED', () => {
  it('finds who paid for this placement, did not leave, and did not claim', () => {
    expect(findings(failedDeparture, { placements: [failed], coverages: [before] })).toMatchObject([{ status: 'GAP', programmes: ['JKK'] }]);
    expect(status(failedDeparture, { placements: [failed], coverages: [{ ...before, claims: [claim({ caseNumber: null })] }] })).toBe('OK');
  });

  it('counts cover paid from the day of registration on, and not for the next placement', () => {
    const paid = (paidOn: string) => [{ ...before, payment: { ...before.payment, paidOn } }];
    expect(status(failedDeparture, { placements: [failed], coverages: paid('2025-09-01') })).toBe('GAP');
    expect(status(failedDeparture, { placements: [failed], coverages: paid('2025-08-31') })).toBe('none');
    expect(status(failedDeparture, { placements: [failed, inProcess({ number: 'P-3', registeredOn: '2025-12-01' })], coverages: paid('2025-12-01') })).toBe('none');
  });

  it('counts a placement from the day on which it was registered', () => {
    const paid = [{ ...before, payment: { ...before.payment, paidOn: '2025-09-01' } }];
    expect(status(failedDeparture, { placements: [failed], coverages: paid, asOf: '2025-09-01' })).toBe('GAP');
    expect(status(failedDeparture, { placements: [failed], coverages: paid, asOf: '2025-08-31' })).toBe('none');
  });

  it('does not guess without the dates', () => {
    expect(status(failedDeparture, { placements: [{ ...failed, registeredOn: null }], coverages: [before] })).toBe('UNKNOWN');
    expect(status(failedDeparture, { placements: [failed], coverages: [{ ...before, payment: { ...before.payment, paidOn: null } }] })).toBe('UNKNOWN');
    expect(status(failedDeparture, { placements: [failed], unknown: ['SOCIAL_SECURITY'] })).toBe('UNKNOWN');
  });

  it('does not concern a placement that was cancelled or was never covered', () => {
    expect(status(failedDeparture, { placements: [inProcess({ stage: 'CANCELLED' })], coverages: [before] })).toBe('none');
    expect(status(failedDeparture, { placements: [failed], coverages: [] })).toBe('none');
  });
});
