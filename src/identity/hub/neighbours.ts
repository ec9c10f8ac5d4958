import { sql } from 'drizzle-orm';
import { type Identifier, identifierKey, isPlaceholder } from '../../domain/identifier.ts';
import type { AgencyRecord } from '../../domain/record.ts';
import type { Queries } from '../../store/database.ts';
import type { LinkRecord } from '../attributes.ts';
import { hashKey } from '../keys.ts';
import { linkIdOf, recordOf } from '../record.ts';
import { keyLimit } from './filing.ts';
import { chunks, rowsOf } from './ledger.ts';

/** The part of a record that linking looks at. */
export type Claimed = Pick<AgencyRecord, 'agency' | 'recordId' | 'person'>;

/** A record with the worker it is linked to. */
export interface Placed {
  readonly workerId: string;
  readonly claimed: Claimed;
  readonly record: LinkRecord;
}

/** The candidates for a batch of records: those of the index, read at once, and those of the batch itself that were placed before. */
export interface Neighbourhood {
  /** The records that share something with the one of the batch, best first by how rare it is; its own old state may be among them. */
  candidates(record: Claimed): readonly LinkRecord[];
  /** Adds a record of the batch that was placed, in place of its old state where there is one. */
  renew(placed: Placed): void;
  /** Gives all records of a worker to another. */
  merge(from: string, to: string): void;
  readonly placed: ReadonlyMap<string, Placed>;
  ofWorker(workerId: string): readonly Placed[];
}

/** What records can share: blocking keys, or personal numbers. */
export interface Sharing {
  /** Hashes of what the records of the batch have, by {@link linkIdOf}. */
  readonly of: ReadonlyMap<string, readonly number[]>;
  /** Numbers of the records of the index that have them too. Is added to. */
  readonly postings: Map<number, number[]>;
  /** What too many records have. */
  readonly common: ReadonlySet<number>;
}

export interface NeighbourhoodOptions {
  readonly sharing: Sharing;
  /** Workers who are to be known whether or not anything of theirs is a candidate. */
  readonly workers: readonly string[];
  /** Most candidates of one record that are read and compared. */
  readonly limit: number;
}

/** Counts for how rare a key is: far above any number of records that a key leads to. */
const many = 100 * keyLimit;

export async function readNeighbourhood(queries: Queries, { sharing: { of, postings, common }, workers, limit }: NeighbourhoodOptions): Promise<Neighbourhood> {
  // By the numbers of their rows; those of the batch, which may have none yet, by numbers below zero.
  const ranked = (own: readonly number[]) => rank(own, postings, limit);
  const needed = new Set([...of.values()].flatMap((own) => ranked(own)));
  const byNumber = new Map<number, string>();
  const placed = new Map<string, Placed>();
  const byWorker = new Map<string, Placed[]>();
  for (const { number, ...entry } of await readFamilies(queries, [...needed], workers)) {
    byNumber.set(number, entry.record.id);
    placed.set(entry.record.id, entry);
    push(byWorker, entry.workerId, entry);
  }
  let last = 0;
  return {
    placed,
    ofWorker: (workerId) => byWorker.get(workerId) ?? [],
    renew(entry) {
      byNumber.set(--last, entry.record.id);
      placed.set(entry.record.id, entry);
      byWorker.set(entry.workerId, [...(byWorker.get(entry.workerId) ?? []).filter(({ record }) => record.id !== entry.record.id), entry]);
      for (const key of of.get(entry.record.id) ?? []) if (!common.has(key)) push(postings, key, last);
    },
    merge(from, to) {
      for (const { claimed, record } of byWorker.get(from) ?? []) {
        const entry = { workerId: to, claimed, record };
        placed.set(record.id, entry);
        push(byWorker, to, entry);
      }
      byWorker.delete(from);
    },
    candidates: (record) => [...new Set(ranked(of.get(linkIdOf(record)) ?? []).flatMap((number) => placed.get(byNumber.get(number) ?? '')?.record ?? []))],
  };
}

