import { sql } from 'drizzle-orm';
import type { AgencyRecord } from '../../domain/record.ts';
import type { Queries } from '../../store/database.ts';
import type { LinkRecord } from '../attributes.ts';
import type { CandidateSource } from '../incremental.ts';
import { linkIdOf, recordOf } from '../record.ts';
import { among, chunks } from './ledger.ts';
import { refOf, type RecordRef } from './evidence.ts';
import { blockingKey } from '../../store/linkTables.ts';
import { agencyRecord } from '../../store/tables.ts';

/** The part of a record that linking looks at. */
export type Claimed = Pick<AgencyRecord, 'agency' | 'recordId' | 'person'>;

export interface Filed extends RecordRef {
  readonly keys: readonly number[];
}

/** Files records under their keys, in place of those of their old state where they had one. */
export async function fileKeys(queries: Queries, keySet: number, records: readonly Filed[], replace = true): Promise<void> {
  for (const some of chunks(records, 500)) {
    if (replace) await dropKeys(queries, some);
    const names = JSON.stringify(some.map(({ agency, recordId }, at) => ({ at, a: agency, r: recordId })));
    const keys = some.flatMap((record) => record.keys);
    const ats = some.flatMap((record, at) => record.keys.map(() => at));
    await queries.execute(sql`
      insert into blocking_key (key_set, key, agency, record_id)
      select ${keySet}::int, k.key, n.a, n.r
      from unnest(${`{${keys.join()}}`}::bigint[], ${`{${ats.join()}}`}::int[]) as k(key, at)
      join json_to_recordset(${names}::json) as n(at int, a text, r text) on n.at = k.at
      on conflict do nothing`);
  }
}

export async function dropKeys(queries: Queries, refs: readonly RecordRef[]): Promise<void> {
  for (const some of chunks(refs)) {
    await queries.delete(blockingKey).where(among(blockingKey, some));
  }
}

/** Keys that more records than this share bring nobody together, as in linking a file. */
const keyLimit = 150;

/** A record found by keys, with the worker it is linked to. */
export interface Placed {
  readonly workerId: string;
  readonly claimed: Claimed;
  readonly record: LinkRecord;
}

/** The candidates for a batch of records: those of the index, read at once, and those of the batch itself that were placed before. */
export interface Neighbourhood extends CandidateSource {
  /** Adds a record of the batch that was placed. */
  add(placed: Placed, keys: readonly number[]): void;
  readonly placed: ReadonlyMap<string, Placed>;
  ofWorker(workerId: string): readonly Placed[];
}

/** Most candidates of one record that are read and compared. */
const limit = 100;

export async function readNeighbourhood(queries: Queries, keySet: number, records: number, wanted: ReadonlyMap<string, readonly number[]>): Promise<Neighbourhood> {
  const postings = new Map<number, string[]>();
  const common = new Set<number>();
  const keys = [...new Set([...wanted.values()].flat())];
  for (const some of chunks(keys, 20_000)) {
    const rows = await queries.execute<{ key: string; a: string; r: string }>(sql`
      select k.key, p.agency as a, p.record_id as r
      from unnest(${`{${some.join()}}`}::bigint[]) as k(key)
      cross join lateral (select agency, record_id from blocking_key b where b.key_set = ${keySet} and b.key = k.key limit ${keyLimit + 1}) p`);
    for (const { key, a, r } of rows) push(postings, Number(key), linkIdOf({ agency: a, recordId: r }));
  }
  for (const [key, list] of postings) {
    if (list.length <= keyLimit) continue;
    common.add(key);
    postings.delete(key);
  }
  const ranked = (own: readonly number[]): string[] => {
    const bits = new Map<string, number>();
    for (const key of own) {
      const list = postings.get(key);
      if (!list) continue;
      const worth = Math.log2(Math.max(2, records) / list.length) + 0.01;
      for (const id of list) bits.set(id, (bits.get(id) ?? 0) + worth);
    }
    return [...bits].toSorted((x, y) => y[1] - x[1] || (x[0] < y[0] ? -1 : 1)).map(([id]) => id);
  };
  const needed = new Set([...wanted.values()].flatMap((own) => ranked(own).slice(0, limit)));
  const { placed, byWorker } = await readPlaced(queries, [...needed]);
  return {
    placed,
    ofWorker: (workerId) => byWorker.get(workerId) ?? [],
    add(entry, own) {
      placed.set(entry.record.id, entry);
      push(byWorker, entry.workerId, entry);
      for (const key of own) if (!common.has(key)) push(postings, key, entry.record.id);
    },
    candidates: (own, most) => ranked(own).flatMap((id) => placed.get(id)?.record ?? []).slice(0, most),
  };
}

/** The candidates with all other records of their workers, against which the guard holds a newcomer. */
async function readPlaced(queries: Queries, ids: readonly string[]): Promise<{ placed: Map<string, Placed>; byWorker: Map<string, Placed[]> }> {
  const placed = new Map<string, Placed>();
  const byWorker = new Map<string, Placed[]>();
  const seen = new Set<string>();
  for (const some of chunks(ids.map(refOf))) {
    const workers = (await queries.selectDistinct({ id: agencyRecord.workerId }).from(agencyRecord).where(among(agencyRecord, some))).map(({ id }) => id).filter((id) => !seen.has(id));
    for (const id of workers) seen.add(id);
    for (const entry of await readWorkers(queries, workers)) {
      placed.set(entry.record.id, entry);
      push(byWorker, entry.workerId, entry);
    }
  }
  return { placed, byWorker };
}

/** All records of the workers, as linking looks at them. */
export async function readWorkers(queries: Queries, workerIds: readonly string[]): Promise<Placed[]> {
  const found: Placed[] = [];
  for (const some of chunks(workerIds, 10_000)) {
    const rows = await queries.execute<{ worker_id: string; agency: string; record_id: string; person: Claimed['person'] }>(sql`
      select worker_id, agency, record_id, body -> 'person' as person from agency_record where worker_id in (${sql.join(some.map((id) => sql`${id}::uuid`), sql`, `)})`);
    found.push(...rows.map((row) => placedOf(row.worker_id, { agency: row.agency, recordId: row.record_id, person: row.person })));
  }
  return found;
}

export function placedOf(workerId: string, claimed: Claimed): Placed {
  return { workerId, claimed, record: recordOf(claimed) };
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
