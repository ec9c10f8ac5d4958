import { sql } from 'drizzle-orm';
import type { AgencyName, AgencyRecord } from '../../domain/record.ts';
import { noteChanges } from '../../events/note.ts';
import type { Queries } from '../../store/database.ts';
import { unfileKeys } from './filing.ts';
import { closeLinks, lockLinks, rowsOf, touch } from './ledger.ts';
import type { ModelKeeper } from './model.ts';
import { placedRow, type PlacedRow } from './neighbours.ts';
import { closeSettledOf } from './reviews.ts';

/** Removes records that their agency has deleted; their links end, and no key leads to them any more. Gives back their workers. */
export async function removeIn(queries: Queries, models: ModelKeeper, agency: AgencyName, recordIds: readonly string[], at: Date): Promise<readonly string[]> {
  if (recordIds.length === 0) return [];
  await lockLinks(queries);
  const gone = [...await queries.execute<PlacedRow & { readonly body: AgencyRecord }>(sql`
    delete from agency_record r using json_array_elements_text(${rowsOf(recordIds)}::json) as n(id) where r.agency = ${agency} and r.record_id = n.id
    returning r.number, r.worker_id, r.agency, r.record_id, r.body, r.body -> 'person' as person`)];
  if (gone.length === 0) return [];
  const refs = gone.map((row) => ({ agency: row.agency, recordId: row.record_id }));
  await queries.execute(sql`
    delete from identifier i using json_to_recordset(${rowsOf(gone.map((row) => ({ w: row.worker_id, r: row.record_id })))}::json) as n(w uuid, r text)
    where (i.worker_id, i.agency, i.record_id) = (n.w, ${agency}, n.r)`);
  const waited = await queries.execute<{ number: string }>(sql`delete from link_pending where number = any(${`{${gone.map(({ number }) => number).join()}}`}::bigint[]) returning number`);
  const pending = new Set(waited.map(({ number }) => number));
  const inForce = await models.current(queries);
  if (inForce) await unfileKeys(queries, gone.filter(({ number }) => !pending.has(number)).map((row) => ({ number: Number(row.number), keys: inForce.matcher.keys(placedRow(row).record) })));
  const workers = gone.map((row) => row.worker_id);
  await closeLinks(queries, refs, at);
  await closeSettledOf(queries, refs);
  await touch(queries, workers);
  await noteChanges(queries, { records: gone.map((row) => ({ workerId: row.worker_id, before: row.body, after: null })) }, { at });
  return workers;
}
