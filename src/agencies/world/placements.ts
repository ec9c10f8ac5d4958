import { dayNumber, dayText } from './calendar.ts';
import { companyOf, employerOf } from './companies.ts';
import { passportOn } from './lives.ts';
import type { Life, Makers } from './lives.ts';
import type { Journey } from './journeys.ts';
import { chanceAt } from './random.ts';
import { tags } from './tags.ts';
import { missionFor } from '../../domain/missions.ts';
import type { Money } from '../../domain/money.ts';
import type { Placement } from '../../domain/placement.ts';
import type { Day } from '../../domain/time.ts';

/** Since the memorandum of 1 April 2022 the One Channel System is the only lawful way for domestic workers to Malaysia. */
const oneChannelSince = dayNumber('2022-04-01');
const domesticJobs = new Set(['HOUSE MAID', 'DOMESTIC WORKER', 'CAREGIVER']);

/** Assumed: what BP2MI's record lacks of the place abroad. */
const regionUnknown = 0.12;
const districtUnknown = 0.35;
const missionUnnamed = 0.4;
/** Assumed: lawful placements of domestic workers to Malaysia that went past the One Channel System. */
const pastOneChannel = 0.15;

function day(number: number | null): Day | null {
  return number === null ? null : dayText(number);
}

export function wageOf(journey: Journey): Money {
  return { amount: journey.wage.toFixed(2), currency: journey.market.wage[2] };
}

export function oneChannel(makers: Makers, index: number, journey: Journey): boolean | null {
  if (journey.market.country !== 'MY' || !domesticJobs.has(journey.market.job) || journey.market.employer !== 'HOUSEHOLD') return null;
  if (journey.registered < oneChannelSince) return null;
  return journey.lawful && chanceAt(makers.seed, index * 16 + journey.ordinal, tags.paperwork) >= pastOneChannel;
}

/** A journey as BP2MI writes it. */
export function placementOf(makers: Makers, life: Life, journey: Journey): Placement {
  const draw = (kind: number) => chanceAt(makers.seed, (life.index * 16 + journey.ordinal) * 8 + kind, tags.paperwork);
  const passport = passportOn(life, journey.departed ?? journey.registered + 30);
  const hasPassport = journey.departed !== null || journey.renews !== null || passport.issued <= makers.today;
  const place = {
    country: journey.place.country,
    region: draw(1) < regionUnknown ? null : journey.place.region,
    district: draw(1) < regionUnknown || draw(2) < districtUnknown ? null : journey.place.district,
  };
  return {
    number: makers.numbers.placement(life.index, journey.ordinal), scheme: journey.scheme, procedure: journey.lawful ? 'PROSEDURAL' : 'NON_PROSEDURAL', stage: journey.stage, place,
    mission: draw(3) < missionUnnamed ? null : missionFor(journey.place), p3mi: companyOf(journey), employer: employerOf(journey),
    sector: journey.market.employer === 'HOUSEHOLD' ? 'INFORMAL' : 'FORMAL', job: journey.market.job,
    contract: { start: day(journey.start), end: day(journey.end), months: journey.lawful ? journey.months : null, wage: wageOf(journey), signedOn: day(journey.signed) },
    registeredOn: day(journey.registered), departedOn: day(journey.departed), arrivedOn: journey.renews === null ? day(journey.arrived) : null, returnedOn: day(journey.returned),
    passport: hasPassport ? passport.number : null, passportValidUntil: hasPassport ? dayText(passport.validUntil) : null,
    oneChannelSystem: oneChannel(makers, life.index, journey), renews: journey.renews === null ? null : makers.numbers.placement(life.index, journey.renews),
  };
}

/** The last day on which BP2MI touched the placements. */
export function touchedOn(makers: Makers, journeys: readonly Journey[]): number {
  return journeys.reduce((latest, j) => Math.max(latest, Math.min(makers.today, Math.max(j.registered, j.departed ?? 0, j.returned ?? 0, j.arrived ?? 0))), 0);
}
