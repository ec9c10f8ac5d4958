import { sql } from 'drizzle-orm';
import type { Database, Queries } from '../../../store/database.ts';
import { personSchema } from '../../attributes.ts';
import type { LinkRecord } from '../../attributes.ts';
import { proposals } from '../../block.ts';
import { link, type Stage } from '../../link.ts';
import type { Learned, ModelInForce } from '../model.ts';
import { placedRow, type PlacedRow } from '../neighbours.ts';
import { pairsOf } from './pairs.ts';

export interface LearnOptions {
  readonly database: Database;
  /** Most records that are learned from: they are held in memory. */
  readonly most: number;
  /** Finds the possible partners of those in a sample; only asked where there are more records than `most`. */
  readonly scaffold: () => Promise<ModelInForce>;
  readonly onStage: (stage: Stage) => void;
}

/**
 * Learns a model from the index. Where it is larger than what is to be held in memory, from a sample of its workers, together with the records that may be
 * theirs too: without them nobody in the sample would be under two names.
 */
export async function learn({ database, most, scaffold, onStage }: LearnOptions): Promise<Learned & { readonly records: number }> {
  const [counted] = await database.run((q) => q.execute<{ count: number }>(sql`select count(*)::int as count from agency_record`));
  const records = counted!.count <= most ? await readRecords(database, sql`true`) : await readSample(database, most, await scaffold());
  const { model, report } = link([...records.values()], personSchema, { onStage: (stage, state) => state === 'begin' && onStage(stage) });
  return { model, scores: report.best, records: records.size };
}

/** Records read at once. */
const pageSize = 5_000;

async function readRecords(database: Database, where: ReturnType<typeof sql>): Promise<Map<number, LinkRecord>> {
  const found = new Map<number, LinkRecord>();
  let last = '0';
  for (let more = true; more; ) {
    const rows: readonly PlacedRow[] = await database.run((q) => q.execute<PlacedRow>(sql`
      select number, worker_id, agency, record_id, body -> 'person' as person from agency_record where number > ${last}::bigint and ${where} order by number limit ${pageSize}`));
    for (const row of rows) found.set(Number(row.number), placedRow(row).record);
    last = rows.at(-1)?.number ?? last;
    more = rows.length === pageSize;
  }
  return found;
}

async function readSample(database: Database, most: number, { matcher }: ModelInForce): Promise<Map<number, LinkRecord>> {
  // A worker has some three records, and her partners are to have room.
  const workers = await database.run((q) => q.execute<{ worker_id: string }>(sql`
    select worker_id from (select distinct worker_id from agency_record) w order by hashtext(worker_id::text), worker_id limit ${Math.floor(most / 4)}`));
  const sample = await readRecords(database, sql`worker_id = any(${`{${workers.map((row) => row.worker_id).join()}}`}::uuid[])`);
  const missing = new Set<number>();
  const own = [...sample].map(([number, record]) => ({ number, record }));
  for (let from = 0; from < own.length; from += 500) {
    const pairs = await database.run((q: Queries) => pairsOf(q, matcher, own.slice(from, from + 500), proposals(sample.size)));
    for (const { a, b } of pairs) for (const number of [a, b]) if (!sample.has(number)) missing.add(number);
  }
  const partners = await readRecords(database, sql`number = any(${`{${[...missing].slice(0, most - sample.size).join()}}`}::bigint[])`);
  return new Map([...sample, ...partners]);
}
