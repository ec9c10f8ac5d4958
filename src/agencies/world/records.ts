import { Draws, chanceAt } from './random.ts';
import { dayText, yearOf } from './calendar.ts';
import { deathOf, officeHour, troubles } from './cases.ts';
import type { Trouble } from './cases.ts';
import { memberships } from './cover.ts';
import { healthCard, historyOf } from './health.ts';
import type { HealthCard } from './health.ts';
import { begun } from './journeys.ts';
import { makeLife, passportOn } from './lives.ts';
import type { Makers } from './lives.ts';
import { hands, strikes } from './mismatches.ts';
import type { Hand, Mismatch } from './mismatches.ts';
import { plain } from './names.ts';
import { formerProvince } from './origins.ts';
import { ownPapers, papersOf, yearsAdded } from './papers.ts';
import type { Papers } from './papers.ts';
import { placementOf, touchedOn } from './placements.ts';
import { reports } from './reports.ts';
import type { Report } from './reports.ts';
import { tags } from './tags.ts';
import { forms, writePerson } from './writer.ts';
import type { Form, Subject } from './writer.ts';
import type { WorldPerson } from './world.ts';
import type { AgencyName, AgencyRecord } from '../../domain/record.ts';
import type { Identifier } from '../../domain/identifier.ts';
import type { PersonClaim } from '../../domain/person.ts';

/** Assumed. */
const presence = {
  /** Workers outside procedure of whom BP2MI has a record all the same. */
  irregularAtBp2mi: 0.08,
  /** BP2MI hears of a passport renewed abroad. */
  renewedPassport: 0.35,
  passportAtSocial: 0.55,
  ktklnAtMission: 0.3,
};

const empty = { placements: [], coverages: [], healthMemberships: [], cases: [], stays: [] } as const;

interface Desk {
  readonly subject: Subject;
  readonly papers: Papers;
  readonly records: AgencyRecord[];
  /** The moment a record was last touched, at office hours of the day. */
  at(day: number): string;
}

function write(desk: Desk, form: Form, hand: Hand, rest: { passports: readonly string[]; own: readonly Identifier[]; country?: string; papers?: Papers }): PersonClaim {
  return writePerson(desk.subject, { form, hand, papers: rest.papers ?? desk.papers, passports: [...new Set(rest.passports)], own: rest.own, country: rest.country ?? null });
}

function atBp2mi(desk: Desk): void {
  const { makers, life, occurred } = desk.subject;
  const { seed } = makers;
  const lawful = life.journeys.filter((journey) => journey.lawful);
  const known = lawful.length > 0 ? lawful : chanceAt(seed, life.index, tags.presence) < presence.irregularAtBp2mi ? life.journeys.filter((j) => j.departed !== null).slice(0, 1) : [];
  if (known.length === 0) return;
  if (lawful.length > 0 && strikes(seed, life.index, 'RECORD_MISSING')) {
    occurred.add('RECORD_MISSING');
    return;
  }
  const hearsOfRenewal = chanceAt(seed, life.index, tags.presence + 100) < presence.renewedPassport;
  const doubled = lawful.length > 0 && strikes(seed, life.index, 'RECORD_DOUBLED');
  // The later record takes the later placements; of a single placement it is an empty double.
  const split = doubled ? Math.max(1, known.length - 1) : known.length;
  const record = (ordinal: number, journeys: typeof known, hand: Hand) => {
    const recordId = makers.numbers.pmiId(life.index, ordinal);
    const shown = (journeys.length > 0 ? journeys : known).filter((j) => j.renews === null || hearsOfRenewal);
    const days = shown.map((j) => begun(j) ?? Math.min(makers.today, j.registered + 30)).filter((day) => passportOn(life, day).issued <= makers.today);
    const passports = days.map((day) => desk.papers.passportOn(day).number);
    const current = desk.papers.passportOn(makers.today).number;
    if (passports.length > 0 && !passports.includes(current) && current.length > 0) occurred.add('PASSPORT_OLD');
    const own: Identifier[] = [{ kind: 'PMI_ID', value: recordId }];
    if (life.ktkln !== null) own.push({ kind: 'KTKLN', value: life.ktkln });
    const touched = Math.max(touchedOn(makers, journeys), known[0]!.registered);
    desk.records.push({
      ...empty, agency: 'BP2MI', recordId, asOf: desk.at(touched), person: write(desk, forms.BP2MI, hand, { passports, own }),
      placements: journeys.map((journey) => {
        const placement = placementOf(makers, life, journey);
        return desk.papers.borrowed && placement.passport !== null ? { ...placement, passport: desk.papers.passportOn(begun(journey) ?? journey.registered + 30).number } : placement;
      }),
    });
  };
  record(0, known.slice(0, split), hands.BP2MI);
  if (doubled) {
    occurred.add('RECORD_DOUBLED');
    record(1, known.slice(split), hands.BP2MI_AGAIN);
  }
}

