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

/**
 * The dossiers of those who carry the numbers, in the order asked. A number on several workers' papers goes to the same one as in the crosswalk. Where nobody
 * carries it, somebody's records are read all the same, so that it takes as long: they come back as `decoy`, to be weighed and thrown away.
 */
export async function dossiersByNumber(database: Database, identifiers: readonly Identifier[]): Promise<{ readonly dossier: Dossier | null; readonly decoy: readonly AgencyRecord[] }[]> {
  const wanted = sql.join(identifiers.map(({ kind, value }) => sql`(${kind}::text, ${value}::text)`), sql`, `);
  const rows = await database.run((q) =>
    q.execute<{ kind: IdentifierKind; value: string; worker_id: string | null; body: AgencyRecord }>(sql`
      select wanted.kind, wanted.value, owner.worker_id, r.body
      from (values ${wanted}) wanted (kind, value)
      left join lateral (
        select i.worker_id from identifier i where i.value = wanted.value and i.kind = wanted.kind
        group by i.worker_id order by count(*) desc, i.worker_id limit 1
      ) owner on true
      join agency_record r on r.worker_id = coalesce(owner.worker_id, (select worker_id from agency_record limit 1))
      order by r.agency, r.record_id`),
  );
  const found = Map.groupBy(rows, ({ kind, value }) => identifierKey({ kind, value }));
  return identifiers.map((id) => {
    const of = found.get(identifierKey(id)) ?? [];
    const records = of.map(({ body }) => body);
    const workerId = of[0]?.worker_id ?? null;
    return workerId === null ? { dossier: null, decoy: records } : { dossier: { workerId, records }, decoy: [] };
  });
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
