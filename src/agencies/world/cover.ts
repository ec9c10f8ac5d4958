import { Draws } from './random.ts';
import { dayText, plusMonths } from './calendar.ts';
import { tags } from './tags.ts';
import { socialSecuritySince } from './journeys.ts';
import type { Journey } from './journeys.ts';
import type { Life, Makers } from './lives.ts';
import { deathOf } from './cases.ts';
import type { Trouble } from './cases.ts';
import { afterWindow, beforeContribution, beforeMonths, beforeWindow, duringContribution, duringWindow, extensionContribution } from '../../domain/contribution.ts';
import type { Claim, Coverage, CoveragePhase, CoverageStatus, Payment, PaymentStatus, Programme } from '../../domain/coverage.ts';
import type { Money } from '../../domain/money.ts';
import type { Day, Period } from '../../domain/time.ts';
import { addDays, addMonths } from '../../domain/time.ts';

/** One KPJ with the cover under it. */
export interface Membership {
  readonly kpj: string;
  readonly registered: number;
  /** When the record last changed. */
  readonly touched: number;
  readonly coverages: readonly Coverage[];
}

/** Assumed: how cover is bought, and not. That a gap is the norm is published (9,000 covered in Saudi Arabia in 2023), the shares are not. */
export const coverShares = {
  registers: 0.87,
  registersAlone: 0.5,
  registersIrregular: 0.02,
  leavesUnpaid: 0.06,
  paysOnlyBefore: 0.04,
  paysEarly: 0.16,
  paysAgainAfterLapse: 0.45,
  newNumber: 0.6,
  registersTwice: 0.02,
  extends: 0.3,
  oldAge: 0.08,
  claims: 0.35,
};

const both: readonly Programme[] = ['JKK', 'JKM'];

export function rupiah(amount: number): Money {
  return { amount: String(amount), currency: 'IDR' };
}

/** What a cover period is made of. The contribution is one sum for JKK and JKM: it stands on the JKK row, and the JKM row says only whether it was paid. */
export interface PeriodOfCover {
  readonly kpj: string;
  readonly phase: CoveragePhase;
  readonly window: Period;
  readonly registeredOn: Day;
  readonly payment: PaymentStatus;
  readonly owed: number | null;
  readonly paid: number | null;
  readonly paidOn: Day | null;
  readonly contractMonths: number | null;
  readonly today: Day;
  readonly programmes?: readonly Programme[];
  readonly superseded?: boolean;
  readonly claims?: readonly Claim[];
}

/** The rows of one cover period, one per programme. */
export function rowsOf(period: PeriodOfCover): Coverage[] {
  return (period.programmes ?? both).map((programme) => {
    const carriesMoney = programme === 'JKK';
    const payment: Payment = {
      status: period.payment, owed: carriesMoney && period.owed !== null ? rupiah(period.owed) : null, paid: carriesMoney && period.paid !== null ? rupiah(period.paid) : null, paidOn: period.paidOn,
    };
    const claims = (period.claims ?? []).filter((claim) => claim.benefit.startsWith(programme));
    return {
      kpj: period.kpj, programme, phase: period.phase, status: statusOf(period, claims), registeredOn: period.registeredOn, window: period.window, payment, contractMonths: period.contractMonths, claims,
    };
  });
}

function statusOf({ superseded, payment, window, today }: PeriodOfCover, claims: readonly Claim[]): CoverageStatus {
  if (superseded) return 'SUPERSEDED';
  if (payment !== 'PAID') return 'REGISTERED_UNPAID';
  if (claims.some((claim) => claim.status === 'PAID')) return 'CLAIMED';
  return window.end !== null && window.end < today ? 'EXPIRED' : 'ACTIVE';
}

function dayOrNull(day: number | null): Day | null {
  return day === null ? null : dayText(day);
}

const nothing: Period = { start: null, end: null };

/** Claims that the troubles of a journey give rise to, filed with the mission's statement. Amounts are only known as maxima, so only deaths carry one. */
function claimsOf(makers: Makers, life: Life, journey: Journey, troubles: readonly Trouble[], draws: Draws, ordinal: number): Claim[] {
  const claims: Claim[] = [];
  for (const trouble of troubles) {
    if (trouble.journey !== journey) continue;
    const benefit = benefitFor(trouble);
    if (benefit === null || !draws.happens(coverShares.claims)) continue;
    const filed = trouble.opened + draws.between(5, 60);
    if (filed > makers.today) continue;
    const decided = filed + draws.between(10, 90);
    const done = decided <= makers.today;
    const granted = done && draws.happens(0.8);
    claims.push({
      number: makers.numbers.claim(life.index, ordinal + claims.length), benefit, status: !done ? (draws.happens(0.5) ? 'FILED' : 'IN_REVIEW') : granted ? 'PAID' : 'REJECTED', filedOn: dayText(filed),
      decidedOn: done ? dayText(decided) : null, amount: granted && benefit.startsWith('JKM') ? rupiah(85_000_000) : null, caseNumber: trouble.case.number,
    });
  }
  return claims;
}

