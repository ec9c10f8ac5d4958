import { Draws, weights } from './random.ts';
import type { Weights } from './random.ts';
import { dayText } from './calendar.ts';
import { tags } from './tags.ts';
import type { Journey } from './journeys.ts';
import { begun } from './journeys.ts';
import type { Life, Makers } from './lives.ts';
import { employerName } from './companies.ts';
import { plain } from './names.ts';
import { missionFor } from '../../domain/missions.ts';
import type { Case, CaseCategory, CaseEvent } from '../../domain/case.ts';
import type { Money } from '../../domain/money.ts';
import type { Instant } from '../../domain/time.ts';

/** A case with the journey on which it arose. */
export interface Trouble {
  readonly journey: Journey;
  readonly opened: number;
  readonly case: Case;
}

/**
 * Kinds of case by the closed cases of 2024: immigration 57.6 %, employment 23.3 %, deaths 7.5 % of general cases; special cases are 6.9 % of all: emergency
 * 79.6 %, trafficking 15.1 %. How the unnamed remainders split is assumed. Trafficking is bound to Cambodia here, which the sources only suggest.
 */
export const specialShare = 4_138 / 60_122;
const general: Weights<CaseCategory> = weights([
  ['KEIMIGRASIAN', 57.6], ['KETENAGAKERJAAN', 23.3], ['MENINGGAL', 7.5], ['SAKIT', 4], ['REPATRIASI', 2.4], ['KEKERASAN', 1.6], ['PIDANA', 1.4], ['ABK', 0.9], ['PERDATA', 0.5],
  ['HILANG_KONTAK', 0.5], ['LAINNYA', 0.3],
]);
const special: Weights<CaseCategory> = weights([['KEDARURATAN', 79.6], ['TPPO', 15.1], ['HUKUMAN_MATI', 5.3]]);

const subcategories: Readonly<Record<CaseCategory, readonly string[]>> = {
  KEIMIGRASIAN: ['OVERSTAY', 'TIDAK_BERDOKUMEN', 'DEPORTASI', 'PENAHANAN'],
  KETENAGAKERJAAN: ['GAJI_TIDAK_DIBAYAR', 'GAJI_TIDAK_DIBAYAR', 'PEKERJAAN_TIDAK_SESUAI', 'PHK_SEPIHAK', 'TIDAK_BETAH', 'DOKUMEN_DITAHAN'],
  MENINGGAL: ['MENINGGAL_SAKIT', 'MENINGGAL_KECELAKAAN'],
  SAKIT: ['SAKIT', 'DEPRESI', 'KECELAKAAN_KERJA'],
  PIDANA: ['PENAHANAN', 'PENCURIAN'],
  HUKUMAN_MATI: ['ANCAMAN_HUKUMAN_MATI'],
  PERDATA: ['PERJANJIAN', 'HAK_ASUH'],
  KEKERASAN: ['KEKERASAN_MAJIKAN', 'PELECEHAN'],
  TPPO: ['ONLINE_SCAM', 'EKSPLOITASI'],
  ABK: ['GAJI_ABK', 'KECELAKAAN_KAPAL'],
  KEDARURATAN: ['BENCANA', 'KONFLIK', 'KECELAKAAN_TRANSPORTASI'],
  REPATRIASI: ['INGIN_DIPULANGKAN'],
  HILANG_KONTAK: ['HILANG_KONTAK'],
  LAINNYA: ['BANTUAN_DOKUMEN'],
};

/** Chance of a case per lawful journey, by country, set so that the mission cases fall as in 2024: Malaysia 30 %, Saudi Arabia 25 %, Singapore 12 %, UAE 8 %, Cambodia 5 %. */
const caseChance: Readonly<Record<string, number>> = { MY: 0.1, SA: 0.32, SG: 0.36, AE: 0.4, HK: 0.025, TW: 0.025, JP: 0.02, KR: 0.04 };
const otherChance = 0.06;
/** The same per journey outside procedure. */
const irregularChance: Readonly<Record<string, number>> = { MY: 0.4, SA: 0.85, AE: 0.65, KH: 0.85 };
const otherIrregularChance = 0.35;

/** Closed in 2024: 60,122 of 67,297 handled. */
const closedShare = 0.893;

const notes = {
  opened: 'Pengaduan diterima, menunggu verifikasi data.',
  verified: 'Data pelapor diverifikasi, kasus ditangani satuan tugas pelindungan.',
  contacted: 'Majikan dihubungi, klarifikasi berlangsung.',
  closed: 'Kasus dinyatakan selesai.',
  rejected: 'Pengaduan ditolak: di luar kewenangan perwakilan.',
} as const;

/** A moment on a day between 08:00 and 17:00 Jakarta time, as an office writes it. */
export function officeHour(day: number, draw: number): Instant {
  const minute = Math.floor(draw * 540);
  const hour = 1 + Math.floor(minute / 60);
  return `${dayText(day)}T${String(hour).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}:00.000Z`;
}

