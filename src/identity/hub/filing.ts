import { sql } from 'drizzle-orm';
import type { Queries } from '../../store/database.ts';
import { chunks } from './ledger.ts';

/** A record with the keys that it is, or was, filed under. */
export interface Filed {
  /** The number of its row in `agency_record`. */
  readonly number: number;
  readonly keys: readonly number[];
}

/** Keys that more records than this share bring nobody together, as in linking a file. */
export const keyLimit = 150;

/** Records of one statement: some 80 keys each. */
const recordsAtOnce = 2_500;

/** Files records under keys that they are not filed under yet. In the order of keys, so that the index is walked and not jumped about in. */
export async function fileKeys(queries: Queries, records: readonly Filed[]): Promise<void> {
  for (const some of chunks(records, recordsAtOnce)) {
    const { keys, numbers } = columnsOf(some);
    if (keys === '{}') continue;
    await queries.execute(sql`
      insert into blocking_key as b (key, records)
      select key, (array_agg(number))[1:${keyLimit + 1}::int] from unnest(${keys}::bigint[], ${numbers}::bigint[]) as t(key, number) group by key order by key
      on conflict (key) do update set records = (b.records || excluded.records)[1:${keyLimit + 1}::int] where cardinality(b.records) <= ${keyLimit}::int`);
  }
}

/** Takes records from keys. A key that was too common stays so: its other records are not known any more. */
export async function unfileKeys(queries: Queries, records: readonly Filed[]): Promise<void> {
  for (const some of chunks(records, recordsAtOnce)) {
    const { keys, numbers } = columnsOf(some);
    if (keys === '{}') continue;
    await queries.execute(sql`
      with gone as materialized (select key, array_agg(number) as numbers from unnest(${keys}::bigint[], ${numbers}::bigint[]) as t(key, number) group by key),
      emptied as (delete from blocking_key b using gone where b.key = gone.key and cardinality(b.records) <= ${keyLimit}::int and b.records <@ gone.numbers)
      update blocking_key b set records = array(select r from unnest(b.records) as r where r <> all (gone.numbers))
      from gone where b.key = gone.key and cardinality(b.records) <= ${keyLimit}::int and not b.records <@ gone.numbers`);
  }
}

/** Files a record whose keys have changed: only those that came or went. */
export async function refileKeys(queries: Queries, records: readonly (Filed & { readonly before: readonly number[] })[]): Promise<void> {
  const difference = (a: readonly number[], b: readonly number[]) => {
    const other = new Set(b);
    return a.filter((key) => !other.has(key));
  };
  await unfileKeys(queries, records.map(({ number, keys, before }) => ({ number, keys: difference(before, keys) })));
  await fileKeys(queries, records.map(({ number, keys, before }) => ({ number, keys: difference(keys, before) })));
}

function columnsOf(records: readonly Filed[]): { readonly keys: string; readonly numbers: string } {
  return {
    keys: `{${records.map(({ keys }) => keys.join()).filter(Boolean).join()}}`,
    numbers: `{${records.flatMap(({ number, keys }) => keys.map(() => number)).join()}}`,
  };
}

/** Notes records that are to be filed and linked by the model later. */
export async function markPending(queries: Queries, numbers: readonly number[]): Promise<void> {
  if (numbers.length > 0) await queries.execute(sql`insert into link_pending select unnest(${`{${numbers.join()}}`}::bigint[]) on conflict do nothing`);
}

export async function clearPending(queries: Queries, numbers: readonly number[]): Promise<void> {
  if (numbers.length > 0) await queries.execute(sql`delete from link_pending where number = any(${`{${numbers.join()}}`}::bigint[])`);
}
