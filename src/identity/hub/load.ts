import type { AgencyRecord } from '../../domain/record.ts';
import { identifierKey } from '../../domain/identifier.ts';
import { copyRows } from '../../store/copy.ts';
import type { Queries } from '../../store/database.ts';
import type { LinkEvidence } from './evidence.ts';
import { machine } from './ledger.ts';

/** A new record with the worker to whom it is linked. */
export interface Loaded {
  readonly record: AgencyRecord;
  readonly workerId: string;
  readonly evidence: LinkEvidence;
}

/** Writes new workers by COPY, in the caller's transaction. `links` are those that each gets with them. */
export async function loadWorkers(queries: Queries, ids: Iterable<string>): Promise<void> {
  await copyRows(queries, 'worker', ['id', 'links_version'], rowsOf(ids, (id) => [[id, 1]]));
}

/** Writes new records with their numbers and links by COPY, in the caller's transaction. None of them may be there. */
export async function loadRecords(queries: Queries, entries: readonly Loaded[], at: Date): Promise<void> {
  const now = at.toISOString();
  await copyRows(queries, 'agency_record', ['worker_id', 'agency', 'record_id', 'body', 'as_of', 'fetched_at'], rowsOf(entries, ({ record, workerId }) => [[workerId, record.agency, record.recordId, record, record.asOf, now]]));
  await copyRows(queries, 'identifier', ['worker_id', 'agency', 'record_id', 'kind', 'value', 'position'], rowsOf(entries, ({ record, workerId }) => {
    // A record that carries a number twice keeps its first place.
    const places = new Map(record.person.identifiers.map((id, position) => [identifierKey(id), { ...id, position }] as const).toReversed());
    return [...places.values()].map(({ kind, value, position }) => [workerId, record.agency, record.recordId, kind, value, position]);
  }));
  await copyRows(queries, 'link', ['worker_id', 'agency', 'record_id', 'evidence', 'model_version', 'decided_by', 'valid_from'], rowsOf(entries, ({ record, workerId, evidence }) => [[workerId, record.agency, record.recordId, evidence, evidence.weighed?.model ?? null, machine, now]]));
}

type Row = Parameters<typeof copyRows>[3] extends Iterable<infer R> ? R : never;

function* rowsOf<T>(items: Iterable<T>, rows: (item: T) => readonly Row[]): Generator<Row> {
  for (const item of items) yield* rows(item);
}
