import { describe, expect, it } from 'vitest';
import { healthInactive } from '../../../src/protection/rules/healthInactive.ts';
import { findings, inactive, membership, placement, status, today } from '../kit.ts';

const home = (returnedOn: string) => [placement({ stage: 'RETURNED', returnedOn })];
const suspended = [membership({ ...inactive, inactiveReason: 'SUSPENDED_ABROAD' })];
const arrears = [membership({ ...inactive, inactiveReason: 'ARREARS' })];

describe('HEALTH_INSURANCE_INACTIVE', () => {
  it('shows suspension abroad as lawful', () => {
    expect(findings(healthInactive, { health: suspended })).toMatchObject([{ status: 'OK', note: { en: 'Suspension while abroad is lawful.' } }]);
  });

  it('leaves a month after the return to report, and not a day more', () => {
    expect(findings(healthInactive, { placements: home('2026-02-01'), health: suspended })).toMatchObject([{ status: 'OK', until: '2026-03-01' }]);
    expect(findings(healthInactive, { placements: home('2026-01-31'), health: suspended })).toMatchObject([{ status: 'GAP', since: today }]);
  });

  it('leaves it from the day of the return on', () => {
    expect(findings(healthInactive, { placements: home(today), health: suspended })).toMatchObject([{ status: 'OK', until: '2026-04-01' }]);
  });

  it('finds arrears in Indonesia, and no membership at all', () => {
    expect(status(healthInactive, { placements: home('2026-02-20'), health: arrears })).toBe('GAP');
    expect(status(healthInactive, { placements: home('2026-02-20'), health: [] })).toBe('GAP');
    expect(status(healthInactive, { placements: home('2026-02-20') })).toBe('OK');
  });

  it('has nothing to say of arrears abroad', () => {
    expect(status(healthInactive, { health: arrears })).toBe('none');
  });

  it('does not carry a status over to another day unless told to', () => {
    const asOf = '2026-03-03';
    expect(status(healthInactive, { placements: home('2026-02-20'), health: arrears, asOf })).toBe('UNKNOWN');
    expect(status(healthInactive, { placements: home('2026-02-20'), health: arrears, asOf, options: { healthStatusDays: 1 } })).toBe('UNKNOWN');
    expect(status(healthInactive, { placements: home('2026-02-20'), health: arrears, asOf, options: { healthStatusDays: 2 } })).toBe('GAP');
  });

  it('does not guess when an agency is silent, or where she is', () => {
    expect(status(healthInactive, { unknown: ['HEALTH_INSURANCE'] })).toBe('UNKNOWN');
    expect(status(healthInactive, { unknown: ['PLACEMENT'] })).toBe('UNKNOWN');
    expect(status(healthInactive, { placements: [], health: arrears, unknown: ['STAY'] })).toBe('UNKNOWN');
  });
});
