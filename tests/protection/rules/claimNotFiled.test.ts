import { describe, expect, it } from 'vitest';
import { claimNotFiled } from '../../../src/protection/rules/claimNotFiled.ts';
import { both, caseFile, claim, coverage, findings, placement, status } from '../kit.ts';

const death = caseFile({ category: 'MENINGGAL', subcategory: 'MENINGGAL_SAKIT' });
const accident = caseFile({ category: 'SAKIT', subcategory: 'KECELAKAAN_KERJA' });

describe('DEATH_OR_ACCIDENT_UNCLAIMED', () => {
  it('finds a death, and a work accident, under cover without a claim', () => {
    expect(findings(claimNotFiled, { cases: [death] })).toMatchObject([{ status: 'GAP', since: '2026-01-10', programmes: ['JKK', 'JKM'] }]);
    expect(findings(claimNotFiled, { cases: [accident] })).toMatchObject([{ status: 'GAP', programmes: ['JKK'] }]);
  });

  it('is content with a claim that names the case, under the programme that pays', () => {
    expect(status(claimNotFiled, { cases: [death], coverages: [coverage('JKK'), coverage('JKM', { claims: [claim()] })] })).toBe('OK');
    expect(status(claimNotFiled, { cases: [accident], coverages: [coverage('JKK', { claims: [claim()] }), coverage('JKM')] })).toBe('OK');
    expect(status(claimNotFiled, { cases: [accident], coverages: [coverage('JKK'), coverage('JKM', { claims: [claim()] })] })).toBe('GAP');
  });

  it('has nothing to claim where no cover held, and does not guess where it ended shortly before', () => {
    const until = (end: string) => both({ window: { start: '2025-06-01', end } });
    expect(status(claimNotFiled, { cases: [accident], coverages: until('2026-01-10') })).toBe('GAP');
    expect(status(claimNotFiled, { cases: [accident], coverages: until('2026-01-09') })).toBe('UNKNOWN');
    expect(status(claimNotFiled, { cases: [accident], coverages: until('2025-12-11') })).toBe('UNKNOWN');
    expect(status(claimNotFiled, { cases: [accident], coverages: until('2025-12-10') })).toBe('none');
  });

  it('does not guess which case a claim without a number is about, nor what an accident was', () => {
    expect(status(claimNotFiled, { cases: [accident], coverages: both({ claims: [claim({ caseNumber: null })] }) })).toBe('UNKNOWN');
    expect(status(claimNotFiled, { cases: [accident], coverages: both({ claims: [claim({ caseNumber: null, filedOn: '2026-01-09' })] }) })).toBe('GAP');
    expect(status(claimNotFiled, { cases: [accident], coverages: both({ claims: [claim({ caseNumber: null, filedOn: '2026-01-10' })] }) })).toBe('UNKNOWN');
    expect(status(claimNotFiled, { cases: [caseFile({ category: 'ABK', subcategory: 'KECELAKAAN_KAPAL' })] })).toBe('UNKNOWN');
    expect(status(claimNotFiled, { cases: [accident], unknown: ['SOCIAL_SECURITY'] })).toBe('UNKNOWN');
  });

  it('speaks from the day on which the case was opened', () => {
    expect(status(claimNotFiled, { cases: [accident], asOf: '2026-01-10' })).toBe('GAP');
    expect(status(claimNotFiled, { cases: [accident], asOf: '2026-01-09' })).toBe('none');
  });

  it('speaks of the dead though no other rule does, and not of refused cases or mere illness', () => {
    expect(status(claimNotFiled, { cases: [death], placements: [placement({ stage: 'RETURNED', returnedOn: '2026-01-15' })] })).toBe('GAP');
    expect(status(claimNotFiled, { cases: [{ ...death, status: 'REJECTED' }] })).toBe('none');
    expect(status(claimNotFiled, { cases: [caseFile({ category: 'SAKIT', subcategory: 'DEPRESI' })] })).toBe('none');
  });
});
