import { describe, expect, it } from 'vitest';
import { assessPlan, type PlannedPlacement } from '../../src/protection/plan.ts';
import { bp2mi, factsOf, inactive, membership, person, social } from './kit.ts';

const sound: PlannedPlacement = {
  scheme: 'P_TO_P', country: 'HK', job: 'HOUSE MAID', employerKind: 'HOUSEHOLD', departsOn: '2026-09-01', contractStart: null, contractMonths: 24, passportValidUntil: '2030-01-01', oneChannelSystem: null,
  coverPaidOn: '2026-06-01', coverMonths: null, savesForOldAge: true,
};
const amiss = (plan: PlannedPlacement, known: Parameters<typeof assessPlan>[1] = null) =>
  assessPlan(plan, known).findings.filter(({ status }) => status !== 'OK').map(({ rule, status }) => `${rule.id} ${status}`).toSorted();

describe('assessPlan', () => {
  it('finds nothing amiss with a sound plan, and says what it costs', () => {
    expect(amiss(sound)).toEqual([]);
    expect(assessPlan(sound, null)).toMatchObject({ contributions: { before: 37_500, during: 332_500, total: 370_000 }, registerFrom: null, payFrom: '2026-04-01', registersTooEarly: false, registerAgainSince: null });
  });

  it('sees that the window lapses before departure, and that she would then leave without cover', () => {
    expect(amiss({ ...sound, coverPaidOn: '2026-04-01' })).toEqual([]);
    const early = { ...sound, coverPaidOn: '2026-03-31' };
    expect(amiss(early)).toEqual(['COVER_MISSING GAP', 'OLD_AGE_NOT_TAKEN GAP', 'WINDOW_LAPSED_BEFORE_DEPARTURE GAP']);
    expect(assessPlan(early, null).registerAgainSince).toBe('2026-09-01');
  });

  it('sees cover not planned, or for too few months', () => {
    expect(amiss({ ...sound, coverPaidOn: null })).toEqual(['COVER_MISSING GAP', 'OLD_AGE_NOT_TAKEN GAP']);
    expect(amiss({ ...sound, coverMonths: 12 })).toEqual(['COVER_ENDS_BEFORE_CONTRACT GAP']);
  });

  it('sees a passport that ends too soon, and does not guess without its date', () => {
    expect(amiss({ ...sound, passportValidUntil: '2028-08-30' })).toEqual(['PASSPORT_ENDS_BEFORE_CONTRACT GAP']);
    expect(amiss({ ...sound, passportValidUntil: '2028-08-31' })).toEqual([]);
    expect(amiss({ ...sound, passportValidUntil: null })).toEqual(['PASSPORT_ENDS_BEFORE_CONTRACT UNKNOWN']);
  });

  it('sees a domestic worker to Malaysia outside the One Channel System', () => {
    const malaysia = { ...sound, country: 'MY' };
    expect(amiss({ ...malaysia, oneChannelSystem: false })).toEqual(['OUTSIDE_ONE_CHANNEL_SYSTEM GAP']);
    expect(amiss(malaysia)).toEqual(['OUTSIDE_ONE_CHANNEL_SYSTEM UNKNOWN']);
    expect(amiss({ ...malaysia, oneChannelSystem: true })).toEqual([]);
  });

  it('individual workers: a month before leaving at the earliest, and nothing to pay for the time before', () => {
    const alone = { ...sound, scheme: 'PERSEORANGAN', coverPaidOn: '2026-08-01' } as const;
    expect(assessPlan(alone, null)).toMatchObject({ registerFrom: '2026-08-01', registersTooEarly: false, contributions: { before: 0, total: 332_500 } });
    expect(amiss(alone)).toEqual([]);
    expect(assessPlan({ ...alone, coverPaidOn: '2026-07-31' }, null)).toMatchObject({ registersTooEarly: true, registerAgainSince: '2026-09-01' });
  });

  it('brings in what is known of the worker: JKN, and identity that would block a claim', () => {
    const known = factsOf({ placements: [], health: [membership({ ...inactive, inactiveReason: 'ARREARS' })], persons: [{ value: person(), source: bp2mi }, { value: person({ nik: '3301015203889004' }), source: social }] });
    expect(amiss(sound, known)).toEqual(['COVER_UNDER_OTHER_NIK GAP', 'HEALTH_INSURANCE_INACTIVE GAP', 'IDENTITY_CONFLICT UNKNOWN']);
  });

  it('shows no evidence from a plan, since it is nobody’s record', () => {
    for (const finding of assessPlan({ ...sound, coverPaidOn: null }, null).findings) expect(finding.evidence).toEqual([]);
  });
});
