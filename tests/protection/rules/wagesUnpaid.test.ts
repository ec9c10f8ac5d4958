import { describe, expect, it } from 'vitest';
import { wagesUnpaid } from '../../../src/protection/rules/wagesUnpaid.ts';
import { caseFile, findings, status } from '../kit.ts';

const cases = [caseFile({ openedOn: '2026-01-10' })];

describe('WAGES_UNPAID', () => {
  it('speaks the day after the set time, not on its last day', () => {
    expect(status(wagesUnpaid, { cases, asOf: '2026-04-10' })).toBe('OK');
    expect(findings(wagesUnpaid, { cases, asOf: '2026-04-11' })).toMatchObject([{ status: 'GAP', since: '2026-04-11' }]);
    expect(status(wagesUnpaid, { cases, asOf: '2026-04-11', options: { unpaidWagesDays: 91 } })).toBe('OK');
  });

  it('is over when the case is closed or refused', () => {
    expect(status(wagesUnpaid, { cases: [caseFile({ status: 'CLOSED', closedOn: '2026-04-01' })], asOf: '2026-06-01' })).toBe('none');
    expect(status(wagesUnpaid, { cases: [caseFile({ status: 'REJECTED' })], asOf: '2026-06-01' })).toBe('none');
  });

  it('does not guess whether an employment case without its kind is about wages', () => {
    expect(status(wagesUnpaid, { cases: [caseFile({ subcategory: null })], asOf: '2026-06-01' })).toBe('UNKNOWN');
    expect(status(wagesUnpaid, { cases: [caseFile({ subcategory: null })], asOf: '2026-04-11' })).toBe('UNKNOWN');
    expect(status(wagesUnpaid, { cases: [caseFile({ subcategory: null })], asOf: '2026-04-10' })).toBe('none');
    expect(status(wagesUnpaid, { cases: [caseFile({ subcategory: 'TIDAK_BETAH' })], asOf: '2026-06-01' })).toBe('none');
    expect(status(wagesUnpaid, { unknown: ['CASE'] })).toBe('UNKNOWN');
  });
});
