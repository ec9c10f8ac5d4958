import { sql } from 'drizzle-orm';
import type { AgencyRecord } from '../../domain/record.ts';
import { identifierKey } from '../../domain/identifier.ts';
import { copyRows, type CopyValue } from '../../store/copy.ts';
import type { Queries } from '../../store/database.ts';
import { linkIdOf } from '../record.ts';
import type { LinkEvidence } from './evidence.ts';
import { machine } from './ledger.ts';

/** A new record with the worker to whom it is linked. */
export interface Loaded {
  readonly record: AgencyRecord;
  readonly workerId: string;
  readonly evidence: LinkEvidence;
}

/** From this many new records on, copying is faster although it takes more exchanges with the server. */
export const loadFrom = 200;

/** Writes new workers by COPY, in the caller's transaction. */
export async function loadWorkers(queries: Queries, ids: Iterable<string>): Promise<void> {
  await copyRows(queries, 'worker', ['id'], rowsOf(ids, (id) => [[id]]));
}

/** Writes new records with their numbers and links by COPY, in the caller's transaction. None of them may be there. Gives back the numbers of their rows, by {@link linkIdOf}. */
export async function loadRecords(queries: Queries, entries: readonly Loaded[], at: Date): Promise<Map<string, number>> {
  const now = at.toISOString();
  const given = await queries.execute<{ number: string }>(sql`select nextval(pg_get_serial_sequence('agency_record', 'number')) as number from generate_series(1, ${entries.length}::int)`);
  const numbers = new Map(entries.map(({ record }, i) => [linkIdOf(record), Number(given[i]!.number)]));
  await copyRows(queries, 'agency_record', ['worker_id', 'agency', 'record_id', 'body', 'as_of', 'fetched_at', 'number'], rowsOf(entries, ({ record, workerId }) => [
    [workerId, record.agency, record.recordId, record, record.asOf, now, numbers.get(linkIdOf(record))],
  ]));
  await copyRows(queries, 'identifier', ['worker_id', 'agency', 'record_id', 'kind', 'value', 'position'], rowsOf(entries, ({ record, workerId }) => {
    // A record that carries a number twice keeps its first place.
    const places = new Map(record.person.identifiers.map((id, position) => [identifierKey(id), { ...id, position }] as const).toReversed());
    return [...places.values()].map(({ kind, value, position }) => [workerId, record.agency, record.recordId, kind, value, position]);
  }));
  await copyRows(queries, 'link', ['worker_id', 'agency', 'record_id', 'evidence', 'model_version', 'decided_by', 'valid_from'], rowsOf(entries, ({ record, workerId, evidence }) => [
    [workerId, record.agency, record.recordId, evidence, evidence.weighed?.model ?? null, machine, now],
  ]));
  return numbers;
}

function* rowsOf<T>(items: Iterable<T>, rows: (item: T) => readonly (readonly CopyValue[])[]): Generator<readonly CopyValue[]> {
  for (const item of items) yield* rows(item);
}
