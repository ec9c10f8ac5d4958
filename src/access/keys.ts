import { timingSafeEqual } from 'node:crypto';
import { and, desc, eq, inArray, isNull, sql } from 'drizzle-orm';
import { LRUCache } from 'lru-cache';
import type { Database } from '../store/database.ts';
import { shareLookUps } from '../store/sharing.ts';
import { apiKey } from '../store/tables.ts';
import { createNetworks } from './addresses.ts';
import { type Bounds, boundsForm, unbounded } from './bounds.ts';
import { checkLimits, checkNewKey, defaultOverlapMs, longestLifeMs, longestOverlapMs, KeyFault } from './keyRules.ts';
import { digest, type Environment, readKey, writeKey } from './keyText.ts';
import { isPurpose, type Purpose } from './purposes.ts';
import { type Caller, type Grant, grantWithin, isScope, type Scope } from './scopes.ts';
import { documentPolicies, type DocumentPolicy, type OwnLimits, ownLimitsForm, type Terms, usualTerms } from './terms.ts';
import { createUsage } from './usage.ts';

/** A key to be made. */
export interface NewKey {
  /** 1 to 80 characters, for people. */
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Default: not bounded. */
  readonly bounds?: Bounds;
  /** Default null: any purpose. */
  readonly purposes?: readonly Purpose[] | null;
  /** Addresses and networks (CIDR) it may be used from. Default null: any. */
  readonly networks?: readonly string[] | null;
  /** At most a year ahead. */
  readonly expiresAt: Date;
  /** `test` keys reach the mocks only. */
  readonly environment: Environment;
  /** Default `any`. */
  readonly documents?: DocumentPolicy;
  /** Default: the hub's. */
  readonly limits?: OwnLimits;
}

/** What is known of a key; the key itself is not. */
export interface KeyInfo extends Grant, Terms {
  readonly id: string;
  readonly name: string;
  readonly environment: Environment;
  readonly networks: readonly string[] | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
  /** Id of the key that took its place. */
  readonly replacedBy: string | null;
  readonly lastUsedAt: Date | null;
  readonly lastUsedFrom: string | null;
  readonly uses: number;
}

/** A key just made: the only time it can be seen. */
export interface IssuedKey {
  readonly key: string;
  readonly info: KeyInfo;
}

export interface Rotation {
  /** How long the old key goes on working, milliseconds: 0 to 30 days. Default 24 hours. */
  readonly overlapMs?: number;
  /** Default: as long a life as the old key was given. */
  readonly expiresAt?: Date;
}

/** Terms of a key to be changed; what is left out stays. A limit of null is the hub's again. */
export interface TermsChange {
  readonly documents?: DocumentPolicy;
  readonly limits?: { readonly [K in keyof OwnLimits]?: number | null };
}

/** API keys: `payung_test_<id>_<secret><checksum>`, of which only a SHA-256 is stored. What cannot be done is a {@link KeyFault}. */
export interface Keys {
  create(key: NewKey): Promise<IssuedKey>;
  /** Who the key belongs to; null for every kind of wrong key alike. `address` is where it was used from. */
  identify(key: string, address?: string): Promise<Caller | null>;
  /** The caller of a key by its public id, while the key works; of one that was rotated, that of its successor. Null where it has ended. */
  holder(id: string): Promise<Caller | null>;
  /** Newest first. `within` leaves out keys that may do more than that grant; they are as if they did not exist, here and below. */
  list(within?: Grant): Promise<KeyInfo[]>;
  /** A new key with the same rights; the old one ends after the overlap. */
  rotate(id: string, rotation?: Rotation, within?: Grant): Promise<IssuedKey>;
  /** Changes a key's terms; every instance follows within `rememberedMs`. `check` may refuse what they would be. */
  change(id: string, change: TermsChange, within?: Grant, check?: (terms: Terms) => void): Promise<KeyInfo>;
  /** Ends a key at once; every instance refuses it within `rememberedMs`. */
  revoke(id: string, within?: Grant): Promise<KeyInfo>;
  close(): Promise<void>;
}

export interface KeysOptions {
  /** Whether keys of kind `test` are taken: true where all agencies are mocks. */
  readonly acceptTest: boolean;
  /**
   * How long a known key is taken as known without asking the database, milliseconds. Changes made by any instance are heard of at once; this bounds what a
   * lost message can cost. Default 4000.
   */
  readonly rememberedMs?: number;
  /** Told when writing the use of keys failed. */
  readonly onFault?: (error: unknown) => void;
  /** Default: the system clock. */
  readonly now?: () => Date;
}

