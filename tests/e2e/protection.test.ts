import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestHub, startTestHub } from '../support/hub.ts';
import { BenefitsDocument, PlanDocument, ProtectionDocument, TimelineDocument } from '../support/operations.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ people: 60 });
});
afterAll(() => hub[Symbol.asyncDispose]());
beforeEach(() => hub.reset());

const by = (slug: string) => ({ by: { nik: hub.world.cast.find((member) => member.slug === slug)!.nik } });
const allAgencies = { BP2MI: 1, BPJS_KETENAGAKERJAAN: 1, BPJS_KESEHATAN: 1, PERWAKILAN: 1 };
/** One call each, whatever the mock needs besides to log in. */
const asked = () => Object.fromEntries(Object.entries(hub.calls()).map(([name, calls]) => [name, Math.min(1, calls)]));

describe('Worker.protection', () => {
  it('tells what is missing, by which rule and law, and who should act, asking each agency once', async () => {
    const answer = await hub.ask(ProtectionDocument, by('wati-lapsed'));
    expect(answer.errors).toEqual([]);
    const protection = answer.data!.worker!.protection!;
    expect(protection.phase).toBe('DURING');
    expect(protection.gaps.map(({ rule }) => rule)).toEqual(['COVER_MISSING', 'WINDOW_LAPSED_BEFORE_DEPARTURE', 'PAID_OUTSIDE_WINDOW', 'OLD_AGE_NOT_TAKEN']);
    expect(protection.gaps[0]).toMatchObject({ severity: 'CRITICAL', actor: 'PERWAKILAN', legalBasis: { instrument: 'Permenaker 4/2023', article: 'art. 6' } });
    expect(protection.gaps[0]!.evidence.map(({ agency }) => agency)).toContain('BP2MI');
    expect(asked()).toEqual(allAgencies);
  });

  it('finds nothing amiss with the model case', async () => {
    const answer = await hub.ask(ProtectionDocument, by('ayu-protected'));
    expect(answer.data!.worker!.protection).toMatchObject({ phase: 'DURING', gaps: [], unknown: [] });
    expect(answer.data!.worker!.protection!.entitlements.map(({ programme, status }) => `${programme} ${status}`)).toEqual(['JKK COVERED', 'JKM COVERED', 'JHT COVERED', 'JKN SUSPENDED']);
  });

  it('does not guess when an agency is down: UNKNOWN for what depends on it, answers for the rest', async () => {
    // Never read before, so that nothing is known from before either.
    await using fresh = await startTestHub({ people: 30, sync: false });
    fresh.mocks['BPJS_KETENAGAKERJAAN']!.faults.set({ down: true });
    const nik = fresh.world.cast.find(({ slug }) => slug === 'siti-selangor')!.nik;
    const answer = await fresh.ask<{ worker: { protection: { phase: string; unknown: string[]; findings: { rule: string; status: string }[] } } }, object>(
      'query ($by: WorkerKey!) { worker(by: $by) { protection { phase unknown findings { rule status } } } }', { by: { nik } });
    const { phase, unknown, findings } = answer.data!.worker.protection;
    expect(phase).toBe('DURING');
    expect(unknown).toEqual(['SOCIAL_SECURITY']);
    expect(findings).toContainEqual({ rule: 'COVER_MISSING', status: 'UNKNOWN' });
    expect(findings).toContainEqual({ rule: 'WAGES_UNPAID', status: 'GAP' });
    expect(answer.errors.map(({ extensions }) => extensions['agency'])).toEqual(['BPJS_KETENAGAKERJAAN']);
  });

  it('does not tell what the caller may not read, nor ask for it', async () => {
    const query = 'query ($by: WorkerKey!) { worker(by: $by) { protection { unknown findings { rule status } } } }';
    const answer = await hub.ask<{ worker: { protection: { unknown: string[]; findings: { rule: string; status: string }[] } } }, object>(query, by('siti-selangor'), { as: 'partner' });
    const { unknown, findings } = answer.data!.worker.protection;
    expect(unknown).toContain('CASE');
    expect(findings).toContainEqual({ rule: 'WAGES_UNPAID', status: 'UNKNOWN' });
    expect(answer.errors.map(({ extensions }) => extensions['code'])).toContain('FORBIDDEN');
    expect(asked()['PERWAKILAN']).toBe(0);
  });
});

describe('for a caller bound to a mission', () => {
  it('says nothing of where she is because no placement may be seen', async () => {
    const query = 'query ($by: WorkerKey!) { worker(by: $by) { protection { phase findings { rule status } } } }';
    type Seen = { worker: { protection: { phase: string; findings: { rule: string; status: string }[] } } };
    const everything = await hub.ask<Seen, object>(query, by('endang-arrears'));
    expect(everything.data!.worker.protection).toMatchObject({ phase: 'NONE', findings: expect.arrayContaining([{ rule: 'HEALTH_INSURANCE_INACTIVE', status: 'GAP' }]) });
    const scopes = ['identity:read', 'placement:read', 'insurance:read', 'health:read', 'case:read'] as const;
    const { key } = await hub.hub.keys.create({ name: 'hong-kong', scopes, bounds: { missions: ['KJRI_HONG_KONG'] }, expiresAt: new Date(Date.now() + 3_600_000), environment: 'test' });
    const bound = await hub.ask<Seen, object>(query, by('endang-arrears'), { as: null, headers: { authorization: `Bearer ${key}` } });
    expect(bound.data!.worker.protection).toMatchObject({ phase: 'UNKNOWN', findings: expect.arrayContaining([{ rule: 'HEALTH_INSURANCE_INACTIVE', status: 'UNKNOWN' }]) });
  });
});

