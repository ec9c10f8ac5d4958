import { and, eq, sql } from 'drizzle-orm';
import type { Database, Queries } from '../../store/database.ts';
import { linkReview } from '../../store/linkTables.ts';
import type { Withheld } from './decisions.ts';
import { chunks } from './ledger.ts';
import { ordered, type PairEvidence, type RecordRef } from './evidence.ts';

export type ReviewState = 'OPEN' | 'CONFIRMED' | 'REJECTED' | 'OBSOLETE';

/** A pair to ask a steward about. */
export interface Doubt {
  readonly a: RecordRef;
  readonly b: RecordRef;
  readonly evidence: PairEvidence;
  /** Records that a yes would bring together. */
  readonly width: number;
}

/**
 * How urgent a pair is: the hardest and widest first. Hardest is a probability in the middle, or a veto against evidence that would have linked; width counts
 * the records that would come together.
 */
export function priorityOf({ evidence: { weighed, veto }, width }: Pick<Doubt, 'evidence' | 'width'>): number {
  const hardness = veto === null ? 1 - Math.abs(2 * weighed.probability - 1) : 1;
  return (0.1 + hardness) * width;
}

/** Puts pairs into the queue. A pair that was decided stays decided; one that is there is brought up to date. Tells how many are new to the queue. */
export async function openReviews(queries: Queries, doubts: readonly Doubt[], at: Date): Promise<number> {
  const byPair = new Map(doubts.map((doubt) => {
    const [left, right] = ordered(doubt.a, doubt.b);
    return [JSON.stringify([left, right]), { doubt, left, right }];
  }));
  let opened = 0;
  for (const some of chunks([...byPair.values()], 1_000)) {
    const rows = await queries
      .insert(linkReview)
      .values(some.map(({ doubt, left, right }) => ({
        leftAgency: left.agency, leftRecord: left.recordId, rightAgency: right.agency, rightRecord: right.recordId,
        probability: doubt.evidence.weighed.probability, veto: doubt.evidence.veto, evidence: doubt.evidence, modelVersion: doubt.evidence.weighed.model,
        width: doubt.width, priority: priorityOf(doubt), openedAt: at,
      })))
      .onConflictDoUpdate({
        target: [linkReview.leftAgency, linkReview.leftRecord, linkReview.rightAgency, linkReview.rightRecord],
        set: {
          probability: sql`excluded.probability`, veto: sql`excluded.veto`, evidence: sql`excluded.evidence`, modelVersion: sql`excluded.model_version`,
          width: sql`excluded.width`, priority: sql`excluded.priority`, state: 'OPEN',
          version: sql`${linkReview.version} + (${linkReview.state} = 'OBSOLETE')::int`,
          openedAt: sql`case when ${linkReview.state} = 'OBSOLETE' then excluded.opened_at else ${linkReview.openedAt} end`,
        },
        setWhere: sql`${linkReview.state} = 'OBSOLETE' or (${linkReview.state} = 'OPEN' and (${linkReview.modelVersion}, ${linkReview.evidence}, ${linkReview.width}) is distinct from (excluded.model_version, excluded.evidence, excluded.width))`,
      })
      .returning({ openedAt: linkReview.openedAt });
    opened += rows.filter(({ openedAt }) => openedAt.getTime() === at.getTime()).length;
  }
  return opened;
}

/** Takes pairs off the queue that ask nothing any more: both records are one worker's by now, or one of them is gone. */
export async function closeSettled(queries: Queries): Promise<number> {
  const rows = await queries.execute(sql`
    update link_review v set state = 'OBSOLETE', version = v.version + 1
    where v.state = 'OPEN' and not exists (
      select 1 from agency_record l, agency_record r
      where (l.agency, l.record_id) = (v.left_agency, v.left_record) and (r.agency, r.record_id) = (v.right_agency, v.right_record) and l.worker_id <> r.worker_id)
    returning v.id`);
  return rows.length;
}

/** The same for the pairs of some records, so that it costs no look at the whole queue. */
export async function closeSettledOf(queries: Queries, refs: readonly RecordRef[]): Promise<void> {
  for (const some of chunks(refs, 10_000)) {
    const names = JSON.stringify(some.map(({ agency, recordId }) => ({ a: agency, r: recordId })));
    await queries.execute(sql`
      with named as (select * from json_to_recordset(${names}::json) as n(a text, r text)),
      concerned as (
        select v.id from link_review v join named on (v.left_agency, v.left_record) = (a, r)
        union select v.id from link_review v join named on (v.right_agency, v.right_record) = (a, r))
      update link_review v set state = 'OBSOLETE', version = v.version + 1
      where v.id in (select id from concerned) and v.state = 'OPEN' and not exists (
        select 1 from agency_record l, agency_record r
        where (l.agency, l.record_id) = (v.left_agency, v.left_record) and (r.agency, r.record_id) = (v.right_agency, v.right_record) and l.worker_id <> r.worker_id)`);
  }
}

