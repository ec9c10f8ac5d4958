import { sql } from 'drizzle-orm';
import { getTableColumns, getTableName } from 'drizzle-orm';
import type { AgencyRecord } from '../domain/record.ts';
import { copyRows } from '../store/copy.ts';
import type { Queries } from '../store/database.ts';
import { markIndexed } from '../store/indexedChange.ts';
import { indexedCase, indexedCoverage, indexedHealth, indexedPlacement, indexedRecord, indexedStay, indexedWorker } from '../store/indexTables.ts';
import { type IndexRow, type Projection, projections, projectWorker } from './project.ts';

/** The table of each projection. */
export const indexTables = {
  worker: indexedWorker,
  record: indexedRecord,
  placement: indexedPlacement,
  coverage: indexedCoverage,
  health: indexedHealth,
  case: indexedCase,
  stay: indexedStay,
} as const satisfies Record<Projection, unknown>;

/** What tells a row apart from others of its worker; versions of one fact share it. */
function nameOf(row: Pick<IndexRow, 'agency' | 'record_id' | 'key'>): string {
  return JSON.stringify([row.agency, row.record_id, row.key]);
}

/**
 * Brings workers' rows of the index up to their records, in the caller's transaction: rows that say something new get a version, rows that are gone end. Gives back
 * the workers for whom anything changed. `records` are all records that each worker has now.
 */
export async function keepIndex(queries: Queries, workers: ReadonlyMap<string, readonly AgencyRecord[]>, agencies: readonly string[], at: Date): Promise<string[]> {
  if (workers.size === 0) return [];
  const wanted = new Map<Projection, IndexRow[]>(projections.map((name) => [name, []]));
  for (const [id, records] of workers) {
    for (const [name, rows] of Object.entries(projectWorker(id, records, agencies)) as [Projection, readonly IndexRow[]][]) wanted.get(name)!.push(...rows);
  }
  const changed = new Set<string>();
  let known: readonly string[] = [...workers.keys()];
  for (const name of projections) {
    const table = sql.identifier(getTableName(indexTables[name]));
    const live = await readLive(queries, name, known);
    // Who has no row as a worker has none of any other kind: while a feed is read for the first time, most are new.
    if (name === 'worker') known = live.map(({ worker_id }) => worker_id);
    const stands = new Map(live.map((row) => [`${row.worker_id} ${nameOf(row)}`, row]));
    const fresh: IndexRow[] = [];
    for (const row of wanted.get(name)!) {
      const mark = `${row.worker_id} ${nameOf(row)}`;
      if (stands.get(mark)?.content === row.content) stands.delete(mark);
      else fresh.push(row);
    }
    const over = [...stands.values()];
    if (over.length > 0) await endVersions(queries, name, over, at);
    if (fresh.length >= copyFrom) await copyFresh(queries, name, fresh, at);
    else if (fresh.length > 0) {
      const rows = JSON.stringify(fresh.map((row) => ({ ...row, recorded_from: at.toISOString() })));
      await queries.execute(sql`insert into ${table} select * from jsonb_populate_recordset(null::${table}, ${rows}::jsonb)`);
    }
    for (const row of [...over, ...fresh]) changed.add(row.worker_id);
  }
  await markIndexed(queries, changed);
  return [...changed];
}

interface LiveRow extends Record<string, unknown> {
  readonly worker_id: string;
  readonly agency?: string;
  readonly record_id?: string;
  readonly key?: string;
  readonly content: string;
}

/** The live rows of workers. */
async function readLive(queries: Queries, name: Projection, workers: readonly string[]): Promise<readonly LiveRow[]> {
  if (workers.length === 0) return [];
  const columns = name === 'worker' ? sql`worker_id, content` : name === 'record' ? sql`worker_id, agency, record_id, content` : sql`worker_id, agency, record_id, key, content`;
  // As one array: of a set of rows the server guesses that there are a hundred, and joins accordingly.
  return queries.execute<LiveRow>(sql`select ${columns} from ${sql.identifier(getTableName(indexTables[name]))} where recorded_to is null and worker_id = any(${`{${workers.join()}}`}::uuid[])`);
}

/** From this many rows on, copying is faster although it takes more exchanges with the server. */
const copyFrom = 100;

/** Each table's columns, in the order in which rows are copied. */
const columnsOf = Object.fromEntries(projections.map((name) => [name, Object.values(getTableColumns(indexTables[name])).map((column) => column.name)])) as Record<Projection, string[]>;

async function copyFresh(queries: Queries, name: Projection, fresh: readonly IndexRow[], at: Date): Promise<void> {
  const columns = columnsOf[name];
  const from = at.toISOString();
  const rows = function* () {
    for (const row of fresh) yield columns.map((column) => (column === 'recorded_from' ? from : row[column]));
  };
  await copyRows(queries, getTableName(indexTables[name]), columns, rows());
}

async function endVersions(queries: Queries, name: Projection, over: readonly LiveRow[], at: Date): Promise<void> {
  const table = sql.identifier(getTableName(indexTables[name]));
  const same = name === 'worker' ? sql`` : name === 'record' ? sql`and t.agency = o.agency and t.record_id = o.record_id` : sql`and t.agency = o.agency and t.record_id = o.record_id and t.key = o.key`;
  const which = sql`jsonb_to_recordset(${JSON.stringify(over)}::jsonb) as o(worker_id uuid, agency text, record_id text, key text)`;
  const moment = at.toISOString();
  // A version that would have held for no time at all never was.
  await queries.execute(sql`delete from ${table} t using ${which} where t.recorded_to is null and t.recorded_from >= ${moment}::timestamptz and t.worker_id = o.worker_id ${same}`);
  await queries.execute(sql`update ${table} t set recorded_to = ${moment}::timestamptz from ${which} where t.recorded_to is null and t.worker_id = o.worker_id ${same}`);
}
