import { sql } from 'drizzle-orm';
import type { Database, Queries } from '../../store/database.ts';
import { linkIdOf } from '../record.ts';
import { clearPending, fileKeys } from './filing.ts';
import { lockLinks } from './ledger.ts';
import { linkRecords } from './linking.ts';
import type { ModelKeeper } from './model.ts';
import { placedRow, type PlacedRow } from './neighbours.ts';
import type { LinkChanges } from './remember.ts';
import { writeMoves } from './remember.ts';

export interface PendingOptions {
  readonly database: Database;
  readonly models: ModelKeeper;
  /** Records of one transaction: other changes of links wait for it. Default 200. */
  readonly batch?: number;
  /** Stops after the batch under way; what is left stays pending. */
  readonly signal?: AbortSignal;
  /** Called after each batch has been committed, with the workers whose links changed. */
  readonly onBatch: (touched: readonly string[], changes: LinkChanges) => Promise<void>;
  readonly now: () => Date;
}

/** Files pending records under the keys of the model in force and links them by it, the earliest first. Tells how many. Nothing is done without a model. */
export async function linkPending({ database, models, batch = 200, signal, onBatch, now }: PendingOptions): Promise<number> {
  // Many may have come in since they were counted last, and the prior follows how many there are.
  await database.run((q) => models.recount(q));
  for (let done = 0; ; ) {
    if (signal?.aborted) return done;
    const { records, touched, changes } = await database.transaction((q) => linkBatch(q, models, batch, now()));
    if (records === 0) return done;
    done += records;
    await onBatch(touched, changes);
  }
}

async function linkBatch(queries: Queries, models: ModelKeeper, batch: number, at: Date): Promise<{ records: number; touched: readonly string[]; changes: LinkChanges }> {
  await lockLinks(queries);
  const inForce = await models.current(queries);
  const rows = inForce ? await readPending(queries, batch) : [];
  const changes = { linked: 0, created: 0, moved: 0, doubts: 0, scores: [] };
  if (!inForce || rows.length === 0) return { records: 0, touched: [], changes };
  const standing = rows.map((row) => ({ number: Number(row.number), record: placedRow(row).claimed, workerId: row.worker_id }));
  const linked = await linkRecords(queries, inForce, 'KEYS', [], standing);
  await writeMoves(queries, linked, at);
  await fileKeys(queries, standing.map(({ number, record }) => ({ number, keys: linked.keys.get(linkIdOf(record))! })));
  await clearPending(queries, standing.map(({ number }) => number));
  return { records: rows.length, touched: [...new Set(linked.moves.flatMap(({ from, to }) => [from, to]))], changes: { ...changes, moved: linked.moves.length, doubts: linked.doubts.length, scores: linked.scores } };
}

export interface FilingOptions extends Pick<PendingOptions, 'database' | 'models' | 'signal'> {
  /** Told how many are filed by now. */
  readonly onFiled?: (count: number) => void;
}

/** Files pending records without looking at them, for whoever links all records anyway. Other changes of links go in between. */
export async function filePending({ database, models, signal, onFiled }: FilingOptions): Promise<void> {
  for (let done = 0; ; ) {
    if (signal?.aborted) return;
    const filed = await database.transaction(async (q) => {
      await lockLinks(q);
      const inForce = await models.current(q);
      const rows = inForce ? await readPending(q, 2_000) : [];
      await fileKeys(q, rows.map((row) => ({ number: Number(row.number), keys: inForce!.matcher.keys(placedRow(row).record) })));
      await clearPending(q, rows.map(({ number }) => Number(number)));
      return rows.length;
    });
    if (filed === 0) return;
    done += filed;
    onFiled?.(done);
  }
}

/** Pending records, the earliest first. */
export async function readPending(queries: Queries, count: number): Promise<PlacedRow[]> {
  const rows = await queries.execute<PlacedRow>(sql`
    select r.number, r.worker_id, r.agency, r.record_id, r.body -> 'person' as person
    from (select number from link_pending order by number limit ${count}::int) p join agency_record r on r.number = p.number`);
  return [...rows];
}
