import { rowsOf, rupiah } from '../cover.ts';
import type { PeriodOfCover } from '../cover.ts';
import { historyOf } from '../health.ts';
import type { Pause } from '../health.ts';
import type { Mismatch } from '../mismatches.ts';
import type { Truth } from '../world.ts';
import { afterWindow, beforeContribution, beforeWindow, duringContribution, duringWindow } from '../../../domain/contribution.ts';
import { missionFor } from '../../../domain/missions.ts';
import type { Case, CaseCategory, CaseEvent, CaseKind, CaseParty, CaseStatus, StayKind } from '../../../domain/case.ts';
import type { Claim, Coverage } from '../../../domain/coverage.ts';
import type { Identifier } from '../../../domain/identifier.ts';
import type { HealthSegment } from '../../../domain/health.ts';
import type { Money } from '../../../domain/money.ts';
import type { AreaCode, PersonClaim, Sex } from '../../../domain/person.ts';
import type { EmployerKind, Place, Placement, Scheme } from '../../../domain/placement.ts';
import type { AgencyRecord } from '../../../domain/record.ts';
import type { Day, Period } from '../../../domain/time.ts';
import { addDays, addMonths } from '../../../domain/time.ts';

/*
 * Tools to write the cast by hand: what a member's records do not say is what her truth says. Dates are told from the world's day backwards, so that
 * the stories stay true; numbers never change.
 */

/** Dates as seen from the world's day. */
export interface Clock {
  readonly today: Day;
  /** So many months ago, and so many days later. */
  ago(months: number, days?: number): Day;
}

export function clock(today: Day): Clock {
  return { today, ago: (months, days = 0) => addDays(addMonths(today, -months), days) };
}

/** A member as written down: who she is, and what the agencies have on her. */
export interface Part {
  readonly slug: string;
  readonly story: string;
  readonly truth: Truth;
  readonly mismatches: readonly Mismatch[];
  records(clock: Clock): AgencyRecord[];
}

interface Person {
  readonly name: string;
  readonly sex: Sex;
  readonly born: Day;
  readonly birthplace: string;
  readonly mother: string;
  readonly phone: string;
  readonly area: AreaCode;
  readonly nik: string;
  readonly passports?: readonly string[];
}

export function truthOf({ name, sex, born, birthplace, mother, phone, area, nik, passports = [] }: Person): Truth {
  return { name, sex, dateOfBirth: born, placeOfBirth: birthplace, motherName: mother, phone, area, nik, passports };
}

/** How a record differs from the truth. `nik: null` where it has none. */
interface Differences extends Partial<Omit<PersonClaim, 'identifiers'>> {
  readonly nik?: string | null;
  readonly passports?: readonly string[];
  readonly others?: readonly Identifier[];
}

function claim(truth: Truth, own: Identifier, defaults: Partial<PersonClaim>, { nik = truth.nik, passports = [], others = [], ...differences }: Differences): PersonClaim {
  return {
    name: truth.name.toUpperCase(), alias: null, sex: truth.sex, dateOfBirth: truth.dateOfBirth, placeOfBirth: truth.placeOfBirth.toUpperCase(), motherName: null, phone: null, area: truth.area, raw: [],
    ...defaults, ...differences,
    identifiers: [own, ...(nik === null ? [] : [{ kind: 'NIK' as const, value: nik }]), ...passports.map((value) => ({ kind: 'PASSPORT' as const, value })), ...others],
  };
}

const none = { placements: [], coverages: [], healthMemberships: [], cases: [], stays: [] } as const;

function noon(day: Day): string {
  return `${day}T05:00:00.000Z`;
}

export function atBp2mi(truth: Truth, id: string, changed: Day, placements: readonly Placement[], differences: Differences = {}): AgencyRecord {
  const person = claim(truth, { kind: 'PMI_ID', value: id }, { motherName: truth.motherName.toUpperCase(), phone: truth.phone }, { passports: truth.passports, ...differences });
  return { ...none, agency: 'BP2MI', recordId: id, asOf: noon(changed), person, placements };
}

export function atSocial(truth: Truth, kpj: string, changed: Day, coverages: readonly Coverage[], differences: Differences = {}): AgencyRecord {
  const person = claim(truth, { kind: 'KPJ', value: kpj }, { motherName: truth.motherName.toUpperCase(), phone: truth.phone.replace(/^0/, '+62'), area: truth.area.slice(0, 5) }, differences);
  return { ...none, agency: 'BPJS_KETENAGAKERJAAN', recordId: kpj, asOf: noon(changed), person, coverages };
}

