import type { DuckDBConnection } from '@duckdb/node-api';
import { getTableName, sql } from 'drizzle-orm';
import { copyOut } from '../../store/copy.ts';
import type { Database, Queries } from '../../store/database.ts';
import { indexTables } from '../keep.ts';
import type { GrowingDictionaries } from './dictionaries.ts';
import { rawDictionaries } from './factQueries.ts';
import { factNames, healthStatuses, rawColumns, type RawTable, rawTables } from './state.ts';
import { type Field, type Taken, Taker } from './taking.ts';

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

/** Gaps keep one row each: from it the version that held until it was closed, and the one that says so. */
const gapVersions = `(select g.*, v.* from gap g cross join lateral (values (opened_at, closed_at, null::date), (closed_at, null, g.closed_on)) v(recorded_from, recorded_to, over_on) where v.recorded_from is not null)`;

/** A column as it is copied: the SQL of the index, and what it is. */
interface Copied {
  readonly name: string;
  readonly from: string;
  readonly kind: Field['kind'];
}

/** SQL of a hash that tells facts of a worker apart. Each hash is seeded with the one before, the first with her key: nobody can tell one who does not know hers. */
function hashed(kind: string, names: readonly string[]): string {
  return [`'${kind}'`, ...names.map((name) => `t.${name}`)].reduce((seed, text) => `hashtextextended(${text}, ${seed})`, 'w.cell_key');
}

/** SQL of columns that are not copied as they are. */
const made: Readonly<Partial<Record<RawTable, Readonly<Record<string, string>>>>> = {
  worker: { agencies: `array_to_string(t.agencies, '+')` },
  // Only the narrowest area that a record names: the others it lies in follow.
  record: { area: 't.areas[cardinality(t.areas)]' },
  placement: { mark: hashed('placement', ['agency', 'record_id', 'key']) },
  gap: { programmes: `nullif(array_to_string(t.programmes, '+'), '')`, placement: hashed('placement', ['placement_agency', 'placement_record', 'placement_number']) },
};

/** The columns that are copied of a table. */
function copiedColumns(table: RawTable): Copied[] {
  const names = factNames[table];
  return [
    { name: 'serial', from: 'w.serial', kind: 'integer' },
    { name: 'rf', from: 't.recorded_from', kind: 'moment' },
    { name: 'rt', from: 't.recorded_to', kind: 'moment' },
    ...(names ? [{ name: 'fact_key', from: hashed(table, names), kind: 'key' } as const] : []),
    ...Object.entries(rawColumns[table]).map(([name, kind]) => ({ name, from: made[table]?.[name] ?? `t."${name}"`, kind })),
  ];
}

/** How the rows of a table are copied, apart from whose. */
export function copyOf(table: RawTable): string {
  return `select ${copiedColumns(table).map(({ from }) => from).join(', ')} from ${table === 'gap' ? gapVersions : getTableName(indexTables[table])} t join worker w on w.id = t.worker_id`;
}

/** Reads rows of the index into tables `raw_*` and `person`: of the workers of these numbers, or of all. Texts of dictionaries are numbers there, and the dictionaries take the texts in. */
export async function readRaw(queries: Queries, duck: DuckDBConnection, dictionaries: GrowingDictionaries, workers: readonly number[] | null, restricted: readonly number[]): Promise<void> {
  const which = workers === null ? 'true' : `w.serial = any('{${workers.map(Number).join(',')}}')`;
  const open = restricted.length === 0 ? which : `${which} and w.serial <> all('{${restricted.map(Number).join(',')}}')`;
  // All workers fit in a hash table then, so that no table is read in parts.
  if (workers === null) await queries.execute(sql`set local work_mem = '512MB'`);
  const read = async (table: string, columns: readonly Taken[], query: string) => {
    const taker = await Taker.create(duck, table, columns);
    await copyOut(queries, query, (row) => taker.take(row));
    taker.close();
  };
  await read('person', [{ name: 'serial', field: { kind: 'integer' } }, { name: 'cell_key', field: { kind: 'bigint' } }], `select w.serial::integer, w.cell_key from worker w where ${open}`);
  const coded = new Map(rawDictionaries().map(({ table, column, dictionary }) => [`${table} ${column}`, dictionary]));
  for (const table of rawTables) {
    const columns = copiedColumns(table).map(({ name, kind }): Taken => ({ name, field: kind === 'coded' ? { kind, texts: dictionaries.of(coded.get(`${table} ${name}`)!) } : { kind } }));
    await read(`raw_${table}`, columns, `${copyOf(table)} where ${open}`);
  }
  // In which contributions are, whatever currencies wages have.
  dictionaries.add('currency', ['IDR']);
  dictionaries.add('healthStatus', [...healthStatuses, ...dictionaries.of('InactiveReason').texts]);
}
