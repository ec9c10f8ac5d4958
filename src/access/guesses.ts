import { hash } from 'node:crypto';
import { and, eq, gt, gte, sql } from 'drizzle-orm';
import { LRUCache } from 'lru-cache';
import type { Database } from '../store/database.ts';
import { meter } from '../store/tables.ts';
import type { Meters, Quota } from './meters.ts';

export interface GuessesOptions {
  readonly meters: Meters;
  readonly database: Database;
  /** Most wrong keys from an address in a minute, over all instances. Default 20. */
  readonly perMinute?: number;
  /** Default: the system clock. */
  readonly now?: () => number;
}

/** Wrong keys by address. Whoever sends too many is not told whether further keys are right; callers whose key was right there before go on. */
export interface Guesses {
  /** When the address may try a credential that it has not used with success before, if it may not now; else null. */
  blockedUntil(address: string, credential: string): number | null;
  right(address: string, credential: string): void;
  wrong(address: string): Promise<void>;
}

/** Says which address is blocked until when, so that a block by one instance is one by all. */
const channel = 'payung_blocks';
const meterName = 'wrong keys';

export async function createGuesses({ meters, database, perMinute = 20, now = Date.now }: GuessesOptions): Promise<Guesses> {
  const quota: Quota = { name: meterName, limit: perMinute, windowMs: 60_000 };
  /** By a hash of the address: it is nobody's business after the minute. */
  const blocked = new LRUCache<string, number>({ max: 50_000 });
  /** When the last of them ends. */
  let latest = 0;
  const proven = new LRUCache<string, true>({ max: 50_000, ttl: 3_600_000, ttlResolution: 1_000 });
  const nameOf = (address: string) => hash('sha256', `address ${address}`, 'base64');
  const pairOf = (address: string, credential: string) => hash('sha256', `${address}\n${credential}`, 'base64');

  function block(name: string, until: number): void {
    blocked.set(name, until);
    latest = Math.max(latest, until);
  }
  function hear(message: string): void {
    const [name, until] = message.split(' ');
    if (name && Number(until) > now()) block(name, Number(until));
  }
  /** What was blocked before this instance listened. */
  async function readBlocks(): Promise<void> {
    const rows = await database.run((q) => q.select().from(meter).where(and(eq(meter.name, meterName), gt(meter.endsAt, new Date(now())), gte(meter.used, perMinute))));
    for (const { caller, endsAt } of rows) block(caller, endsAt.getTime());
  }
  await database.listen(channel, hear, () => void readBlocks().catch(() => {}));
  await readBlocks();

  return {
    blockedUntil(address, credential) {
      if (latest <= now()) return null;
      const until = blocked.get(nameOf(address));
      if (until === undefined || until <= now()) return null;
      return proven.has(pairOf(address, credential)) ? null : until;
    },
    right(address, credential) {
      const pair = pairOf(address, credential);
      if (!proven.has(pair)) proven.set(pair, true);
    },
    async wrong(address) {
      const name = nameOf(address);
      const { granted, remaining, resetAt } = await meters.take(name, quota, 1);
      if (granted && remaining > 0) return;
      block(name, resetAt);
      await database.run((q) => q.execute(sql`select pg_notify(${channel}, ${`${name} ${resetAt}`})`));
    },
  };
}