/** A pair in the queue, with the workers of its records. */
export interface Review {
  readonly id: string;
  readonly left: RecordRef;
  readonly right: RecordRef;
  readonly leftWorker: string;
  readonly rightWorker: string;
  readonly probability: number;
  readonly evidence: PairEvidence;
  readonly width: number;
  readonly priority: number;
  readonly openedAt: Date;
  /** Changes when the review or the links of either worker change. */
  readonly version: string;
}

interface Row extends Record<string, unknown> {
  readonly id: string;
  readonly left_agency: string;
  readonly left_record: string;
  readonly right_agency: string;
  readonly right_record: string;
  readonly left_worker: string;
  readonly right_worker: string;
  readonly probability: number;
  readonly evidence: PairEvidence;
  readonly width: number;
  readonly priority: number;
  readonly opened_at: string;
  readonly version: string;
}

const joined = sql`
  from link_review v
  join agency_record l on (l.agency, l.record_id) = (v.left_agency, v.left_record)
  join agency_record r on (r.agency, r.record_id) = (v.right_agency, v.right_record)
  join worker lw on lw.id = l.worker_id
  join worker rw on rw.id = r.worker_id`;
const columns = sql`
  v.id, v.left_agency, v.left_record, v.right_agency, v.right_record, l.worker_id as left_worker, r.worker_id as right_worker, v.probability, v.evidence, v.width,
  v.priority, v.opened_at, v.version || '-' || lw.links_version || '-' || rw.links_version as version`;

function reviewOf(row: Row): Review {
  return {
    id: row.id,
    left: { agency: row.left_agency, recordId: row.left_record },
    right: { agency: row.right_agency, recordId: row.right_record },
    leftWorker: row.left_worker,
    rightWorker: row.right_worker,
    probability: Number(row.probability),
    evidence: row.evidence,
    width: row.width,
    priority: Number(row.priority),
    openedAt: new Date(row.opened_at),
    version: row.version,
  };
}

/** A place in the queue. */
export interface QueuePlace {
  readonly priority: number;
  readonly id: string;
}

/** Condition: neither worker is withheld. */
const open = (withheld: Withheld) => (withheld.size === 0 ? sql`` : sql`and not array[l.worker_id, r.worker_id] && ${`{${[...withheld].join()}}`}::uuid[]`);

/** The queue from a place on, hardest and widest first. */
export async function listReviews(queries: Queries, count: number, after: QueuePlace | null, withheld: Withheld): Promise<Review[]> {
  const from = after === null ? sql`` : sql`and (v.priority < ${after.priority}::float8 or (v.priority = ${after.priority}::float8 and v.id > ${after.id}::uuid))`;
  const rows = await queries.execute<Row>(sql`select ${columns} ${joined} where v.state = 'OPEN' ${from} ${open(withheld)} order by v.priority desc, v.id limit ${count}`);
  return rows.map(reviewOf);
}

/** A review whatever its state; null where there is none, or one of its records is gone. */
export async function readReview(queries: Queries, id: string): Promise<(Review & { readonly state: ReviewState }) | null> {
  const [row] = await queries.execute<Row & { state: ReviewState }>(sql`select ${columns}, v.state ${joined} where v.id = ${id}::uuid`);
  return row ? { ...reviewOf(row), state: row.state } : null;
}

export async function setReviewState(queries: Queries, id: string, state: ReviewState): Promise<void> {
  await queries.update(linkReview).set({ state, version: sql`${linkReview.version} + 1` }).where(eq(linkReview.id, id));
}

/** Sets the state of the reviews of pairs, and gives back those that were open. */
export async function settleReviews(queries: Queries, pairs: readonly (readonly [RecordRef, RecordRef])[], state: ReviewState): Promise<string[]> {
  const found: string[] = [];
  for (const [a, b] of pairs) {
    const [left, right] = ordered(a, b);
    const rows = await queries
      .update(linkReview)
      .set({ state, version: sql`${linkReview.version} + 1` })
      .where(and(eq(linkReview.state, 'OPEN'), eq(linkReview.leftAgency, left.agency), eq(linkReview.leftRecord, left.recordId), eq(linkReview.rightAgency, right.agency), eq(linkReview.rightRecord, right.recordId)))
      .returning({ id: linkReview.id });
    found.push(...rows.map(({ id }) => id));
  }
  return found;
}

/** Size and age of the queue, for the operator. */
export async function reviewQueue(database: Database, withheld: Withheld): Promise<{ readonly open: number; readonly oldest: Date | null }> {
  // Whose records they are matters only where somebody is withheld.
  const from = withheld.size === 0 ? sql`from link_review v` : joined;
  const [row] = await database.run((q) => q.execute<{ open: number; oldest: string | null }>(sql`select count(*)::int as open, min(v.opened_at) as oldest ${from} where v.state = 'OPEN' ${open(withheld)}`));
  return { open: row!.open, oldest: row!.oldest === null ? null : new Date(row!.oldest) };
}
