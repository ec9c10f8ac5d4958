import { describe, expect, it } from 'vitest';
import { caseFile, factsOf, inProcess, inactive, inputOf, membership, mission, placement, type Sketch } from './kit.ts';
import { isAbroad, situationOn } from '../../src/protection/situation.ts';

const phase = (sketch: Sketch) => situationOn(factsOf(sketch)).phase;
const stay = { source: mission, value: { number: 'LD-1', kind: 'KEDATANGAN' as const, mission: 'KJRI_HONG_KONG', place: { country: 'HK', region: null, district: null }, reportedOn: '2025-07-01', verifiedOn: null } };

describe('where a worker stands', () => {
  it('before, during, after, and after that nowhere', () => {
    const placements = [placement({ stage: 'RETURNED', returnedOn: '2026-02-01' })];
    expect(phase({ placements, asOf: '2025-01-09' })).toBe('NONE');
    expect(phase({ placements, asOf: '2025-01-10' })).toBe('BEFORE');
    expect(phase({ placements, asOf: '2025-05-31' })).toBe('BEFORE');
    expect(phase({ placements, asOf: '2025-06-01' })).toBe('DURING');
    expect(phase({ placements, asOf: '2026-01-31' })).toBe('DURING');
    expect(phase({ placements, asOf: '2026-02-01' })).toBe('AFTER');
    expect(phase({ placements, asOf: '2026-03-03' })).toBe('AFTER');
    expect(phase({ placements, asOf: '2026-03-04' })).toBe('NONE');
  });

  it('follows an extension: its contract counts, and its return ends the journey', () => {
    const first = placement({ stage: 'RENEWED', registeredOn: '2023-01-01', departedOn: '2023-06-01', contract: { start: '2023-06-02', end: '2025-06-01', months: 24, wage: null, signedOn: null } });
    const renewal = placement({ number: 'P-2', renews: 'P-1', departedOn: null, arrivedOn: null, registeredOn: '2025-05-20', stage: 'ARRIVED' });
    const open = situationOn(factsOf({ placements: [renewal, first] }));
    expect(open).toMatchObject({ phase: 'DURING', placement: { value: { number: 'P-2' } }, journey: { departedOn: '2023-06-01', registeredOn: '2023-01-01' } });
    expect(situationOn(factsOf({ placements: [renewal, first], asOf: '2025-06-01' }))).toMatchObject({ placement: { value: { number: 'P-1' } } });
    expect(phase({ placements: [{ ...renewal, stage: 'RETURNED', returnedOn: '2025-12-01' }, first] })).toBe('NONE');
    expect(situationOn(factsOf({ placements: [renewal] }))).toMatchObject({ phase: 'DURING', journey: { departedOn: '2025-06-02' } });
  });

  it('takes no failed or cancelled placement for one', () => {
    expect(phase({ placements: [inProcess({ stage: 'FAILED_TO_DEPART' }), inProcess({ number: 'P-9', stage: 'CANCELLED' })] })).toBe('NONE');
  });

  it('is at home when a journey is told as ended without its day', () => {
    expect(phase({ placements: [placement({ stage: 'RETURNED', returnedOn: null })] })).toBe('NONE');
  });

  it('does not guess: silent register, or only a mission knows of a stay', () => {
    expect(phase({ unknown: ['PLACEMENT'] })).toBe('UNKNOWN');
    expect(phase({ placements: [], stays: [stay] })).toBe('UNKNOWN');
    expect(phase({ placements: [], stays: [stay], asOf: '2025-07-01' })).toBe('UNKNOWN');
    expect(phase({ placements: [], stays: [stay], asOf: '2025-06-30' })).toBe('NONE');
    expect(phase({ placements: [], unknown: ['STAY'] })).toBe('UNKNOWN');
    expect(isAbroad(inputOf({ unknown: ['PLACEMENT'] }))).toBeNull();
  });

  it('does not take her for home because no placement is on record', () => {
    expect(isAbroad(inputOf({ placements: [] }))).toBeNull();
    expect(isAbroad(inputOf({ placements: [], stays: [{ ...stay, value: { ...stay.value, kind: 'KEPULANGAN' } }] }))).toBe(false);
    expect(isAbroad(inputOf({ placements: [], stays: [{ ...stay, value: { ...stay.value, kind: 'KEPULANGAN' } }], asOf: '2025-07-01' }))).toBe(false);
    expect(isAbroad(inputOf({ placements: [], stays: [{ ...stay, value: { ...stay.value, kind: 'KEPULANGAN' } }], asOf: '2025-06-30' }))).toBeNull();
    expect(isAbroad(inputOf({ placements: [inProcess({ stage: 'FAILED_TO_DEPART' })] }))).toBe(false);
    expect(isAbroad(inputOf())).toBe(true);
  });

  it('does not take who is bound to some placements for seeing all: nothing here, nothing known', () => {
    const bound = (placements: ReturnType<typeof placement>[]) => situationOn({ ...factsOf({ placements }), allPlacements: false }).phase;
    expect(bound([])).toBe('UNKNOWN');
    expect(bound([placement({ stage: 'RETURNED', returnedOn: '2025-07-01' })])).toBe('UNKNOWN');
    expect(bound([placement()])).toBe('DURING');
    expect(bound([inProcess()])).toBe('BEFORE');
  });

  it('knows of a death from a mission or BPJS Kesehatan, not from a refused case', () => {
    const death = caseFile({ category: 'MENINGGAL', subcategory: 'MENINGGAL_SAKIT' });
    expect(phase({ cases: [death] })).toBe('DECEASED');
    expect(phase({ cases: [{ ...death, status: 'REJECTED' }] })).toBe('DURING');
    expect(phase({ cases: [death], asOf: '2026-01-09' })).toBe('DURING');
    expect(phase({ health: [membership({ ...inactive, inactiveReason: 'DECEASED' })] })).toBe('DECEASED');
  });
});
