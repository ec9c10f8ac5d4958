import { describe, expect, it } from 'vitest';
import { outsideProcedure } from '../../../src/protection/rules/outsideProcedure.ts';
import { caseFile, findings, mission, placement, status, today } from '../kit.ts';

const stay = { source: mission, value: { number: 'LD-1', kind: 'KEDATANGAN' as const, mission: 'KJRI_HONG_KONG', place: { country: 'HK', region: null, district: null }, reportedOn: '2025-07-01', verifiedOn: null } };

describe('PLACED_OUTSIDE_PROCEDURE', () => {
  it('says what the placement register says', () => {
    expect(status(outsideProcedure)).toBe('OK');
    expect(findings(outsideProcedure, { placements: [placement({ procedure: 'NON_PROSEDURAL' })] })).toMatchObject([{ status: 'GAP', since: '2025-06-01' }]);
  });

  it('does not guess of someone whom only a mission knows', () => {
    expect(status(outsideProcedure, { placements: [], stays: [stay] })).toBe('UNKNOWN');
    expect(findings(outsideProcedure, { placements: [], cases: [caseFile()] })).toMatchObject([{ status: 'UNKNOWN', evidence: [{ facet: 'CASE' }] }]);
    expect(status(outsideProcedure, { placements: [], cases: [caseFile({ status: 'CLOSED', closedOn: '2026-02-01' })] })).toBe('none');
    expect(status(outsideProcedure, { placements: [], unknown: ['STAY', 'CASE'] })).toBe('UNKNOWN');
    expect(status(outsideProcedure, { placements: [], stays: [{ ...stay, value: { ...stay.value, kind: 'KEPULANGAN' } }] })).toBe('none');
  });

  it('is unknown when the register is silent, and nothing once she is home', () => {
    expect(status(outsideProcedure, { unknown: ['PLACEMENT'] })).toBe('UNKNOWN');
    expect(status(outsideProcedure, { placements: [placement({ procedure: 'NON_PROSEDURAL', stage: 'RETURNED', returnedOn: today })] })).toBe('none');
  });
});
