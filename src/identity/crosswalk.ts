import { and, eq, inArray, or, sql } from 'drizzle-orm';
import { LRUCache } from 'lru-cache';
import { type AgencyName, type AgencyRecord, recordKey } from '../domain/record.ts';
import { type Identifier, identifierKey, isPlaceholder } from '../domain/identifier.ts';
import type { Database, Queries } from '../store/database.ts';
import { shareLookUps } from '../store/sharing.ts';
import { agencyRecord, identifier, worker } from '../store/tables.ts';
import { type Dossier, dossiersById, dossiersByNumber } from './dossiers.ts';
import { createModelKeeper } from './hub/model.ts';
import { linkPending, type PendingOptions } from './hub/pending.ts';
import { type LinkChanges, type Remembered, rememberIn, type RememberOptions } from './hub/remember.ts';
import { removeIn } from './hub/remove.ts';

/** A record that is linked to a worker, with the identifiers it carries. */
export interface KnownRecord {
  readonly agency: AgencyName;
  readonly recordId: string;
  readonly identifiers: readonly Identifier[];
}

/** A worker and the agency records linked to her: what is needed to ask each agency by its own numbers. */
export interface KnownWorker {
  readonly id: string;
  readonly records: ReadonlyMap<string, KnownRecord>;
}

export interface CrosswalkOptions {
  /** Most workers kept in memory. Default 50000. */
  readonly cachedWorkers?: number;
  /** How long a worker is kept in memory, milliseconds. Changes made by any instance drop her at once; this bounds what a lost message can cost. Default 60000. */
  readonly cacheMs?: number;
  /** Told how links changed, for metrics. */
  readonly onLinked?: (changes: LinkChanges) => void;
}

/**
 * Which agency records are which worker. Answers from memory where it can; every instance hears of changes through Postgres.
 * New records are linked as `hub/linking.ts` says.
 */
export interface Crosswalk {
  /** The workers that carry the identifiers, in the order asked; null where nobody does. */
  byIdentifiers(identifiers: readonly Identifier[]): Promise<(KnownWorker | null)[]>;
  /** The workers of these ids, in the order asked; a merged id gives the worker it was merged into; null for an unknown id. */
  byIds(ids: readonly string[]): Promise<(KnownWorker | null)[]>;
  /**
   * Remembers records as their agency last gave them, links those that are new, and returns the worker id of each, by {@link recordKey}.
   * A worker whose links and numbers stay as they are stays in memory. All or nothing; safe to call with the same records again, and from several instances at once.
   */
  remember(records: readonly AgencyRecord[], fetchedAt: Date): Promise<ReadonlyMap<string, string>>;
  /**
   * The same inside a transaction of the caller, who must call {@link forget} with the touched ids after it has committed.
   *
   * It takes few records as well as many: a record that changed is looked at by the model at once. For the first reading of a feed pass `{ defer: true }` and batches of
   * 1,000 to 5,000 records: they are compared with those that share a personal number, all together (1,100 to 3,200 a second on two cores, docs/benchmarks.md), and
   * {@link linkPending} looks for whoever else they may be when the feed is at its end. A batch holds the lock of all linking for as long as its transaction lasts.
   */
  rememberIn(queries: Queries, records: readonly AgencyRecord[], fetchedAt: Date, options?: RememberOptions): Promise<Remembered>;
  /** Lets the model in force look at the records that were deferred, batch by batch. Tells how many; 0 where there is no model, or nothing waits. */
  linkPending(options?: Pick<PendingOptions, 'batch' | 'signal'>): Promise<number>;
  /** Removes records that their agency has deleted; their links end. Same rule as {@link rememberIn}. */
  removeIn(queries: Queries, agency: AgencyName, recordIds: readonly string[], removedAt: Date): Promise<readonly string[]>;
  /** Drops workers from every instance's memory. */
  forget(workerIds: readonly string[]): Promise<void>;
  /** The workers that carry the numbers with their last known records, always from the database: see {@link dossiersByNumber}. */
  dossiersByNumber(identifiers: readonly Identifier[]): ReturnType<typeof dossiersByNumber>;
  /** The same for workers of these ids. */
  dossiersById(ids: readonly string[]): Promise<(Dossier | null)[]>;
  /** The last known records of a worker at an agency, with the time they were fetched. */
  lastKnown(workerIds: readonly string[], agency: AgencyName): Promise<ReadonlyMap<string, readonly { record: AgencyRecord; fetchedAt: Date }[]>>;
}

