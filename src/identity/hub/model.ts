import { eq, sql } from 'drizzle-orm';
import type { Queries } from '../../store/database.ts';
import { linkModel } from '../../store/linkTables.ts';
import { createMatcher, type Matcher } from '../incremental.ts';
import { hashKey } from '../keys.ts';
import type { ScoreCounts } from '../drift.ts';
import type { Model } from '../model.ts';
import { lockLinks } from './ledger.ts';

/** The model in force, ready to weigh. */
export interface ModelInForce {
  readonly model: Model;
  readonly matcher: Matcher;
  /** Records in the index, as counted last. */
  readonly records: number;
}

/** Models that block by the same attributes give a record the same keys. */
function keySetOf({ schema, joins }: Pick<Model, 'schema' | 'joins'>): number {
  return hashKey(JSON.stringify({ schema, joins })) % 0x7fffffff;
}

export interface ModelKeeper {
  /** The model in force; null while there is none, and the exact rule links. */
  current(queries: Queries): Promise<ModelInForce | null>;
  /** Counts the records of each agency anew. */
  recount(queries: Queries): Promise<void>;
}

export interface ModelKeeperOptions {
  /** How long counts of records per agency hold, milliseconds: the prior follows them. Default 600000. */
  readonly countsMs?: number;
}

/** Keeps the model in memory; whether another has come into force is asked in each transaction that links. */
export function createModelKeeper({ countsMs = 600_000 }: ModelKeeperOptions = {}): ModelKeeper {
  let kept: ModelInForce | null = null;
  let counts: { readonly sizes: Readonly<Record<string, number>>; readonly records: number; readonly until: number } | null = null;

  const keeper: ModelKeeper = {
    async current(queries) {
      const [row] = await queries.select({ version: linkModel.version }).from(linkModel).where(eq(linkModel.inForce, true));
      if (!row) return null;
      if (kept?.model.version === row.version && counts !== null && counts.until > Date.now()) return kept;
      const model = kept?.model.version === row.version ? kept.model : await readModel(queries, row.version);
      if (counts === null || counts.until <= Date.now()) await keeper.recount(queries);
      kept = { model, records: counts!.records, matcher: createMatcher(model, { sizes: counts!.sizes }) };
      return kept;
    },
    async recount(queries) {
      const rows = await queries.execute<{ agency: string; count: number }>(sql`select agency, count(*)::int as count from agency_record group by agency`);
      counts = { sizes: Object.fromEntries(rows.map(({ agency, count }) => [agency, count])), records: rows.reduce((sum, { count }) => sum + count, 0), until: Date.now() + countsMs };
      kept &&= { ...kept, records: counts.records, matcher: createMatcher(kept.model, { sizes: counts.sizes }) };
    },
  };
  return keeper;
}

async function readModel(queries: Queries, version: string): Promise<Model> {
  const [row] = await queries.select({ body: linkModel.body }).from(linkModel).where(eq(linkModel.version, version));
  return row!.body as Model;
}

/** The model in force as it was learned; null where there is none. */
export async function modelInForce(queries: Queries): Promise<Model | null> {
  const [row] = await queries.select({ body: linkModel.body }).from(linkModel).where(eq(linkModel.inForce, true));
  return row ? (row.body as Model) : null;
}

/** A model with the scores of the records that it was learned from. */
export interface Learned {
  readonly model: Model;
  readonly scores: ScoreCounts;
}

/**
 * Puts a model in force; the earlier ones are kept, since links name them. Where it gives other keys than the one before, or is the first, all records become
 * pending: until they are filed again, new ones find fewer of them.
 */
export async function putInForce(queries: Queries, { model, scores }: Learned, records: number, at: Date): Promise<void> {
  await lockLinks(queries);
  const keySet = keySetOf(model);
  const [before] = await queries.update(linkModel).set({ inForce: false }).where(eq(linkModel.inForce, true)).returning({ keySet: linkModel.keySet });
  await queries
    .insert(linkModel)
    .values({ version: model.version, body: model, keySet, records, scores, inForce: true, learnedAt: at })
    .onConflictDoUpdate({ target: linkModel.version, set: { inForce: true } });
  if (before?.keySet === keySet) return;
  await queries.execute(sql`truncate blocking_key`);
  await queries.execute(sql`insert into link_pending select number from agency_record on conflict do nothing`);
}
