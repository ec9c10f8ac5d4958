import { hash } from 'node:crypto';
import type { Case, Stay } from '../domain/case.ts';
import { type Coverage, covers } from '../domain/coverage.ts';
import type { HealthMembership } from '../domain/health.ts';
import { missionFor } from '../domain/missions.ts';
import type { Money } from '../domain/money.ts';
import type { AreaCode, PersonClaim } from '../domain/person.ts';
import type { Placement } from '../domain/placement.ts';
import type { AgencyRecord } from '../domain/record.ts';
import { addDays, type Day } from '../domain/time.ts';
import { goldenOf } from '../identity/golden.ts';
import { normaliseName } from '../identity/normalise/name.ts';

/** Tables of the index, by what they hold. */
export const projections = ['worker', 'record', 'placement', 'coverage', 'health', 'case', 'stay'] as const;
export type Projection = (typeof projections)[number];

/** A row of the index without its versions, columns by their names in the database; days and amounts as text. */
export interface IndexRow {
  readonly worker_id: string;
  readonly agency?: string;
  readonly record_id?: string;
  readonly key?: string;
  readonly content: string;
  readonly [column: string]: string | number | boolean | readonly string[] | null | undefined;
}

export type WorkerRows = Readonly<Record<Projection, readonly IndexRow[]>>;

/**
 * All rows of the index that follow from a worker's records. `agencies` is the order in which agencies' words count (see `goldenOf`). No records, no rows.
 */
export function projectWorker(workerId: string, records: readonly AgencyRecord[], agencies: readonly string[]): WorkerRows {
  const placements = records.flatMap((record) => record.placements);
  const facts = <T>(pick: (record: AgencyRecord) => readonly T[], keyOf: (value: T) => string, columns: (value: T) => Columns) =>
    records.flatMap((record) => keyed(pick(record), keyOf).map(([key, value]) => rowOf({ worker_id: workerId, agency: record.agency, record_id: record.recordId, key, ...columns(value) })));
  return {
    worker: records.length === 0 ? [] : [rowOf({ worker_id: workerId, ...workerColumns(records, agencies) })],
    record: records.map((record) => rowOf({ worker_id: workerId, agency: record.agency, record_id: record.recordId, ...recordColumns(record.person) })),
    placement: facts((record) => record.placements, placementKey, (placement) => placementColumns(placement, placements)),
    coverage: facts((record) => record.coverages, coverageKey, coverageColumns),
    health: facts((record) => record.healthMemberships, healthKey, healthColumns),
    case: facts((record) => record.cases, caseKey, caseColumns),
    stay: facts((record) => record.stays, ({ number }) => number, stayColumns),
  };
}

/** A record's facts of a kind with their keys. A record that holds a fact twice keeps both, told apart by their order. */
export function keyed<T>(values: readonly T[], keyOf: (value: T) => string): [key: string, value: T][] {
  const times = new Map<string, number>();
  return values.map((value) => {
    const same = keyOf(value);
    const before = times.get(same) ?? 0;
    times.set(same, before + 1);
    return [before === 0 ? same : `${same}\n${before + 1}`, value];
  });
}

/** What names a fact inside its record; `Case` and `Stay` go by their number. */
export const placementKey = ({ number }: Placement): string => number;
export const coverageKey = ({ kpj, programme, phase, registeredOn, window }: Coverage): string => [kpj, programme, phase, registeredOn ?? '', window.start ?? ''].join('\n');
export const caseKey = ({ number }: Case): string => number;
export const healthKey = ({ card }: HealthMembership): string => card;

type Columns = Readonly<Record<string, string | number | boolean | readonly string[] | null>>;

function rowOf(columns: Columns & { readonly worker_id: string }): IndexRow {
  return { ...columns, content: hash('md5', JSON.stringify(columns), 'base64url') };
}

/** What the index holds of the golden record. */
const goldenColumns = ['name', 'sex', 'dateOfBirth', 'area'] as const;

function workerColumns(records: readonly AgencyRecord[], agencies: readonly string[]): Columns {
  const golden = new Map(goldenOf(records.map(({ agency, asOf, person }) => ({ agency, asOf, person, provenance: null })), agencies, goldenColumns).map(({ attribute, value }) => [attribute, value]));
  const [province = null, regency = null, district = null] = areasOf(golden.get('area') ?? null);
  return {
    name: golden.get('name') ?? null,
    sex: golden.get('sex') ?? null,
    date_of_birth: golden.get('dateOfBirth') ?? null,
    province,
    regency,
    district,
    agencies: [...new Set(records.map(({ agency }) => agency))].toSorted(),
  };
}

function recordColumns({ name, sex, dateOfBirth, area }: PersonClaim): Columns {
  return { name, name_search: name === null ? null : searchName(name), sex, date_of_birth: dateOfBirth, areas: areasOf(area) };
}