const segmentWords: Readonly<Record<HealthSegment, readonly [string, string]>> = {
  PBI: ['21', 'PBI (APBN)'], PBPU: ['14', 'PEKERJA MANDIRI'], PPU: ['13', 'PEGAWAI SWASTA'], BP: ['15', 'PENERIMA PENSIUN PNS'],
};

export function atHealth(truth: Truth, card: string, clock: Clock, segment: HealthSegment, pauses: readonly Pause[] = [], differences: Differences = {}): AgencyRecord {
  const start = '2016-03-01';
  const [segmentCode, segmentText] = segmentWords[segment];
  const last = pauses.at(-1);
  const touched = last ? (last.until ?? last.from) : start;
  const history = historyOf({
    card, segment, segmentCode, segmentText, wardClass: segment === 'PBI' ? '3' : '2', familyRole: '1', start, end: '9999-12-31', pauses, touched,
    facility: { code: `0${truth.area.replaceAll('.', '').slice(0, 4)}001`, name: `PUSKESMAS ${truth.placeOfBirth.toUpperCase()}` },
  }, clock.today);
  const person = claim(truth, { kind: 'JKN_CARD', value: card }, { placeOfBirth: null, area: null, phone: truth.phone }, differences);
  return { ...none, agency: 'BPJS_KESEHATAN', recordId: card, asOf: noon(touched), person, healthMemberships: history };
}

interface ReportSketch extends Differences {
  readonly number: string;
  readonly kind?: StayKind;
  readonly place: Place;
  readonly on: Day;
  /** Default: verified three days later; null for not yet. */
  readonly verified?: Day | null;
  readonly cases?: readonly Case[];
}

/** A lapor diri record with the cases filed under it. */
export function atMission(truth: Truth, { number, kind = 'KEDATANGAN', place, on, verified = addDays(on, 3), cases = [], ...differences }: ReportSketch): AgencyRecord {
  const mission = missionFor(place)!;
  const others = [...(differences.others ?? []), ...cases.map((c): Identifier => ({ kind: 'CASE_NUMBER', value: c.number }))];
  const person = claim(truth, { kind: 'LAPOR_DIRI', value: number }, { name: truth.name, placeOfBirth: truth.placeOfBirth, area: null }, { ...differences, others });
  const asOf = [noon(on), ...cases.map((c) => c.events.at(-1)!.at)].toSorted().at(-1)!;
  return { ...none, agency: 'PERWAKILAN', recordId: number, asOf, person, cases, stays: [{ number, kind, mission, place, reportedOn: on, verifiedOn: verified }] };
}

/** A case of someone who never reported a stay: a record of its own. */
export function caseAlone(truth: Truth, one: Case, differences: Differences = {}): AgencyRecord {
  const person = claim(truth, { kind: 'CASE_NUMBER', value: one.number }, { name: truth.name, placeOfBirth: truth.placeOfBirth, area: null }, differences);
  return { ...none, agency: 'PERWAKILAN', recordId: one.number, asOf: one.events.at(-1)!.at, person, cases: [one] };
}

interface PlacementSketch {
  readonly number: string;
  readonly place: Place;
  readonly job: string;
  readonly employer: string;
  readonly kind?: EmployerKind;
  readonly scheme?: Scheme;
  /** Default 24. */
  readonly months?: number;
  readonly wage: Money;
  readonly departed: Day;
  readonly returned?: Day | null;
  readonly passport: string;
  readonly passportValidUntil: Day;
}

/** A lawful placement that went its way: registered five months before departure, contract from the day after. Anything may be changed. */
export function placement(sketch: PlacementSketch, changes: Partial<Placement> = {}): Placement {
  const { departed, returned = null, kind = 'HOUSEHOLD', scheme = 'P_TO_P', months = 24 } = sketch;
  const start = addDays(departed, 1);
  return {
    number: sketch.number, scheme, procedure: 'PROSEDURAL', stage: returned === null ? 'ARRIVED' : 'RETURNED', place: sketch.place, mission: missionFor(sketch.place),
    p3mi: scheme === 'P_TO_P' ? { id: 'P3MI-017', name: 'PT FIKTIF PUTRA MANDIRI 17' } : null, employer: { name: sketch.employer, kind }, sector: kind === 'HOUSEHOLD' ? 'INFORMAL' : 'FORMAL', job: sketch.job,
    contract: { start, end: addDays(addMonths(start, months), -1), months, wage: sketch.wage, signedOn: addDays(departed, -60) },
    registeredOn: addDays(departed, -150), departedOn: departed, arrivedOn: departed, returnedOn: returned, passport: sketch.passport, passportValidUntil: sketch.passportValidUntil,
    oneChannelSystem: null, renews: null, ...changes,
  };
}

