import type { Case } from '../../src/domain/case.ts';
import type { Claim, Coverage, Programme } from '../../src/domain/coverage.ts';
import type { HealthMembership } from '../../src/domain/health.ts';
import type { PersonClaim } from '../../src/domain/person.ts';
import type { Placement } from '../../src/domain/placement.ts';
import type { Facet } from '../../src/domain/record.ts';
import { assess, type Assessed } from '../../src/protection/assess.ts';
import { type Held, type ProtectionFacts, type ProtectionInput, protectionInput, type ProtectionOptions } from '../../src/protection/input.ts';
import type { Rule } from '../../src/protection/rule.ts';

/** A worker abroad, all well: departed 2025-06-01, two years' contract, cover paid for all of it. Tests change one thing. */
export const today = '2026-03-01';

export const bp2mi = { agency: 'BP2MI', recordId: 'PMI-1' } as const;
export const social = { agency: 'BPJS_KETENAGAKERJAAN', recordId: '25000000001' } as const;
export const jkn = { agency: 'BPJS_KESEHATAN', recordId: '0001234567890' } as const;
export const mission = { agency: 'PERWAKILAN', recordId: 'LD-1' } as const;

export function placement(changes: Partial<Placement> = {}): Placement {
  return {
    number: 'P-1', scheme: 'P_TO_P', procedure: 'PROSEDURAL', stage: 'ARRIVED', place: { country: 'HK', region: null, district: null }, mission: null, p3mi: null, employer: { name: 'X', kind: 'HOUSEHOLD' },
    sector: 'INFORMAL', job: 'HOUSE MAID', contract: { start: '2025-06-02', end: '2027-06-01', months: 24, wage: null, signedOn: null }, registeredOn: '2025-01-10', departedOn: '2025-06-01',
    arrivedOn: '2025-06-01', returnedOn: null, passport: 'C1234567', passportValidUntil: '2030-01-01', oneChannelSystem: null, renews: null, ...changes,
  };
}

/** In process: not yet gone. */
export function inProcess(changes: Partial<Placement> = {}): Placement {
  return placement({ stage: 'VISA_ISSUED', registeredOn: '2025-09-01', departedOn: null, arrivedOn: null, contract: { start: '2026-05-02', end: '2028-05-01', months: 24, wage: null, signedOn: null }, ...changes });
}

export function coverage(programme: Programme, changes: Partial<Coverage> = {}): Coverage {
  return {
    kpj: social.recordId, programme, phase: 'DURING', status: 'ACTIVE', registeredOn: '2025-05-01', window: { start: '2025-06-01', end: '2027-07-01' },
    payment: { status: 'PAID', owed: null, paid: null, paidOn: '2025-05-02' }, contractMonths: 24, claims: [], ...changes,
  };
}

/** The same change to JKK and JKM. */
export function both(changes: Partial<Coverage> = {}): Coverage[] {
  return [coverage('JKK', changes), coverage('JKM', changes)];
}

export function membership(changes: Partial<HealthMembership> = {}): HealthMembership {
  return {
    card: jkn.recordId, serviceDate: today, active: true, statusCode: '0', statusText: 'AKTIF', inactiveReason: null, segment: 'PBI', segmentCode: '21', segmentText: 'PBI (APBN)', wardClass: '3',
    familyRole: '1', start: '2016-01-01', end: '9999-12-31', facility: null, ...changes,
  };
}

export const inactive = { active: false, statusCode: '1', statusText: 'NON AKTIF' } as const;

export function person(changes: Partial<PersonClaim> & { nik?: string | null } = {}): PersonClaim {
  const { nik = '3507015501909001', ...rest } = changes;
  return {
    name: 'SITI', alias: null, sex: 'FEMALE', dateOfBirth: '1990-01-15', placeOfBirth: null, motherName: null, phone: null, area: null, raw: [],
    identifiers: nik === null ? [] : [{ kind: 'NIK', value: nik }], ...rest,
  };
}

export function caseFile(changes: Partial<Case> = {}): Case {
  return {
    number: 'KASUS-1', mission: 'KJRI_HONG_KONG', category: 'KETENAGAKERJAAN', subcategory: 'GAJI_TIDAK_DIBAYAR', kind: 'UMUM', status: 'IN_PROCESS', place: null, openedOn: '2026-01-10', closedOn: null,
    claimed: null, recovered: null, parties: [], events: [], ...changes,
  };
}

export function claim(changes: Partial<Claim> = {}): Claim {
  return { number: 'KL-1', benefit: 'JKK', status: 'FILED', filedOn: '2026-02-01', decidedOn: null, amount: null, caseNumber: 'KASUS-1', ...changes };
}

export interface Sketch {
  readonly asOf?: string;
  readonly placements?: readonly Placement[];
  readonly coverages?: readonly Coverage[];
  readonly health?: readonly HealthMembership[];
  readonly cases?: readonly Case[];
  readonly stays?: ProtectionFacts['stays'];
  readonly persons?: readonly Held<PersonClaim>[];
  readonly unknown?: readonly Facet[];
  readonly options?: Partial<ProtectionOptions>;
}

const held = <T>(values: readonly T[], source: Held<T>['source']) => values.map((value) => ({ value, source }));

export function factsOf(sketch: Sketch = {}): ProtectionFacts {
  const { asOf = today, placements = [placement()], coverages = both(), health = [membership()], cases = [], stays = [], unknown = [] } = sketch;
  const persons = sketch.persons ?? [{ value: person(), source: bp2mi }, { value: person(), source: social }, { value: person(), source: jkn }, { value: person(), source: mission }];
  const unheard = new Set(unknown);
  const known = <T>(facet: Facet, list: readonly T[]) => (unheard.has(facet) ? [] : list);
  return {
    asOf, placements: known('PLACEMENT', held(placements, bp2mi)), coverages: known('SOCIAL_SECURITY', held(coverages, social)), health: known('HEALTH_INSURANCE', held(health, jkn)),
    cases: known('CASE', held(cases, mission)), stays: known('STAY', stays), persons: known('IDENTITY', persons), unknown: unheard,
  };
}

export function inputOf(sketch: Sketch = {}): ProtectionInput {
  return protectionInput(factsOf(sketch), sketch.options);
}

/** What one rule finds. */
export function findings(rule: Rule, sketch: Sketch = {}): Assessed[] {
  return assess(inputOf(sketch), [rule]);
}

/** The rule's statuses; `none` where the rule does not concern the worker. */
export function status(rule: Rule, sketch: Sketch = {}): string {
  const found = findings(rule, sketch);
  return found.length === 0 ? 'none' : found.map((finding) => finding.status).join(' ');
}
