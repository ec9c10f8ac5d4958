import DataLoader from 'dataloader';
import { inArray } from 'drizzle-orm';
import type { Agency } from '../agencies/agency.ts';
import { type Facet, facets } from '../domain/record.ts';
import type { Database } from '../store/database.ts';
import { agencyRecord } from '../store/tables.ts';
import { type AgencyAnswer, type SourcedRecord, WorkerRecord } from './answer.ts';
import { linksOf } from './seeing.ts';
import type { Sight } from './sight.ts';

export interface IndexedOptions {
  readonly database: Pick<Database, 'run'>;
  readonly agencies: readonly Agency[];
  /** Workers whose data may not be processed. */
  readonly restricted: ReadonlySet<string>;
}

export interface IndexedRequest {
  /** Whether the caller may read the facet. */
  readonly may: (facet: Facet) => boolean;
  /** What of people's records the caller may see; null: everything. */
  readonly sight: Sight | null;
  /** Told whom each read led to. */
  readonly onRead: (workerIds: readonly string[]) => void;
}

/** Reads workers for one request as the hub last got their records: no agency is asked. */
export interface IndexedReader {
  /** The workers of these ids, in the order asked; null for one who is not, or whom the caller may not see. */
  read(ids: readonly string[]): Promise<(WorkerRecord | null)[]>;
}

export interface Indexed {
  forRequest(request: IndexedRequest): IndexedReader;
}

export function createIndexed({ database, agencies, restricted }: IndexedOptions): Indexed {
  const holders = new Map(facets.map((facet) => [facet, new Set(agencies.filter((agency) => agency.holds.includes(facet)).map((agency) => agency.name))]));

  function workerOf(id: string, rows: readonly (typeof agencyRecord.$inferSelect)[], { may, sight }: IndexedRequest): WorkerRecord | null {
    if (restricted.has(id)) return null;
    const sourced = rows.flatMap(({ body, fetchedAt }): SourcedRecord[] => {
      const record = sight ? sight.sift(body) : body;
      return record === null ? [] : [{ record, provenance: { agency: record.agency, recordId: record.recordId, asOf: record.asOf, fetchedAt: fetchedAt.toISOString(), freshness: 'INDEXED' } }];
    });
    const records = sourced.map(({ record }) => record);
    if (sight ? !sight.includes(records) : records.length === 0) return null;
    const answers = agencies.map(({ name, holds }): AgencyAnswer => {
      const denied = !holds.some(may);
      const hers = denied ? [] : sourced.filter(({ record }) => record.agency === name);
      const at = hers.map(({ provenance }) => provenance.fetchedAt).toSorted()[0] ?? null;
      return { agency: name, state: denied ? 'DENIED' : 'INDEXED', failure: null, latencyMs: null, at, records: hers };
    });
    return new WorkerRecord(linksOf(id, records), answers, holders);
  }

  return {
    forRequest(request) {
      const loader = new DataLoader<string, WorkerRecord | null>(async (ids) => {
        const rows = await database.run((q) => q.select().from(agencyRecord).where(inArray(agencyRecord.workerId, [...ids])).orderBy(agencyRecord.agency, agencyRecord.recordId));
        const byWorker = Map.groupBy(rows, (row) => row.workerId);
        const workers = ids.map((id) => workerOf(id, byWorker.get(id) ?? [], request));
        request.onRead(workers.flatMap((worker) => worker?.id ?? []));
        return workers;
      });
      return { read: async (ids) => Promise.all(ids.map((id) => loader.load(id))) };
    },
  };
}
