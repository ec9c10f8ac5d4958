import type { AgencyRecord } from '../../domain/record.ts';
import type { Queries } from '../../store/database.ts';
import { linkIdOf, recordOf } from '../record.ts';
import type { Match } from '../incremental.ts';
import { proposals } from '../block.ts';
import { placeExactly } from './exactly.ts';
import { type Doubt } from './reviews.ts';
import { byWord, first, type LinkEvidence, modelEvidence, type RecordRef, refOf, weighedOf } from './evidence.ts';
import { type Claimed, type Neighbourhood, type Placed, readKeySharing, readNeighbourhood, readNumberSharing } from './neighbours.ts';
import type { ModelInForce } from './model.ts';
import { readTold, readVerdicts, type Told, type Verdicts } from './verdicts.ts';

/** A record with the worker it is to be linked to. */
export interface Placement {
  readonly record: AgencyRecord;
  readonly workerId: string;
  readonly evidence: LinkEvidence;
  /** Whether the worker is new. */
  readonly created: boolean;
}

/** A record that is linked, to be looked at again: its claims have changed, or the model has not seen it yet. */
export interface Standing {
  readonly record: Claimed;
  readonly workerId: string;
}

/** A record that goes from one worker to another. */
export interface Shift extends RecordRef {
  readonly from: string;
  readonly to: string;
  readonly evidence: LinkEvidence;
}

/** What linking came to; nothing of it is written yet. */
export interface Linked {
  readonly placements: readonly Placement[];
  readonly moves: readonly Shift[];
  readonly doubts: readonly Doubt[];
  /** Keys under which the records are to be filed, by {@link linkIdOf}; empty where none were looked at. */
  readonly keys: ReadonlyMap<string, readonly number[]>;
  /** Best score of each record that the model looked at, in bits without the prior. */
  readonly scores: readonly number[];
}

/** Where candidates are looked for: `KEYS`, among all that may be the same; `NUMBERS`, among those that share a personal number. */
export type Reach = 'KEYS' | 'NUMBERS';

/** Decides where new records belong, and whether others still stand where they do: by the model in force, or else where they agree exactly. */
export async function linkRecords(queries: Queries, inForce: ModelInForce | null, reach: Reach, fresh: readonly AgencyRecord[], standing: readonly Standing[]): Promise<Linked> {
  const verdicts = await readVerdicts(queries, [...fresh, ...standing.map(({ record }) => record)]);
  const told = await readTold(queries, verdicts);
  if (inForce === null) return { placements: await placeExactly(queries, fresh, told), moves: [], doubts: [], keys: new Map(), scores: [] };
  return placeByModel(queries, inForce, reach, fresh, standing, verdicts, told);
}

/** The best match of a record with a worker. */
interface Choice {
  readonly workerId: string;
  readonly match: Match;
}