/** The records that share most with one, by number: by how rare what they share is. Between equals the earlier comes first. */
export function rank(own: readonly number[], postings: ReadonlyMap<number, readonly number[]>, limit: number): number[] {
  const bits = new Map<number, number>();
  for (const key of own) {
    const list = postings.get(key);
    if (!list) continue;
    const worth = Math.log2(many / list.length);
    for (const number of list) bits.set(number, (bits.get(number) ?? 0) + worth);
  }
  let found = [...bits];
  if (found.length > 4 * limit) {
    const least = Float64Array.from(found, ([, worth]) => worth).toSorted()[found.length - limit]!;
    found = found.filter(([, worth]) => worth >= least);
  }
  return found.toSorted((x, y) => y[1] - x[1] || x[0] - y[0]).slice(0, limit).map(([number]) => number);
}

/** Who shares blocking keys. */
export async function readKeySharing(queries: Queries, of: ReadonlyMap<string, readonly number[]>): Promise<Sharing> {
  const postings = new Map<number, number[]>();
  const common = new Set<number>();
  for (const some of chunks([...new Set([...of.values()].flat())], 20_000)) {
    const rows = await queries.execute<{ key: string; records: string | null }>(sql`
      select b.key, case when cardinality(b.records) <= ${keyLimit}::int then array_to_string(b.records, ',') end as records
      from unnest(${`{${some.join()}}`}::bigint[]) as k(key) join blocking_key b on b.key = k.key`);
    for (const { key, records } of rows) {
      if (records === null) common.add(Number(key));
      else postings.set(Number(key), records.split(',').map(Number));
    }
  }
  return { of, postings, common };
}

/** Who shares personal numbers. Cheaper than keys, and enough for most: those who share none are found by their keys later. */
export async function readNumberSharing(queries: Queries, records: readonly Claimed[]): Promise<Sharing> {
  const hashOf = (id: Identifier) => hashKey(identifierKey(id));
  const numbers = (record: Claimed) => record.person.identifiers.filter((id) => !isPlaceholder(id));
  const of = new Map(records.map((record) => [linkIdOf(record), numbers(record).map(hashOf)]));
  const postings = new Map<number, number[]>();
  for (const some of chunks([...new Map(records.flatMap(numbers).map((id) => [identifierKey(id), id])).values()], 10_000)) {
    const rows = await queries.execute<{ kind: Identifier['kind']; value: string; number: string }>(sql`
      select n.k as kind, n.v as value, r.number
      from json_to_recordset(${rowsOf(some.map(({ kind, value }) => ({ k: kind, v: value })))}::json) as n(k text, v text)
      cross join lateral (select worker_id, agency, record_id from identifier i where i.value = n.v and i.kind = n.k limit ${keyLimit}) i
      join agency_record r on (r.worker_id, r.agency, r.record_id) = (i.worker_id, i.agency, i.record_id)`);
    for (const { kind, value, number } of rows) push(postings, hashOf({ kind, value }), Number(number));
  }
  return { of, postings, common: new Set() };
}

/** A record of the index as linking reads it. */
export interface PlacedRow extends Record<string, unknown> {
  readonly number: string;
  readonly worker_id: string;
  readonly agency: string;
  readonly record_id: string;
  readonly person: Claimed['person'];
}

/** The numbered records with all other records of their workers, against which the guard holds a newcomer; and all records of the workers named. */
export async function readFamilies(queries: Queries, numbers: readonly number[], workers: readonly string[]): Promise<(Placed & { readonly number: number })[]> {
  if (numbers.length + workers.length === 0) return [];
  const rows = await queries.execute<PlacedRow>(sql`
    with family as materialized (
      select worker_id from agency_record where number = any(${`{${numbers.join()}}`}::bigint[])
      union select unnest(${`{${workers.join()}}`}::uuid[]))
    select r.number, r.worker_id, r.agency, r.record_id, r.body -> 'person' as person from family join agency_record r on r.worker_id = family.worker_id`);
  return rows.map((row) => ({ number: Number(row.number), ...placedRow(row) }));
}

/** All records of the workers, as linking looks at them. */
export async function readWorkers(queries: Queries, workerIds: readonly string[]): Promise<Placed[]> {
  return readFamilies(queries, [], workerIds);
}

/** A row of the database as a record with its worker. */
export function placedRow(row: Pick<PlacedRow, 'worker_id' | 'agency' | 'record_id' | 'person'>): Placed {
  const claimed = { agency: row.agency, recordId: row.record_id, person: row.person };
  return { workerId: row.worker_id, claimed, record: recordOf(claimed) };
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
