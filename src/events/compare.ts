import { isDeepStrictEqual } from 'node:util';
import type { Case } from '../domain/case.ts';
import type { EventReach, EventSubject, NewEvent } from '../domain/event.ts';
import { missionFor } from '../domain/missions.ts';
import type { Placement } from '../domain/placement.ts';
import type { AgencyRecord } from '../domain/record.ts';
import type { Day } from '../domain/time.ts';

/** A record before and after a change; `before` is null for a new one, `after` for one that is gone. */
export interface RecordChange {
  /** The worker it is linked to. */
  readonly workerId: string;
  readonly before: AgencyRecord | null;
  readonly after: AgencyRecord | null;
}

/** What of a placement decides who may hear of it. */
export function placementReach(placement: Placement): NonNullable<EventReach['placement']> {
  return { p3mi: placement.p3mi?.id ?? null, mission: placement.mission ?? missionFor(placement.place) };
}

/** What of a case decides who may hear of it. */
export function caseReach({ mission, category }: Case): NonNullable<EventReach['case']> {
  return { mission, category };
}

/** The beginning of a day in Jakarta. */
export function startOf(day: Day): Date {
  return new Date(`${day}T00:00:00+07:00`);
}

/** What a mission's desk would call a step of the case: not who is named in it, nor the sums. */
function stepOf({ mission, category, subcategory, kind, status, closedOn, events }: Case) {
  return { mission, category, subcategory, kind, status, closedOn, events };
}

/** The events of a changed record: its cases opened and moved, its placements new, changed and gone. */
export function eventsOf({ workerId, before, after }: RecordChange, at: Date): NewEvent[] {
  const record = after ?? before;
  if (!record) return [];
  const { agency, recordId } = record;
  const subject = (facet: EventSubject['facet'], fact: string): EventSubject => ({ facet, agency, recordId, fact });
  const base = { workerId, rule: null, ref: null };
  const cases = changesOf(before?.cases ?? [], after?.cases ?? [], (one) => one.number, (a, b) => isDeepStrictEqual(stepOf(a), stepOf(b)));
  const placements = changesOf(before?.placements ?? [], after?.placements ?? [], (one) => one.number, isDeepStrictEqual);
  return [
    ...cases.map(({ old, now }): NewEvent => {
      const value = (now ?? old)!;
      const step = now?.events.at(-1)?.at;
      const occurredAt = !old ? startOf(value.openedOn) : step && step !== old.events.at(-1)?.at ? new Date(step) : at;
      return { ...base, kind: old ? 'CASE_MOVED' : 'CASE_OPENED', subject: subject('CASE', value.number), reach: { facets: ['CASE'], case: caseReach(value) }, occurredAt };
    }),
    ...placements.map(({ old, now }): NewEvent => {
      const value = (now ?? old)!;
      return { ...base, kind: 'PLACEMENT_CHANGED', subject: subject('PLACEMENT', value.number), reach: { facets: ['PLACEMENT'], placement: placementReach(value) }, occurredAt: at };
    }),
  ];
}

interface Change<T> {
  readonly old: T | undefined;
  readonly now: T | undefined;
}

/** What is new, other than before, or gone; in the order of the records. */
function changesOf<T>(before: readonly T[], after: readonly T[], keyOf: (value: T) => string, same: (a: T, b: T) => boolean): Change<T>[] {
  const [old, now] = [new Map(before.map((value) => [keyOf(value), value])), new Map(after.map((value) => [keyOf(value), value]))];
  const changed = [...now].filter(([key, value]) => !old.has(key) || !same(old.get(key)!, value)).map(([key, value]) => ({ old: old.get(key), now: value as T | undefined }));
  return [...changed, ...[...old].filter(([key]) => !now.has(key)).map(([, value]) => ({ old: value as T | undefined, now: undefined }))];
}