function atSocialSecurity(desk: Desk, cases: readonly Trouble[]): void {
  const { makers, life } = desk.subject;
  for (const [k, membership] of memberships(makers, life, cases).entries()) {
    const withPassport = chanceAt(makers.seed, life.index * 16 + k, tags.presence + 200) < presence.passportAtSocial;
    const passport = desk.papers.passportOn(membership.registered);
    desk.records.push({
      ...empty, agency: 'BPJS_KETENAGAKERJAAN', recordId: membership.kpj, asOf: desk.at(membership.touched), coverages: membership.coverages,
      person: write(desk, forms.SOCIAL, k === 0 ? hands.SOCIAL : hands.SOCIAL_LATER, {
        passports: withPassport && passport.issued <= makers.today ? [passport.number] : [], own: [{ kind: 'KPJ', value: membership.kpj }],
      }),
    });
  }
}

function atHealth(desk: Desk, card: HealthCard | null): void {
  const { makers, life } = desk.subject;
  if (!card) return;
  desk.records.push({
    ...empty, agency: 'BPJS_KESEHATAN', recordId: card.card, asOf: `${card.touched}T03:00:00.000Z`, healthMemberships: historyOf(card, dayText(makers.today)),
    // The family card and not the passport: a worker under borrowed papers is a JKN member under her own name.
    person: write(desk, forms.HEALTH, hands.HEALTH, { passports: [], own: [{ kind: 'JKN_CARD', value: card.card }], papers: ownPapers(life) }),
  });
}

function atMission(desk: Desk, reported: readonly Report[], cases: readonly Trouble[]): void {
  const { makers, life, occurred } = desk.subject;
  const later = (k: number) => (k === 0 ? hands.MISSION : hands.MISSION_LATER);
  const filed = new Map<Report | null, Trouble[]>();
  for (const trouble of cases) {
    const under = reported.findLast((report) => report.journey === trouble.journey && report.reported <= trouble.opened) ?? null;
    filed.set(under, [...(filed.get(under) ?? []), trouble]);
  }
  const splp = life.passports.find((passport) => passport.travelDocument);
  const ktkln: Identifier[] = life.ktkln !== null && chanceAt(makers.seed, life.index, tags.presence + 300) < presence.ktklnAtMission ? [{ kind: 'KTKLN', value: life.ktkln }] : [];
  const current = desk.papers.passportOn(makers.today).number;
  const touched = (trouble: Trouble) => trouble.case.events.at(-1)!.at;
  const numbersOf = (list: readonly Trouble[]) => list.map((t): Identifier => ({ kind: 'CASE_NUMBER', value: t.case.number }));

  for (const [k, report] of reported.entries()) {
    const under = filed.get(report) ?? [];
    const passport = desk.papers.passportOn(report.reported).number;
    if (passport !== current) occurred.add('PASSPORT_OLD');
    const asOf = [desk.at(report.reported), ...under.map(touched)].toSorted().at(-1)!;
    desk.records.push({
      ...empty, agency: 'PERWAKILAN', recordId: report.stay.number, asOf, stays: [report.stay], cases: under.map((t) => t.case),
      person: write(desk, forms.MISSION, later(k), { passports: [passport], own: [{ kind: 'LAPOR_DIRI', value: report.stay.number }, ...ktkln, ...numbersOf(under)], country: report.journey.place.country }),
    });
  }
  for (const [k, trouble] of (filed.get(null) ?? []).entries()) {
    const bySplp = splp !== undefined && trouble.opened <= splp.issued && trouble.journey.ordinal === life.journeys.length - 1;
    if (bySplp) occurred.add('SPLP');
    desk.records.push({
      ...empty, agency: 'PERWAKILAN', recordId: trouble.case.number, asOf: touched(trouble), cases: [trouble.case],
      person: write(desk, forms.MISSION, later(reported.length + k), {
        passports: [bySplp ? splp.number : desk.papers.passportOn(trouble.opened).number], own: [...numbersOf([trouble]), ...ktkln], country: trouble.journey.place.country,
      }),
    });
  }
}

/** One person of the world, whole. */
export function makePerson(makers: Makers, index: number): WorldPerson {
  const life = makeLife(makers, index);
  const cases = troubles(makers, life);
  const died = deathOf(cases);
  const papers = papersOf(makers, life);
  const occurred = new Set<Mismatch>();
  if (life.twin !== null) occurred.add('TWIN');
  if (papers.borrowed) occurred.add('IDENTITY_BORROWED');
  if (formerProvince(life.province, yearOf(life.born)) !== null) occurred.add('AREA_STALE');

  const draws = new Draws(makers.seed, index, tags.presence);
  const desk: Desk = { subject: { makers, life, yearsAdded: yearsAdded(makers.seed, life), occurred }, papers, records: [], at: (day) => officeHour(Math.min(day, makers.today - 1), draws.unit()) };
  atBp2mi(desk);
  atSocialSecurity(desk, cases);
  atHealth(desk, healthCard(makers, life, died));
  atMission(desk, reports(makers, life), cases);
  return {
    index, cast: null, mismatches: [...occurred].toSorted(), records: desk.records,
    truth: {
      name: plain(life.name), sex: life.sex, dateOfBirth: dayText(life.born), placeOfBirth: life.placeOfBirth, motherName: plain(life.mother), phone: `0${life.phone}`, area: life.area, nik: life.nik,
      passports: life.passports.filter((p) => p.issued <= makers.today).map((p) => p.number),
    },
  };
}

export const agencies: readonly AgencyName[] = ['BP2MI', 'BPJS_KETENAGAKERJAAN', 'BPJS_KESEHATAN', 'PERWAKILAN'];
