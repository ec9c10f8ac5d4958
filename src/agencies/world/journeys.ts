import type { Draws, Weights } from './random.ts';
import { weights } from './random.ts';
import { dayNumber, dayOf, plusMonths, yearOf } from './calendar.ts';
import { contractMonths, irregular, lawful, otherSchemes, regionsOf, usualMonths } from './markets.ts';
import type { Market } from './markets.ts';
import type { Sex } from '../../domain/person.ts';
import type { Place, PlacementStage, Scheme } from '../../domain/placement.ts';

/** One stay abroad as it truly was, days as numbers. What agencies write of it is another matter. */
export interface Journey {
  readonly ordinal: number;
  readonly market: Market;
  readonly scheme: Scheme;
  /** Whether the placement followed the legal procedure. */
  readonly lawful: boolean;
  readonly place: Place;
  /** Number from which the names of employer and company follow. */
  readonly employer: number;
  readonly company: number;
  readonly wage: number;
  readonly months: number;
  /** Start of the placement process; for a renewal, the day on which the mission recorded it. */
  readonly registered: number;
  readonly departed: number | null;
  readonly arrived: number | null;
  readonly signed: number | null;
  readonly start: number | null;
  readonly end: number | null;
  returned: number | null;
  stage: PlacementStage;
  /** Ordinal of the journey whose contract this one extends abroad. */
  readonly renews: number | null;
}

/** Assumed shares that shape a career. */
export const careerShares = {
  /** First journey outside procedure. */
  irregular: 0.12,
  /** A lawful worker's later journey outside procedure, and an irregular worker's. */
  turnsIrregular: 0.03,
  staysIrregular: 0.4,
  failsToDepart: 0.03,
  cancelled: 0.015,
  /** The process takes so long that a cover paid early may lapse. */
  slow: 0.12,
  returnsEarly: 0.08,
  renewsAbroad: 0.3,
  overstays: 0.05,
  /** Goes again after coming home. */
  goesAgain: 0.4,
};

const mostJourneys = 6;
/** Steps before departure, in order; a process in its course is somewhere among them. */
const steps: readonly PlacementStage[] = [
  'REGISTERED', 'VERIFIED', 'ID_ISSUED', 'PLACEMENT_AGREED', 'MEDICAL_PASSED', 'TRAINED', 'CONTRACT_SIGNED', 'VISA_ISSUED', 'SOCIAL_SECURITY_PAID', 'ORIENTED', 'EPMI_ISSUED',
];

const firstYear = 2012;
/** How many begin in each year from 2012; the pandemic years are thin. Assumed. */
const beginnings = [5, 5, 5, 5, 5, 5, 6, 6, 3, 2, 5, 7, 8, 8, 8];

export function startYears(today: number): Weights<number> {
  const count = yearOf(today) - firstYear + 1;
  return weights(Array.from({ length: count }, (_, k) => [firstYear + k, beginnings[k] ?? 8] as const));
}

/** A day of the year by chance, not after today. */
export function startDay(draws: Draws, year: number, today: number): number {
  const from = dayOf(year, 1, 1);
  return draws.between(from, Math.min(dayOf(year, 12, 31), today));
}

function drawPlace(draws: Draws, country: string): Place {
  const where = regionsOf[country];
  if (!where) return { country, region: null, district: null };
  const [region, , districts] = draws.weighted(where);
  return { country, region, district: districts ? draws.pick(districts) : null };
}

interface Plan {
  readonly ordinal: number;
  readonly market: Market;
  readonly lawful: boolean;
  readonly day: number;
  readonly today: number;
}

/** Papers, process, departure and contract of one journey that begins on the day; its end is decided by {@link finish}. */
function begin(draws: Draws, { ordinal, market, lawful: byLaw, day, today }: Plan): Journey {
  const place = drawPlace(draws, market.country);
  const [low, high] = market.wage;
  const scheme: Scheme = !byLaw ? 'PERSEORANGAN' : draws.happens(market.governments) ? 'G_TO_G' : schemeFor(draws, market);
  const months = byLaw ? draws.weighted(contractMonths[market.country] ?? usualMonths) : 24;
  const wage = roundWage(low + draws.unit() * (high - low));
  const common = { ordinal, market, scheme, lawful: byLaw, place, employer: draws.between(0, 99_999), company: draws.between(1, 424), wage, months, registered: day, returned: null, renews: null };
  const none = { departed: null, arrived: null, signed: null, start: null, end: null };

  const length = byLaw ? (draws.happens(careerShares.slow) ? draws.between(215, 340) : draws.between(75, 205)) : draws.between(5, 40);
  const departed = day + length;
  const fate = draws.unit();
  if (byLaw && fate < careerShares.failsToDepart + careerShares.cancelled && departed <= today) {
    return { ...common, ...none, signed: day + Math.floor(length * 0.6), stage: fate < careerShares.failsToDepart ? 'FAILED_TO_DEPART' : 'CANCELLED' };
  }
  const signed = day + Math.floor(length * 0.6);
  if (departed > today) {
    const step = Math.min(steps.length - 1, Math.floor(((today - day) / length) * steps.length));
    return { ...common, ...none, signed: signed <= today ? signed : null, stage: byLaw ? steps[step]! : 'REGISTERED' };
  }
  const arrived = departed + draws.between(0, 1);
  const start = arrived + draws.between(0, 3);
  const here = arrived <= today ? arrived : null;
  return { ...common, departed, arrived: here, signed, start, end: plusMonths(start, months) - 1, stage: here === null ? 'DEPARTED' : 'ARRIVED' };
}

