import type { Coverage } from '../domain/coverage.ts';
import type { EmployerKind, Placement, Scheme } from '../domain/placement.ts';
import type { Day } from '../domain/time.ts';
import { addMonths } from '../domain/time.ts';
import { type Assessed, assess } from './assess.ts';
import { type Held, type ProtectionFacts, protectionInput, type ProtectionOptions } from './input.ts';
import { contributionsOwed, type Contributions, earliestRegistration, isIndividual, registerAgainSince, windowBefore, windowDuring } from './cover/law.ts';
import { dayBefore } from './cover/intervals.ts';
import { coverEndsEarly } from './rules/coverEndsEarly.ts';
import { coverMissing } from './rules/coverMissing.ts';
import { coverUnderOtherNik } from './rules/coverUnderOtherNik.ts';
import { healthInactive } from './rules/healthInactive.ts';
import { identityConflict } from './rules/identityConflict.ts';
import { oldAgeNotTaken } from './rules/oldAgeNotTaken.ts';
import { outsideOneChannel } from './rules/outsideOneChannel.ts';
import { passportExpires } from './rules/passportExpires.ts';
import { windowLapsed } from './rules/windowLapsed.ts';

/** A placement that does not exist yet, as a P3MI or an LTSA counter plans it. */
export interface PlannedPlacement {
  readonly scheme: Scheme;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly job: string;
  readonly employerKind: EmployerKind | null;
  readonly departsOn: Day;
  /** First day of the contract; the day of departure where null. */
  readonly contractStart: Day | null;
  readonly contractMonths: number;
  readonly passportValidUntil: Day | null;
  readonly oneChannelSystem: boolean | null;
  /** Day on which JKK and JKM were or will be paid; null for not planned. */
  readonly coverPaidOn: Day | null;
  /** Months of contract that the contribution is for; null for those of the contract. */
  readonly coverMonths: number | null;
  /** Whether old-age saving is taken. */
  readonly savesForOldAge: boolean;
}

/** What is missing from a plan, and what it costs. */
export interface PlanAssessment {
  /** What the rules find on the day of departure, before and after she leaves; each rule's gravest finding. */
  readonly findings: readonly Assessed[];
  /** What JKK and JKM cost for the contract, in rupiah. */
  readonly contributions: Contributions;
  /** First day on which to register; null where no such day is known. */
  readonly registerFrom: Day | null;
  /** First day of payment from which cover before work lasts until departure. */
  readonly payFrom: Day;
  /** Whether the planned payment is too early for registration (individual workers, art. 10). */
  readonly registersTooEarly: boolean;
  /** Since when she must register and pay again, as the payment's window ends before departure; null where it does not. */
  readonly registerAgainSince: Day | null;
}

const planned = { agency: 'PLAN', recordId: 'PLAN' } as const;

/** Rules that can say something of a placement before it begins. */
const rules = [coverMissing, windowLapsed, coverEndsEarly, oldAgeNotTaken, passportExpires, outsideOneChannel];
/** Rules about the worker herself, where it is known who she is. */
const personal = [healthInactive, identityConflict, coverUnderOtherNik];

function placementOf(plan: PlannedPlacement, departed: boolean): Placement {
  const start = plan.contractStart ?? plan.departsOn;
  const eve = dayBefore(plan.departsOn);
  return {
    number: 'PLAN', scheme: plan.scheme, procedure: 'PROSEDURAL', stage: departed ? 'DEPARTED' : 'EPMI_ISSUED', place: { country: plan.country, region: null, district: null }, mission: null, p3mi: null,
    employer: plan.employerKind === null ? null : { name: '', kind: plan.employerKind }, sector: plan.employerKind === 'HOUSEHOLD' ? 'INFORMAL' : 'FORMAL', job: plan.job,
    contract: { start, end: dayBefore(addMonths(start, plan.contractMonths)), months: plan.contractMonths, wage: null, signedOn: null },
    registeredOn: plan.coverPaidOn !== null && plan.coverPaidOn < eve ? plan.coverPaidOn : eve, departedOn: departed ? plan.departsOn : null, arrivedOn: null, returnedOn: null, passport: null, passportValidUntil: plan.passportValidUntil,
    oneChannelSystem: plan.oneChannelSystem, renews: null,
  };
}