function benefitFor({ case: { category, subcategory } }: Trouble): string | null {
  if (category === 'MENINGGAL') return subcategory === 'MENINGGAL_KECELAKAAN' ? 'JKK MENINGGAL KECELAKAAN KERJA' : 'JKM MENINGGAL';
  if (subcategory === 'KECELAKAAN_KERJA') return 'JKK KECELAKAAN KERJA';
  if (subcategory === 'PHK_SEPIHAK') return 'JKK PEMUTUSAN HUBUNGAN KERJA';
  return subcategory === 'PEKERJAAN_TIDAK_SESUAI' ? 'JKK PENEMPATAN TIDAK SESUAI PERJANJIAN' : null;
}

/** Cover bought for one journey under one KPJ. */
function coverOf(makers: Makers, journey: Journey, kpj: string, draws: Draws, claims: readonly Claim[], died: number | null): { rows: Coverage[]; registered: number; touched: number } {
  const today = dayText(makers.today);
  const alone = journey.scheme === 'PERSEORANGAN';
  const leaves = journey.departed;
  const early = draws.happens(coverShares.paysEarly);
  const planned = leaves ?? journey.registered + 150;
  const lead = planned - journey.registered;
  // An individual worker registers at the earliest a month before leaving (art. 10); others once the visa is there, or too early.
  const registered = alone ? planned - draws.between(3, 28) : journey.registered + Math.floor(lead * (early ? 0.12 : 0.72));
  const paid = registered + draws.between(0, 4);
  if (registered > makers.today) return { rows: [], registered, touched: registered };

  const registeredOn = dayText(registered);
  const months = journey.months;
  const owedDuring = duringContribution(months);
  const common = { kpj, registeredOn, today };
  const unpaid = draws.happens(coverShares.leavesUnpaid) || paid > makers.today;
  const departedOn = dayOrNull(leaves);
  const during = departedOn !== null && journey.end !== null ? duringWindow(departedOn, dayText(journey.end), dayOrNull(journey.returned)) : nothing;
  if (unpaid) {
    const rows = rowsOf({ ...common, phase: 'DURING', window: during, payment: 'UNPAID', owed: owedDuring, paid: null, paidOn: null, contractMonths: months });
    const before = alone ? [] : rowsOf({ ...common, phase: 'BEFORE', window: nothing, payment: 'UNPAID', owed: beforeContribution, paid: null, paidOn: null, contractMonths: null });
    return { rows: [...before, ...rows], registered, touched: registered };
  }

  const rows: Coverage[] = [];
  let touched = paid;
  const pay = (paidOn: Day) => {
    if (alone) {
      const latest = addMonths(paidOn, 1);
      const window = { start: paidOn, end: departedOn !== null && departedOn < latest ? departedOn : latest };
      rows.push(...rowsOf({ ...common, phase: 'BEFORE', window, payment: 'PAID', owed: null, paid: null, paidOn, contractMonths: null, programmes: ['JKM'] }));
    } else {
      rows.push(...rowsOf({ ...common, phase: 'BEFORE', window: beforeWindow(paidOn, departedOn), payment: 'PAID', owed: beforeContribution, paid: beforeContribution, paidOn, contractMonths: null }));
    }
  };
  const paidOn = dayText(paid);
  pay(paidOn);
  const lapsed = !alone && (leaves ?? makers.today) > plusMonths(paid, beforeMonths);
  let duringPaidOn: Day | null = draws.happens(coverShares.paysOnlyBefore) ? null : paidOn;
  if (lapsed) {
    // Five months over without departure: register and pay again, or leave without cover.
    const again = leaves === null ? null : leaves - draws.between(2, 25);
    if (again !== null && draws.happens(coverShares.paysAgainAfterLapse)) {
      pay(dayText(again));
      duringPaidOn = dayText(again);
      touched = again;
    } else duringPaidOn = null;
  }
  if (journey.stage !== 'FAILED_TO_DEPART' && journey.stage !== 'CANCELLED') {
    const status: PaymentStatus = duringPaidOn === null ? 'UNPAID' : 'PAID';
    rows.push(...rowsOf({ ...common, phase: 'DURING', window: during, payment: status, owed: owedDuring, paid: duringPaidOn === null ? null : owedDuring, paidOn: duringPaidOn, contractMonths: months, claims: duringPaidOn === null ? [] : claims }));
  }
  if (leaves !== null) touched = Math.max(touched, leaves);
  if (draws.happens(coverShares.oldAge) && leaves !== null) rows.push(oldAge(draws, common, during, dayText(paid), months, makers.today - leaves));
  if (journey.returned !== null && duringPaidOn !== null && died === null) {
    rows.push(...rowsOf({ ...common, phase: 'AFTER', window: afterWindow(dayText(journey.returned)), payment: 'PAID', owed: null, paid: null, paidOn: duringPaidOn, contractMonths: null }));
    touched = journey.returned;
  }
  return { rows, registered, touched };
}

