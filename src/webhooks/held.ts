import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import type { LoggedEvent } from '../domain/event.ts';
import type { Database } from '../store/database.ts';
import { webhookHeld } from '../store/eventTables.ts';
import { backoffMs, mostAttempts } from './retry.ts';

/** An event that was not taken, or that waits behind one of the same person. */
export interface Held {
  readonly event: LoggedEvent;
  readonly attempts: number;
  /** When to try again; null: at once, when nothing of the same person waits before it. */
  readonly nextAt: Date | null;
}

type Stored = Omit<LoggedEvent, 'occurredAt' | 'recordedAt'> & { readonly occurredAt: string; readonly recordedAt: string };

/** JSON knows no dates. */
export function revived(stored: object): LoggedEvent {
  const event = stored as Stored;
  return { ...event, occurredAt: new Date(event.occurredAt), recordedAt: new Date(event.recordedAt) };
}

/** The events that wait for a webhook, in their order. */
export async function readHeld(database: Database, webhookId: string): Promise<Held[]> {
  const rows = await database.run((q) => q.select().from(webhookHeld).where(and(eq(webhookHeld.webhookId, webhookId), isNull(webhookHeld.deadAt))).orderBy(asc(webhookHeld.eventId)));
  return rows.map(({ event, attempts, nextAt }) => ({ event: revived(event), attempts, nextAt }));
}

export interface Holding {
  readonly event: LoggedEvent;
  /** Code of the failed attempt; null where none was made. */
  readonly failure: string | null;
}

/** Has events wait; given up at once where told so. Doing it twice changes nothing. */
export async function hold(database: Database, webhookId: string, holdings: readonly Holding[], { dead = false, haste = 1 }: { readonly dead?: boolean; readonly haste?: number } = {}): Promise<void> {
  if (holdings.length === 0) return;
  const now = Date.now();
  await database.run((q) =>
    q.insert(webhookHeld).values(holdings.map(({ event, failure }) => {
      const tried = failure === null ? 0 : 1;
      return { webhookId, eventId: event.id, workerId: event.workerId, attempts: tried, nextAt: tried > 0 ? new Date(now + backoffMs(1) * haste) : null, deadAt: dead ? new Date(now) : null, failure, event };
    })).onConflictDoNothing());
}

/** Lets an event go: it was taken, or is none for the owner any more. */
export async function letGo(database: Database, webhookId: string, eventId: number): Promise<void> {
  await database.run((q) => q.delete(webhookHeld).where(and(eq(webhookHeld.webhookId, webhookId), eq(webhookHeld.eventId, eventId))));
}

/** Notes a failed attempt; after the last one the event is given up. Gives back whether it was. */
export async function failAgain(database: Database, webhookId: string, { event, attempts }: Held, failure: string, haste: number): Promise<boolean> {
  const dead = attempts + 1 >= mostAttempts;
  await database.run((q) =>
    q.update(webhookHeld)
      .set({ attempts: attempts + 1, failure, nextAt: new Date(Date.now() + backoffMs(attempts + 1) * haste), deadAt: dead ? sql`now()` : null })
      .where(and(eq(webhookHeld.webhookId, webhookId), eq(webhookHeld.eventId, event.id))));
  return dead;
}
