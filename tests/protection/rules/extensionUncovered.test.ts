import { describe, expect, it } from 'vitest';
import { extensionUncovered } from '../../../src/protection/rules/extensionUncovered.ts';
import { both, findings, placement, status } from '../kit.ts';

const first = placement({ stage: 'RENEWED', departedOn: '2023-06-01', registeredOn: '2023-01-10', contract: { start: '2023-06-02', end: '2025-06-01', months: 24, wage: null, signedOn: null } });
const renewal = placement({ number: 'P-2', renews: 'P-1', departedOn: null, registeredOn: '2025-05-20', contract: { start: '2025-06-02', end: '2027-06-01', months: 24, wage: null, signedOn: null } });
const old = both({ registeredOn: '2023-05-01', window: { start: '2023-06-01', end: '2025-07-01' }, payment: { status: 'PAID', owed: null, paid: null, paidOn: '2023-05-01' } });

describe('EXTENSION_WITHOUT_COVER', () => {
  it('finds the extended contract for which only the old cover and its last month are there', () => {
    expect(findings(extensionUncovered, { placements: [first, renewal], coverages: old })).toMatchObject([{ status: 'GAP', since: '2025-07-02', until: '2027-06-01' }]);
  });

  it('is content as soon as cover reaches further than the old contract gave', () => {
    const longer = old.map((one) => ({ ...one, window: { start: '2023-06-01', end: '2025-07-02' } }));
    expect(status(extensionUncovered, { placements: [first, renewal], coverages: longer })).toBe('OK');
  });

  it('begins after the old cover where that reaches into the extension, else with it', () => {
    const until = (end: string) => findings(extensionUncovered, { placements: [first, renewal], coverages: old.map((one) => ({ ...one, window: { start: '2023-06-01', end } })) });
    expect(until('2025-06-02')).toMatchObject([{ since: '2025-06-03' }]);
    expect(until('2025-06-01')).toMatchObject([{ since: '2025-06-02' }]);
    expect(until('2025-05-20')).toMatchObject([{ since: '2025-06-02' }]);
  });

  it('speaks from the first day of the extension, not before', () => {
    expect(status(extensionUncovered, { placements: [first, renewal], coverages: old, asOf: '2025-06-02' })).toBe('GAP');
    expect(status(extensionUncovered, { placements: [{ ...first, stage: 'ARRIVED' }, renewal], coverages: old, asOf: '2025-06-01' })).toBe('none');
  });

  it('does not guess when the extension itself, or its first day, is not on record', () => {
    expect(status(extensionUncovered, { placements: [first], coverages: old })).toBe('UNKNOWN');
    expect(status(extensionUncovered, { placements: [first, { ...renewal, contract: { ...renewal.contract, start: null } }], coverages: old })).toBe('UNKNOWN');
    expect(status(extensionUncovered, { unknown: ['SOCIAL_SECURITY'] })).toBe('UNKNOWN');
  });

  it('is over when she has come home from the extended contract', () => {
    expect(status(extensionUncovered, { placements: [first, { ...renewal, stage: 'RETURNED', returnedOn: '2026-02-20' }], coverages: old })).toBe('none');
  });
});
