import { sql } from 'drizzle-orm';
import type { Database, Queries } from '../../store/database.ts';
import type { Crosswalk } from '../crosswalk.ts';
import { type Because, confirmLink, type Decided, decide, type Decision, type DecisionsAsked, listDecisions, mergeWorkers, rejectLink, type Seen, splitWorker, type Withheld } from './decisions.ts';
import type { LinkEvidence, RecordRef } from './evidence.ts';
import { createModelKeeper } from './model.ts';
import { listReviews, type QueuePlace, type Review, reviewQueue } from './reviews.ts';
import { undoDecision } from './undo.ts';

/** A record's live link. */
export interface LiveLink extends RecordRef {
  readonly id: string;
  readonly workerId: string;
  readonly evidence: LinkEvidence;
  readonly decidedBy: string;
  readonly reason: string | null;
  readonly since: Date;
}

export interface WorkerLinks {
  /** Changes with her links: what a steward decides on must still be so. */
  readonly version: string;
  readonly links: readonly LiveLink[];
}

/** Links, the stewards' queue and their decisions. */
export interface Links {
  /** The live links of workers, by worker. */
  of(workerIds: readonly string[]): Promise<ReadonlyMap<string, WorkerLinks>>;
  /** The queue from a place on, hardest and widest first. */
  reviews(count: number, after: QueuePlace | null, withheld: Withheld): Promise<Review[]>;
  queue(withheld?: Withheld): Promise<{ readonly open: number; readonly oldest: Date | null }>;
  /** Decisions, latest first. */
  decisions(asked: DecisionsAsked): Promise<Decision[]>;
  /** Each throws a `DecisionFault` where it cannot be carried out. */
  confirm(because: Because, reviewId: string, version: string): Promise<Decision>;
  reject(because: Because, reviewId: string, version: string): Promise<Decision>;
  merge(because: Because, keep: Seen, gone: Seen): Promise<Decision>;
  split(because: Because, worker: Seen, linkIds: readonly string[]): Promise<Decision>;
  undo(because: Because, decisionId: string): Promise<Decision>;
}

export function createLinks(database: Database, crosswalk: Pick<Crosswalk, 'forget'>): Links {
  const models = createModelKeeper();
  async function carryOut(because: Because, work: (queries: Queries) => Promise<Decided>): Promise<Decision> {
    const { decision, touched } = await decide(database, because, work);
    await crosswalk.forget([...new Set(touched)]);
    return decision;
  }
  return {
    async of(workerIds) {
      if (workerIds.length === 0) return new Map();
      const rows = await database.run((q) =>
        q.execute<{ worker_id: string; version: number; id: string | null; agency: string; record_id: string; evidence: LinkEvidence; decided_by: string; reason: string | null; valid_from: string }>(sql`
          select w.id as worker_id, w.links_version as version, l.id, l.agency, l.record_id, l.evidence, l.decided_by, l.reason, l.valid_from
          from worker w left join link l on l.worker_id = w.id and l.valid_to is null
          where w.id in (${sql.join(workerIds.map((id) => sql`${id}::uuid`), sql`, `)}) order by l.agency, l.record_id`));
      return new Map([...Map.groupBy(rows, (row) => row.worker_id)].map(([id, own]) => [id, {
        version: String(own[0]!.version),
        links: own.flatMap((row) => (row.id === null ? [] : [{
          id: row.id, workerId: id, agency: row.agency, recordId: row.record_id, evidence: row.evidence, decidedBy: row.decided_by, reason: row.reason, since: new Date(row.valid_from),
        }])),
      }]));
    },
    reviews: (count, after, withheld) => database.run((q) => listReviews(q, count, after, withheld)),
    queue: (withheld = new Set()) => reviewQueue(database, withheld),
    decisions: (asked) => database.run((q) => listDecisions(q, asked)),
    confirm: (because, reviewId, version) => carryOut(because, (q) => confirmLink(q, because, reviewId, version)),
    reject: (because, reviewId, version) => carryOut(because, (q) => rejectLink(q, because, reviewId, version)),
    merge: (because, keep, gone) => carryOut(because, (q) => mergeWorkers(q, because, keep, gone)),
    split: (because, worker, linkIds) => carryOut(because, (q) => splitWorker(q, because, worker, linkIds)),
    undo: (because, decisionId) => carryOut(because, async (q) => undoDecision(q, await models.current(q), because, decisionId)),
  };
}
