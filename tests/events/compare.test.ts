import { describe, expect, it } from 'vitest';
import type { AgencyRecord } from '../../src/domain/record.ts';
import { eventsOf } from '../../src/events/compare.ts';
import { bareRecord } from '../agencies/fakeWorld.ts';
import { caseFile, placement } from '../protection/kit.ts';

const workerId = '5f000000-0000-4000-8000-000000000001';
const at = new Date('2026-11-22T03:00:00.000Z');
const record = (changes: Partial<AgencyRecord>): AgencyRecord => ({ ...bareRecord('A', 'R-1', []), ...changes });
const told = (before: Partial<AgencyRecord> | null, after: Partial<AgencyRecord> | null) =>
  eventsOf({ workerId, before: before && record(before), after: after && record(after) }, at).map(({ kind, subject, occurredAt }) => `${kind} ${subject?.fact} ${occurredAt.toISOString()}`);

describe('the events of a changed record', () => {
  it.each([
    ['a case that is new: opened on its day in Jakarta', { cases: [] }, { cases: [caseFile()] }, ['CASE_OPENED KASUS-1 2026-01-09T17:00:00.000Z']],
    ['a case with another status: moved', { cases: [caseFile()] }, { cases: [caseFile({ status: 'CLOSED', closedOn: '2026-11-20' })] }, ['CASE_MOVED KASUS-1 2026-11-22T03:00:00.000Z']],
    ['a step with its time: moved then', { cases: [caseFile()] }, { cases: [caseFile({ events: [{ at: '2026-11-21T01:00:00.000Z', status: 'IN_PROCESS', note: 'x' }] })] }, ['CASE_MOVED KASUS-1 2026-11-21T01:00:00.000Z']],
    ['other names in a case: nothing', { cases: [caseFile()] }, { cases: [caseFile({ parties: [{ role: 'FAMILY', name: 'X' }] })] }, []],
    ['a case that is gone: moved', { cases: [caseFile()] }, null, ['CASE_MOVED KASUS-1 2026-11-22T03:00:00.000Z']],
    ['a new placement', null, { placements: [placement()] }, ['PLACEMENT_CHANGED P-1 2026-11-22T03:00:00.000Z']],
    ['a placement that went on', { placements: [placement({ stage: 'DEPARTED' })] }, { placements: [placement()] }, ['PLACEMENT_CHANGED P-1 2026-11-22T03:00:00.000Z']],
    ['the same again: nothing', { placements: [placement()], cases: [caseFile()] }, { placements: [placement()], cases: [caseFile()] }, []],
    ['only the agency’s time: nothing', { placements: [placement()] }, { placements: [placement()], asOf: '2026-11-22T00:00:00.000Z' }, []],
  ] as const)('%s', (_what, before, after, expected) => {
    expect(told(before as Partial<AgencyRecord> | null, after as Partial<AgencyRecord> | null)).toEqual(expected);
  });

  it('say what they rest on, so that it can be told who may hear of them', () => {
    const [event] = eventsOf({ workerId, before: null, after: record({ placements: [placement({ place: { country: 'HK', region: null, district: null }, p3mi: { id: 'P3MI-001', name: 'X' } })] }) }, at);
    expect(event!.reach).toEqual({ facets: ['PLACEMENT'], placement: { p3mi: 'P3MI-001', mission: 'KJRI_HONG_KONG' } });
  });
});
