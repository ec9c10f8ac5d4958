import { createHash, randomInt, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { eq, sql } from 'drizzle-orm';
import { LRUCache } from 'lru-cache';
import type { Database } from '../store/database.ts';
import { apiKey } from '../store/tables.ts';
import { type Caller, isScope, type Scope } from './scopes.ts';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 27 base62 characters hold 160.8 bits. */
const secretLength = 27;
const form = /^payung_(live|test)_([0-9A-Za-z]{8})_([0-9A-Za-z]{27})([0-9A-Za-z]{6})$/;

/** How long a known key is taken as known without asking the database, milliseconds. A revoked key is refused at the latest after this. */
const rememberedMs = 5_000;

function random(length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}

/** CRC32 of the text in six base62 digits: typing errors and scanners' finds are told apart from real keys without the database. */
function checksum(text: string): string {
  let rest = crc32(text);
  let digits = '';
  for (let i = 0; i < 6; i += 1) {
    digits = alphabet[rest % 62] + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}

const hash = (key: string) => createHash('sha256').update(key).digest();

export interface NewKey {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt: Date;
  /** `test` keys are for the mocks. */
  readonly environment: 'live' | 'test';
}

/** API keys: `payung_test_<id>_<secret><checksum>`, of which only a SHA-256 is stored. */
export interface Keys {
  /** Makes a key and returns it: the only time it can be seen. */
  create(key: NewKey): Promise<string>;
  /** Who the key belongs to; null for every kind of wrong key alike. */
  identify(key: string): Promise<Caller | null>;
}

export function createKeys(database: Database, now: () => Date = () => new Date()): Keys {
  const known = new LRUCache<string, { caller: Caller; expiresAt: number }>({ max: 10_000, ttl: rememberedMs });
  return {
    async create({ name, scopes, expiresAt, environment }) {
      const id = random(8);
      const body = `payung_${environment}_${id}_${random(secretLength)}`;
      const key = body + checksum(body);
      await database.run((q) => q.insert(apiKey).values({ id, name, secretHash: hash(key), scopes: [...scopes], expiresAt }));
      return key;
    },
    async identify(key) {
      const parts = form.exec(key);
      if (!parts || checksum(key.slice(0, -6)) !== key.slice(-6)) return null;
      const digest = hash(key);
      const remembered = known.get(digest.toString('base64'));
      if (remembered) return remembered.expiresAt > now().getTime() ? remembered.caller : null;
      const [row] = await database.run((q) => q.select().from(apiKey).where(eq(apiKey.id, parts[2]!)).limit(1));
      // An unknown id is compared with something too, so that its answer takes as long.
      const same = timingSafeEqual(digest, row ? Buffer.from(row.secretHash) : hash(''));
      if (!row || !same || row.revokedAt !== null || row.expiresAt <= now()) return null;
      const caller: Caller = { keyId: row.id, name: row.name, scopes: new Set(row.scopes.filter(isScope)) };
      known.set(digest.toString('base64'), { caller, expiresAt: row.expiresAt.getTime() });
      return caller;
    },
  };
}

/** The key in a request's headers: `authorization: Bearer KEY` or `x-api-key: KEY`; null when there is none. */
export function presentedKey(headers: Readonly<Record<string, string | string[] | undefined>>): string | null {
  const bearer = /^Bearer +(\S+)$/i.exec(typeof headers.authorization === 'string' ? headers.authorization : '');
  if (bearer) return bearer[1]!;
  return typeof headers['x-api-key'] === 'string' ? headers['x-api-key'].trim() : null;
}

/** How many keys there are. */
export async function countKeys(database: Database): Promise<number> {
  const [row] = await database.run((q) => q.select({ count: sql<number>`count(*)::int` }).from(apiKey));
  return row!.count;
}
