import { afterWindow } from '../domain/contribution.ts';
import type { Placement } from '../domain/placement.ts';
import type { Day } from '../domain/time.ts';
import { holds } from '../domain/time.ts';
import { isOpen } from './cases.ts';
import type { Held, ProtectionFacts } from './input.ts';

export const phases = ['BEFORE', 'DURING', 'AFTER', 'NONE', 'DECEASED', 'UNKNOWN'] as const;
/**
 * Where a worker stands: in the placement process, abroad, home for at most 30 days, none of these, or dead by the word of a mission or BPJS Kesehatan.
 * `UNKNOWN` where the placement register did not answer or only some placements may be seen, or where it knows of no placement while a mission knows of a stay abroad or has an open case.
 */
export type Phase = (typeof phases)[number];

/** One absence from home: a placement with those that extend it abroad, oldest first. */
export interface Journey {
  readonly placements: readonly Held<Placement>[];
  readonly registeredOn: Day | null;
  readonly departedOn: Day | null;
  readonly returnedOn: Day | null;
}

export interface Situation {
  readonly phase: Phase;
  /** The journey that the phase is of; null without one. */
  readonly journey: Journey | null;
  /** The placement of it whose contract is in force, or the last that began. */
  readonly placement: Held<Placement> | null;
}

/** The day from which a placement's contract counts. */
function begins({ contract, departedOn, registeredOn }: Placement): Day | null {
  return contract.start ?? departedOn ?? registeredOn;
}

const failed = ({ stage }: Placement) => stage === 'FAILED_TO_DEPART' || stage === 'CANCELLED';

/** Joins placements that extend each other. One whose predecessor is not on record begins a journey of its own. */
export function journeysOf(placements: readonly Held<Placement>[]): Journey[] {
  const unique = [...new Map(placements.map((held) => [`${held.source.agency} ${held.value.number}`, held])).values()];
  const going = unique.filter(({ value }) => !failed(value)).toSorted((a, b) => ((begins(a.value) ?? '') < (begins(b.value) ?? '') ? -1 : 1));
  const chains: Held<Placement>[][] = [];
  for (const held of going) {
    const before = held.value.renews === null ? undefined : chains.find((chain) => chain.some(({ value }) => value.number === held.value.renews));
    if (before) before.push(held);
    else chains.push([held]);
  }
  return chains.map((chain) => {
    const first = chain[0]!.value;
    // An extension without its predecessor: she is abroad at the latest when it begins.
    const departedOn = first.departedOn ?? (first.renews === null ? null : begins(first));
    return { placements: chain, registeredOn: first.registeredOn, departedOn, returnedOn: chain.at(-1)!.value.returnedOn };
  });
}

/** Whether she is away on this journey on the day. A journey told as ended without a day of return ended at an unknown time, so she is taken to be home. */
function away({ departedOn, returnedOn, placements }: Journey, on: Day): boolean {
  if (departedOn === null || departedOn > on) return false;
  if (returnedOn !== null) return returnedOn > on;
  return placements.at(-1)!.value.stage !== 'RETURNED';
}

function inForce({ placements }: Journey, on: Day): Held<Placement> {
  return placements.findLast(({ value }) => (begins(value) ?? '') <= on) ?? placements[0]!;
}

/** The day since which she is known to be dead, by a mission's case or BPJS Kesehatan's status; null while neither says so. */
export function deceasedSince({ cases, health, asOf }: Pick<ProtectionFacts, 'cases' | 'health' | 'asOf'>): Day | null {
  const told = [
    ...cases.filter(({ value }) => value.category === 'MENINGGAL' && value.status !== 'REJECTED').map(({ value }) => value.openedOn),
    ...health.filter(({ value }) => value.inactiveReason === 'DECEASED').map(({ value }) => value.serviceDate),
  ].filter((day) => day <= asOf);
  return told.toSorted()[0] ?? null;
}

/** Where she stands on the day. */
export function situationOn(facts: ProtectionFacts): Situation {
  const { asOf, unknown } = facts;
  const journeys = journeysOf(facts.placements);
  const latest = (list: readonly Journey[], key: (journey: Journey) => Day | null) => list.toSorted((a, b) => ((key(a) ?? '') < (key(b) ?? '') ? 1 : -1))[0] ?? null;
  const at = (phase: Phase, journey: Journey | null): Situation => ({ phase, journey, placement: journey && inForce(journey, asOf) });

  const abroad = latest(journeys.filter((journey) => away(journey, asOf)), (journey) => journey.departedOn);
  if (deceasedSince(facts) !== null) return at('DECEASED', abroad ?? latest(journeys, (journey) => journey.departedOn));
  if (unknown.has('PLACEMENT')) return at('UNKNOWN', null);
  if (abroad) return at('DURING', abroad);

  const coming = journeys.filter(({ departedOn, registeredOn, placements }) => {
    const { stage, renews } = placements[0]!.value;
    const ahead = departedOn === null ? stage !== 'RETURNED' && renews === null : departedOn > asOf;
    return ahead && (registeredOn === null || registeredOn <= asOf);
  });
  const back = latest(journeys.filter(({ returnedOn }) => returnedOn !== null && holds(afterWindow(returnedOn), asOf)), (journey) => journey.returnedOn);
  if (back) return at('AFTER', back);
  const next = latest(coming, (journey) => journey.registeredOn);
  if (next) return at('BEFORE', next);
  if (facts.allPlacements === false) return at('UNKNOWN', null);
  if (journeys.length === 0 && facts.placements.length === 0) {
    const last = facts.stays.filter(({ value }) => value.reportedOn <= asOf).toSorted((a, b) => (a.value.reportedOn < b.value.reportedOn ? 1 : -1))[0];
    const seenAbroad = (last && last.value.kind !== 'KEPULANGAN') || facts.cases.some(({ value }) => isOpen(value, asOf));
    if (unknown.has('STAY') || unknown.has('CASE') || seenAbroad) return at('UNKNOWN', null);
  }
  return at('NONE', null);
}

/** Whether she is abroad on the day; null where that is not known: no placement on record does not mean that she is home. */
export function isAbroad({ situation: { phase }, placements, stays, asOf }: Pick<ProtectionFacts, 'placements' | 'stays' | 'asOf'> & { readonly situation: Situation }): boolean | null {
  if (phase === 'UNKNOWN' || phase === 'DECEASED') return null;
  if (phase !== 'NONE') return phase === 'DURING';
  return placements.length > 0 || stays.some(({ value }) => value.kind === 'KEPULANGAN' && value.reportedOn <= asOf) ? false : null;
}
