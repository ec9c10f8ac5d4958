import { describe, expect, it } from 'vitest';
import { windowLapsed } from '../../../src/protection/rules/windowLapsed.ts';
import { both, coverage, findings, inProcess, status } from '../kit.ts';

/** Paid on 1 October: the five months end on 1 March. */
const before = both({ phase: 'BEFORE', window: { start: '2025-10-01', end: '2026-03-01' }, payment: { status: 'PAID', owed: null, paid: null, paidOn: '2025-10-01' }, contractMonths: null });
const placements = [inProcess()];

describe('WINDOW_LAPSED_BEFORE_DEPARTURE', () => {
  it('holds to the last day of the five months and lapses the day after', () => {
    expect(status(windowLapsed, { placements, coverages: before, asOf: '2026-03-01' })).toBe('OK');
    expect(findings(windowLapsed, { placements, coverages: before, asOf: '2026-03-02' })).toMatchObject([{ status: 'GAP', since: '2026-03-02', until: null, programmes: ['JKK', 'JKM'] }]);
  });

  it('is mended by registering and paying again', () => {
    const again = both({ phase: 'BEFORE', window: { start: '2026-03-10', end: '2026-08-10' }, payment: { status: 'PAID', owed: null, paid: null, paidOn: '2026-03-10' } });
    expect(status(windowLapsed, { placements, coverages: [...before, ...again], asOf: '2026-03-10' })).toBe('OK');
    expect(status(windowLapsed, { placements, coverages: [...before, ...again.map((one) => ({ ...one, status: 'SUPERSEDED' as const }))], asOf: '2026-03-10' })).toBe('GAP');
  });

  it('asks individual workers for JKM only, which is all they have before departure', () => {
    const own = [inProcess({ scheme: 'PERSEORANGAN' })];
    const jkm = coverage('JKM', { phase: 'BEFORE', window: { start: '2026-02-10', end: '2026-03-10' }, payment: { status: 'PAID', owed: null, paid: null, paidOn: '2026-02-10' } });
    expect(status(windowLapsed, { placements: own, coverages: [jkm], asOf: '2026-03-10' })).toBe('OK');
    expect(findings(windowLapsed, { placements: own, coverages: [jkm], asOf: '2026-03-11' })).toMatchObject([{ status: 'GAP', programmes: ['JKM'] }]);
  });

  it('does not guess where the window has no end on record', () => {
    expect(status(windowLapsed, { placements, coverages: before.map((one) => ({ ...one, window: { start: '2025-10-01', end: null } })) })).toBe('UNKNOWN');
    expect(status(windowLapsed, { placements, unknown: ['SOCIAL_SECURITY'] })).toBe('UNKNOWN');
  });

  it('goes on after she left without registering again, until she is covered abroad', () => {
    const left = (departedOn: string) => [inProcess({ stage: 'ARRIVED', departedOn })];
    expect(status(windowLapsed, { placements: left('2026-03-01'), coverages: before, asOf: '2026-06-01' })).toBe('none');
    expect(findings(windowLapsed, { placements: left('2026-03-02'), coverages: before, asOf: '2026-06-01' })).toMatchObject([{ status: 'GAP', since: '2026-03-02' }]);
    expect(status(windowLapsed, { placements: left('2026-03-02'), coverages: [...before, ...both({ window: { start: '2026-03-02', end: '2028-06-01' } })], asOf: '2026-06-01' })).toBe('none');
  });

  it('does not concern who left under cover, who never paid, or cover paid for an earlier placement', () => {
    expect(status(windowLapsed, { coverages: before, asOf: '2026-03-02' })).toBe('none');
    expect(status(windowLapsed, { placements, coverages: [], asOf: '2026-03-02' })).toBe('none');
    expect(status(windowLapsed, { placements: [inProcess({ registeredOn: '2025-11-01' })], coverages: before, asOf: '2026-03-02' })).toBe('none');
  });
});
