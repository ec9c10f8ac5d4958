import { Draws } from './random.ts';
import { dayText } from './calendar.ts';
import { tags } from './tags.ts';
import { begun } from './journeys.ts';
import type { Journey } from './journeys.ts';
import { passportOn } from './lives.ts';
import type { Life, Makers, Passport } from './lives.ts';
import { missionFor } from '../../domain/missions.ts';
import type { Stay, StayKind } from '../../domain/case.ts';

/** A report of stay with the passport shown for it. */
export interface Report {
  readonly journey: Journey;
  readonly reported: number;
  readonly passport: Passport;
  readonly stay: Stay;
}

/** Assumed. Peduli WNI has 2.2 million people where the placement register has 4.9 million. */
export const reportShares = { lawful: 0.36, irregular: 0.2, moves: 0.08, newPassport: 0.6, reportsReturn: 0.12, verified: 0.93 };

/** The reports of stay of a life, oldest first; a new passport, or a move, makes a new one. */
export function reports(makers: Makers, life: Life): Report[] {
  const draws = new Draws(makers.seed, life.index, tags.reports);
  const list: Report[] = [];
  const report = (journey: Journey, day: number, kind: StayKind) => {
    const mission = missionFor(journey.place);
    if (day > makers.today || mission === null || list.length === 15) return;
    const verified = day + draws.between(1, 14);
    const seen = draws.happens(reportShares.verified) && verified <= makers.today;
    list.push({
      journey, reported: day, passport: passportOn(life, day),
      stay: { number: makers.numbers.laporDiri(life.index, list.length), kind, mission, place: journey.place, reportedOn: dayText(day), verifiedOn: seen ? dayText(verified) : null },
    });
  };
  for (const journey of life.journeys) {
    const [chance, delay, moves, passports, returns] = [draws.unit(), draws.between(3, 120), draws.unit(), draws.unit(), draws.unit()];
    const from = begun(journey);
    if (from === null || chance >= (journey.lawful ? reportShares.lawful : reportShares.irregular)) continue;
    const until = journey.returned ?? makers.today;
    const arrival = Math.min(until, from + delay);
    if (journey.renews === null) report(journey, arrival, 'KEDATANGAN');
    if (moves < reportShares.moves && until - arrival > 200) report(journey, arrival + 150, 'PERPINDAHAN');
    if (passports < reportShares.newPassport) {
      for (const passport of life.passports) if (!passport.travelDocument && passport.issued > arrival + 5 && passport.issued < until - 5) report(journey, passport.issued + 4, 'PERPINDAHAN');
    }
    if (journey.returned !== null && returns < reportShares.reportsReturn) report(journey, journey.returned - 1, 'KEPULANGAN');
  }
  return list.toSorted((a, b) => a.reported - b.reported);
}
