import { and, eq, lt, sql } from 'drizzle-orm';
import { type Database, type Queries, Refused } from '../../store/database.ts';
import { linkDecision } from '../../store/linkTables.ts';
import { byWord, type RecordRef } from './evidence.ts';
import { lockLinks, makeWorkers, moveRecords, recordsOf, redirect, resolve, touch } from './ledger.ts';
import { closeSettledOf, readReview, settleReviews, setReviewState } from './reviews.ts';
import { giveVerdicts, readVerdicts, type VerdictChange } from './verdicts.ts';

export const decisionKinds = ['CONFIRM', 'REJECT', 'MERGE', 'SPLIT', 'UNDO'] as const;
export type DecisionKind = (typeof decisionKinds)[number];

/** All that a decision changed: enough to take it back. */
export interface Effect {
  /** Records that went from one worker to another. */
  readonly moves: readonly (RecordRef & { readonly from: string; readonly to: string })[];
  /** Records that were with the worker who stayed. */
  readonly stayed: readonly RecordRef[];
  /** The worker that was merged away, the one she went to, and the ids that led to her before. */
  readonly merged: { readonly id: string; readonly into: string; readonly followers: readonly string[] } | null;
  /** The worker that was split off, and the one she came from. */
  readonly split: { readonly id: string; readonly from: string } | null;
  readonly verdicts: readonly VerdictChange[];
  /** Reviews that were open before. */
  readonly reviews: readonly string[];
}

export interface Decision {
  readonly id: string;
  readonly number: number;
  readonly kind: DecisionKind;
  readonly decidedBy: string;
  readonly reason: string;
  readonly decidedAt: Date;
  readonly workers: readonly string[];
  readonly effect: Effect;
  readonly undoes: string | null;
  readonly undoneBy: string | null;
}

export const decisionFaults = ['REASON', 'NOT_FOUND', 'CONFLICT', 'SAME_WORKER', 'REJECTED_BEFORE', 'RECORDS', 'SUPERSEDED', 'NOT_UNDOABLE'] as const;
export type DecisionFaultCode = (typeof decisionFaults)[number];

/** Why a decision could not be carried out; nothing was changed. */
export class DecisionFault extends Refused {
  override readonly name = 'DecisionFault';
  readonly code: DecisionFaultCode;
  /** Field of the input that it is about. */
  readonly field: string;
  constructor(code: DecisionFaultCode, field: string, message: string) {
    super(message);
    this.code = code;
    this.field = field;
  }
}

/** Who decides, and why. */
export interface Because {
  readonly by: string;
  readonly reason: string;
  readonly at: Date;
  /** Workers whose data may not be processed, as {@link Withheld}. Default: nobody. */
  readonly withheld?: Withheld;
}

/** Workers whose data may not be processed for now: whatever concerns them is as if it did not exist. */
export type Withheld = ReadonlySet<string>;

/** What a decision came to: itself, and the workers whose links changed, to be forgotten by every instance. */
export interface Decided {
  readonly decision: Decision;
  readonly touched: readonly string[];
}

const conflict = (field: string) => new DecisionFault('CONFLICT', field, 'Another decision or new links came first: read it again, and decide on what it is now.');

/** Carries out a decision in one transaction, one after the other. */
export async function decide(database: Database, because: Because, work: (queries: Queries) => Promise<Decided>): Promise<Decided> {
  const length = because.reason.trim().length;
  if (length < 3 || length > 1_000) throw new DecisionFault('REASON', 'reason', 'A reason of 3 to 1000 characters is needed.');
  return database.transaction(async (queries) => {
    await lockLinks(queries);
    return work(queries);
  });
}

/** The two records of a review are one person: their workers become one. */
export async function confirmLink(queries: Queries, because: Because, reviewId: string, version: string): Promise<Decided> {
  const review = await openReview(queries, because, reviewId, version);
  const counts = await recordsOf(queries, [review.leftWorker, review.rightWorker]);
  const size = (id: string) => counts.filter(({ workerId }) => workerId === id).length;
  // The larger keeps its id; between equals, the smaller id does.
  const [keep] = [review.leftWorker, review.rightWorker].toSorted((a, b) => size(b) - size(a) || (a < b ? -1 : 1)) as [string];
  const gone = keep === review.leftWorker ? review.rightWorker : review.leftWorker;
  return join(queries, because, 'CONFIRM', keep, gone, [[review.left, review.right]], 'reviewId');
}