const channel = 'payung_crosswalk';
/** NOTIFY takes at most 8000 bytes; more ids than fit are told as "all". A message is the id of the instance that sends it, a space, and the workers. */
const idsPerMessage = 200;

export async function createCrosswalk(database: Database, options: CrosswalkOptions = {}): Promise<Crosswalk> {
  const size = options.cachedWorkers ?? 50_000;
  const ttl = options.cacheMs ?? 60_000;
  // To the hundredth part of the time: by itself the cache reads the clock, and sets a timer, each millisecond in which it is asked.
  const ttlResolution = Math.ceil(ttl / 100);
  // Looked at by `peek`, which moves nothing to the front: they leave by their time long before they leave by their number.
  const workers = new LRUCache<string, KnownWorker>({ max: size, ttl, ttlResolution });
  /** identifier -> worker id; a hit counts only while the worker is in memory too. */
  const numbers = new LRUCache<string, string>({ max: size * 8, ttl, ttlResolution });
  const models = createModelKeeper();
  // A read that began before a change must not put the old state back into memory after it.
  let changes = 0;
  const instance = crypto.randomUUID();

  const drop = (ids: readonly string[]) => {
    changes += 1;
    for (const id of ids) {
      const known = workers.get(id);
      if (!known) continue;
      for (const record of known.records.values()) for (const id of record.identifiers) numbers.delete(identifierKey(id));
      workers.delete(id);
    }
  };
  const dropAll = () => {
    changes += 1;
    workers.clear();
    numbers.clear();
  };
  const hear = (payload: string) => {
    const [sender, ids = '*'] = payload.split(' ');
    // What this instance tells the others it has done already.
    if (sender === instance) return;
    if (ids === '*') dropAll();
    else drop(ids.split(','));
  };
  await database.listen(channel, hear, dropAll);

  async function load(ids: readonly string[]): Promise<ReadonlyMap<string, KnownWorker>> {
    const found = new Map<string, { id: string; records: Map<string, KnownRecord & { identifiers: Identifier[] }> }>();
    if (ids.length === 0) return found;
    const before = changes;
    const rows = await database.run((q) =>
      q
        .select({ workerId: agencyRecord.workerId, agency: agencyRecord.agency, recordId: agencyRecord.recordId, kind: identifier.kind, value: identifier.value })
        .from(agencyRecord)
        .leftJoin(identifier, and(eq(identifier.workerId, agencyRecord.workerId), eq(identifier.agency, agencyRecord.agency), eq(identifier.recordId, agencyRecord.recordId)))
        .where(inArray(agencyRecord.workerId, [...ids]))
        .orderBy(agencyRecord.agency, agencyRecord.recordId, identifier.position),
    );
    for (const id of ids) found.set(id, { id, records: new Map() });
    for (const row of rows) {
      const { records } = found.get(row.workerId)!;
      const key = recordKey(row.agency, row.recordId);
      let record = records.get(key);
      if (!record) records.set(key, (record = { agency: row.agency, recordId: row.recordId, identifiers: [] }));
      if (row.kind !== null && row.value !== null) record.identifiers.push({ kind: row.kind, value: row.value });
    }
    if (before === changes) for (const known of found.values()) workers.set(known.id, known);
    return found;
  }

  /** Who carries the numbers, by the database; remembered. */
  const ownersOf = shareLookUps<Identifier, KnownWorker>({
    keyOf: identifierKey,
    version: () => changes,
    async look(identifiers) {
      const before = changes;
      const rows = await database.run((q) =>
        q
          .select({ kind: identifier.kind, value: identifier.value, workerId: identifier.workerId, records: sql<number>`count(*)::int` })
          .from(identifier)
          .where(or(...identifiers.map((id) => and(eq(identifier.value, id.value), eq(identifier.kind, id.kind)))))
          .groupBy(identifier.kind, identifier.value, identifier.workerId)
          // A number on several workers' papers goes to the one who has it on most records; then always to the same one.
          .orderBy(sql`count(*) desc`, identifier.workerId),
      );
      const owner = new Map<string, string>();
      for (const row of rows) if (!owner.has(identifierKey(row))) owner.set(identifierKey(row), row.workerId);
      const known = await crosswalk.byIds([...new Set(owner.values())]);
      const byId = new Map(known.flatMap((w) => (w ? [[w.id, w] as const] : [])));
      if (before === changes) for (const [key, id] of owner) numbers.set(key, id);
      return new Map([...owner].flatMap(([key, id]) => (byId.has(id) ? [[key, byId.get(id)!] as const] : [])));
    },
  });

  /** The workers of ids, redirected where merged, by the database; remembered. */
  const ofIds = shareLookUps<string, KnownWorker>({
    keyOf: (id) => id,
    version: () => changes,
    async look(ids) {
      const rows = await database.run((q) =>
        q.select({ id: worker.id, target: sql<string>`coalesce(${worker.mergedInto}, ${worker.id})` }).from(worker).where(inArray(worker.id, [...ids])),
      );
      const loaded = await load([...new Set(rows.map((row) => row.target))]);
      return new Map(rows.flatMap(({ id, target }) => (loaded.has(target) ? [[id, loaded.get(target)!] as const] : [])));
    },
  });

  const crosswalk: Crosswalk = {
    async byIdentifiers(identifiers) {
      const answer = identifiers.map((id) => {
        const workerId = numbers.peek(identifierKey(id));
        return workerId === undefined ? undefined : workers.peek(workerId);
      });
      const open = identifiers.filter((id, i) => answer[i] === undefined && !isPlaceholder(id));
      if (open.length === 0) return answer.map((known) => known ?? null);
      const found = await ownersOf(open);
      const ofKey = new Map(open.map((id, i) => [identifierKey(id), found[i] ?? null]));
      return identifiers.map((id, i) => answer[i] ?? ofKey.get(identifierKey(id)) ?? null);
    },

    async byIds(ids) {
      const missing = ids.filter((id) => !workers.has(id));
      if (missing.length === 0) return ids.map((id) => workers.peek(id) ?? null);
      const found = await ofIds(missing);
      const ofId = new Map(missing.map((id, i) => [id, found[i] ?? null]));
      return ids.map((id) => workers.peek(id) ?? ofId.get(id) ?? null);
    },

    async remember(records, fetchedAt) {
      if (records.length === 0) return new Map();
      const { workerOf, touched } = await database.transaction((q) => crosswalk.rememberIn(q, records, fetchedAt));
      await crosswalk.forget(touched);
      return workerOf;
    },
    async rememberIn(queries, records, fetchedAt, deferring) {
      const remembered = await rememberIn(queries, models, records, fetchedAt, deferring);
      options.onLinked?.(remembered.changes);
      return remembered;
    },
    linkPending: (pending = {}) =>
      linkPending({
        ...pending, database, models,
        now: () => new Date(),
        async onBatch(touched, changes) {
          options.onLinked?.(changes);
          await crosswalk.forget(touched);
        },
      }),
    removeIn: (queries, agency, recordIds, removedAt) => removeIn(queries, models, agency, recordIds, removedAt),

    async forget(workerIds) {
      if (workerIds.length === 0) return;
      drop(workerIds);
      const payload = `${instance} ${workerIds.length > idsPerMessage ? '*' : workerIds.join(',')}`;
      await database.run((q) => q.execute(sql`select pg_notify(${channel}, ${payload})`));
    },

    dossiersByNumber: (identifiers) => dossiersByNumber(database, identifiers),
    dossiersById: (ids) => dossiersById(database, ids),

    async lastKnown(workerIds, agency) {
      if (workerIds.length === 0) return new Map();
      const rows = await database.run((q) =>
        q.select().from(agencyRecord).where(and(inArray(agencyRecord.workerId, [...workerIds]), eq(agencyRecord.agency, agency))).orderBy(agencyRecord.recordId),
      );
      return Map.groupBy(rows.map((row) => ({ workerId: row.workerId, record: row.body, fetchedAt: row.fetchedAt })), (row) => row.workerId);
    },
  };
  return crosswalk;
}
