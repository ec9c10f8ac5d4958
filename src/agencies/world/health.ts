import { Draws, weights } from './random.ts';
import { dayNumber, dayOf, dayText } from './calendar.ts';
import { tags } from './tags.ts';
import type { Life, Makers } from './lives.ts';
import type { HealthMembership, HealthSegment, InactiveReason } from '../../domain/health.ts';
import type { Day } from '../../domain/time.ts';
import { addDays } from '../../domain/time.ts';

/** A time during which a membership is not active, days included; an open end lasts. */
export interface Pause {
  readonly from: Day;
  readonly until: Day | null;
  readonly reason: InactiveReason;
}

/** A JKN card with its history, from which the status on any service date follows. */
export interface HealthCard {
  readonly card: string;
  readonly segment: HealthSegment;
  readonly segmentCode: string;
  readonly segmentText: string;
  readonly wardClass: string;
  readonly familyRole: string;
  readonly start: Day;
  readonly end: Day | null;
  readonly facility: { readonly code: string; readonly name: string } | null;
  readonly pauses: readonly Pause[];
  /** When the record last changed. */
  readonly touched: Day;
}

interface SegmentWords {
  readonly segment: HealthSegment;
  readonly code: string;
  readonly text: string;
}

/** Codes 13, 15, 21 and 22 with their words are VClaim's; 14 is known from general use only. */
const segments = {
  PBI_APBN: { segment: 'PBI', code: '21', text: 'PBI (APBN)' },
  PBI_APBD: { segment: 'PBI', code: '22', text: 'PBI (APBD)' },
  SELF: { segment: 'PBPU', code: '14', text: 'PEKERJA MANDIRI' },
  WAGE: { segment: 'PPU', code: '13', text: 'PEGAWAI SWASTA' },
  PENSION: { segment: 'BP', code: '15', text: 'PENERIMA PENSIUN PNS' },
} as const satisfies Record<string, SegmentWords>;

/** Assumed shares among migrant workers. */
const segmentShares = weights<SegmentWords>([[segments.PBI_APBN, 0.42], [segments.PBI_APBD, 0.17], [segments.SELF, 0.3], [segments.WAGE, 0.105], [segments.PENSION, 0.005]]);

/**
 * Status words. `0` AKTIF is VClaim's, and the words for arrears are in use; the other codes and words are this world's, since none are published.
 */
export const statusWords: Readonly<Record<'ACTIVE' | InactiveReason, readonly [code: string, text: string]>> = {
  ACTIVE: ['0', 'AKTIF'],
  ARREARS: ['1', 'NON AKTIF KARENA PREMI'],
  SUSPENDED_ABROAD: ['2', 'NON AKTIF - PENGHENTIAN SEMENTARA DI LUAR NEGERI'],
  DECEASED: ['3', 'NON AKTIF - MENINGGAL'],
  OTHER: ['4', 'NON AKTIF - BELUM TERJAMIN'],
};

/** Assumed. */
export const healthShares = { member: 0.8, suspendsAbroad: 0.5, forgetsToResume: 0.3, arrears: 0.28, wageLost: 0.6 };

const programmeStart = dayNumber('2014-01-01');
const noEnd: Day = '9999-12-31';

export function healthCard(makers: Makers, life: Life, died: number | null): HealthCard | null {
  const draws = new Draws(makers.seed, life.index, tags.health);
  if (!draws.happens(healthShares.member)) return null;
  const words = draws.weighted(segmentShares);
  const from = Math.max(programmeStart, life.born + 6_600);
  const start = Math.min(makers.today - 30, Math.max(from, draws.between(programmeStart, dayOf(2023, 12, 31))));
  if (died !== null && died <= start) return null;
  const pauses: Pause[] = [];
  let touched = start;
  const pause = (begin: number, until: number | null, reason: InactiveReason) => {
    const free = pauses.every((p) => p.until !== null && p.until < dayText(begin));
    if (!free || begin > makers.today || begin <= start) return;
    pauses.push({ from: dayText(begin), until: until === null || until > makers.today ? null : dayText(until), reason });
    touched = Math.max(touched, begin, until !== null && until <= makers.today ? until : begin);
  };
  // Those who pay themselves may suspend while abroad for six months or more, and must resume within a month of coming home.
  for (const journey of life.journeys) {
    const chance = draws.unit();
    const [late, resume] = [draws.between(5, 60), draws.between(1, 30)];
    const forgets = draws.happens(healthShares.forgetsToResume);
    if (journey.departed === null || journey.months < 6) continue;
    const back = journey.returned;
    if (words.segment === 'PBPU' && chance < healthShares.suspendsAbroad && (back === null || back - journey.departed > 190)) {
      pause(journey.departed + late, back === null ? null : back + resume, 'SUSPENDED_ABROAD');
      if (back !== null && forgets) pause(back + resume + 1, null, 'ARREARS');
    } else if (words.segment === 'PPU' && chance < healthShares.wageLost) pause(journey.departed + late, back === null ? null : back + 60 + resume, 'OTHER');
  }
  if (words.segment === 'PBPU' && draws.happens(healthShares.arrears)) {
    const begin = draws.between(start + 60, Math.max(start + 61, makers.today));
    pause(begin, draws.happens(0.3) ? begin + draws.between(40, 400) : null, 'ARREARS');
  }
  if (died !== null && died + 20 <= makers.today) {
    pauses.splice(0, pauses.length, ...pauses.filter((p) => p.until !== null && p.until < dayText(died)), { from: dayText(died), until: null, reason: 'DECEASED' });
    touched = died + 20;
  }
  return {
    card: makers.numbers.jknCard(life.index), segment: words.segment, segmentCode: words.code, segmentText: words.text,
    wardClass: words.segment === 'PBI' ? '3' : draws.pick(['1', '2', '2', '3', '3', '3']), familyRole: draws.pick(['1', '1', '1', '2', '3']), start: dayText(start), end: noEnd,
    facility: { code: `${String(1000 + (Number(life.area.replaceAll('.', '')) % 9000)).padStart(4, '0')}0${draws.between(100, 999)}`, name: `PUSKESMAS ${life.placeOfBirth.toUpperCase()} ${draws.between(1, 9)}` },
    pauses, touched: dayText(touched),
  };
}

/** Status as it was on a day. */
function membershipOn(card: HealthCard, day: Day): HealthMembership {
  const pause = card.pauses.find((p) => p.from <= day && (p.until === null || day <= p.until));
  const reason = pause?.reason ?? null;
  const [statusCode, statusText] = statusWords[reason ?? 'ACTIVE'];
  return {
    card: card.card, serviceDate: day, active: reason === null, statusCode, statusText, inactiveReason: reason, segment: card.segment, segmentCode: card.segmentCode, segmentText: card.segmentText,
    wardClass: card.wardClass, familyRole: card.familyRole, start: card.start, end: card.end, facility: card.facility,
  };
}

/** The membership's whole history up to today, newest first; each entry holds from its service date on. */
export function historyOf(card: HealthCard, today: Day): HealthMembership[] {
  const changes = [card.start, ...card.pauses.flatMap(({ from, until }) => (until === null ? [from] : [from, addDays(until, 1)]))];
  return [...new Set(changes)].filter((day) => day <= today).toSorted().toReversed().map((day) => membershipOn(card, day));
}
