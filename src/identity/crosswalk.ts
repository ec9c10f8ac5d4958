import { and, eq, inArray, or, sql } from 'drizzle-orm';
import { LRUCache } from 'lru-cache';
import type { AgencyName, AgencyRecord } from '../domain/record.ts';
import { type Identifier, identifierKey, isPlaceholder } from '../domain/identifier.ts';
import type { PersonClaim } from '../domain/person.ts';
import type { Database, Queries } from '../store/database.ts';
import { shareLookUps } from '../store/sharing.ts';
import { agencyRecord, identifier, worker } from '../store/tables.ts';
import { type Dossier, dossiersById, dossiersByNumber } from './dossiers.ts';
import { agrees } from './exact.ts';

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

/** A record's place in the world of all agencies. */
export function recordKey(agency: AgencyName, recordId: string): string {
  return `${agency}\n${recordId}`;
}

export interface CrosswalkOptions {
  /** Most workers kept in memory. Default 50000. */
  readonly cachedWorkers?: number;
  /** How long a worker is kept in memory, milliseconds. Changes made by any instance drop her at once; this bounds what a lost message can cost. Default 60000. */
  readonly cacheMs?: number;
}

/**
 * Which agency records are which worker. Answers from memory where it can; every instance hears of changes through Postgres.
 * It links what agrees exactly (see {@link agrees}).
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
  /** The same inside a transaction of the caller, who must call {@link forget} with the returned ids after it has committed. */
  rememberIn(queries: Queries, records: readonly AgencyRecord[], fetchedAt: Date): Promise<ReadonlyMap<string, string>>;
  /** Removes records that their agency has deleted. Same rule as {@link rememberIn}. */
  removeIn(queries: Queries, agency: AgencyName, recordIds: readonly string[]): Promise<readonly string[]>;
  /** Drops workers from every instance's memory. */
  forget(workerIds: readonly string[]): Promise<void>;
  /** The workers that carry the numbers with their last known records, always from the database: see {@link dossiersByNumber}. */
  dossiersByNumber(identifiers: readonly Identifier[]): Promise<(Dossier | null)[]>;
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
  const workers = new LRUCache<string, KnownWorker>({ max: size, ttl });
  /** identifier -> worker id; a hit counts only while the worker is in memory too. */
  const numbers = new LRUCache<string, string>({ max: size * 8, ttl });
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
        const workerId = numbers.get(identifierKey(id));
        return workerId === undefined ? undefined : workers.get(workerId);
      });
      const open = identifiers.filter((id, i) => answer[i] === undefined && !isPlaceholder(id));
      if (open.length === 0) return answer.map((known) => known ?? null);
      const found = await ownersOf(open);
      const ofKey = new Map(open.map((id, i) => [identifierKey(id), found[i] ?? null]));
      return identifiers.map((id, i) => answer[i] ?? ofKey.get(identifierKey(id)) ?? null);
    },

    async byIds(ids) {
      const missing = ids.filter((id) => !workers.has(id));
      if (missing.length === 0) return ids.map((id) => workers.get(id) ?? null);
      const found = await ofIds(missing);
      const ofId = new Map(missing.map((id, i) => [id, found[i] ?? null]));
      return ids.map((id) => workers.get(id) ?? ofId.get(id) ?? null);
    },

    async remember(records, fetchedAt) {
      if (records.length === 0) return new Map();
      const { linked, changed } = await database.transaction((q) => rememberIn(q, records, fetchedAt));
      await crosswalk.forget([...changed]);
      return linked;
    },
    rememberIn: async (queries, records, fetchedAt) => (await rememberIn(queries, records, fetchedAt)).linked,

    async removeIn(queries, agency, recordIds) {
      if (recordIds.length === 0) return [];
      const gone = and(eq(agencyRecord.agency, agency), inArray(agencyRecord.recordId, [...recordIds]));
      await queries.delete(identifier).where(and(eq(identifier.agency, agency), inArray(identifier.recordId, [...recordIds])));
      const rows = await queries.delete(agencyRecord).where(gone).returning({ workerId: agencyRecord.workerId });
      return rows.map((row) => row.workerId);
    },

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

/** A stored or new record with its worker, as a candidate to link to. */
interface Candidate {
  readonly workerId: string;
  readonly person: PersonClaim;
}

/** What became of records that were remembered. */
interface Remembered {
  /** Worker id of each record, by {@link recordKey}. */
  readonly linked: ReadonlyMap<string, string>;
  /** Workers who got a record, or one of whose records carries other numbers than before. */
  readonly changed: ReadonlySet<string>;
}

async function rememberIn(queries: Queries, all: readonly AgencyRecord[], fetchedAt: Date): Promise<Remembered> {
  // The last one wins where a batch holds a record twice.
  const records = [...new Map(all.map((record) => [recordKey(record.agency, record.recordId), record])).values()];
  // Two new records of one person that arrive at the same time must not make two workers.
  await queries.execute(sql`select pg_advisory_xact_lock(hashtext('payung linking'))`);
  const stored = await alreadyLinked(queries, records);
  const linked = new Map([...stored].map(([key, { workerId }]) => [key, workerId]));
  const fresh = records.filter((record) => !linked.has(recordKey(record.agency, record.recordId)));
  if (fresh.length > 0) for (const [key, id] of await linkNew(queries, fresh)) linked.set(key, id);
  const renumbered = new Set(records.filter((record) => stored.get(recordKey(record.agency, record.recordId))?.numbers !== numbersOf(record.person.identifiers)));
  await save(queries, records, renumbered, linked, fetchedAt);
  return { linked, changed: new Set([...renumbered].map((record) => linked.get(recordKey(record.agency, record.recordId))!)) };
}

