import { sql } from 'drizzle-orm';
import type { Agency } from '../agencies/agency.ts';
import { type Identifier, type IdentifierKind, isPlaceholder } from '../domain/identifier.ts';
import type { AgencyRecord } from '../domain/record.ts';
import { type Day, todayInJakarta } from '../domain/time.ts';
import type { Database, Queries } from '../store/database.ts';
import type { Follower } from './following.ts';

/** Keeps the list of workers whom agencies without a feed are asked about: those with a number that the agency can look up by. */
export function createCrawlList(agencies: readonly Pick<Agency, 'name' | 'looksUpBy'>[]): Follower {
  return {
    name: 'crawl',
    async follow(queries, workers) {
      for (const agency of agencies) {
        const [listed, unlisted]: [string[], string[]] = [[], []];
        for (const [id, records] of workers) (records.some((record) => canAsk(agency, record)) ? listed : unlisted).push(id);
        if (listed.length > 0) {
          await queries.execute(sql`
            insert into sync_crawl (worker_id, agency) select jsonb_array_elements_text(${JSON.stringify(listed)}::jsonb)::uuid, ${agency.name} on conflict do nothing`);
        }
        if (unlisted.length > 0) {
          await queries.execute(sql`
            delete from sync_crawl where agency = ${agency.name} and worker_id in (select jsonb_array_elements_text(${JSON.stringify(unlisted)}::jsonb)::uuid)`);
        }
      }
    },
  };
}

function canAsk(agency: Pick<Agency, 'looksUpBy'>, record: AgencyRecord): boolean {
  return record.person.identifiers.some((id) => agency.looksUpBy.includes(id.kind) && !isPlaceholder(id));
}

/** Limits of asking an agency without a feed, over all instances together. */
export interface CrawlRules {
  /** Most calls in a day (in Jakarta). */
  readonly perDay: number;
  readonly perSecond: number;
  /** A worker is not asked about again before this many milliseconds. */
  readonly leastAgeMs: number;
}

export interface Claim {
  readonly workers: readonly { readonly id: string; readonly neverAsked: boolean; readonly identifiers: readonly Identifier[] }[];
  /** When the first may be asked about; the others follow at the pace. */
  readonly from: Date;
}

/** How long past its end a claim holds, so that a slow instance is not overtaken, and a dead one's workers come back soon. */
const leaseMs = 60_000;

/**
 * Takes the workers who were asked about longest ago, or never, at most `count` of them and within the day's quota, for this instance alone. Workers whose
 * processing is restricted, or who were merged away, are passed over. Null where nobody is due.
 */
export async function claimWorkers(database: Database, agency: Agency, rules: CrawlRules, count: number, now: Date): Promise<Claim | null> {
  const at = now.toISOString();
  const day: Day = todayInJakarta(now);
  return database.transaction(async (q) => {
    await q.execute(sql`insert into sync_crawl_day (agency, day, paced_until) values (${agency.name}, ${day}, ${at}::timestamptz) on conflict do nothing`);
    // The lock under which instances claim one after the other.
    const [today] = await q.execute<{ used: number; paced_until: string }>(sql`select used, paced_until from sync_crawl_day where agency = ${agency.name} and day = ${day} for update`);
    const most = Math.min(count, rules.perDay - today!.used);
    if (most <= 0) return null;
    const from = new Date(Math.max(now.getTime(), new Date(today!.paced_until).getTime()));
    const until = new Date(from.getTime() + (most / rules.perSecond) * 1000);
    const taken = await q.execute<{ worker_id: string; never: boolean }>(sql`
      update sync_crawl c set not_before = ${new Date(until.getTime() + leaseMs).toISOString()}::timestamptz
      from (
        select d.worker_id from sync_crawl d
        where ${isDue(agency, rules, now)}
          and not exists (select 1 from restriction r join worker w on w.id = r.worker_id where coalesce(w.merged_into, w.id) = d.worker_id)
          and exists (select 1 from worker w where w.id = d.worker_id and w.merged_into is null)
        order by d.asked_at nulls first limit ${most} for update of d skip locked
      ) due
      where c.agency = ${agency.name} and c.worker_id = due.worker_id returning c.worker_id, c.asked_at is null as never`);
    if (taken.length === 0) return null;
    await q.execute(sql`
      update sync_crawl_day set used = used + ${taken.length}, paced_until = ${new Date(from.getTime() + (taken.length / rules.perSecond) * 1000).toISOString()}::timestamptz
      where agency = ${agency.name} and day = ${day}`);
    const numbers = await numbersOf(q, agency, taken.map(({ worker_id }) => worker_id));
    return { from, workers: taken.map(({ worker_id: id, never }) => ({ id, neverAsked: never, identifiers: numbers.get(id) ?? [] })) };
  });
}

