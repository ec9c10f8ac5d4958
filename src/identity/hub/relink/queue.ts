import { sql } from 'drizzle-orm';
import type { Database, Queries } from '../../../store/database.ts';
import type { Matcher } from '../../incremental.ts';
import { refOf, weighedOf } from '../evidence.ts';
import { lockLinks } from '../ledger.ts';
import { readFamilies } from '../neighbours.ts';
import { closeSettled, type Doubt, openReviews } from '../reviews.ts';
import { readVerdicts } from '../verdicts.ts';

/** Pairs of one transaction. */
const pageSize = 200;

/** Brings the stewards' queue up to what the run found: of each two workers with a pair between them, the likeliest is asked about; nothing else is. */
export async function renewQueue(database: Database, matcher: Matcher, beganAt: Date, now: () => Date): Promise<{ readonly opened: number; readonly closed: number }> {
  await database.run((q) => q.execute(sql`
    update link_pair p set asked = true from (
      select distinct on (least(l.worker_id, r.worker_id), greatest(l.worker_id, r.worker_id)) p.a, p.b
      from link_pair p join agency_record l on l.number = p.a join agency_record r on r.number = p.b where l.worker_id <> r.worker_id
      order by least(l.worker_id, r.worker_id), greatest(l.worker_id, r.worker_id), p.bits desc, p.a, p.b) best
    where (p.a, p.b) = (best.a, best.b)`));
  let opened = 0;
  for (let after: readonly [string, string] | null = ['0', '0']; after !== null; ) {
    const from: readonly [string, string] = after;
    after = await database.transaction(async (q) => {
      await lockLinks(q);
      const page = [...(await q.execute<{ a: string; b: string }>(sql`select a, b from link_pair where asked and (a, b) > (${from[0]}::bigint, ${from[1]}::bigint) order by a, b limit ${pageSize}`))];
      const doubts = await doubtsOf(q, matcher, page.map(({ a, b }) => [Number(a), Number(b)] as const));
      opened += await openReviews(q, doubts, now());
      const last = page.at(-1);
      return last ? [last.a, last.b] : null;
    });
  }
  const closed = await database.transaction(async (q) => {
    await lockLinks(q);
    return (await closeUnasked(q, beganAt)) + (await closeSettled(q));
  });
  return { opened, closed };
}

/** The pairs as they are now: what was settled meanwhile, or was found to be two people, is left out. */
async function doubtsOf(queries: Queries, matcher: Matcher, pairs: readonly (readonly [number, number])[]): Promise<Doubt[]> {
  const families = await readFamilies(queries, pairs.flat(), []);
  const byNumber = new Map(families.map((entry) => [entry.number, entry]));
  const byWorker = Map.groupBy(families, ({ workerId }) => workerId);
  const verdicts = await readVerdicts(queries, families.map(({ claimed }) => claimed));
  return pairs.flatMap(([a, b]) => {
    const [left, right] = [byNumber.get(a), byNumber.get(b)];
    if (!left || !right || left.workerId === right.workerId) return [];
    const match = matcher.compare(left.record, right.record);
    const [hers, theirs] = [byWorker.get(left.workerId)!, byWorker.get(right.workerId)!];
    if (match.zone === 'NONE' || verdicts.apart(hers.map(({ claimed }) => claimed), theirs.map(({ claimed }) => claimed))) {
      return [];
    }
    return [{ a: refOf(left.record.id), b: refOf(right.record.id), evidence: { weighed: weighedOf(match.explain()), veto: match.veto }, width: hers.length + theirs.length }];
  });
}

/** Takes pairs off the queue that were on it when the run began, and that it does not ask about. */
async function closeUnasked(queries: Queries, beganAt: Date): Promise<number> {
  const rows = await queries.execute(sql`
    update link_review v set state = 'OBSOLETE', version = v.version + 1
    where v.state = 'OPEN' and v.opened_at < ${beganAt.toISOString()}::timestamptz and not exists (
      select 1 from agency_record l, agency_record r, link_pair p
      where (l.agency, l.record_id) = (v.left_agency, v.left_record) and (r.agency, r.record_id) = (v.right_agency, v.right_record)
        and p.asked and (p.a, p.b) = (least(l.number, r.number), greatest(l.number, r.number)))
    returning v.id`);
  return rows.length;
}