function categoryFor(draws: Draws, journey: Journey): CaseCategory {
  const country = journey.market.country;
  let category = draws.happens(specialShare) ? special.at(draws.unit()) : general.at(draws.unit());
  if (country === 'KH' && draws.happens(0.15)) return 'TPPO';
  if (category === 'TPPO') category = country === 'KH' ? 'TPPO' : 'KEDARURATAN';
  if (category === 'ABK' && journey.market.employer !== 'VESSEL') category = 'KETENAGAKERJAAN';
  if (category === 'HUKUMAN_MATI' && !['MY', 'SA', 'AE'].includes(country)) category = 'KEDARURATAN';
  return category;
}

function money(amount: number, currency: string): Money {
  return { amount: amount.toFixed(2), currency };
}

function troubleOf(makers: Makers, life: Life, arising: Journey, draws: Draws, ordinal: number): Trouble | null {
  const category = categoryFor(draws, arising);
  // Nobody goes abroad again after her death.
  const journey = category === 'MENINGGAL' ? life.journeys.at(-1)! : arising;
  const from = begun(journey);
  if (from === null) return null;
  const until = Math.min(makers.today, journey.returned ?? makers.today);
  if (until - from < 10) return null;
  const opened = from + draws.between(8, until - from);
  if (category === 'MENINGGAL') {
    const home = opened + draws.between(4, 12);
    journey.returned = home <= makers.today ? home : null;
    if (journey.returned !== null) journey.stage = 'RETURNED';
  }
  const mission = missionFor(journey.place);
  if (mission === null) return null;

  const subcategory = draws.pick(subcategories[category]);
  const length = draws.between(10, 320);
  const closed = draws.happens(closedShare) && opened + length <= makers.today ? opened + length : null;
  const rejected = closed !== null && draws.happens(0.02);
  const events: CaseEvent[] = [{ at: officeHour(opened, draws.unit()), status: 'WAITING_VERIFICATION', note: notes.opened }];
  const verified = opened + draws.between(1, 9);
  const seen = verified <= (closed ?? makers.today);
  if (seen && !rejected) events.push({ at: officeHour(verified, draws.unit()), status: 'IN_PROCESS', note: notes.verified });
  if (seen && !rejected && category === 'KETENAGAKERJAAN' && verified + 5 < (closed ?? makers.today)) events.push({ at: officeHour(verified + 5, draws.unit()), status: 'IN_PROCESS', note: notes.contacted });
  if (closed !== null) events.push({ at: officeHour(closed, draws.unit()), status: rejected ? 'REJECTED' : 'CLOSED', note: rejected ? notes.rejected : notes.closed });

  const wages = category === 'KETENAGAKERJAAN' && subcategory === 'GAJI_TIDAK_DIBAYAR' ? journey.wage * draws.between(2, 30) : null;
  const currency = journey.market.wage[2];
  const recovered = wages !== null && closed !== null && !rejected ? Math.round(wages * (draws.happens(0.6) ? 1 : draws.unit())) : null;
  const special = category === 'KEDARURATAN' || category === 'TPPO' || category === 'HUKUMAN_MATI';
  const reporter = draws.unit();
  return {
    journey, opened,
    case: {
      number: makers.numbers.caseNumber(life.index, ordinal, mission), mission, category, subcategory, kind: special ? 'KHUSUS' : 'UMUM', status: events.at(-1)!.status,
      place: journey.place, openedOn: dayText(opened), closedOn: closed === null ? null : dayText(closed), claimed: wages === null ? null : money(wages, currency),
      recovered: recovered === null ? null : money(recovered, currency),
      parties: [
        { role: 'WORKER', name: plain(life.name) },
        ...(reporter < 0.3 ? [{ role: 'FAMILY' as const, name: plain(reporter < 0.15 ? life.mother : life.father) }] : []),
        { role: 'EMPLOYER', name: category === 'TPPO' ? null : employerName(journey) },
      ],
      events,
    },
  };
}

/** The cases of a life, oldest first. A death ends the last journey. */
export function troubles(makers: Makers, life: Life): Trouble[] {
  const draws = new Draws(makers.seed, life.index, tags.cases);
  const list: Trouble[] = [];
  for (const journey of life.journeys) {
    const chance = draws.unit();
    const from = begun(journey);
    if (from === null || from > makers.today) continue;
    const country = journey.market.country;
    const limit = journey.lawful ? (caseChance[country] ?? otherChance) : (irregularChance[country] ?? otherIrregularChance);
    if (chance >= limit) continue;
    const trouble = troubleOf(makers, life, journey, draws, list.length);
    if (!trouble) continue;
    list.push(trouble);
    if (trouble.case.category === 'MENINGGAL') break;
  }
  return list.toSorted((a, b) => a.opened - b.opened);
}

/** Day of death, if a case says that the worker died. */
export function deathOf(list: readonly Trouble[]): number | null {
  return list.find((t) => t.case.category === 'MENINGGAL')?.opened ?? null;
}