interface CoverSketch {
  readonly kpj: string;
  readonly today: Day;
  readonly paid: Day;
  readonly placement: Placement;
  /** Months paid for; default those of the contract. */
  readonly months?: number;
  readonly claims?: readonly Claim[];
  /** Day of death, which ends the cover. */
  readonly died?: Day;
}

/** Cover before, during and after one placement, paid at once. */
export function cover({ kpj, today, paid, placement: { contract, departedOn, returnedOn, scheme }, months = contract.months!, claims = [], died }: CoverSketch): Coverage[] {
  const common = { kpj, today, registeredOn: addDays(paid, -2), payment: 'PAID', paidOn: paid } as const;
  const rows: PeriodOfCover[] = [];
  const before = beforeWindow(paid, departedOn);
  if (scheme !== 'PERSEORANGAN') rows.push({ ...common, phase: 'BEFORE', window: before, owed: beforeContribution, paid: beforeContribution, contractMonths: null });
  const paidUntil = addDays(addMonths(contract.start!, months), -1);
  const window: Period = departedOn === null ? { start: null, end: null } : duringWindow(departedOn, paidUntil, died ?? returnedOn);
  rows.push({ ...common, phase: 'DURING', window, owed: duringContribution(months), paid: duringContribution(months), contractMonths: months, claims });
  if (returnedOn !== null && died === undefined) rows.push({ ...common, phase: 'AFTER', window: afterWindow(returnedOn), owed: null, paid: null, contractMonths: null });
  return rows.flatMap(rowsOf);
}

/** Only the cover before work. */
export function coverBefore(kpj: string, today: Day, paid: Day, departed: Day | null): Coverage[] {
  return rowsOf({
    kpj, today, registeredOn: addDays(paid, -2), payment: 'PAID', paidOn: paid, phase: 'BEFORE', window: beforeWindow(paid, departed), owed: beforeContribution, paid: beforeContribution, contractMonths: null,
  });
}

/** Cover during work that was registered and never paid. */
export function coverUnpaid(kpj: string, today: Day, registeredOn: Day, { contract, departedOn }: Placement): Coverage[] {
  const window = departedOn === null ? { start: null, end: null } : duringWindow(departedOn, contract.end!, null);
  return rowsOf({ kpj, today, registeredOn, payment: 'UNPAID', paidOn: null, phase: 'DURING', window, owed: duringContribution(contract.months!), paid: null, contractMonths: contract.months });
}

interface CaseSketch {
  readonly number: string;
  readonly place: Place;
  readonly category: CaseCategory;
  readonly subcategory: string;
  readonly kind?: CaseKind;
  readonly claimed?: Money;
  readonly recovered?: Money;
  readonly parties: readonly CaseParty[];
  /** Day, status reached, what was done. */
  readonly events: readonly (readonly [Day, CaseStatus, string])[];
}

export function caseFile({ number, place, category, subcategory, kind = 'UMUM', claimed, recovered, parties, events: told }: CaseSketch): Case {
  const events = told.map(([day, status, note]): CaseEvent => ({ at: noon(day), status, note }));
  const last = told.at(-1)!;
  const ended = last[1] === 'CLOSED' || last[1] === 'REJECTED';
  return {
    number, mission: missionFor(place)!, category, subcategory, kind, status: last[1], place, openedOn: told[0]![0], closedOn: ended ? last[0] : null, claimed: claimed ?? null, recovered: recovered ?? null, parties, events,
  };
}

export function amount(value: number, currency: string): Money {
  return currency === 'IDR' ? rupiah(value) : { amount: value.toFixed(2), currency };
}

export function place(country: string, region: string | null = null, district: string | null = null): Place {
  return { country, region, district };
}