/** Voluntary: a monthly sum of the worker's choice between 50,000 and 600,000 (art. on JHT), paid for the months gone by. */
function oldAge(draws: Draws, common: { kpj: string; registeredOn: Day; today: Day }, window: Period, paidOn: Day, months: number, days: number): Coverage {
  const monthly = draws.pick([50_000, 100_000, 200_000, 300_000, 600_000]);
  const paidMonths = Math.max(1, Math.min(months, Math.floor(days / 30)));
  const complete = paidMonths === months;
  return {
    kpj: common.kpj, programme: 'JHT', phase: 'DURING', status: window.end !== null && window.end < common.today ? 'EXPIRED' : 'ACTIVE', registeredOn: common.registeredOn, window, contractMonths: months,
    payment: { status: complete ? 'PAID' : 'PARTIAL', owed: rupiah(monthly * months), paid: rupiah(monthly * paidMonths), paidOn }, claims: [],
  };
}

/** Cover for a contract extended abroad: 13,500 a month, all at once, if it is extended at all. */
function extension(makers: Makers, journey: Journey, kpj: string, claims: readonly Claim[]): Coverage[] {
  const start = dayText(journey.start!);
  const amount = extensionContribution(journey.months);
  return rowsOf({
    kpj, phase: 'DURING', window: duringWindow(start, dayText(journey.end!), dayOrNull(journey.returned)), registeredOn: addDays(start, -12), payment: 'PAID', owed: amount, paid: amount, paidOn: addDays(start, -12), contractMonths: journey.months,
    today: dayText(makers.today), claims,
  });
}

/** All memberships of a life at BPJS Ketenagakerjaan, oldest first. */
export function memberships(makers: Makers, life: Life, troubles: readonly Trouble[]): Membership[] {
  const died = deathOf(troubles);
  const draws = new Draws(makers.seed, life.index, tags.social);
  const list: { kpj: string; registered: number; touched: number; coverages: Coverage[] }[] = [];
  let claimed = 0;
  let previous: { journey: Journey; membership: (typeof list)[number] } | null = null;
  for (const journey of life.journeys) {
    const [registers, extends_, fresh, twice] = [draws.unit(), draws.unit(), draws.unit(), draws.unit()];
    const claims = claimsOf(makers, life, journey, troubles, draws, claimed);
    if (journey.renews !== null) {
      if (previous?.journey.ordinal === journey.renews && extends_ < coverShares.extends) {
        previous.membership.coverages.push(...extension(makers, journey, previous.membership.kpj, claims));
        previous.membership.touched = Math.max(previous.membership.touched, journey.start! - 12);
        claimed += claims.length;
        previous = { journey, membership: previous.membership };
      }
      continue;
    }
    const chance = !journey.lawful ? coverShares.registersIrregular : journey.scheme === 'PERSEORANGAN' ? coverShares.registersAlone : coverShares.registers;
    if (journey.registered < socialSecuritySince || registers >= chance) continue;
    const sum = (target: Membership | undefined) => {
      const kpj = target?.kpj ?? makers.numbers.kpj(life.index, list.length, Number(dayText(journey.registered).slice(0, 4)));
      return { kpj, ...coverOf(makers, journey, kpj, draws, claims, journey === life.journeys.at(-1) ? died : null) };
    };
    const made = sum(fresh < coverShares.newNumber ? undefined : list.at(-1));
    if (made.rows.length === 0) continue;
    claimed += claims.length;
    let membership = list.find((m) => m.kpj === made.kpj);
    if (!membership) list.push((membership = { kpj: made.kpj, registered: made.registered, touched: made.touched, coverages: [] }));
    membership.coverages.push(...made.rows);
    membership.touched = Math.max(membership.touched, made.touched);
    previous = { journey, membership };
    if (twice < coverShares.registersTwice) {
      const kpj = makers.numbers.kpj(life.index, list.length, Number(dayText(journey.registered).slice(0, 4)));
      const doubled = made.rows.filter((row) => row.phase === 'BEFORE').map((row) => ({ ...row, kpj, status: 'SUPERSEDED' as const, claims: [] }));
      if (doubled.length > 0) list.push({ kpj, registered: made.registered, touched: made.registered, coverages: doubled });
    }
  }
  return list;
}
