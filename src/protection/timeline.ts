import type { CoveragePhase, Programme } from '../domain/coverage.ts';
import type { Facet } from '../domain/record.ts';
import type { Day } from '../domain/time.ts';
import { addDays } from '../domain/time.ts';
import { coverageEvidence, type Evidence, healthEvidence, placementEvidence, type ProtectionInput } from './input.ts';
import { coveragesOf, coveredSpan, coveredSpans, mandatory } from './cover/held.ts';
import { dayBefore, gaps, intersection, type Span, span } from './cover/intervals.ts';
import { isIndividual, windowAfter } from './cover/law.ts';
import { type Journey, journeysOf } from './situation.ts';

export const timelineKinds = ['PLACEMENT', 'CONTRACT', 'PHASE', 'COVER', 'HEALTH', 'GAP'] as const;
/** Lane of the time axis. `PLACEMENT`: the absence from Indonesia. `GAP`: days of need that a mandatory programme does not cover. */
export type TimelineKind = (typeof timelineKinds)[number];

/** One interval on the axis, cut to the range asked for. */
export interface TimelineInterval extends Span {
  readonly kind: TimelineKind;
  /** Phase of work, for phases, cover and gaps. */
  readonly phase: CoveragePhase | null;
  /** For cover and gaps; JKN for health. */
  readonly programme: Programme | 'JKN' | null;
  /** Whether days lie ahead of the day of assessment, as things stand. */
  readonly foreseen: boolean;
  /** For health: whether the membership was active. Null elsewhere. */
  readonly active: boolean | null;
  readonly evidence: readonly Evidence[];
}

export interface CoverTimeline {
  readonly from: Day;
  readonly to: Day;
  /** Sorted by start, then by kind. */
  readonly intervals: readonly TimelineInterval[];
  /** Facets of which nothing is known; their lanes are empty, and so are the gaps where one of placement and cover is among them. */
  readonly unknown: readonly Facet[];
}

type Sketch = Partial<TimelineInterval> & Pick<TimelineInterval, 'kind' | 'evidence'>;

/** Placements, phases, cover, JKN and gaps on one axis, both ends of the range included. */
export function coverTimeline(input: ProtectionInput, from: Day, to: Day): CoverTimeline {
  const range = span(from, to);
  const intervals: TimelineInterval[] = [];
  const add = (spans: readonly (Span | null)[], sketch: Sketch) => {
    for (const one of range ? intersection(spans.filter((found) => found !== null), [range]) : []) {
      intervals.push({ phase: null, programme: null, active: null, ...sketch, ...one, foreseen: one.end > input.asOf });
    }
  };

  const journeys = journeysOf(input.placements);
  for (const journey of journeys) {
    const evidence = journey.placements.map(placementEvidence);
    const { before, during, after } = phaseSpans(journey, input);
    if (during) add([during], { kind: 'PLACEMENT', evidence });
    for (const held of journey.placements) {
      const { contract } = held.value;
      if (contract.start !== null) add([span(contract.start, contract.end)], { kind: 'CONTRACT', evidence: [placementEvidence(held)] });
    }
    for (const [phase, days] of [['BEFORE', before], ['DURING', during], ['AFTER', after]] as const) if (days) add([days], { kind: 'PHASE', phase, evidence });
    if (input.unknown.has('SOCIAL_SECURITY')) continue;
    for (const programme of mandatory) {
      const covered = coveredSpans(input, programme);
      if (during) add(gaps([during], covered), { kind: 'GAP', phase: 'DURING', programme, evidence });
      const lapsed = needBefore(input, journey, programme, before);
      if (lapsed) add(gaps([lapsed], covered), { kind: 'GAP', phase: 'BEFORE', programme, evidence });
    }
  }
  for (const programme of ['JKK', 'JKM', 'JHT'] as const) {
    for (const held of coveragesOf(input, programme)) add([coveredSpan(held.value)], { kind: 'COVER', phase: held.value.phase, programme, evidence: [coverageEvidence(held)] });
  }
  for (const one of healthSpans(input)) add([one.days], { kind: 'HEALTH', programme: 'JKN', active: one.active, evidence: one.evidence });

  const rank = new Map(timelineKinds.map((kind, k) => [kind, k]));
  intervals.sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : rank.get(a.kind)! - rank.get(b.kind)!));
  return { from, to, intervals, unknown: (['PLACEMENT', 'SOCIAL_SECURITY', 'HEALTH_INSURANCE'] as const).filter((facet) => input.unknown.has(facet)) };
}

/** The three phases of a journey. One that has not ended is drawn to the end of its contract, or to the day of assessment where that is later. */
function phaseSpans({ placements, registeredOn, departedOn, returnedOn }: Journey, { asOf }: ProtectionInput): { before: Span | null; during: Span | null; after: Span | null } {
  const contractEnd = placements.map(({ value }) => value.contract.end).filter((end) => end !== null).toSorted().at(-1) ?? asOf;
  const stillAway = contractEnd > asOf ? contractEnd : asOf;
  const before = registeredOn === null ? null : span(registeredOn, departedOn === null ? asOf : dayBefore(departedOn));
  const during = departedOn === null ? null : span(departedOn, returnedOn === null ? stillAway : dayBefore(returnedOn));
  const days = returnedOn === null ? null : windowAfter(returnedOn);
  return { before, during, after: days && span(days.start, days.end) };
}

/** From the first day of cover before work until departure: before that day none is owed. */
function needBefore(input: ProtectionInput, { placements, registeredOn }: Journey, programme: Programme, before: Span | null): Span | null {
  if (!before || registeredOn === null || (programme === 'JKK' && isIndividual(placements[0]!.value.scheme))) return null;
  const starts = coveragesOf(input, programme)
    .filter(({ value }) => value.phase === 'BEFORE')
    .map(({ value }) => coveredSpan(value)?.start)
    .filter((start) => start !== undefined && start >= registeredOn && start <= before.end)
    .toSorted();
  return starts[0] === undefined ? null : span(starts[0], before.end);
}

/** JKN as it was answered: each answer holds for its day, for `healthStatusDays` more, and up to a later answer for the same card. */
function healthSpans({ health, asOf, options }: ProtectionInput): { days: Span | null; active: boolean; evidence: Evidence[] }[] {
  const oldestFirst = health.toSorted((a, b) => (a.value.serviceDate < b.value.serviceDate ? -1 : 1));
  return oldestFirst.map((held, k) => {
    const { serviceDate, card, active } = held.value;
    const later = oldestFirst.slice(k + 1).find(({ value }) => value.card === card && value.serviceDate > serviceDate);
    const until = later ? dayBefore(later.value.serviceDate) : addDays(serviceDate, options.healthStatusDays);
    return { days: span(serviceDate, until > asOf && !later ? asOf : until), active, evidence: [healthEvidence(held)] };
  });
}
