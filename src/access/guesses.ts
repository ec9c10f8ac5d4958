import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Meters, Quota } from './meters.ts';

export interface GuessesOptions {
  readonly meters: Meters;
  /** Most wrong keys from an address in a minute. Default 20. */
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

export function createGuesses({ meters, perMinute = 20, now = Date.now }: GuessesOptions): Guesses {
  const quota: Quota = { name: 'wrong keys', limit: perMinute, windowMs: 60_000 };
  const blocked = new LRUCache<string, number>({ max: 50_000 });
  const proven = new LRUCache<string, true>({ max: 50_000, ttl: 3_600_000 });
  const nameOf = (address: string, credential: string) => hash('sha256', `${address}\n${credential}`, 'base64');
  return {
    blockedUntil(address, credential) {
      const until = blocked.get(address);
      if (until === undefined || until <= now()) return null;
      return proven.has(nameOf(address, credential)) ? null : until;
    },
    right(address, credential) {
      const name = nameOf(address, credential);
      if (!proven.has(name)) proven.set(name, true);
    },
    async wrong(address) {
      // Kept by a hash: an address is nobody's business after the minute.
      const { granted, remaining, resetAt } = await meters.take(hash('sha256', `address ${address}`, 'base64'), quota, 1);
      if (!granted || remaining === 0) blocked.set(address, resetAt);
    },
  };
}
