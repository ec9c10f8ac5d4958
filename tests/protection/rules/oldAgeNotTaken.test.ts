import { describe, expect, it } from 'vitest';
import { oldAgeNotTaken } from '../../../src/protection/rules/oldAgeNotTaken.ts';
import { both, coverage, findings, placement, status, today } from '../kit.ts';

describe('OLD_AGE_NOT_TAKEN', () => {
  it('is information, since JHT is voluntary', () => {
    const [found] = findings(oldAgeNotTaken);
    expect(found).toMatchObject({ status: 'GAP', programmes: ['JHT'] });
    expect(found!.rule.severity).toBe('INFO');
  });

  it('counts saving that has begun, and not a registration without payment', () => {
    expect(status(oldAgeNotTaken, { coverages: [...both(), coverage('JHT', { payment: { status: 'PARTIAL', owed: null, paid: null, paidOn: '2025-05-02' } })] })).toBe('OK');
    expect(status(oldAgeNotTaken, { coverages: [...both(), coverage('JHT', { payment: { status: 'UNPAID', owed: null, paid: null, paidOn: null } })] })).toBe('GAP');
  });

  it('counts saving for this placement: paid since it was registered, not for one before', () => {
    const paidOn = (day: string) => [coverage('JHT', { payment: { status: 'PARTIAL', owed: null, paid: null, paidOn: day } })];
    expect(status(oldAgeNotTaken, { coverages: paidOn('2025-01-10') })).toBe('OK');
    expect(status(oldAgeNotTaken, { coverages: paidOn('2025-01-09') })).toBe('GAP');
  });

  it('is unknown when the agency is silent, and nothing once she is home', () => {
    expect(status(oldAgeNotTaken, { unknown: ['SOCIAL_SECURITY'] })).toBe('UNKNOWN');
    expect(status(oldAgeNotTaken, { placements: [placement({ stage: 'RETURNED', returnedOn: today })] })).toBe('none');
  });
});
