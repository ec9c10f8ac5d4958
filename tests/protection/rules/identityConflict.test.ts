import { describe, expect, it } from 'vitest';
import { identityConflict } from '../../../src/protection/rules/identityConflict.ts';
import { both, bp2mi, findings, jkn, mission, person, social, status } from '../kit.ts';

const against = (member: Parameters<typeof person>[0], other: Parameters<typeof person>[0] = {}) => [{ value: person(member), source: social }, { value: person(other), source: bp2mi }];

describe('IDENTITY_CONFLICT', () => {
  it('is content when NIK, date of birth and sex agree, whatever the spelling of the name', () => {
    expect(status(identityConflict, { persons: against({ name: 'SITTI' }) })).toBe('OK');
  });

  it('finds one wrong digit, two exchanged ones, a forgotten 40, and another date of birth or sex', () => {
    for (const nik of ['3507015501909002', '3507015510909001', '3507011501909001']) expect(status(identityConflict, { persons: against({ nik }) })).toBe('GAP');
    expect(findings(identityConflict, { persons: against({ dateOfBirth: '1990-01-16' }) })).toMatchObject([{ status: 'GAP', note: { en: 'Differs: date of birth.' } }]);
    expect(findings(identityConflict, { persons: against({ sex: 'MALE' }) })[0]!.evidence).toHaveLength(2);
  });

  it('leaves two whole NIKs to the rule on another person’s NIK', () => {
    expect(status(identityConflict, { persons: against({ nik: '3507015501909077' }) })).toBe('OK');
  });

  it('compares with what a claim is proved with, not with the JKN card', () => {
    expect(status(identityConflict, { persons: [...against({}), { value: person({ dateOfBirth: '1991-01-15' }), source: jkn }] })).toBe('OK');
  });

  it('does not guess when the NIKs cannot be compared, or a mission is silent', () => {
    expect(status(identityConflict, { persons: against({ nik: null }) })).toBe('UNKNOWN');
    expect(status(identityConflict, { persons: against({ nik: '0000000000000000' }) })).toBe('UNKNOWN');
    expect(status(identityConflict, { persons: against({}), unknown: ['STAY'] })).toBe('UNKNOWN');
    expect(status(identityConflict, { unknown: ['IDENTITY'] })).toBe('UNKNOWN');
    expect(status(identityConflict, { persons: against({ dateOfBirth: '1990-01-16' }), unknown: ['STAY'] })).toBe('GAP');
  });

  it('does not concern who has no cover that could be claimed under', () => {
    expect(status(identityConflict, { coverages: [] })).toBe('none');
    expect(status(identityConflict, { coverages: both({ status: 'SUPERSEDED' }), persons: [...against({ sex: 'MALE' }), { value: person(), source: mission }] })).toBe('none');
  });
});
