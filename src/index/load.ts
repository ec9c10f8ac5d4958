import { getTableColumns, getTableName, sql } from 'drizzle-orm';
import type { AgencyRecord } from '../domain/record.ts';
import { copyRows } from '../store/copy.ts';
import type { Queries } from '../store/database.ts';
import { indexTables } from './keep.ts';
import { type IndexRow, projections, projectWorker, type WorkerRows } from './project.ts';

/** Names of each table's columns, in the order in which rows are copied. */
const columnsOf = Object.fromEntries(projections.map((name) => [name, Object.values(getTableColumns(indexTables[name])).map((column) => column.name)]));

/**
 * Writes by COPY the rows of workers of whom the index has no row at all, in the caller's transaction: for a first load. `keepIndex` does the same for any worker,
 * and slower. Gives back the number of rows.
 */
export async function loadIndex(queries: Queries, workers: ReadonlyMap<string, readonly AgencyRecord[]>, agencies: readonly string[], at: Date): Promise<number> {
  const rows: WorkerRows[] = [];
  for (const [id, records] of workers) rows.push(projectWorker(id, records, agencies));
  return copyProjected(queries, rows, at);
}

async function copyProjected(queries: Queries, workers: readonly WorkerRows[], at: Date): Promise<number> {
  const from = at.toISOString();
  let count = 0;
  for (const name of projections) {
    const columns = columnsOf[name]!;
    const lines = function* () {
      for (const rows of workers) for (const row of rows[name]) yield columns.map((column) => valueOf(row, column, from));
    };
    count += await copyRows(queries, getTableName(indexTables[name]), columns, lines());
  }
  const [{ xid }] = (await queries.execute<{ xid: string }>(sql`select pg_current_xact_id()::text as xid`)) as unknown as [{ xid: string }];
  await copyRows(queries, 'indexed_change', ['worker_id', 'xid'], workers.flatMap(({ worker }) => worker.map(({ worker_id }) => [worker_id, xid])));
  return count;
}

function valueOf(row: IndexRow, column: string, from: string) {
  return column === 'recorded_from' ? from : row[column];
}
