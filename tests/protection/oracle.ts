import { dayNumber, dayText, plusMonths } from '../../src/agencies/world/calendar.ts';
import { deathOf, troubles } from '../../src/agencies/world/cases.ts';
import { memberships } from '../../src/agencies/world/cover.ts';
import { healthCard } from '../../src/agencies/world/health.ts';
import { begun, type Journey } from '../../src/agencies/world/journeys.ts';
import { makeLife, makers, passportOn } from '../../src/agencies/world/lives.ts';
import { oneChannel } from '../../src/agencies/world/placements.ts';
import { covers } from '../../src/domain/coverage.ts';
import { claimed, type World } from './oracleCases.ts';

/** A true gap: the rule, and its programme where the rule is about one. */
export type TrueGap = string;

/**
 * Which gaps a person truly has on the world's day: from her life (journeys, passports, cover bought, troubles), not from what agencies wrote, and day by day
 * with the domain's own `covers`, not with the rules' intervals.
 */
export function oracle(world: World): (index: number) => ReadonlySet<TrueGap> {
  const all = makers(world.seed, world.today);
  const { today } = world;
  const now = dayNumber(today);
  const domestic = new Set(['HOUSE MAID', 'DOMESTIC WORKER']);

  return (index) => {
    const life = makeLife(all, index);
    const cases = troubles(all, life);
    const rows = memberships(all, life, cases).flatMap(({ coverages }) => coverages);
    const died = deathOf(cases);
    const gaps = new Set<TrueGap>();

    const gone = life.journeys.filter((journey) => begun(journey) !== null && begun(journey)! <= now);
    const last = gone.at(-1);
    const abroad = died === null && last && (last.returned === null || last.returned > now) ? last : null;
    const home = !abroad && last?.returned !== undefined && last.returned !== null ? last.returned : null;
    const justHome = home !== null && home <= now && now <= home + 30;
    const pending = died === null && !abroad && !justHome ? (life.journeys.findLast((j) => begun(j) === null && j.registered <= now && j.stage !== 'FAILED_TO_DEPART' && j.stage !== 'CANCELLED') ?? null) : null;
    const current = abroad ?? pending;
    const covered = (programme: string, day: number) => rows.some((row) => row.programme === programme && covers(row, dayText(day)));
    const first = current && firstOf(life.journeys, current);
    const bought = first ? rows.filter((row) => row.status !== 'SUPERSEDED' && row.payment.status === 'PAID' && row.programme !== 'JHT' && row.payment.paidOn! >= dayText(first.registered)) : [];

    if (abroad && first) {
      const left = begun(first)!;
      if (!covered('JKK', now) || !covered('JKM', now)) gaps.add('COVER_MISSING');
      const before = bought.filter((row) => row.phase === 'BEFORE');
      for (const programme of first.scheme === 'PERSEORANGAN' ? ['JKM'] : ['JKK', 'JKM']) {
        const own = before.filter((row) => row.programme === programme);
        if (own.length > 0 && !covered(programme, now) && own.every((row) => row.window.end! < dayText(left))) gaps.add('WINDOW_LAPSED_BEFORE_DEPARTURE');
      }
      for (const programme of ['JKK', 'JKM']) {
        const own = bought.filter((row) => row.programme === programme);
        const ever = own.some((row) => row.phase !== 'BEFORE' && daysOf(left, now + 4_000).some((day) => covers(row, dayText(day))));
        if (own.length > 0 && !covered(programme, now) && !ever) gaps.add('PAID_OUTSIDE_WINDOW');
      }
    }
    if (pending && first) {
      for (const programme of first.scheme === 'PERSEORANGAN' ? ['JKM'] : ['JKK', 'JKM']) {
        const own = bought.filter((row) => row.phase === 'BEFORE' && row.programme === programme);
        if (own.length > 0 && own.every((row) => row.window.end! < today)) gaps.add('WINDOW_LAPSED_BEFORE_DEPARTURE');
      }
    }
    if (current && first) {
      const during = bought.filter((row) => row.phase === 'DURING');
      const furthest = during.map((row) => row.window.end ?? (current.end === null ? '' : dayText(plusMonths(current.end, 1)))).toSorted().at(-1);
      const extended = abroad !== null && current.renews !== null;
      const boughtMore = during.some((row) => row.window.end !== null && row.window.end > dayText(plusMonths(current.start! - 1, 1)));
      if (extended && !boughtMore) gaps.add('EXTENSION_WITHOUT_COVER');
      else if (furthest !== undefined && current.end !== null && furthest < dayText(current.end)) gaps.add('COVER_ENDS_BEFORE_CONTRACT');
      if (!rows.some((row) => row.programme === 'JHT' && row.payment.status !== 'UNPAID' && row.payment.paidOn! >= dayText(first.registered))) gaps.add('OLD_AGE_NOT_TAKEN');
      if (!current.lawful) gaps.add('PLACED_OUTSIDE_PROCEDURE');
      if (oneChannel(all, index, current) === false && (domestic.has(current.market.job) || current.market.country === 'MY')) gaps.add('OUTSIDE_ONE_CHANNEL_SYSTEM');
      const passport = passportOn(life, now);
      const needed = Math.max(current.end ?? 0, abroad ? now : 0);
      if (current.end !== null && passport.validUntil < needed) gaps.add('PASSPORT_ENDS_BEFORE_CONTRACT');
    }
    if (died === null && !abroad) {
      const card = healthCard(all, life, died);
      const pause = card?.pauses.find((p) => p.from <= today && (p.until === null || today <= p.until));
      const lawful = pause?.reason === 'SUSPENDED_ABROAD' && home !== null && now <= plusMonths(home, 1);
      if (!card || (pause && !lawful)) gaps.add('HEALTH_INSURANCE_INACTIVE');
    }
    for (const gap of claimed({ cases: cases.map((trouble) => trouble.case), rows, today })) gaps.add(gap);
    for (const [k, journey] of life.journeys.entries()) {
      if (journey.stage !== 'FAILED_TO_DEPART') continue;
      const next = life.journeys[k + 1]?.registered ?? Infinity;
      const own = rows.filter((row) => row.programme === 'JKK' && row.phase === 'BEFORE' && row.status !== 'SUPERSEDED' && row.payment.status === 'PAID' && dayNumber(row.payment.paidOn!) >= journey.registered && dayNumber(row.payment.paidOn!) < next);
      if (own.length > 0 && own.every((row) => row.claims.length === 0)) gaps.add('FAILED_DEPARTURE_UNCLAIMED');
    }
    return gaps;
  };
}

/** The journey with which the absence began that this one is a part of. */
function firstOf(journeys: readonly Journey[], journey: Journey): Journey {
  const before = journey.renews === null ? undefined : journeys.find(({ ordinal }) => ordinal === journey.renews);
  return before ? firstOf(journeys, before) : journey;
}

/** Days from one to another, a week apart, ends included: enough to meet any window of a month or more. */
function daysOf(from: number, to: number): number[] {
  const days = [to];
  for (let day = from; day < to; day += 7) days.push(day);
  return days;
}
