import type { EventSubject, LoggedEvent } from '../../domain/event.ts';
import { encodeId } from '../ids.ts';
import type { Opaque } from '../opaque.ts';

/** GraphQL types of the facts that events are about, where they have an id by number alone. */
const typeOf: Partial<Record<EventSubject['facet'], string>> = { CASE: 'Case', PLACEMENT: 'Placement' };

/** The id of the fact that an event is about, as the graph gives it; null where there is none. */
export function subjectId({ workerId, subject }: Pick<LoggedEvent, 'workerId' | 'subject'>, opaque: Opaque): string | null {
  const typename = subject && typeOf[subject.facet];
  return subject && typename ? encodeId(typename, `${workerId}.${opaque.name(typename, subject.agency, subject.recordId, subject.fact)}`) : null;
}

export const isGap = ({ kind }: LoggedEvent): boolean => kind === 'GAP_OPENED' || kind === 'GAP_CLOSED';
export const isReferral = ({ kind }: LoggedEvent): boolean => kind.startsWith('REFERRAL_');

/** The id of the gap that an event is about; null where it is about none. */
export function gapId(event: LoggedEvent): string | null {
  return isGap(event) && event.ref !== null ? encodeId('Gap', `${event.workerId}.${event.ref}`) : null;
}

/** The id of the referral that an event is about; null where it is about none. */
export function referralId(event: LoggedEvent): string | null {
  return isReferral(event) && event.ref !== null ? encodeId('Referral', event.ref) : null;
}

/** An event's place in the log, as callers give it back. */
export function cursorOf(id: number): string {
  return encodeId('Event', id);
}

/** The message that webhooks get of an event: ids and kinds alone, as the graph gives them. */
export function messageOf(event: LoggedEvent, opaque: Opaque): { readonly id: string; readonly payload: string } {
  const id = cursorOf(event.id);
  const data = {
    id,
    kind: event.kind,
    worker: encodeId('Worker', event.workerId),
    subject: subjectId(event, opaque),
    rule: event.rule,
    gap: gapId(event),
    referral: referralId(event),
    occurredAt: event.occurredAt.toISOString(),
  };
  return { id, payload: JSON.stringify({ type: event.kind.toLowerCase().replace('_', '.'), timestamp: event.recordedAt.toISOString(), data }) };
}
