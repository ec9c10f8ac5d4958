import { describe, expect, it } from 'vitest';
import { coverEndsEarly } from '../../../src/protection/rules/coverEndsEarly.ts';
import { both, findings, inProcess, placement, status } from '../kit.ts';

describe('COVER_ENDS_BEFORE_CONTRACT', () => {
  it('is content when cover reaches the last day of the contract, and not a day earlier', () => {
    expect(status(coverEndsEarly, { coverages: both({ window: { start: '2025-06-01', end: '2027-06-01' } }) })).toBe('OK');
    expect(findings(coverEndsEarly, { coverages: both({ window: { start: '2025-06-01', end: '2027-05-31' } }) })).toMatchObject([{ status: 'GAP', since: '2027-06-01', until: '2027-06-01' }]);
  });

  it('sees before departure that fewer months were paid for than the contract has', () => {
    const coverages = both({ registeredOn: '2026-02-01', window: { start: null, end: null }, contractMonths: 12, payment: { status: 'PAID', owed: null, paid: null, paidOn: '2026-02-01' } });
    expect(findings(coverEndsEarly, { placements: [inProcess()], coverages })).toMatchObject([{ status: 'GAP', since: '2027-06-02', until: '2028-05-01' }]);
    expect(status(coverEndsEarly, { placements: [inProcess()], coverages: coverages.map((one) => ({ ...one, contractMonths: 24 })) })).toBe('OK');
  });

  it('does not guess without the end of the contract, the window, or an agency', () => {
    expect(status(coverEndsEarly, { placements: [placement({ contract: { start: '2025-06-02', end: null, months: null, wage: null, signedOn: null } })] })).toBe('UNKNOWN');
    expect(status(coverEndsEarly, { coverages: both({ window: { start: null, end: null }, contractMonths: null }) })).toBe('UNKNOWN');
    expect(status(coverEndsEarly, { unknown: ['PLACEMENT'] })).toBe('UNKNOWN');
  });

  it('leaves it to other rules when nothing was paid', () => {
    expect(status(coverEndsEarly, { coverages: [] })).toBe('none');
    expect(status(coverEndsEarly, { coverages: both({ payment: { status: 'UNPAID', owed: null, paid: null, paidOn: null } }) })).toBe('none');
  });
});