/** Says which key has changed. */
const channel = 'payung_keys';

interface Remembered {
  readonly digest: Buffer;
  readonly caller: Caller;
  readonly expiresAt: number;
  readonly from: ((address: string) => boolean) | null;
}

export async function createKeys(database: Database, options: KeysOptions): Promise<Keys> {
  const now = options.now ?? (() => new Date());
  const known = new LRUCache<string, Remembered>({ max: 10_000, ttl: options.rememberedMs ?? 4_000 });
  const usage = createUsage(database, options.onFault ? { onFault: options.onFault } : {});
  const holders = new LRUCache<string, { readonly caller: Caller | null }>({ max: 10_000, ttl: Math.min(options.rememberedMs ?? 4_000, 2_000) });
  // A look-up that began before a change must not put the old state back into memory after it.
  let changes = 0;
  const drop = (id: string | null) => {
    changes += 1;
    holders.clear();
    if (id === null) known.clear();
    else known.delete(id);
  };
  await database.listen(channel, drop, () => drop(null));

  async function tell(id: string): Promise<void> {
    drop(id);
    await database.run((q) => q.execute(sql`select pg_notify(${channel}, ${id})`));
  }

  /** Keys as they are stored. A remembered key runs out under load for many requests at once; they share one query. */
  const stored = shareLookUps<string, Row>({
    keyOf: (id) => id,
    version: () => changes,
    look: async (ids) => new Map((await database.run((q) => q.select().from(apiKey).where(inArray(apiKey.id, [...ids])))).map((row) => [row.id, row])),
  });

  /** The key of this id that may be managed within the grant. */
  async function managed(id: string, within: Grant | undefined): Promise<KeyInfo> {
    const [row] = await database.run((q) => q.select().from(apiKey).where(eq(apiKey.id, id)).limit(1));
    const info = row && infoOf(row);
    if (!info || (within && !grantWithin(info, within))) throw new KeyFault('NOT_FOUND', 'id', 'There is no such key.');
    return info;
  }

  async function findHolder(id: string): Promise<Caller | null> {
    const [row] = await stored([id]);
    if (!row) return null;
    if (row.replacedBy !== null && (row.revokedAt !== null || row.expiresAt <= now())) return findHolder(row.replacedBy);
    if (row.revokedAt !== null || row.expiresAt <= now() || (row.environment === 'test' && !options.acceptTest)) return null;
    return callerOf(infoOf(row));
  }

  async function issue(key: NewKey): Promise<IssuedKey> {
    const { id, key: text } = writeKey(key.environment);
    const { name, scopes, bounds = unbounded, purposes = null, networks = null, expiresAt, environment, documents = usualTerms.documents, limits = usualTerms.limits } = key;
    const values = { id, name, environment, secretHash: digest(text), scopes: [...scopes], bounds, purposes: purposes && [...purposes], networks: networks && [...networks], documents, limits, expiresAt, createdAt: now() };
    const [row] = await database.run((q) => q.insert(apiKey).values(values).returning());
    return { key: text, info: infoOf(row!) };
  }

  return {
    async create(key) {
      checkNewKey(key, now());
      return issue(key);
    },

    async holder(id) {
      const kept = holders.get(id);
      if (kept) return kept.caller;
      const before = changes;
      const caller = await findHolder(id);
      if (before === changes) holders.set(id, { caller });
      return caller;
    },

    async identify(key, address) {
      const text = readKey(key);
      if (!text || (text.environment === 'test' && !options.acceptTest)) return null;
      const given = digest(key);
      let found = known.get(text.id);
      if (!found || !timingSafeEqual(given, found.digest)) {
        const before = changes;
        const [row] = await stored([text.id]);
        // An unknown id is compared with something too, so that its answer takes as long.
        const same = timingSafeEqual(given, row ? Buffer.from(row.secretHash) : digest(''));
        if (!row || !same || row.revokedAt !== null) return null;
        found = { digest: given, caller: callerOf(infoOf(row)), expiresAt: row.expiresAt.getTime(), from: row.networks && createNetworks(row.networks) };
        if (before === changes) known.set(row.id, found);
      }
      const at = now();
      if (found.expiresAt <= at.getTime() || (found.from && !(address !== undefined && found.from(address)))) return null;
      usage.saw(text.id, address ?? null, at);
      return found.caller;
    },

    async list(within) {
      const rows = await database.run((q) => q.select().from(apiKey).orderBy(desc(apiKey.createdAt), apiKey.id));
      return rows.map(infoOf).filter((info) => !within || grantWithin(info, within));
    },

    async rotate(id, { overlapMs = defaultOverlapMs, expiresAt } = {}, within) {
      const old = await managed(id, within);
      const at = now();
      if (old.revokedAt !== null || old.expiresAt <= at) throw new KeyFault('ENDED', 'id', 'The key has ended; make a new one.');
      if (!(overlapMs >= 0 && overlapMs <= longestOverlapMs)) throw new KeyFault('OVERLAP', 'overlapMinutes', 'The overlap is 0 to 30 days.');
      const life = Math.min(old.expiresAt.getTime() - old.createdAt.getTime(), longestLifeMs);
      const key: NewKey = { ...old, scopes: [...old.scopes], purposes: old.purposes && [...old.purposes], expiresAt: expiresAt ?? new Date(at.getTime() + life) };
      checkNewKey(key, at);
      const made = writeKey(key.environment);
      const ends = new Date(Math.min(old.expiresAt.getTime(), at.getTime() + overlapMs));
      const row = await database.transaction(async (q) => {
        // Two rotations at the same time must not both win.
        const replaced = await q.update(apiKey).set({ replacedBy: made.id, expiresAt: ends }).where(and(eq(apiKey.id, id), isNull(apiKey.replacedBy), isNull(apiKey.revokedAt))).returning({ id: apiKey.id });
        if (replaced.length === 0) throw new KeyFault('ALREADY_ROTATED', 'id', `The key was rotated already${old.replacedBy ? `: its successor is ${old.replacedBy}` : ''}.`);
        const [stored] = await q.select().from(apiKey).where(eq(apiKey.id, id));
        const [added] = await q
          .insert(apiKey)
          .values({ id: made.id, name: stored!.name, environment: stored!.environment, secretHash: digest(made.key), scopes: stored!.scopes, bounds: stored!.bounds, purposes: stored!.purposes, networks: stored!.networks, documents: stored!.documents, limits: stored!.limits, expiresAt: key.expiresAt, createdAt: at })
          .returning();
        return added!;
      });
      await tell(id);
      return { key: made.key, info: infoOf(row) };
    },

    async change(id, { documents, limits = {} }, within, check) {
      await managed(id, within);
      const row = await database.transaction(async (q) => {
        const [stored] = await q.select().from(apiKey).where(eq(apiKey.id, id)).for('update');
        const before = infoOf(stored!);
        const merged = Object.fromEntries(Object.entries({ ...before.limits, ...limits }).filter(([, value]) => typeof value === 'number')) as OwnLimits;
        const terms: Terms = { documents: documents ?? before.documents, limits: merged };
        checkLimits(terms.limits);
        check?.(terms);
        const [changed] = await q.update(apiKey).set(terms).where(eq(apiKey.id, id)).returning();
        return changed!;
      });
      await tell(id);
      return infoOf(row);
    },

    async revoke(id, within) {
      await managed(id, within);
      const [row] = await database.run((q) => q.update(apiKey).set({ revokedAt: sql`coalesce(${apiKey.revokedAt}, ${now().toISOString()}::timestamptz)` }).where(eq(apiKey.id, id)).returning());
      await tell(id);
      return infoOf(row!);
    },

    close: () => usage.close(),
  };
}

