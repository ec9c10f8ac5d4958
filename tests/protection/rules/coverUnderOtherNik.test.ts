import { describe, expect, it } from 'vitest';
import { coverUnderOtherNik } from '../../../src/protection/rules/coverUnderOtherNik.ts';
import { findings, jkn, person, social, status } from '../kit.ts';

const against = (nik: string | null, other: string | null = '3507015501909001') => [{ value: person({ nik }), source: social }, { value: person({ nik: other }), source: jkn }];

describe('COVER_UNDER_OTHER_NIK', () => {
  it('finds cover under a NIK that is no slip of the one other agencies know', () => {
    expect(status(coverUnderOtherNik, { persons: against('3507015501909001') })).toBe('OK');
    expect(findings(coverUnderOtherNik, { persons: against('3301015203889004') })).toMatchObject([{ status: 'GAP', evidence: [{ source: social }, { source: jkn }] }]);
  });

  it('takes a slip of the pen for a slip, and a twin’s number for another person’s', () => {
    for (const slip of ['3507015501909003', '3507011501909001', '3507011501909003', '3507015510909001']) expect(status(coverUnderOtherNik, { persons: against(slip) })).toBe('OK');
    expect(status(coverUnderOtherNik, { persons: against('3507015501909012') })).toBe('GAP');
  });

  it('does not guess without a NIK to compare, or while an agency is silent', () => {
    expect(status(coverUnderOtherNik, { persons: against(null) })).toBe('UNKNOWN');
    expect(status(coverUnderOtherNik, { persons: against('3507015501909001', null) })).toBe('UNKNOWN');
    expect(status(coverUnderOtherNik, { persons: against('3507015501909001'), unknown: ['CASE'] })).toBe('UNKNOWN');
    expect(status(coverUnderOtherNik, { persons: against('3301015203889004'), unknown: ['CASE'] })).toBe('GAP');
  });
});
