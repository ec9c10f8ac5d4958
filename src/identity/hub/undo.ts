import { and, arrayOverlaps, desc, eq, gt, inArray, isNull, ne } from 'drizzle-orm';
import type { Queries } from '../../store/database.ts';
import { link, linkDecision } from '../../store/linkTables.ts';
import { worker } from '../../store/tables.ts';
import { agrees } from '../exact.ts';
import { linkIdOf } from '../record.ts';
import { type Because, type Decided, type Decision, DecisionFault, type Effect, readDecision, record } from './decisions.ts';
import { byWord, type LinkEvidence, type RecordRef } from './evidence.ts';
import { type Placed, readWorkers } from './neighbours.ts';
import { among, type Move, moveRecords, redirect, resolve } from './ledger.ts';
import type { ModelInForce } from './model.ts';
import { setReviewState } from './reviews.ts';
import { restoreVerdicts } from './verdicts.ts';

/**
 * Takes a decision back: each side has again what it had, with the evidence it had. What came in meanwhile goes to the side that it agrees with more; what a
 * split brought forth goes back whole. Decisions that build on this one must be taken back first.
 */
export async function undoDecision(queries: Queries, inForce: ModelInForce | null, because: Because, decisionId: string): Promise<Decided> {
  const decision = await readDecision(queries, decisionId, because.withheld ?? new Set());
  if (!decision) throw new DecisionFault('NOT_FOUND', 'decisionId', 'There is no such decision.');
  if (decision.kind === 'UNDO') throw new DecisionFault('NOT_UNDOABLE', 'decisionId', 'What was taken back is not brought back by another undo: decide again.');
  if (decision.undoneBy !== null) throw new DecisionFault('CONFLICT', 'decisionId', 'Another steward has taken it back already.');
  await refuseIfBuiltOn(queries, decision);
  const id = crypto.randomUUID();
  const { effect } = decision;
  const moves = effect.merged ? await unmerge(queries, inForce, effect) : effect.split ? await unsplit(queries, effect) : [];
  const evidence = await earlierEvidence(queries, decision);
  await moveRecords(queries, moves.map((move): Move => ({ ...move, ...(evidence.get(linkIdOf(move)) ?? { evidence: byWord, decidedBy: because.by, reason: because.reason }), decisionId: id })), because.at);
  const sides = moves.flatMap(({ from, to }) => [from, to]);
  if (effect.merged) await part(queries, effect.merged);
  const ends = effect.split ? await resolve(queries, [effect.split.from]) : null;
  if (effect.split && ends) await redirect(queries, effect.split.id, ends.get(effect.split.from)!.id);
  await restoreVerdicts(queries, effect.verdicts, id);
  for (const review of effect.reviews) await setReviewState(queries, review, 'OPEN');
  const done = await record(queries, because, { id, kind: 'UNDO', workers: [...decision.workers, ...sides], effect: { moves, stayed: [], merged: null, split: null, verdicts: [], reviews: [] }, undoes: decisionId });
  await queries.update(linkDecision).set({ undoneBy: id }).where(eq(linkDecision.id, decisionId));
  return done;
}

async function refuseIfBuiltOn(queries: Queries, decision: Decision): Promise<void> {
  const [later] = await queries
    .select({ id: linkDecision.id })
    .from(linkDecision)
    .where(and(gt(linkDecision.number, decision.number), ne(linkDecision.kind, 'UNDO'), isNull(linkDecision.undoneBy), arrayOverlaps(linkDecision.workers, [...decision.workers])))
    .limit(1);
  if (later) throw new DecisionFault('SUPERSEDED', 'decisionId', 'A later decision concerns the same workers. Take that one back first.');
}

type Back = RecordRef & { readonly from: string; readonly to: string };

/** The records that go back to the worker who was merged away: hers, and those that came in meanwhile and agree with hers more. */
async function unmerge(queries: Queries, inForce: ModelInForce | null, { merged, moves, stayed }: Effect): Promise<Back[]> {
  const { id, into } = merged!;
  const here = (await resolve(queries, [into])).get(into)!.id;
  const all = await readWorkers(queries, [here]);
  const [hers, theirs] = [new Set(moves.map(linkIdOf)), new Set(stayed.map(linkIdOf))];
  const sides = [all.filter(({ record: { id } }) => hers.has(id)), all.filter(({ record: { id } }) => theirs.has(id))] as const;
  const meanwhile = all.filter(({ record: { id } }) => !hers.has(id) && !theirs.has(id));
  const going = [...sides[0], ...meanwhile.filter((newcomer) => agreement(inForce, newcomer, sides[0]) > agreement(inForce, newcomer, sides[1]))];
  return going.map(({ claimed: { agency, recordId } }) => ({ agency, recordId, from: here, to: id }));
}

/** How strongly a record agrees with one of those of a side: in bits by the model, else whether it agrees exactly. */
function agreement(inForce: ModelInForce | null, newcomer: Placed, side: readonly Placed[]): number {
  return Math.max(-1_000, ...side.map((other) => (inForce ? inForce.matcher.compare(newcomer.record, other.record).bits : Number(agrees(newcomer.claimed.person, other.claimed.person)))));
}

/** All records of the worker that was split off, with what came in meanwhile, go back to where she came from. */
async function unsplit(queries: Queries, { split }: Effect): Promise<Back[]> {
  const { id, from } = split!;
  const ends = await resolve(queries, [id, from]);
  const [here, there] = [ends.get(id)!.id, ends.get(from)!.id];
  if (here === there) return [];
  return (await readWorkers(queries, [here])).map(({ claimed: { agency, recordId } }) => ({ agency, recordId, from: here, to: there }));
}

/** The id that was merged away is a worker again, and the ids that led to her do so again. */
async function part(queries: Queries, { id, followers }: NonNullable<Effect['merged']>): Promise<void> {
  await queries.update(worker).set({ mergedInto: null }).where(eq(worker.id, id));
  if (followers.length > 0) await queries.update(worker).set({ mergedInto: id }).where(inArray(worker.id, [...followers]));
}

/** On which grounds the records were linked before the decision. */
async function earlierEvidence(queries: Queries, { effect, decidedAt }: Decision): Promise<Map<string, Pick<Move, 'evidence' | 'decidedBy' | 'reason'>>> {
  if (effect.moves.length === 0) return new Map();
  const rows = await queries.select().from(link).where(and(among(link, effect.moves), eq(link.validTo, decidedAt), inArray(link.workerId, [...new Set(effect.moves.map(({ from }) => from))]))).orderBy(desc(link.validFrom));
  const found = new Map<string, Pick<Move, 'evidence' | 'decidedBy' | 'reason'>>();
  for (const { agency, recordId, evidence, decidedBy, reason } of rows.toReversed()) found.set(linkIdOf({ agency, recordId }), { evidence: evidence as LinkEvidence, decidedBy, reason });
  return found;
}