/** A record's numbers in their order as one text, to tell whether they are still the same. */
function numbersOf(identifiers: readonly Identifier[]): string {
  return [...new Set(identifiers.map(identifierKey))].join('\n');
}

async function alreadyLinked(queries: Queries, records: readonly AgencyRecord[]): Promise<Map<string, { readonly workerId: string; readonly numbers: string }>> {
  const stored = new Map<string, { workerId: string; identifiers: Identifier[] }>();
  for (const [agency, ofAgency] of Map.groupBy(records, (record) => record.agency)) {
    const rows = await queries
      .select({ recordId: agencyRecord.recordId, workerId: agencyRecord.workerId, kind: identifier.kind, value: identifier.value })
      .from(agencyRecord)
      .leftJoin(identifier, and(eq(identifier.workerId, agencyRecord.workerId), eq(identifier.agency, agencyRecord.agency), eq(identifier.recordId, agencyRecord.recordId)))
      .where(and(eq(agencyRecord.agency, agency), inArray(agencyRecord.recordId, ofAgency.map((record) => record.recordId))))
      .orderBy(identifier.position);
    for (const row of rows) {
      const key = recordKey(agency, row.recordId);
      let entry = stored.get(key);
      if (!entry) stored.set(key, (entry = { workerId: row.workerId, identifiers: [] }));
      if (row.kind !== null && row.value !== null) entry.identifiers.push({ kind: row.kind, value: row.value });
    }
  }
  return new Map([...stored].map(([key, { workerId, identifiers }]) => [key, { workerId, numbers: numbersOf(identifiers) }]));
}

async function linkNew(queries: Queries, fresh: readonly AgencyRecord[]): Promise<Map<string, string>> {
  const carriers = new Map<string, Candidate[]>();
  const offer = (person: PersonClaim, workerId: string) => {
    for (const id of person.identifiers) {
      if (isPlaceholder(id)) continue;
      const list = carriers.get(identifierKey(id));
      if (list) list.push({ workerId, person });
      else carriers.set(identifierKey(id), [{ workerId, person }]);
    }
  };
  const wanted = [...new Set(fresh.flatMap((record) => record.person.identifiers.filter((id) => !isPlaceholder(id)).map((id) => id.value)))];
  if (wanted.length > 0) {
    const rows = await queries
      .selectDistinct({ workerId: agencyRecord.workerId, agency: agencyRecord.agency, recordId: agencyRecord.recordId, person: sql<PersonClaim>`${agencyRecord.body} -> 'person'` })
      .from(identifier)
      .innerJoin(agencyRecord, and(eq(agencyRecord.workerId, identifier.workerId), eq(agencyRecord.agency, identifier.agency), eq(agencyRecord.recordId, identifier.recordId)))
      .where(inArray(identifier.value, wanted))
      .orderBy(agencyRecord.agency, agencyRecord.recordId);
    for (const row of rows) offer(row.person, row.workerId);
  }
  const linked = new Map<string, string>();
  const created: string[] = [];
  for (const record of fresh) {
    const votes = new Map<string, number>();
    const candidates = new Set(record.person.identifiers.flatMap((id) => carriers.get(identifierKey(id)) ?? []));
    for (const candidate of candidates) if (agrees(record.person, candidate.person)) votes.set(candidate.workerId, (votes.get(candidate.workerId) ?? 0) + 1);
    const best = [...votes].toSorted((a, b) => b[1] - a[1])[0]?.[0];
    const workerId = best ?? crypto.randomUUID();
    if (best === undefined) created.push(workerId);
    linked.set(recordKey(record.agency, record.recordId), workerId);
    offer(record.person, workerId);
  }
  if (created.length > 0) await queries.insert(worker).values(created.map((id) => ({ id })));
  return linked;
}

async function save(queries: Queries, records: readonly AgencyRecord[], renumbered: ReadonlySet<AgencyRecord>, linked: ReadonlyMap<string, string>, fetchedAt: Date): Promise<void> {
  if (records.length === 0) return;
  const rows = records.map((record) => ({ record, workerId: linked.get(recordKey(record.agency, record.recordId))! }));
  await queries
    .insert(agencyRecord)
    .values(rows.map(({ record, workerId }) => ({ workerId, agency: record.agency, recordId: record.recordId, body: record, asOf: record.asOf === null ? null : new Date(record.asOf), fetchedAt })))
    .onConflictDoUpdate({
      target: [agencyRecord.agency, agencyRecord.recordId],
      set: { body: sql`excluded.body`, asOf: sql`excluded.as_of`, fetchedAt: sql`excluded.fetched_at` },
    });
  for (const [agency, ofAgency] of Map.groupBy(renumbered, (record) => record.agency)) {
    await queries.delete(identifier).where(and(eq(identifier.agency, agency), inArray(identifier.recordId, ofAgency.map((record) => record.recordId))));
  }
  const identifiers = rows.filter(({ record }) => renumbered.has(record)).flatMap(({ record, workerId }) =>
    record.person.identifiers.map((id, position) => ({ workerId, agency: record.agency, recordId: record.recordId, kind: id.kind, value: id.value, position })),
  );
  if (identifiers.length > 0) await queries.insert(identifier).values(identifiers).onConflictDoNothing();
}
