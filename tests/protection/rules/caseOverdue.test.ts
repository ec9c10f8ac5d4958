import { describe, expect, it } from 'vitest';
import { caseOverdue } from '../../../src/protection/rules/caseOverdue.ts';
import { caseFile, findings, status } from '../kit.ts';

const cases = [caseFile({ openedOn: '2026-01-01' })];

describe('CASE_OVERDUE', () => {
  it('speaks the day after the service time, not on its last day', () => {
    expect(status(caseOverdue, { cases, asOf: '2026-06-30' })).toBe('OK');
    expect(findings(caseOverdue, { cases, asOf: '2026-07-01' })).toMatchObject([{ status: 'GAP', since: '2026-07-01' }]);
    expect(status(caseOverdue, { cases, asOf: '2026-07-01', options: { caseServiceDays: 181 } })).toBe('OK');
  });

  it('does not concern closed cases, and is unknown when the missions are silent', () => {
    expect(status(caseOverdue, { cases: [caseFile({ openedOn: '2026-01-01', status: 'CLOSED', closedOn: '2026-06-01' })], asOf: '2026-07-01' })).toBe('none');
    expect(status(caseOverdue, { unknown: ['CASE'] })).toBe('UNKNOWN');
  });

  it('counts a case from the day it is opened until the day it is closed', () => {
    expect(status(caseOverdue, { cases, asOf: '2026-01-01' })).toBe('OK');
    expect(status(caseOverdue, { cases, asOf: '2025-12-31' })).toBe('none');
    const closed = [caseFile({ openedOn: '2026-01-01', status: 'CLOSED', closedOn: '2026-09-01' })];
    expect(status(caseOverdue, { cases: closed, asOf: '2026-08-31' })).toBe('GAP');
    expect(status(caseOverdue, { cases: closed, asOf: '2026-09-01' })).toBe('none');
  });

  it('calls itself no law', () => {
    expect(caseOverdue.legalBasis.instrument).toBeNull();
  });
});
