import { describe, expect, it } from 'vitest';
import { dismissalUnclaimed } from '../../../src/protection/rules/dismissalUnclaimed.ts';
import { both, caseFile, claim, coverage, findings, status } from '../kit.ts';

const cases = [caseFile({ subcategory: 'PHK_SEPIHAK' })];

describe('DISMISSAL_UNCLAIMED', () => {
  it('finds the case under cover without a claim, and is content with a claim that names it', () => {
    expect(findings(dismissalUnclaimed, { cases })).toMatchObject([{ status: 'GAP', since: '2026-01-10', programmes: ['JKK'] }]);
    expect(status(dismissalUnclaimed, { cases, coverages: [coverage('JKK', { claims: [claim()] }), coverage('JKM')] })).toBe('OK');
  });

  it('is due on the last covered day, open shortly after, and not due where no cover held', () => {
    const until = (end: string) => both({ window: { start: '2025-06-01', end } });
    expect(status(dismissalUnclaimed, { cases, coverages: until('2026-01-10') })).toBe('GAP');
    expect(status(dismissalUnclaimed, { cases, coverages: until('2026-01-09') })).toBe('UNKNOWN');
    expect(status(dismissalUnclaimed, { cases, coverages: [coverage('JKM')] })).toBe('none');
  });

  it('does not guess where the file does not say of which kind it is, or an agency is silent', () => {
    expect(status(dismissalUnclaimed, { cases: [caseFile({ subcategory: null })] })).toBe('UNKNOWN');
    expect(status(dismissalUnclaimed, { unknown: ['CASE'] })).toBe('UNKNOWN');
    expect(status(dismissalUnclaimed, { cases, unknown: ['SOCIAL_SECURITY'] })).toBe('UNKNOWN');
  });

  it('does not concern other cases', () => {
    expect(status(dismissalUnclaimed, { cases: [caseFile({ subcategory: 'GAJI_TIDAK_DIBAYAR' })] })).toBe('none');
  });
});