async function placeByModel(queries: Queries, { matcher: lasting, records: size }: ModelInForce, reach: Reach, fresh: readonly AgencyRecord[], standing: readonly Standing[], verdicts: Verdicts, told: Told): Promise<Linked> {
  const all: readonly Claimed[] = [...fresh, ...standing.map(({ record }) => record)];
  const matcher = lasting.remembering();
  const compared = new Map(all.map((record) => [linkIdOf(record), recordOf(record)]));
  const comparedOf = (record: Claimed) => compared.get(linkIdOf(record))!;
  const keys = new Map(reach === 'KEYS' ? [...compared].map(([id, record]) => [id, matcher.keys(record)]) : []);
  const sharing = reach === 'KEYS' ? await readKeySharing(queries, keys) : await readNumberSharing(queries, all);
  const near = await readNeighbourhood(queries, { sharing, limit: proposals(size), workers: [...standing.map(({ workerId }) => workerId), ...fresh.flatMap((record) => told.worker(record) ?? [])] });
  // A record that has changed is compared as it is now, also as a candidate of others.
  for (const { record, workerId } of standing) near.renew({ workerId, claimed: record, record: comparedOf(record) });
  const placements = new Map<string, Placement>();
  const moves = new Map<string, Shift>();
  const doubts: Doubt[] = [];
  const made = new Set<string>();
  const scores: number[] = [];

  /** The matches by worker, best first, and without workers whom a steward has found to be somebody else. */
  const choicesOf = (record: Claimed): Choice[] => {
    const found = new Map<string, Choice>();
    const { matches, best } = matcher.matchAmong(comparedOf(record), near.candidates(record));
    // Who shares no number is no sign of drift: all candidates are to be known.
    if (reach === 'KEYS') scores.push(best);
    for (const match of matches) {
      const { workerId } = near.placed.get(match.record.id)!;
      if (!found.has(workerId)) found.set(workerId, { workerId, match });
    }
    return [...found.values()].filter(({ workerId }) => !told.not(record, workerId));
  };
  const recordsOf = (placed: readonly Placed[]) => placed.map(({ record }) => record);
  const mayJoin = (record: Claimed, { workerId, match }: Choice) => match.zone === 'LINK' && matcher.objection([comparedOf(record)], recordsOf(near.ofWorker(workerId))) === null;

  /** Lets a worker's records go to another: where nothing at all speaks against any pair, nor has a steward. */
  const merge = async (from: string, to: string): Promise<boolean> => {
    const [leaving, staying] = [near.ofWorker(from), near.ofWorker(to)];
    if (matcher.objection(recordsOf(leaving), recordsOf(staying)) !== null) return false;
    const refs = leaving.map(({ claimed }) => claimed);
    if ((await readVerdicts(queries, refs)).apart(refs, staying.map(({ claimed }) => claimed))) return false;
    for (const { record, claimed } of leaving) {
      const best = staying.map((other) => matcher.compare(record, other.record)).toSorted((a, b) => b.bits - a.bits || (a.record.id < b.record.id ? -1 : 1))[0]!;
      const evidence = modelEvidence(best, refOf(best.record.id));
      const placed = placements.get(record.id);
      if (placed) placements.set(record.id, { ...placed, workerId: to, evidence });
      else moves.set(record.id, { agency: claimed.agency, recordId: claimed.recordId, from: moves.get(record.id)?.from ?? from, to, evidence });
    }
    near.merge(from, to);
    told.merge(from, to);
    return true;
  };

  /** Brings the worker of a record together with her other matches, the smaller with the larger; what cannot be settled is for the stewards. */
  const settle = async (record: Claimed, choices: readonly Choice[]): Promise<void> => {
    const id = linkIdOf(record);
    const here = () => near.placed.get(id)!.workerId;
    for (const { match } of choices) {
      const [own, other] = [here(), near.placed.get(match.record.id)!.workerId];
      if (own === other) continue;
      const size = (workerId: string) => near.ofWorker(workerId).length;
      const [small, large] = [own, other].toSorted((a, b) => size(a) - size(b) || (a < b ? 1 : -1)) as [string, string];
      if (match.zone === 'LINK' && (await merge(small, large))) continue;
      if (verdicts.of(record, 'SAME').has(match.record.id)) continue;
      doubts.push({ a: refOf(id), b: refOf(match.record.id), evidence: { weighed: weighedOf(match.explain()), veto: match.veto }, width: size(own) + size(other) });
    }
  };

  for (const record of fresh) {
    const choices = choicesOf(record);
    const known = told.worker(record);
    const best = known === undefined ? choices.find((choice) => mayJoin(record, choice)) : undefined;
    const workerId = known ?? best?.workerId ?? crypto.randomUUID();
    const evidence = known !== undefined ? byWord : best ? modelEvidence(best.match, refOf(best.match.record.id)) : first;
    if (evidence === first) made.add(workerId);
    placements.set(linkIdOf(record), { record, workerId, evidence, created: false });
    told.place(record, workerId);
    near.renew({ workerId, claimed: record, record: comparedOf(record) });
    await settle(record, choices.filter((choice) => choice.workerId !== workerId));
  }
  for (const { record } of standing) await settle(record, choicesOf(record));
  return { ...gather(near, { placements, moves, doubts, made }), keys, scores };
}

/** Where everything ended: workers that were made for this batch and are empty by its end were never there. */
function gather(near: Neighbourhood, found: {
  readonly placements: ReadonlyMap<string, Placement>;
  readonly moves: ReadonlyMap<string, Shift>;
  readonly doubts: readonly Doubt[];
  readonly made: ReadonlySet<string>;
}): Pick<Linked, 'placements' | 'moves' | 'doubts'> {
  const at = (id: string) => near.placed.get(id)!.workerId;
  const left = new Set(found.made);
  // Of two workers stewards are asked once, by the likeliest pair.
  const doubts = new Map<string, Doubt>();
  for (const doubt of found.doubts) {
    const [a, b] = [at(linkIdOf(doubt.a)), at(linkIdOf(doubt.b))].toSorted() as [string, string];
    const other = doubts.get(`${a} ${b}`);
    if (a !== b && (!other || doubt.evidence.weighed.score > other.evidence.weighed.score)) doubts.set(`${a} ${b}`, doubt);
  }
  return {
    placements: [...found.placements].map(([id, placement]) => ({ ...placement, workerId: at(id), created: left.delete(at(id)) })),
    moves: [...found.moves].map(([id, move]) => ({ ...move, to: at(id) })).filter(({ from, to }) => from !== to),
    doubts: [...doubts.values()],
  };
}
