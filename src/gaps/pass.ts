import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { AgencyName, AgencyRecord, Facet } from '../domain/record.ts';
import { todayInJakarta } from '../domain/time.ts';
import { laneOfShard, shardOf, shardRange, shards } from './shard.ts';
import { rules } from '../protection/rules/index.ts';
import type { ProtectionOptions } from '../protection/input.ts';
import type { Database, Queries } from '../store/database.ts';
import { lockLane } from '../store/lanes.ts';
import { findGaps, type FindOptions } from './find.ts';
import { type GapChanges, readOpen, writeGaps } from './write.ts';

export interface AssessingOptions {
  readonly database: Database;
  /** All agencies with what they hold: which facets are known follows from the feeds that have been read. */
  readonly agencies: readonly { readonly name: AgencyName; readonly holds: readonly Facet[] }[];
  readonly thresholds: ProtectionOptions;
  /** Within how many days an end of cover is told of. */
  readonly coverEndingDays: number;
  /** Most records read at once. Default 400. */
  readonly records?: number;
  /** Default: the system clock. */
  readonly now?: () => Date;
}

/** What one step of a pass came to. */
export interface Step extends GapChanges {
  readonly workers: number;
}

/** Makes the shares' rows where they are missing. */
export async function prepareShards(database: Pick<Database, 'run'>): Promise<void> {
  await database.run((q) => q.execute(sql`insert into gap_shard (shard) select generate_series(0, ${shards - 1}) on conflict do nothing`));
}

/** Has everybody assessed again. What is found is told of as far as it is news. */
export async function reassessAll(database: Pick<Database, 'run'>): Promise<void> {
  await database.run((q) => q.execute(sql`update gap_shard set day = null, reached = null, reached_basis = null, reached_day = null`));
}

interface ShardRow extends Record<string, unknown> {
  readonly shard: number;
  readonly basis: string | null;
  readonly reached: string | null;
  readonly reached_basis: string | null;
  readonly reached_day: string | null;
}

/**
 * Assesses the next workers of a share that is due: for a new day, by other rules, or because it never was. One transaction under the lock of the share, so
 * that it may die anywhere and several instances share the work. Null where nothing is due, or others are at all of it.
 */
export async function passOn(options: AssessingOptions): Promise<Step | null> {
  const { database, now = () => new Date() } = options;
  return database.transaction(async (q) => {
    const { find, basis, at } = await begin(q, options, now());
    // Before any feed was read to its end, nothing can be said of anybody.
    if (find.known.size === 0) return null;
    const [row] = await q.execute<ShardRow>(sql`
      select shard, basis, reached, reached_basis, reached_day::text as reached_day from gap_shard
      where basis is distinct from ${basis} or day is null or day < ${find.asOf}::date
      order by reached is null, shard limit 1 for update skip locked`);
    if (!row) return null;
    // Who follows up on changed records (`sync/following.ts`) has the lane alone, so that no older state is written over a newer one.
    await lockLane(q, laneOfShard(row.shard), { shared: true });
    const goesOn = row.reached_basis === basis && row.reached_day === find.asOf;
    // What other rules, or agencies that were not read before, bring to light was there before: it is no news.
    return assessOnward({ queries: q, find, at, news: row.basis === basis }, row.shard, goesOn ? row.reached : null, basis, options.records ?? 400);
  });
}

/**
 * Assesses workers whose records have changed, in the caller's transaction, which holds their lane. Those of a share whose pass is still to
 * come to them are left to it.
 */
export async function followUp(queries: Queries, workers: ReadonlyMap<string, readonly AgencyRecord[]>, options: Omit<AssessingOptions, 'database'>, now: Date): Promise<void> {
  const { find, basis, at } = await begin(queries, options, now);
  if (find.known.size === 0) return;
  const rows = await queries.execute<ShardRow>(sql`select shard, basis, reached, reached_basis, reached_day::text as reached_day from gap_shard`);
  const state = new Map(rows.map((row) => [row.shard, row]));
  const due = [...workers.keys()].filter((id) => {
    const row = state.get(shardOf(id));
    return row !== undefined && (row.basis === basis || (row.reached_basis === basis && row.reached !== null && id <= row.reached));
  });
  if (due.length === 0) return;
  const open = await readOpen(queries, sql`worker_id in (select i::uuid from jsonb_array_elements_text(${JSON.stringify(due)}::jsonb) i)`);
  await assessWorkers({ queries, find, at, news: true }, due, workers, open);
}