/** The two records of a review are two people, and stay so. */
export async function rejectLink(queries: Queries, because: Because, reviewId: string, version: string): Promise<Decided> {
  const review = await openReview(queries, because, reviewId, version);
  const id = crypto.randomUUID();
  const verdicts = await giveVerdicts(queries, [[review.left, review.right]], 'DIFFERENT', id);
  await setReviewState(queries, reviewId, 'REJECTED');
  const workers = [review.leftWorker, review.rightWorker];
  return record(queries, because, { id, kind: 'REJECT', workers, effect: { ...nothing, verdicts, reviews: [reviewId] } });
}

/** Two workers are one person. */
export async function mergeWorkers(queries: Queries, because: Because, keep: Seen, gone: Seen): Promise<Decided> {
  await unchanged(queries, because, keep, 'keep');
  await unchanged(queries, because, gone, 'merge');
  if (keep.id === gone.id) throw new DecisionFault('SAME_WORKER', 'merge', 'Both ids lead to one worker.');
  const all = await recordsOf(queries, [keep.id, gone.id]);
  const [first, ...rest] = all;
  return join(queries, because, 'MERGE', keep.id, gone.id, first ? rest.map((other) => [first, other] as const) : [], 'merge');
}

/** Some records of a worker are another person's. */
export async function splitWorker(queries: Queries, because: Because, seen: Seen, linkIds: readonly string[]): Promise<Decided> {
  await unchanged(queries, because, seen, 'worker');
  const rows = await queries.execute<{ id: string; agency: string; record_id: string }>(sql`select id, agency, record_id from link where worker_id = ${seen.id}::uuid and valid_to is null order by agency, record_id`);
  const wanted = new Set(linkIds);
  const refs = rows.map((row) => ({ id: row.id, agency: row.agency, recordId: row.record_id }));
  const leaving = refs.filter(({ id }) => wanted.has(id)).map(({ agency, recordId }) => ({ agency, recordId }));
  const staying = refs.filter(({ id }) => !wanted.has(id)).map(({ agency, recordId }) => ({ agency, recordId }));
  if (leaving.length !== wanted.size || leaving.length === 0 || staying.length === 0) throw new DecisionFault('RECORDS', 'links', 'Name live links of this worker: at least one, and not all.');
  const id = crypto.randomUUID();
  const to = crypto.randomUUID();
  await makeWorkers(queries, [to]);
  const moves = leaving.map((ref) => ({ ...ref, from: seen.id, to }));
  await moveRecords(queries, moves.map((move) => ({ ...move, evidence: { ...byWord, rule: 'APART' as const }, decidedBy: because.by, reason: because.reason, decisionId: id })), because.at);
  const pairs = leaving.flatMap((a) => staying.map((b) => [a, b] as const));
  const verdicts = await giveVerdicts(queries, pairs, 'DIFFERENT', id);
  return record(queries, because, { id, kind: 'SPLIT', workers: [seen.id, to], effect: { ...nothing, moves, stayed: staying, split: { id: to, from: seen.id }, verdicts } });
}

/** A worker as the steward saw her. */
export interface Seen {
  readonly id: string;
  readonly version: string;
}

const nothing: Effect = { moves: [], stayed: [], merged: null, split: null, verdicts: [], reviews: [] };

async function openReview(queries: Queries, { withheld }: Because, id: string, version: string) {
  const review = await readReview(queries, id);
  if (!review || withheld?.has(review.leftWorker) || withheld?.has(review.rightWorker)) throw new DecisionFault('NOT_FOUND', 'reviewId', 'There is no such review, or one of its records is gone.');
  if (review.state !== 'OPEN' || review.version !== version) throw conflict('version');
  if (review.leftWorker === review.rightWorker) throw new DecisionFault('SAME_WORKER', 'reviewId', 'Both records are one worker’s already.');
  return review;
}