/** A name as search compares it; null where the text holds none. */
export function searchName(name: string): string | null {
  const normal = normaliseName(name);
  return normal && [...normal.tokens, ...normal.patronymic].join(' ');
}

/** The area and those it lies in, widest first. */
export function areasOf(area: AreaCode | null): string[] {
  const parts = area?.split('.') ?? [];
  return parts.map((_, i) => parts.slice(0, i + 1).join('.'));
}

function placementColumns(placement: Placement, all: readonly Placement[]): Columns {
  const { place, p3mi, employer, contract } = placement;
  const [from, to] = daysAbroad(placement, all);
  return {
    scheme: placement.scheme,
    procedure: placement.procedure,
    stage: placement.stage,
    ...placeColumns(place),
    mission: placement.mission ?? missionFor(place),
    p3mi_id: p3mi?.id ?? null,
    p3mi_name: p3mi?.name ?? null,
    employer_kind: employer?.kind ?? null,
    sector: placement.sector,
    job: placement.job,
    contract_start: contract.start,
    contract_end: contract.end,
    contract_months: contract.months,
    wage_amount: contract.wage?.amount ?? null,
    wage_currency: contract.wage?.currency ?? null,
    registered_on: placement.registeredOn,
    departed_on: placement.departedOn,
    arrived_on: placement.arrivedOn,
    returned_on: placement.returnedOn,
    passport_valid_until: placement.passportValidUntil,
    one_channel_system: placement.oneChannelSystem,
    abroad_from: from,
    abroad_to: to,
  };
}

function placeColumns(place: { readonly country: string; readonly region: string | null; readonly district: string | null } | null): Columns {
  return { country: place?.country ?? null, region: place?.region ?? null, district: place?.district ?? null };
}

function begun(placement: Placement): Day | null {
  return placement.departedOn ?? (placement.renews === null ? null : placement.contract.start);
}

/** First and last day abroad under a placement. Where it is known to be over but not since when, the contract's end is taken. */
function daysAbroad(placement: Placement, all: readonly Placement[]): [from: Day | null, to: Day | null] {
  const from = begun(placement);
  if (from === null || placement.stage === 'FAILED_TO_DEPART' || placement.stage === 'CANCELLED') return [null, null];
  const extended = all.flatMap((other) => (other.renews === placement.number ? (begun(other) ?? []) : [])).toSorted()[0];
  const over = placement.returnedOn ?? extended;
  const to = over !== undefined ? addDays(over, -1) : placement.stage === 'RETURNED' ? (placement.contract.end ?? from) : null;
  // Back on the day she left: no day abroad.
  return to !== null && to < from ? [null, null] : [from, to];
}

function coverageColumns(coverage: Coverage): Columns {
  const { window, payment } = coverage;
  const from = window.start !== null && payment.paidOn !== null && payment.paidOn > window.start ? payment.paidOn : window.start;
  const does = from !== null && covers(coverage, from);
  return {
    programme: coverage.programme,
    phase: coverage.phase,
    status: coverage.status,
    registered_on: coverage.registeredOn,
    window_start: window.start,
    window_end: window.end,
    payment_status: payment.status,
    owed: rupiah(payment.owed),
    paid: rupiah(payment.paid),
    paid_on: payment.paidOn,
    contract_months: coverage.contractMonths,
    claims: coverage.claims.length,
    covers_from: does ? from : null,
    covers_to: does ? window.end : null,
  };
}

function rupiah(money: Money | null): string | null {
  return money?.currency === 'IDR' ? money.amount : null;
}

function healthColumns(membership: HealthMembership): Columns {
  return {
    active: membership.active,
    inactive_reason: membership.inactiveReason,
    segment: membership.segment,
    ward_class: membership.wardClass,
    start_on: membership.start,
    end_on: membership.end,
  };
}

function caseColumns(entry: Case): Columns {
  const currency = entry.claimed?.currency ?? entry.recovered?.currency ?? null;
  const amount = (money: Money | null) => (money?.currency === currency ? (money?.amount ?? null) : null);
  return {
    mission: entry.mission,
    category: entry.category,
    subcategory: entry.subcategory,
    kind: entry.kind,
    status: entry.status,
    ...placeColumns(entry.place),
    opened_on: entry.openedOn,
    closed_on: entry.closedOn,
    claimed_amount: amount(entry.claimed),
    recovered_amount: amount(entry.recovered),
    currency,
  };
}

function stayColumns(stay: Stay): Columns {
  return { kind: stay.kind, mission: stay.mission, ...placeColumns(stay.place), reported_on: stay.reportedOn, verified_on: stay.verifiedOn };
}
