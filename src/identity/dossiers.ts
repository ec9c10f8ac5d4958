import { sql } from 'drizzle-orm';
import { type Identifier, identifierKey, type IdentifierKind } from '../domain/identifier.ts';
import type { AgencyRecord } from '../domain/record.ts';
import type { Database } from '../store/database.ts';

/** The last known records of a worker at all agencies. */
export interface Dossier {
  readonly workerId: string;
  readonly records: readonly AgencyRecord[];
}

/*
 * Read in one statement and never from memory: for a caller who may not see everyone, a number that leads to somebody out of sight must not be answered
 * faster or slower than one that leads to nobody.
 */

/** The dossiers of those who carry the numbers, in the order asked; null where nobody does. A number on several workers' papers goes to the same one as in the crosswalk. */
export async function dossiersByNumber(database: Database, identifiers: readonly Identifier[]): Promise<(Dossier | null)[]> {
  const wanted = sql.join(identifiers.map(({ kind, value }) => sql`(${value}, ${kind})`), sql`, `);
  const rows = await database.run((q) =>
    q.execute<{ kind: IdentifierKind; value: string; worker_id: string; body: AgencyRecord }>(sql`
      select owner.kind, owner.value, owner.worker_id, r.body
      from (
        select distinct on (kind, value) kind, value, worker_id
        from (select kind, value, worker_id, count(*) as records from identifier where (value, kind) in (${wanted}) group by kind, value, worker_id) carrier
        order by kind, value, records desc, worker_id
      ) owner
      join agency_record r on r.worker_id = owner.worker_id
      order by r.agency, r.record_id`),
  );
  const found = Map.groupBy(rows, ({ kind, value }) => identifierKey({ kind, value }));
  return identifiers.map((id) => dossierOf(found.get(identifierKey(id))));
}

/** The dossiers of these workers, in the order asked; of a merged id, those of the worker it was merged into; null for an unknown id. */
export async function dossiersById(database: Database, ids: readonly string[]): Promise<(Dossier | null)[]> {
  const wanted = sql.join(ids.map((id) => sql`${id}::uuid`), sql`, `);
  const rows = await database.run((q) =>
    q.execute<{ asked: string; worker_id: string; body: AgencyRecord }>(sql`
      select w.id as asked, r.worker_id, r.body
      from worker w join agency_record r on r.worker_id = coalesce(w.merged_into, w.id)
      where w.id in (${wanted})
      order by r.agency, r.record_id`),
  );
  const found = Map.groupBy(rows, ({ asked }) => asked);
  return ids.map((id) => dossierOf(found.get(id)));
}

function dossierOf(rows: readonly { worker_id: string; body: AgencyRecord }[] | undefined): Dossier | null {
  return rows ? { workerId: rows[0]!.worker_id, records: rows.map(({ body }) => body) } : null;
}
