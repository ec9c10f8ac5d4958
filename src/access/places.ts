import { randomUUID } from 'node:crypto';
import { eq, lt, sql } from 'drizzle-orm';
import type { Database } from '../store/database.ts';
import { heldPlaces } from '../store/tables.ts';

export interface PlacesOptions {
  /** Parts that the places of a caller are cut into; an instance sets one aside at a time. Default 8. */
  readonly blocks?: number;
  /** How often what is set aside is looked through: renewed where it is used, given back where it is not. Milliseconds. Default 5000. */
  readonly tendMs?: number;
  /** How long after its last sign of life an instance's places become anybody's, seconds. Default 20. */
  readonly leaseSeconds?: number;
  /** How long an instance that got no place does not ask again, milliseconds. Default 200. */
  readonly pauseMs?: number;
  /** Told when places could not be renewed or given back. */
  readonly onFault?: (error: unknown) => void;
}

/**
 * Places for requests under way at the same time, shared by all instances through Postgres. An instance sets a block of a caller's places aside and gives
 * them out from memory, so that a request seldom waits for the database. Together they never give out more than there are; what an instance has set aside
 * and does not use is lost to the others for some seconds, at most a block for each.
 */
export interface Places {
  /** Takes one of the caller's places; false where all are taken. Whoever got one must {@link leave}. */
  take(caller: string, most: number): boolean | Promise<boolean>;
  leave(caller: string): void;
  /** Renews what is used and gives back what is not. */
  tend(): Promise<void>;
  /** Removes what instances that are gone have held. */
  sweep(): Promise<void>;
  /** Gives everything back. */
  close(): Promise<void>;
}

interface Held {
  places: number;
  used: number;
  most: number;
  /** Most used since the last look. */
  peak: number;
  /** Until then the others have all that is left. */
  fullUntil: number;
  asking: Promise<void> | null;
}

export function createPlaces(database: Database, options: PlacesOptions = {}): Places {
  const { blocks = 8, tendMs = 5_000, leaseSeconds = 20, pauseMs = 200 } = options;
  const instance = randomUUID();
  const held = new Map<string, Held>();
  const blockOf = (most: number) => Math.max(1, Math.ceil(most / blocks));

  async function hold(caller: string, entry: Held, wanted: number): Promise<void> {
    // What is given back is no longer given out from here on, lest it be taken while the database is told.
    entry.places = Math.min(entry.places, wanted);
    const [row] = await database.run((q) => q.execute<{ given: number }>(sql`select hold_places(${caller}, ${instance}, ${wanted}, ${entry.most}, ${leaseSeconds}) as given`));
    entry.places = row!.given;
    entry.fullUntil = entry.places < wanted ? performance.now() + pauseMs : 0;
  }

  function tryTake(entry: Held): boolean | null {
    if (entry.used < Math.min(entry.places, entry.most)) {
      entry.used += 1;
      entry.peak = Math.max(entry.peak, entry.used);
      return true;
    }
    return entry.places >= entry.most || entry.fullUntil > performance.now() ? false : null;
  }

  /** Requests that wait share one question; each round some places are set aside, or it is known that there are none. */
  async function slowly(caller: string, entry: Held): Promise<boolean> {
    for (;;) {
      entry.asking ??= hold(caller, entry, Math.min(entry.most, entry.places + blockOf(entry.most))).finally(() => (entry.asking = null));
      await entry.asking;
      const taken = tryTake(entry);
      if (taken !== null) return taken;
    }
  }

  async function tendOne(caller: string, entry: Held): Promise<void> {
    await entry.asking;
    const wanted = Math.min(entry.most, Math.ceil(entry.peak / blockOf(entry.most)) * blockOf(entry.most));
    entry.peak = entry.used;
    await (entry.asking ??= hold(caller, entry, wanted).finally(() => (entry.asking = null)));
    if (entry.places === 0 && entry.used === 0 && entry.asking === null) held.delete(caller);
  }

  async function tend(): Promise<void> {
    for (const [caller, entry] of held) await tendOne(caller, entry).catch((error: unknown) => options.onFault?.(error));
  }

  const timer = setInterval(() => void tend(), tendMs);
  timer.unref();

  return {
    take(caller, most) {
      let entry = held.get(caller);
      if (!entry) held.set(caller, (entry = { places: 0, used: 0, most, peak: 0, fullUntil: 0, asking: null }));
      entry.most = most;
      return tryTake(entry) ?? slowly(caller, entry);
    },
    leave(caller) {
      const entry = held.get(caller);
      if (entry) entry.used -= 1;
    },
    tend,
    async sweep() {
      await database.run((q) => q.delete(heldPlaces).where(lt(heldPlaces.endsAt, sql`now()`)));
    },
    async close() {
      clearInterval(timer);
      held.clear();
      await database.run((q) => q.delete(heldPlaces).where(eq(heldPlaces.instance, instance))).catch((error: unknown) => options.onFault?.(error));
    },
  };
}