/** Condition on `d`, a row of `sync_crawl`. */
function isDue(agency: Agency, { leastAgeMs }: CrawlRules, now: Date) {
  const before = new Date(now.getTime() - leastAgeMs).toISOString();
  return sql`d.agency = ${agency.name} and (d.asked_at is null or d.asked_at < ${before}::timestamptz) and (d.not_before is null or d.not_before <= ${now.toISOString()}::timestamptz)`;
}

/** How many workers the agency could be asked about now. */
export async function countDue(database: Database, agency: Agency, rules: CrawlRules, now: Date): Promise<number> {
  const [row] = await database.run((q) => q.execute<{ due: number }>(sql`select count(*)::int as due from sync_crawl d where ${isDue(agency, rules, now)}`));
  return row!.due;
}

/** The numbers by which the agency can look workers up: those on most of their records first. */
async function numbersOf(queries: Queries, agency: Agency, workerIds: readonly string[]): Promise<ReadonlyMap<string, Identifier[]>> {
  const rows = await queries.execute<{ worker_id: string; kind: IdentifierKind; value: string }>(sql`
    select worker_id, kind, value from identifier
    where worker_id in (select jsonb_array_elements_text(${JSON.stringify(workerIds)}::jsonb)::uuid) and kind in (select jsonb_array_elements_text(${JSON.stringify(agency.looksUpBy)}::jsonb))
    group by worker_id, kind, value order by worker_id, bool_or(agency = ${agency.name}) desc, count(*) desc, min(position), value`);
  const usable = rows.filter((row) => !isPlaceholder(row));
  return new Map([...Map.groupBy(usable, ({ worker_id }) => worker_id)].map(([id, own]) => [id, own.map(({ kind, value }) => ({ kind, value }))]));
}

/** Notes that the agency has answered about workers. */
export async function markAsked(queries: Queries, agency: Agency, workerIds: readonly string[], at: Date): Promise<void> {
  if (workerIds.length === 0) return;
  await queries.execute(sql`
    update sync_crawl set asked_at = ${at.toISOString()}::timestamptz, not_before = null
    where agency = ${agency.name} and worker_id in (select jsonb_array_elements_text(${JSON.stringify(workerIds)}::jsonb)::uuid)`);
}

/** Notes that everybody was asked about at least once, where that is so: what the agency holds is known from then on. */
export async function noteCaughtUp(queries: Queries, agency: Agency, at: Date): Promise<void> {
  await queries.execute(sql`
    insert into sync_state (agency, caught_up, first_caught_up_at) select ${agency.name}, true, ${at.toISOString()}::timestamptz
    where exists (select 1 from sync_crawl where agency = ${agency.name}) and not exists (select 1 from sync_crawl where agency = ${agency.name} and asked_at is null)
    on conflict do nothing`);
}

/** Gives workers back who were not asked about, for any instance to ask from the given time on. Those for whom no call was made do not count towards the quota. */
export async function giveBack(queries: Queries, agency: Agency, workerIds: readonly string[], uncalled: number, notBefore: Date, now: Date): Promise<void> {
  if (workerIds.length > 0) {
    await queries.execute(sql`
      update sync_crawl set not_before = ${notBefore.toISOString()}::timestamptz
      where agency = ${agency.name} and worker_id in (select jsonb_array_elements_text(${JSON.stringify(workerIds)}::jsonb)::uuid)`);
  }
  if (uncalled > 0) await queries.execute(sql`update sync_crawl_day set used = greatest(0, used - ${uncalled}) where agency = ${agency.name} and day = ${todayInJakarta(now)}`);
}