function schemeFor(draws: Draws, market: Market): Scheme {
  const scheme = draws.weighted(otherSchemes);
  // A company's own use needs a company.
  return scheme === 'UKPS' && market.employer === 'HOUSEHOLD' ? 'P_TO_P' : scheme;
}

function roundWage(wage: number): number {
  const unit = wage > 100_000 ? 10_000 : wage > 10_000 ? 500 : wage > 1_000 ? 50 : 5;
  return Math.round(wage / unit) * unit;
}

/** How the stay ends: still there, home early or on time, contract extended abroad, or overstayed. Says whether it was extended. */
function finish(draws: Draws, journey: Journey, today: number): 'abroad' | 'home' | 'renewed' {
  const { start, end } = journey;
  const arrived = journey.renews === null ? journey.arrived : start;
  if (start === null || end === null || arrived === null) return 'abroad';
  if (!journey.lawful) {
    const home = arrived + draws.between(150, 2_400);
    if (home > today) return 'abroad';
    journey.returned = home;
  } else if (draws.happens(careerShares.returnsEarly)) {
    const home = arrived + draws.between(20, Math.max(21, end - arrived - 20));
    if (home > today) return 'abroad';
    journey.returned = home;
  } else {
    if (end > today) return 'abroad';
    const way = draws.unit();
    if (way < careerShares.renewsAbroad) {
      journey.stage = 'RENEWED';
      return 'renewed';
    }
    if (way < careerShares.renewsAbroad + careerShares.overstays) return 'abroad';
    const home = Math.max(arrived + 5, end + draws.between(-15, 25));
    if (home > today) return 'abroad';
    journey.returned = home;
  }
  journey.stage = 'RETURNED';
  return 'home';
}

function renew(draws: Draws, before: Journey): Journey {
  const start = before.end! + 1;
  const months = draws.happens(0.75) ? 24 : 12;
  const sameEmployer = draws.happens(0.7);
  return {
    ...before, ordinal: before.ordinal + 1, months, registered: start - draws.between(5, 45), employer: sameEmployer ? before.employer : draws.between(0, 99_999),
    wage: roundWage(before.wage * 1.05), departed: null, arrived: before.arrived, signed: start - 5, start, end: plusMonths(start, months) - 1, returned: null, stage: 'ARRIVED', renews: before.ordinal,
  };
}

export interface CareerOptions {
  readonly sex: Sex;
  readonly market: Market;
  readonly lawful: boolean;
  /** Day on which the first journey begins. */
  readonly firstDay: number;
  readonly today: number;
}

/** All journeys of a life, oldest first. */
export function career(draws: Draws, { sex, market: first, lawful: firstLawful, firstDay, today }: CareerOptions): Journey[] {
  const journeys: Journey[] = [];
  let market = first;
  let byLaw = firstLawful;
  let day = firstDay;
  while (journeys.length < mostJourneys && day <= today) {
    const journey = begin(draws, { ordinal: journeys.length, market, lawful: byLaw, day, today });
    journeys.push(journey);
    let last = journey;
    let ending = finish(draws, last, today);
    while (ending === 'renewed' && journeys.length < mostJourneys) {
      last = renew(draws, last);
      journeys.push(last);
      ending = finish(draws, last, today);
    }
    const free = last.returned ?? (last.stage === 'FAILED_TO_DEPART' || last.stage === 'CANCELLED' ? last.signed : null);
    if (free === null || !draws.happens(careerShares.goesAgain)) break;
    day = free + draws.between(60, 420);
    const wasLawful = byLaw;
    byLaw = !draws.happens(wasLawful ? careerShares.turnsIrregular : careerShares.staysIrregular);
    if (byLaw !== wasLawful || !draws.happens(0.65)) market = (byLaw ? lawful : irregular)[sex].at(draws.unit());
  }
  return journeys;
}

/** The day on which a journey's holder is first abroad on it: departure, or the start of an extension. */
export function begun(journey: Journey): number | null {
  return journey.departed ?? (journey.renews === null ? null : journey.start);
}

/** First day of cover for PMI at BPJS Ketenagakerjaan in this world. Assumed; the law is UU 18/2017, the first figures published are of August 2018. */
export const socialSecuritySince = dayNumber('2018-01-01');
