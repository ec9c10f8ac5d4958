import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, daysBetween } from '../../src/domain/time.ts';
import { covers } from '../../src/domain/coverage.ts';
import { coverTimeline } from '../../src/protection/timeline.ts';
import { both, coverage, inProcess, inactive, inputOf, membership, placement, today } from './kit.ts';

const of = (kind: string, timeline: ReturnType<typeof coverTimeline>) => timeline.intervals.filter((one) => one.kind === kind).map(({ phase, programme, start, end }) => [phase ?? programme, start, end].join(' '));

describe('coverTimeline', () => {
  it('puts placement, contract, phases, cover and JKN on one axis, cut to the range', () => {
    const timeline = coverTimeline(inputOf(), '2025-05-15', '2026-12-31');
    expect(timeline.intervals.map(({ kind, phase, programme, start, end }) => `${start} ${end} ${kind} ${phase ?? '-'} ${programme ?? '-'}`)).toEqual([
      '2025-05-15 2025-05-31 PHASE BEFORE -',
      '2025-06-01 2026-12-31 PLACEMENT - -',
      '2025-06-01 2026-12-31 PHASE DURING -',
      '2025-06-01 2026-12-31 COVER DURING JKK',
      '2025-06-01 2026-12-31 COVER DURING JKM',
      '2025-06-02 2026-12-31 CONTRACT - -',
      '2026-03-01 2026-03-01 HEALTH - JKN',
    ]);
    expect(timeline.intervals.filter(({ foreseen }) => foreseen)).toHaveLength(5);
  });

  it('shows the gap between the end of cover and the end of the contract, though it lies ahead', () => {
    const timeline = coverTimeline(inputOf({ coverages: both({ window: { start: '2025-06-01', end: '2026-06-30' } }) }), '2025-01-01', '2030-01-01');
    expect(of('GAP', timeline)).toEqual(['DURING 2026-07-01 2027-06-01', 'DURING 2026-07-01 2027-06-01']);
    expect(timeline.intervals.filter(({ kind }) => kind === 'GAP').map(({ programme }) => programme)).toEqual(['JKK', 'JKM']);
  });

  it('shows the days between a lapsed window and departure, and the thirty days after return', () => {
    const lapsed = both({ phase: 'BEFORE', window: { start: '2025-02-01', end: '2025-05-20' }, payment: { status: 'PAID', owed: null, paid: null, paidOn: '2025-02-01' } });
    const placements = [placement({ stage: 'RETURNED', returnedOn: '2026-02-01' })];
    const timeline = coverTimeline(inputOf({ placements, coverages: [...lapsed, ...both()] }), '2025-01-01', '2027-01-01');
    expect(of('GAP', timeline)).toEqual(['BEFORE 2025-05-21 2025-05-31', 'BEFORE 2025-05-21 2025-05-31']);
    expect(of('PHASE', timeline)).toEqual(['BEFORE 2025-01-10 2025-05-31', 'DURING 2025-06-01 2026-01-31', 'AFTER 2026-02-01 2026-03-03']);
  });

  it('draws no gap where cover or placement is not known, and says so', () => {
    const timeline = coverTimeline(inputOf({ unknown: ['SOCIAL_SECURITY'] }), '2025-01-01', '2027-01-01');
    expect(of('GAP', timeline)).toEqual([]);
    expect(timeline.unknown).toEqual(['SOCIAL_SECURITY']);
    expect(of('GAP', coverTimeline(inputOf({ unknown: ['PLACEMENT'] }), '2025-01-01', '2027-01-01'))).toEqual([]);
  });

  it('shows JKN from answer to answer, the last on its own day', () => {
    const health = [membership({ ...inactive, serviceDate: '2026-02-01', inactiveReason: 'SUSPENDED_ABROAD' }), membership({ serviceDate: '2025-12-01' })];
    const shown = coverTimeline(inputOf({ health }), '2025-01-01', '2027-01-01').intervals.filter(({ kind }) => kind === 'HEALTH');
    expect(shown).toMatchObject([{ active: true, start: '2025-12-01', end: '2026-01-31' }, { active: false, start: '2026-02-01', end: '2026-02-01' }]);
  });

  it('is empty for a range that ends before it begins, and for who has no records', () => {
    expect(coverTimeline(inputOf(), '2026-01-02', '2026-01-01').intervals).toEqual([]);
    expect(coverTimeline(inputOf({ placements: [], coverages: [], health: [] }), '2025-01-01', '2027-01-01').intervals).toEqual([]);
  });

  it('calls a day abroad a gap exactly when no cover holds on it', () => {
    const day = fc.nat(800).map((k) => addDays('2025-03-01', k));
    const row = fc.record({ start: day, length: fc.nat(300), paidOn: day, paid: fc.boolean(), programme: fc.constantFrom('JKK' as const, 'JKM' as const) });
    fc.assert(fc.property(fc.array(row, { maxLength: 6 }), (rows) => {
      const coverages = rows.map(({ start, length, paidOn, paid, programme }) =>
        coverage(programme, { window: { start, end: addDays(start, length) }, payment: { status: paid ? 'PAID' : 'UNPAID', owed: null, paid: null, paidOn: paid ? paidOn : null } }));
      const gaps = coverTimeline(inputOf({ coverages }), '2025-06-01', '2027-06-01').intervals.filter(({ kind }) => kind === 'GAP');
      for (let k = 0; k <= daysBetween('2025-06-01', '2027-06-01'); k += 7) {
        const on = addDays('2025-06-01', k);
        for (const programme of ['JKK', 'JKM'] as const) {
          const held = coverages.some((one) => one.programme === programme && covers(one, on));
          expect(gaps.some((gap) => gap.programme === programme && gap.start <= on && on <= gap.end)).toBe(!held);
        }
      }
    }), { numRuns: 40 });
  });

  it('asks for no cover before work from who is not yet in it', () => {
    expect(of('GAP', coverTimeline(inputOf({ placements: [inProcess()], coverages: [] }), '2025-01-01', today))).toEqual([]);
  });
});
