import { closeSync, openSync, writeSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { getTableName, sql } from 'drizzle-orm';
import { copyOut } from '../../store/copy.ts';
import type { Database, Queries } from '../../store/database.ts';
import { indexTables } from '../keep.ts';
import { type GrowingDictionaries, typeOf } from './dictionaries.ts';
import { rawDictionaries } from './factQueries.ts';
import { quoted } from './quoted.ts';
import { amount, droppedColumns, factNames, healthStatuses, rawColumns, type RawTable, rawTables } from './state.ts';

/** Where the index stood when it was read. */
export interface Reading {
  /** Everything that a transaction below it changed has been read. */
  readonly xid: string;
  /** Until when all that the hub had been told was in the index. */
  readonly through: string;
  /** Numbers of the workers whose processing is restricted: of them nothing is read. */
  readonly restricted: readonly number[];
}

/** A worker whose rows have changed, and by which transaction. */
export interface Changed {
  readonly serial: number;
  readonly xid: string;
}

/** Reads the index in one view of it. */
export function inSnapshot<T>(database: Database, work: (queries: Queries, reading: Reading) => Promise<T>): Promise<T> {
  return database.transaction(async (q) => {
    await q.execute(sql`set transaction isolation level repeatable read, read only`);
    const [row] = await q.execute<{ xid: string; through: string; restricted: number[] }>(sql`
      select pg_snapshot_xmin(pg_current_snapshot())::text xid,
        to_char(least(now(), (select min(at) from changed_worker)) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') through,
        coalesce((select array_agg(distinct coalesce(m.serial, w.serial)::int order by coalesce(m.serial, w.serial)::int) from restriction r join worker w on w.id = r.worker_id left join worker m on m.id = w.merged_into), '{}') restricted`);
    return work(q, row!);
  });
}

/** Workers who may have changed since a reading. */
export async function changedSince(queries: Queries, xid: string): Promise<Changed[]> {
  const rows = await queries.execute<{ serial: string; xid: string }>(sql`select w.serial::text serial, c.xid::text xid from indexed_change c join worker w on w.id = c.worker_id where c.xid >= ${xid}::bigint`);
  return rows.map((row) => ({ serial: Number(row.serial), xid: row.xid }));
}

/** Bytes written to a file at once. */
const atOnce = 256 * 1024;

/** Gaps keep one row each: from it the version that held until it was closed, and the one that says so. */
const gapVersions = `(select g.*, v.* from gap g cross join lateral (values (opened_at, closed_at, null::date), (closed_at, null, g.closed_on)) v(recorded_from, recorded_to, over_on) where v.recorded_from is not null)`;

/** Amounts beyond it are taken for it. */
const mostAmount = 1e13;

/** SQL of a column as it is copied. What no agency can mean by an amount must not keep all facts from being made. */
function copied(table: RawTable, column: string, type: string): string {
  if (type === amount) return `case when abs(t."${column}") < ${mostAmount} then round(t."${column}", 2) else sign(t."${column}") * ${mostAmount} end`;
  if (table === 'gap' && column === 'programmes') return `nullif(array_to_string(t.programmes, '+'), '')`;
  if (table === 'worker' && column === 'agencies') return `array_to_string(t.agencies, '+')`;
  // Only the narrowest area that a record names: the others it lies in follow.
  if (table === 'record') return `t.areas[cardinality(t.areas)]`;
  return `t."${column}"`;
}

const moment = (column: string) => `(extract(epoch from t.${column}) * 1000)::bigint`;

/**
 * Reads rows of the index into tables `raw_*` and `person`: of the workers of these numbers, or of all. Texts of dictionaries are enums there, which take the texts in; each
 * row that becomes facts has their key. Leaves no file behind.
 */
export async function readRaw(queries: Queries, duck: DuckDBConnection, dictionaries: GrowingDictionaries, folder: string, workers: readonly number[] | null, restricted: readonly number[]): Promise<void> {
  const which = workers === null ? 'true' : `w.serial = any('{${workers.map(Number).join(',')}}')`;
  const open = restricted.length === 0 ? which : `${which} and w.serial <> all('{${restricted.map(Number).join(',')}}')`;
  // All workers fit in a hash table then, so that no table is read in parts.
  if (workers === null) await queries.execute(sql`set local work_mem = '512MB'`);
  const tables = [
    { file: join(folder, 'person.csv'), query: `select w.serial, w.cell_key from worker w where ${open}`, take: (csv: string) => `create table person as select * from ${csv}`, columns: { serial: 'integer', cell_key: 'bigint' } },
    ...rawTables.map((name) => {
      const own = rawColumns[name] as Readonly<Record<string, string>>;
      const items = ['w.serial', moment('recorded_from'), moment('recorded_to'), ...Object.entries(own).map(([column, type]) => copied(name, column, type))];
      return {
        file: join(folder, `${name}.csv`),
        query: `select ${items.join(', ')} from ${name === 'gap' ? gapVersions : getTableName(indexTables[name])} t join worker w on w.id = t.worker_id where ${open}`,
        take: (csv: string) => `create table text_${name} as ${withKeys(name, csv)}`,
        columns: { serial: 'integer', rf: 'bigint', rt: 'bigint', ...own },
      };
    }),
  ];
  let taken: Promise<unknown> = Promise.resolve();
  try {
    for (const { file, query, take, columns } of tables) {
      await copyToFile(queries, query, file);
      // Taken in while the next one is copied.
      taken = taken.then(() => duck.run(take(csvOf(file, columns)))).then(() => rm(file, { force: true }));
      taken.catch(() => {});
    }
    await taken;
  } finally {
    await taken.catch(() => {});
    for (const { file } of tables) await rm(file, { force: true });
  }
  await encode(duck, dictionaries);
}

/** Rows as they were copied, with the key of their facts: it is mixed with the worker's, so that nobody can tell one who does not know hers. */
export function withKeys(name: RawTable, csv: string): string {
  const names = factNames[name];
  if (!names) return `select * from ${csv}`;
  const dropped = droppedColumns[name] ?? [];
  const key = `(md5_number_lower(concat_ws(chr(10), p.cell_key, '${name}', ${names.map((column) => `r."${column}"`).join(', ')})) % 4294967296)::uinteger fact_key`;
  return `select r.*${dropped.length > 0 ? ` exclude (${dropped.join(', ')})` : ''}, ${key} from ${csv} r join person p using (serial)`;
}

/** Makes numbers of the texts that facts hold as numbers: what is done with the rows from here on is done with them. */
async function encode(duck: DuckDBConnection, dictionaries: GrowingDictionaries): Promise<void> {
  const columns = rawDictionaries();
  await dictionaries.take(duck, columns.map((each) => ({ ...each, table: `text_${each.table}` })));
  dictionaries.add('healthStatus', [...healthStatuses, ...dictionaries.texts('InactiveReason')]);
  await dictionaries.make(duck);
  for (const name of rawTables) {
    const own = columns.filter(({ table }) => table === name);
    const replaced = own.map(({ column, dictionary }) => `"${column}"::${typeOf(dictionary)} as "${column}"`);
    await duck.run(`create table raw_${name} as select *${own.length > 0 ? ` replace (${replaced.join(', ')})` : ''} from text_${name}`);
    await duck.run(`drop table text_${name}`);
  }
}

async function copyToFile(queries: Queries, query: string, file: string): Promise<void> {
  const to = openSync(file, 'w', 0o600);
  try {
    // A piece is a row or so: many of them are written at once.
    let pieces: Uint8Array[] = [];
    let size = 0;
    const flush = () => {
      writeSync(to, Buffer.concat(pieces));
      [pieces, size] = [[], 0];
    };
    await copyOut(queries, query, (piece) => {
      pieces.push(piece);
      if ((size += piece.length) > atOnce) flush();
    });
    flush();
  } finally {
    closeSync(to);
  }
}

/** SQL that reads a copied file. */
function csvOf(file: string, columns: Readonly<Record<string, string>>): string {
  const types = Object.entries(columns).map(([name, type]) => `'${name}': '${type}'`).join(', ');
  return `read_csv(${quoted(file)}, columns = {${types}}, header = false, delim = ',', quote = '"', escape = '"', allow_quoted_nulls = false, auto_detect = false)`;
}
