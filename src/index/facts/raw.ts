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
import { amount, factNames, healthStatuses, rawColumns, type RawTable, rawTables } from './state.ts';

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
const mostAmount = '1e13';
const epoch = `date '1970-01-01'`;

/** A column as it is copied, and as it is read from the copy: as numbers where that costs the server and DuckDB less. */
interface Copied {
  readonly name: string;
  /** SQL of the index. */
  readonly from: string;
  readonly type: string;
  /** SQL over the copy. */
  readonly taken: string;
}

function copied(table: RawTable, name: string, type: string): Copied {
  const as = (from: string): Copied => ({ name, from, type, taken: `"${name}"` });
  const column = `t."${name}"`;
  if (type === 'date') return { name, from: `${column} - ${epoch}`, type: 'integer', taken: `${epoch} + "${name}" as "${name}"` };
  // What no agency can mean by an amount must not keep all facts from being made.
  if (type === amount) return as(`case when ${column} > ${mostAmount} then ${mostAmount} when ${column} < -${mostAmount} then -${mostAmount} else ${column} end`);
  if (table === 'gap' && name === 'programmes') return as(`nullif(array_to_string(t.programmes, '+'), '')`);
  if (table === 'worker' && name === 'agencies') return as(`array_to_string(t.agencies, '+')`);
  // Only the narrowest area that a record names: the others it lies in follow.
  if (table === 'record') return as(`t.areas[cardinality(t.areas)]`);
  return as(column);
}

/** The columns that are copied of a table. */
function copiedColumns(table: RawTable): Copied[] {
  const plain = (name: string, type: string, from: string): Copied => ({ name, from, type, taken: `"${name}"` });
  // Whole milliseconds are what the index keeps. `date_part` reckons with floating numbers, three times as fast as `extract`, which has decimals.
  const moment = (name: string, column: string) => plain(name, 'bigint', `(date_part('epoch', t.${column}) * 1000)::bigint`);
  const names = factNames[table];
  return [
    plain('serial', 'integer', 'w.serial'),
    moment('rf', 'recorded_from'),
    moment('rt', 'recorded_to'),
    // Each hash is seeded with the one before, the first with the worker's key: nobody can tell one who does not know hers.
    ...(names ? [plain('fact_key', 'uinteger', `${[`'${table}'`, ...names.map((name) => `t.${name}`)].reduce((seed, text) => `hashtextextended(${text}, ${seed})`, 'w.cell_key')} & 4294967295`)] : []),
    ...Object.entries(rawColumns[table]).map(([name, type]) => copied(table, name, type)),
  ];
}

/** How the rows of a table are copied, apart from whose. */
export function copyOf(table: RawTable): string {
  return `select ${copiedColumns(table).map(({ from }) => from).join(', ')} from ${table === 'gap' ? gapVersions : getTableName(indexTables[table])} t join worker w on w.id = t.worker_id`;
}

/**
 * Reads rows of the index into tables `raw_*` and `person`: of the workers of these numbers, or of all. Texts of dictionaries are enums there, which take the texts in.
 * Leaves no file behind.
 */
export async function readRaw(queries: Queries, duck: DuckDBConnection, dictionaries: GrowingDictionaries, folder: string, workers: readonly number[] | null, restricted: readonly number[]): Promise<void> {
  const which = workers === null ? 'true' : `w.serial = any('{${workers.map(Number).join(',')}}')`;
  const open = restricted.length === 0 ? which : `${which} and w.serial <> all('{${restricted.map(Number).join(',')}}')`;
  // All workers fit in a hash table then, so that no table is read in parts.
  if (workers === null) await queries.execute(sql`set local work_mem = '512MB'`);
  const person = { serial: 'integer', cell_key: 'bigint' };
  const tables = [
    { file: join(folder, 'person.csv'), query: `select w.serial, w.cell_key from worker w where ${open}`, take: (file: string) => `create table person as select * from ${csvOf(file, person)}` },
    ...rawTables.map((name) => {
      const columns = copiedColumns(name);
      const types = Object.fromEntries(columns.map((column) => [column.name, column.type]));
      return {
        file: join(folder, `${name}.csv`),
        query: `${copyOf(name)} where ${open}`,
        take: (file: string) => `create table text_${name} as select ${columns.map(({ taken }) => taken).join(', ')} from ${csvOf(file, types)}`,
      };
    }),
  ];
  let taken: Promise<unknown> = Promise.resolve();
  try {
    for (const { file, query, take } of tables) {
      await copyToFile(queries, query, file);
      // Taken in while the next one is copied.
      taken = taken.then(() => duck.run(take(file))).then(() => rm(file, { force: true }));
      taken.catch(() => {});
    }
    await taken;
  } finally {
    await taken.catch(() => {});
    for (const { file } of tables) await rm(file, { force: true });
  }
  await encode(duck, dictionaries);
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