async function begin(queries: Queries, options: Omit<AssessingOptions, 'database'>, at: Date): Promise<{ readonly find: FindOptions; readonly basis: string; readonly at: Date }> {
  const known = await knownFacets(queries, options.agencies);
  return { find: { asOf: todayInJakarta(at), known, thresholds: options.thresholds, coverEndingDays: options.coverEndingDays }, basis: basisOf(options, known), at };
}

interface StepContext {
  readonly queries: Queries;
  readonly find: FindOptions;
  readonly at: Date;
  readonly news: boolean;
}

async function knownFacets(queries: Queries, agencies: AssessingOptions['agencies']): Promise<ReadonlySet<Facet>> {
  const rows = await queries.execute<{ agency: string }>(sql`select agency from sync_state where first_caught_up_at is not null`);
  const read = new Set(rows.map(({ agency }) => agency));
  return new Set(agencies.filter(({ name }) => read.has(name)).flatMap(({ holds }) => holds));
}

/** Names what an assessment rests on besides records and day. */
function basisOf({ thresholds, coverEndingDays }: Pick<AssessingOptions, 'thresholds' | 'coverEndingDays'>, known: ReadonlySet<Facet>): string {
  const content = { rules: rules.map(({ id }) => id), thresholds, coverEndingDays, known: [...known].toSorted() };
  return createHash('sha256').update(JSON.stringify(content)).digest('base64url').slice(0, 16);
}

async function assessOnward(context: StepContext, shard: number, reached: string | null, basis: string, limit: number): Promise<Step> {
  const { queries, find } = context;
  const { from, below } = shardRange(shard);
  const start = reached === null ? sql`worker_id >= ${from}::uuid` : sql`worker_id > ${reached}::uuid`;
  const within = below === null ? start : sql`${start} and worker_id < ${below}::uuid`;
  const { rows, last } = await readAhead(queries, within, limit);
  const upTo = last === null ? within : sql`${within} and worker_id <= ${last}::uuid`;
  const open = await readOpen(queries, upTo);
  const ids = [...new Set([...rows.map(({ worker_id }) => worker_id), ...open.map(({ workerId }) => workerId)])];
  const records = new Map([...Map.groupBy(rows, ({ worker_id }) => worker_id)].map(([id, own]) => [id, own.map(({ body }) => body)]));
  const done = await assessWorkers(context, ids, records, open);
  await queries.execute(
    last === null
      ? sql`update gap_shard set day = ${find.asOf}::date, basis = ${basis}, reached = null, reached_basis = null, reached_day = null where shard = ${shard}`
      : sql`update gap_shard set reached = ${last}::uuid, reached_basis = ${basis}, reached_day = ${find.asOf}::date where shard = ${shard}`,
  );
  return done;
}

type RecordRow = { readonly worker_id: string; readonly body: AgencyRecord };

/** The next records in the order of workers, of whole workers only; `last` is the last of them, null at the end. */
async function readAhead(queries: Queries, within: ReturnType<typeof sql>, limit: number): Promise<{ readonly rows: readonly RecordRow[]; readonly last: string | null }> {
  const rows = await queries.execute<RecordRow>(sql`select worker_id, body from agency_record where ${within} order by worker_id limit ${limit}`);
  if (rows.length < limit) return { rows, last: null };
  const cut = rows.at(-1)!.worker_id;
  const whole = rows.filter(({ worker_id }) => worker_id !== cut);
  return whole.length > 0 ? { rows: whole, last: whole.at(-1)!.worker_id } : readAhead(queries, within, limit * 2);
}

async function assessWorkers({ queries, find, at, news }: StepContext, ids: readonly string[], records: ReadonlyMap<string, readonly AgencyRecord[]>, open: Awaited<ReturnType<typeof readOpen>>): Promise<Step> {
  const restricted = await restrictedWorkers(queries);
  // Whose processing is restricted is not assessed; what was found before stays as it is.
  const assessments = ids.filter((id) => !restricted.has(id)).map((workerId) => ({ workerId, found: findGaps(records.get(workerId) ?? [], find) }));
  return { workers: assessments.length, ...(await writeGaps(queries, assessments, open, { at, news })) };
}

async function restrictedWorkers(queries: Queries): Promise<ReadonlySet<string>> {
  const rows = await queries.execute<{ id: string }>(sql`select coalesce(w.merged_into, w.id) as id from restriction r join worker w on w.id = r.worker_id`);
  return new Set(rows.map(({ id }) => id));
}
