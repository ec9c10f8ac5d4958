import { lt, sql } from 'drizzle-orm';
import type { Database } from '../store/database.ts';
import { meter, personRead } from '../store/tables.ts';

/** A limit of so many points in each window of time. */
export interface Quota {
  readonly name: string;
  readonly limit: number;
  readonly windowMs: number;
}

/** What became of taking points. */
export interface Taken {
  readonly granted: boolean;
  /** As this instance knows it: never more than there is. */
  readonly remaining: number;
  /** When the window ends, milliseconds since 1970. */
  readonly resetAt: number;
}

/**
 * Counts points against quotas that all instances share through Postgres. An instance sets a block of points aside and gives them out from memory, so that a
 * request seldom waits for the database. No window ever gives out more than its quota; what an instance has set aside and does not use is lost to the others
 * until the window ends, at most a block for each.
 */
export interface Meters {
  take(caller: string, quota: Quota, points: number): Taken | Promise<Taken>;
  /** Gives back what a request turned out not to need. */
  giveBack(caller: string, quota: Quota, points: number, resetAt: number): void;
  /** Removes windows that are over. */
  sweep(): Promise<void>;
}

export interface MetersOptions {
  /** Blocks that a quota is cut into. Default 20. */
  readonly blocks?: number;
  /** Default: the system clock. */
  readonly now?: () => number;
}

interface Lease {
  readonly limit: number;
  readonly resetAt: number;
  /** Points set aside here and not yet given out. */
  left: number;
  /** Points that nobody had set aside when this instance last asked. */
  beyond: number;
  asking: Promise<void> | null;
}

export function createMeters(database: Database, options: MetersOptions = {}): Meters {
  const { blocks = 20, now = Date.now } = options;
  const leases = new Map<string, Lease>();

  function leaseOf(caller: string, quota: Quota): Lease {
    const key = `${quota.name}\n${caller}`;
    const at = now();
    const known = leases.get(key);
    // A limit that was changed holds at once: what was set aside under the old one is not given out any more.
    if (known && known.resetAt > at && known.limit === quota.limit) return known;
    const lease: Lease = { limit: quota.limit, resetAt: (Math.floor(at / quota.windowMs) + 1) * quota.windowMs, left: 0, beyond: quota.limit, asking: null };
    leases.set(key, lease);
    return lease;
  }

  async function ask(caller: string, { name, limit }: Quota, lease: Lease, points: number): Promise<void> {
    const block = Math.max(points, Math.ceil(limit / blocks));
    const [row] = await database.run((q) =>
      q
        .insert(meter)
        .values({ caller, name, endsAt: new Date(lease.resetAt), used: block })
        .onConflictDoUpdate({ target: [meter.caller, meter.name, meter.endsAt], set: { used: sql`${meter.used} + ${block}` } })
        .returning({ used: meter.used }),
    );
    const free = limit - (row!.used - block);
    lease.left += Math.max(0, Math.min(block, free));
    lease.beyond = Math.max(0, limit - row!.used);
  }

  const told = (lease: Lease, granted: boolean): Taken => ({ granted, remaining: lease.left + lease.beyond, resetAt: lease.resetAt });

  function tryTake(lease: Lease, points: number): Taken | null {
    if (lease.left >= points) {
      lease.left -= points;
      return told(lease, true);
    }
    return lease.beyond === 0 ? told(lease, false) : null;
  }

  return {
    take(caller, quota, points) {
      const lease = leaseOf(caller, quota);
      return tryTake(lease, points) ?? slowly(caller, quota, lease, points);
    },
    giveBack(caller, quota, points, resetAt) {
      const lease = leases.get(`${quota.name}\n${caller}`);
      if (lease?.resetAt === resetAt && lease.limit === quota.limit) lease.left += points;
    },
    async sweep() {
      const at = now();
      for (const [key, lease] of leases) if (lease.resetAt <= at) leases.delete(key);
      await database.run((q) => q.delete(meter).where(lt(meter.endsAt, new Date(at))));
      await database.run((q) => q.delete(personRead).where(lt(personRead.endsAt, new Date(at))));
    },
  };

  /** Requests that wait share one question; each round some block is set aside, or the quota is known to be used up. */
  async function slowly(caller: string, quota: Quota, lease: Lease, points: number): Promise<Taken> {
    for (;;) {
      lease.asking ??= ask(caller, quota, lease, Math.max(1, points - lease.left)).finally(() => (lease.asking = null));
      await lease.asking;
      const taken = tryTake(lease, points);
      if (taken) return taken;
    }
  }
}