/** Cover as it will stand on departure if it is paid as planned. A payment whose window before work is over by then has to be made again, so it buys nothing. */
function coverOf(plan: PlannedPlacement, departed: boolean): Coverage[] {
  if (plan.coverPaidOn === null) return [];
  const { scheme, departsOn, coverPaidOn: paidOn } = plan;
  const common = { kpj: '', status: 'ACTIVE', registeredOn: paidOn, payment: { status: 'PAID', owed: null, paid: null, paidOn }, claims: [] } as const;
  const before = { ...common, phase: 'BEFORE', window: windowBefore(scheme, paidOn, null), contractMonths: null } as const;
  const rows: Coverage[] = isIndividual(scheme) ? [{ ...before, programme: 'JKM' }] : [{ ...before, programme: 'JKK' }, { ...before, programme: 'JKM' }];
  if (registerAgainSince(scheme, paidOn, departsOn, departsOn) !== null) return rows;
  const months = plan.coverMonths ?? plan.contractMonths;
  const start = plan.contractStart ?? departsOn;
  const window = departed ? windowDuring(departsOn, dayBefore(addMonths(start, months))) : { start: null, end: null };
  const during = { ...common, phase: 'DURING', window, contractMonths: months } as const;
  rows.push({ ...during, programme: 'JKK' }, { ...during, programme: 'JKM' });
  if (plan.savesForOldAge) rows.push({ ...during, programme: 'JHT' });
  return rows;
}

function held<T>(values: readonly T[]): Held<T>[] {
  return values.map((value) => ({ value, source: planned }));
}

/**
 * Assesses a placement that does not exist yet. `known`: what the agencies hold of the worker, where it is known who she is; her earlier placements and cover
 * then do not count for the new one, but JKN and identity do.
 */
export function assessPlan(plan: PlannedPlacement, known: ProtectionFacts | null, options: Partial<ProtectionOptions> = {}): PlanAssessment {
  const on = (departed: boolean) => {
    const facts: ProtectionFacts = {
      asOf: plan.departsOn, placements: held([placementOf(plan, departed)]), coverages: held(coverOf(plan, departed)), health: [], cases: [], stays: [], persons: [],
      unknown: new Set(),
    };
    return assess(protectionInput(facts, options), rules);
  };
  // She is in the process of this placement, so she is in Indonesia unless the agencies know her to be abroad.
  const about = known ? assess(protectionInput({ ...known, placements: [...known.placements, ...held([{ ...placementOf(plan, false), registeredOn: null }])] }, options), personal) : [];
  const order = { GAP: 0, UNKNOWN: 1, OK: 2 } as const;
  const worst = new Map<string, Assessed>();
  for (const finding of [...on(false), ...on(true), ...about]) {
    const before = worst.get(finding.rule.id);
    if (!before || order[finding.status] < order[before.status]) worst.set(finding.rule.id, finding);
  }
  const { scheme, departsOn, coverPaidOn } = plan;
  const registerFrom = earliestRegistration(scheme, departsOn);
  return {
    // The plan is no agency's record, so it is no evidence.
    findings: [...worst.values()].map((finding) => ({ ...finding, evidence: finding.evidence.filter(({ source }) => source !== planned) })),
    contributions: contributionsOwed(scheme, plan.contractMonths),
    registerFrom,
    payFrom: payFromFor(scheme, departsOn),
    registersTooEarly: registerFrom !== null && coverPaidOn !== null && coverPaidOn < registerFrom,
    registerAgainSince: coverPaidOn === null ? null : registerAgainSince(scheme, coverPaidOn, departsOn, departsOn),
  };
}

/** The first day from which a payment's window before work reaches the departure: months are of different lengths, so the last days of one are tried. */
function payFromFor(scheme: Scheme, departsOn: Day): Day {
  const months = isIndividual(scheme) ? 1 : 5;
  let day = addMonths(departsOn, -months);
  while ((windowBefore(scheme, dayBefore(day), null).end ?? '') >= departsOn) day = dayBefore(day);
  return day;
}
