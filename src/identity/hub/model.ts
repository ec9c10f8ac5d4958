import { eq, sql } from 'drizzle-orm';
import type { Queries } from '../../store/database.ts';
import { linkModel } from '../../store/linkTables.ts';
import { createMatcher, type Matcher } from '../incremental.ts';
import { hashKey } from '../keys.ts';
import type { Model } from '../model.ts';

/** The model in force, ready to weigh. */
export interface ModelInForce {
  readonly model: Model;
  readonly keySet: number;
  /** Records in the index, all agencies together. */
  readonly records: number;
  readonly matcher: Matcher;
}

/** Models that block by the same attributes file their keys under the same number. */
export function keySetOf({ schema, joins }: Pick<Model, 'schema' | 'joins'>): number {
  return hashKey(JSON.stringify({ schema, joins })) % 0x7fffffff;
}

export interface ModelKeeper {
  /** The model in force; null while there is none, and the exact rule links. */
  current(queries: Queries): Promise<ModelInForce | null>;
}

export interface ModelKeeperOptions {
  /** How long counts of records per agency hold, milliseconds: the prior follows them. Default 60000. */
  readonly countsMs?: number;
}

/** Keeps the model in memory; whether another has come into force is asked in each transaction that links. */
export function createModelKeeper({ countsMs = 60_000 }: ModelKeeperOptions = {}): ModelKeeper {
  let kept: { readonly value: ModelInForce; readonly until: number } | null = null;
  return {
    async current(queries) {
      const [row] = await queries.select({ version: linkModel.version }).from(linkModel).where(eq(linkModel.inForce, true));
      if (!row) return null;
      if (kept?.value.model.version === row.version && kept.until > Date.now()) return kept.value;
      const model = kept?.value.model.version === row.version ? kept.value.model : await readModel(queries, row.version);
      const counts = await queries.execute<{ agency: string; count: number }>(sql`select agency, count(*)::int as count from agency_record group by agency`);
      const value = {
        model,
        keySet: keySetOf(model),
        records: counts.reduce((sum, { count }) => sum + count, 0),
        matcher: createMatcher(model, { sizes: Object.fromEntries(counts.map(({ agency, count }) => [agency, count])) }),
      };
      kept = { value, until: Date.now() + countsMs };
      return value;
    },
  };
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

/** Puts a model in force; the earlier ones are kept, since links name them. */
export async function putInForce(queries: Queries, model: Model, records: number, at: Date): Promise<void> {
  await queries.update(linkModel).set({ inForce: false }).where(eq(linkModel.inForce, true));
  await queries
    .insert(linkModel)
    .values({ version: model.version, body: model, keySet: keySetOf(model), records, inForce: true, learnedAt: at })
    .onConflictDoUpdate({ target: linkModel.version, set: { inForce: true } });
}
