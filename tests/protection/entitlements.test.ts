import { describe, expect, it } from 'vitest';
import { branches } from '../../src/protection/branches.ts';
import { entitlements } from '../../src/protection/entitlements.ts';
import { both, coverage, inProcess, inactive, inputOf, membership, placement, type Sketch, today } from './kit.ts';

const statuses = (sketch?: Sketch) => Object.fromEntries(entitlements(inputOf(sketch)).map(({ programme, status }) => [programme, status]));
const branchStatuses = (sketch?: Sketch) => Object.fromEntries(branches(inputOf(sketch)).map(({ branch, status }) => [branch, status]));
const home = [placement({ stage: 'RETURNED', returnedOn: '2024-01-01', departedOn: '2022-01-01', registeredOn: '2021-06-01' })];
const unpaid = { status: 'UNPAID', owed: null, paid: null, paidOn: null } as const;

describe('entitlements', () => {
  it('names each programme with its obligation and legal basis, once', () => {
    expect(entitlements(inputOf()).map(({ programme, obligation, legalBasis }) => [programme, obligation, legalBasis.instrument])).toEqual([
      ['JKK', 'MANDATORY', 'Permenaker 4/2023'], ['JKM', 'MANDATORY', 'Permenaker 4/2023'], ['JHT', 'VOLUNTARY', 'Permenaker 4/2023'], ['JKN', 'OTHER_RULES', null],
    ]);
  });

  it.each<[string, Sketch, object]>([
    ['covered abroad', {}, { JKK: 'COVERED', JKM: 'COVERED', JHT: 'NOT_TAKEN', JKN: 'COVERED' }],
    ['registered and not paid', { coverages: both({ payment: unpaid }) }, { JKK: 'UNPAID', JKM: 'UNPAID' }],
    ['paid, and the window over', { coverages: both({ window: { start: '2025-06-01', end: '2026-02-28' } }) }, { JKK: 'ENDED', JKM: 'ENDED' }],
    ['never registered', { coverages: [] }, { JKK: 'NOT_COVERED', JKM: 'NOT_COVERED' }],
    ['home for long', { placements: home, coverages: [] }, { JKK: 'NOT_DUE', JKM: 'NOT_DUE', JHT: 'NOT_DUE' }],
    ['individual worker before departure: JKM only', { placements: [inProcess({ scheme: 'PERSEORANGAN' })], coverages: [] }, { JKK: 'NOT_DUE', JKM: 'NOT_COVERED' }],
    ['saving for old age', { coverages: [...both(), coverage('JHT')] }, { JHT: 'COVERED' }],
    ['JKN suspended abroad', { health: [membership({ ...inactive, inactiveReason: 'SUSPENDED_ABROAD' })] }, { JKN: 'SUSPENDED' }],
    ['JKN in arrears', { health: [membership({ ...inactive, inactiveReason: 'ARREARS' })] }, { JKN: 'NOT_COVERED' }],
    ['JKN known for another day', { health: [membership({ serviceDate: '2026-02-01' })] }, { JKN: 'UNKNOWN' }],
    ['paid without a day of payment', { coverages: both({ payment: { ...unpaid, status: 'PAID' } }) }, { JKK: 'UNKNOWN', JKM: 'UNKNOWN' }],
    ['BPJS Ketenagakerjaan silent', { unknown: ['SOCIAL_SECURITY'] }, { JKK: 'UNKNOWN', JKM: 'UNKNOWN', JHT: 'UNKNOWN', JKN: 'COVERED' }],
    ['register silent, cover known', { unknown: ['PLACEMENT'] }, { JKK: 'COVERED', JHT: 'UNKNOWN' }],
    ['register silent, no cover known', { unknown: ['PLACEMENT'], coverages: [] }, { JKK: 'UNKNOWN' }],
  ])('%s', (_name, sketch, expected) => {
    expect(statuses(sketch)).toMatchObject(expected);
  });

  it('tells until when cover holds', () => {
    expect(entitlements(inputOf())[0]).toMatchObject({ until: '2027-07-01', evidence: [{ facet: 'SOCIAL_SECURITY', fact: 'JKK DURING' }] });
  });
});

describe('the nine branches', () => {
  it('of a worker with all mandatory cover', () => {
    expect(branchStatuses()).toEqual({
      MEDICAL_CARE: 'COVERED', SICKNESS: 'NO_PROGRAMME', UNEMPLOYMENT: 'NO_PROGRAMME', OLD_AGE: 'NOT_COVERED', EMPLOYMENT_INJURY: 'COVERED', FAMILY: 'NO_PROGRAMME', MATERNITY: 'NO_PROGRAMME',
      INVALIDITY: 'PARTLY_COVERED', SURVIVORS: 'COVERED',
    });
  });

  it('give a reason wherever she is not fully covered, and none where she is', () => {
    for (const sketch of [{}, { coverages: [], health: [] }, { unknown: ['SOCIAL_SECURITY', 'HEALTH_INSURANCE'] as const }, { placements: home, coverages: [] }]) {
      for (const { status, reason } of branches(inputOf(sketch))) expect(reason === null).toBe(status === 'COVERED');
    }
  });

  it('do not guess for a silent agency', () => {
    expect(branchStatuses({ unknown: ['SOCIAL_SECURITY'] })).toMatchObject({ MEDICAL_CARE: 'COVERED', OLD_AGE: 'UNKNOWN', EMPLOYMENT_INJURY: 'UNKNOWN', INVALIDITY: 'UNKNOWN', SURVIVORS: 'UNKNOWN', FAMILY: 'NO_PROGRAMME' });
  });

  it('say which pairings were read in a source', () => {
    expect(branches(inputOf()).filter(({ sourced }) => !sourced).map(({ branch }) => branch)).toEqual(['SICKNESS', 'FAMILY', 'MATERNITY']);
  });

  it('follow JHT for old age, though the pension (JP) is not open to her', () => {
    expect(branchStatuses({ coverages: [...both(), coverage('JHT')], asOf: today })).toMatchObject({ OLD_AGE: 'COVERED' });
  });
});
