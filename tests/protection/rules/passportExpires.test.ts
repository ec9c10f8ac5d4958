import { describe, expect, it } from 'vitest';
import { passportExpires } from '../../../src/protection/rules/passportExpires.ts';
import { bp2mi, findings, mission, person, placement, status } from '../kit.ts';

const stay = (reportedOn: string) => ({ source: mission, value: { number: 'LD-1', kind: 'KEDATANGAN' as const, mission: 'KJRI_HONG_KONG', place: { country: 'HK', region: null, district: null }, reportedOn, verifiedOn: null } });
const short = [placement({ passportValidUntil: '2027-05-31' })];

describe('PASSPORT_ENDS_BEFORE_CONTRACT', () => {
  it('is content with a passport that lasts to the last day of the contract, and not a day less', () => {
    expect(status(passportExpires, { placements: [placement({ passportValidUntil: '2027-06-01' })] })).toBe('OK');
    expect(findings(passportExpires, { placements: short })).toMatchObject([{ status: 'GAP', since: '2027-06-01', until: '2027-06-01' }]);
  });

  it('is needed for coming home: after the contract it must last to the day of assessment', () => {
    expect(status(passportExpires, { placements: [placement({ passportValidUntil: '2027-08-01' })], asOf: '2027-08-01' })).toBe('OK');
    expect(findings(passportExpires, { placements: [placement({ passportValidUntil: '2027-08-01' })], asOf: '2027-08-02' })).toMatchObject([{ status: 'GAP', since: '2027-08-02', until: null }]);
    expect(findings(passportExpires, { placements: short, asOf: '2027-06-01' })).toMatchObject([{ status: 'GAP', until: '2027-06-01' }]);
    expect(findings(passportExpires, { placements: short, asOf: '2027-06-02' })).toMatchObject([{ status: 'GAP', until: null }]);
  });

  it('does not guess without the dates', () => {
    expect(status(passportExpires, { placements: [placement({ passportValidUntil: null })] })).toBe('UNKNOWN');
    expect(status(passportExpires, { placements: [placement({ contract: { start: null, end: null, months: null, wage: null, signedOn: null } })] })).toBe('UNKNOWN');
    expect(status(passportExpires, { unknown: ['PLACEMENT'] })).toBe('UNKNOWN');
  });

  it('does not guess when a mission has since seen another passport', () => {
    const persons = (number: string) => [{ value: person(), source: bp2mi }, { value: person({ identifiers: [{ kind: 'PASSPORT', value: number }] }), source: mission }];
    expect(status(passportExpires, { placements: short, persons: persons('E7654321'), stays: [stay('2025-06-10')] })).toBe('UNKNOWN');
    expect(status(passportExpires, { placements: short, persons: persons('C1234567'), stays: [stay('2025-06-10')] })).toBe('GAP');
    expect(status(passportExpires, { placements: short, persons: persons('E7654321'), stays: [stay('2025-05-31')] })).toBe('GAP');
    expect(status(passportExpires, { placements: short, persons: persons('E7654321'), stays: [stay('2025-06-01')] })).toBe('UNKNOWN');
  });
});