describe('Worker.branches', () => {
  it('states the country’s cover branch by branch, with the reason where there is none', async () => {
    const answer = await hub.ask(ProtectionDocument, by('ayu-protected'));
    const branches = answer.data!.worker!.branches!;
    expect(branches).toHaveLength(9);
    expect(branches.filter(({ reason }) => reason === null).map(({ branch }) => branch)).toEqual(['OLD_AGE', 'EMPLOYMENT_INJURY', 'SURVIVORS']);
  });
});

describe('Worker.coverTimeline', () => {
  it('draws the gap of who left after her cover had lapsed', async () => {
    const answer = await hub.ask(TimelineDocument, by('wati-lapsed'));
    const { intervals } = answer.data!.worker!.coverTimeline!;
    expect(new Set(intervals.map(({ kind }) => kind))).toEqual(new Set(['PLACEMENT', 'CONTRACT', 'PHASE', 'COVER', 'HEALTH', 'GAP']));
    expect(intervals.filter(({ kind, phase }) => kind === 'GAP' && phase === 'DURING').map(({ programme }) => programme)).toEqual(['JKK', 'JKM']);
    expect(asked()).toEqual({ ...allAgencies, PERWAKILAN: 0 });
  });

  it('refuses a range that ends before it begins', async () => {
    const answer = await hub.ask('query ($by: WorkerKey!) { worker(by: $by) { coverTimeline(from: "2026-01-02", to: "2026-01-01") { from } } }', by('ayu-protected'));
    expect(answer.errors[0]!.extensions['code']).toBe('BAD_USER_INPUT');
  });
});

describe('Case.benefits', () => {
  it('offers what a case entitles to and points to the papers, asking each agency once', async () => {
    const answer = await hub.ask(BenefitsDocument, by('tini-deceased'));
    expect(answer.errors).toEqual([]);
    const [file] = answer.data!.worker!.cases!;
    const benefit = file!.benefits!.find(({ code }) => code === 'JKM_DEATH')!;
    expect(benefit).toMatchObject({ programme: 'JKM', state: 'CLAIMED', deadline: null });
    expect(benefit.papers.filter(({ evidence }) => evidence.length > 0).map(({ kind }) => kind)).toEqual(['MEMBERSHIP_CARD', 'PASSPORT', 'STATEMENT']);
    expect(hub.calls()['BPJS_KETENAGAKERJAAN']).toBe(1);
    expect(hub.calls()['BP2MI']).toBe(1);
  });
});

describe('assessPlacement', () => {
  it('tells what is missing from a plan and what it costs, without asking any agency', async () => {
    const answer = await hub.ask(PlanDocument, {});
    const plan = answer.data!.assessPlacement!;
    expect(plan.findings.filter(({ status }) => status === 'GAP').map(({ rule }) => rule).toSorted()).toEqual(['COVER_MISSING', 'OLD_AGE_NOT_TAKEN', 'PASSPORT_ENDS_BEFORE_CONTRACT', 'WINDOW_LAPSED_BEFORE_DEPARTURE']);
    expect(plan).toMatchObject({ contributions: { before: 37_500, during: 332_500, total: 370_000 }, payFrom: '2027-01-01', registerAgainSince: '2027-05-02' });
    expect(Object.values(hub.calls())).toEqual([0, 0, 0, 0]);
  });

  it('brings in what the agencies know of the worker', async () => {
    const query = `query ($by: WorkerKey!) { assessPlacement(input: { worker: $by, scheme: P_TO_P, country: "HK", job: "HOUSE MAID", departsOn: "2027-06-01", contractMonths: 24, coverPaidOn: "2027-05-01" }) {
      findings { rule status evidence { agency } } } }`;
    const answer = await hub.ask<{ assessPlacement: { findings: { rule: string; status: string; evidence: { agency: string }[] }[] } }, object>(query, by('endang-arrears'));
    expect(answer.data!.assessPlacement.findings).toContainEqual({ rule: 'HEALTH_INSURANCE_INACTIVE', status: 'GAP', evidence: [{ agency: 'BPJS_KESEHATAN' }] });
  });

  it('refuses a contract of no months', async () => {
    const answer = await hub.ask('{ assessPlacement(input: { scheme: P_TO_P, country: "HK", job: "X", departsOn: "2027-06-01", contractMonths: 0 }) { payFrom } }', {});
    expect(answer.errors[0]!.extensions['code']).toBe('BAD_USER_INPUT');
  });
});