type Row = typeof apiKey.$inferSelect;

function infoOf(row: Row): KeyInfo {
  const { id, name, environment, networks, documents, createdAt, expiresAt, revokedAt, replacedBy, lastUsedAt, lastUsedFrom, uses } = row;
  const bounds = boundsForm.safeParse(row.bounds);
  const limits = ownLimitsForm.safeParse(row.limits);
  return {
    id,
    name,
    environment,
    // A scope, purpose, bound or limit that this version does not know gives nothing rather than everything.
    scopes: new Set(bounds.success && limits.success ? row.scopes.filter(isScope) : []),
    bounds: bounds.success ? bounds.data : unbounded,
    purposes: row.purposes && new Set(row.purposes.filter(isPurpose)),
    networks,
    documents: documentPolicies.includes(documents) ? documents : 'listed',
    // One object for all that have none: the limits are told by it.
    limits: limits.success && Object.keys(limits.data).length > 0 ? limits.data : usualTerms.limits,
    createdAt,
    expiresAt,
    revokedAt,
    replacedBy,
    lastUsedAt,
    lastUsedFrom,
    uses,
  };
}

function callerOf({ id, name, scopes, bounds, purposes, environment, documents, limits }: KeyInfo): Caller {
  return { kind: 'KEY', id, name, scopes, bounds, purposes, environment, documents, limits };
}