async function unchanged(queries: Queries, { withheld }: Because, { id, version }: Seen, field: string): Promise<void> {
  const now = (await resolve(queries, [id])).get(id);
  if (!now || withheld?.has(now.id)) throw new DecisionFault('NOT_FOUND', field, 'There is no such worker.');
  if (now.id !== id || String(now.version) !== version) throw conflict(field);
}

async function join(queries: Queries, because: Because, kind: 'CONFIRM' | 'MERGE', keep: string, gone: string, pairs: readonly (readonly [RecordRef, RecordRef])[], field: string): Promise<Decided> {
  const all = await recordsOf(queries, [keep, gone]);
  const plain = ({ agency, recordId }: RecordRef) => ({ agency, recordId });
  const stayed = all.filter(({ workerId }) => workerId === keep).map(plain);
  const moves = all.filter(({ workerId }) => workerId === gone).map((ref) => ({ ...plain(ref), from: gone, to: keep }));
  if ((await readVerdicts(queries, stayed)).apart(stayed, moves)) {
    throw new DecisionFault('REJECTED_BEFORE', field, 'A steward has found records of the two to be different people. Undo that decision first.');
  }
  const id = crypto.randomUUID();
  await moveRecords(queries, moves.map((move) => ({ ...move, evidence: byWord, decidedBy: because.by, reason: because.reason, decisionId: id })), because.at);
  const followers = await redirect(queries, gone, keep);
  const verdicts = await giveVerdicts(queries, pairs.map(([a, b]) => [plain(a), plain(b)] as const), 'SAME', id);
  const reviews = await settleReviews(queries, stayed.flatMap((a) => moves.map((b) => [a, b] as const)), 'CONFIRMED');
  return record(queries, because, { id, kind, workers: [keep, gone], effect: { ...nothing, moves, stayed, merged: { id: gone, into: keep, followers }, verdicts, reviews } });
}

/** Writes a decision into the history. */
export async function record(queries: Queries, because: Because, what: { readonly id: string; readonly kind: DecisionKind; readonly workers: readonly string[]; readonly effect: Effect; readonly undoes?: string; readonly touched?: readonly string[] }): Promise<Decided> {
  const { id, kind, effect, undoes = null } = what;
  const workers = [...new Set(what.workers)].toSorted();
  await touch(queries, workers);
  const [row] = await queries
    .insert(linkDecision)
    .values({ id, kind, decidedBy: because.by, reason: because.reason.trim(), decidedAt: because.at, workers, effect, undoes })
    .returning({ number: linkDecision.number });
  await closeSettledOf(queries, effect.moves);
  const decision = { id, number: row!.number, kind, decidedBy: because.by, reason: because.reason.trim(), decidedAt: because.at, workers, effect, undoes, undoneBy: null };
  return { decision, touched: [...workers, ...(what.touched ?? [])] };
}

/** Condition: the decision concerns nobody withheld, as herself or as whom she was merged into since. */
function open(withheld: Withheld) {
  if (withheld.size === 0) return sql`true`;
  return sql`not exists (select 1 from worker w where w.id = any (${linkDecision.workers}) and coalesce(w.merged_into, w.id) = any (${`{${[...withheld].join()}}`}::uuid[]))`;
}

/** Which decisions are listed. */
export interface DecisionsAsked {
  readonly count: number;
  /** Only those before this number; null: the latest. */
  readonly before: number | null;
  /** Only those that concern this worker; null: all. */
  readonly workerId: string | null;
  readonly withheld: Withheld;
}

/** Decisions, latest first. */
export async function listDecisions(queries: Queries, { count, before, workerId, withheld }: DecisionsAsked): Promise<Decision[]> {
  const rows = await queries.select().from(linkDecision)
    .where(and(open(withheld), before === null ? undefined : lt(linkDecision.number, before), workerId === null ? undefined : sql`${linkDecision.workers} @> array[${workerId}::uuid]`))
    .orderBy(sql`${linkDecision.number} desc`).limit(count);
  return rows.map((row) => ({ ...row, effect: row.effect as Effect }));
}

export async function readDecision(queries: Queries, id: string, withheld: Withheld): Promise<Decision | null> {
  const [row] = await queries.select().from(linkDecision).where(and(eq(linkDecision.id, id), open(withheld)));
  return row ? { ...row, effect: row.effect as Effect } : null;
}
