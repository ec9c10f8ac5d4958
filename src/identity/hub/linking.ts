import type { AgencyRecord } from '../../domain/record.ts';
import type { Queries } from '../../store/database.ts';
import { linkIdOf, recordOf } from '../record.ts';
import type { Match } from '../incremental.ts';
import { placeExactly } from './exactly.ts';
import { type Doubt } from './reviews.ts';
import { byWord, first, type LinkEvidence, modelEvidence, refOf, weighedOf } from './evidence.ts';
import { type Filed, placedOf, readNeighbourhood } from './keys.ts';
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

/** A record that is linked, whose claims have changed. */
export interface Changed {
  readonly record: AgencyRecord;
  readonly workerId: string;
}

/** What linking came to; nothing of it is written yet. */
export interface Linked {
  readonly placements: readonly Placement[];
  readonly moves: readonly (Changed & { readonly to: string; readonly evidence: LinkEvidence })[];
  readonly doubts: readonly Doubt[];
  /** Keys under which new and changed records are to be filed. */
  readonly filed: readonly Filed[];
}

/** Decides where new records belong, and whether changed ones still stand where they do: by the model in force, or else where they agree exactly. */
export async function linkRecords(queries: Queries, inForce: ModelInForce | null, fresh: readonly AgencyRecord[], changed: readonly Changed[]): Promise<Linked> {
  const verdicts = await readVerdicts(queries, fresh.concat(changed.map(({ record }) => record)));
  const told = await readTold(queries, verdicts);
  if (inForce === null) return { placements: await placeExactly(queries, fresh, told), moves: [], doubts: [], filed: [] };
  return placeByModel(queries, inForce, fresh, changed, verdicts, told);
}

/** The best match of a record with a worker. */
interface Choice {
  readonly workerId: string;
  readonly match: Match;
}

async function placeByModel(queries: Queries, { matcher, keySet, records }: ModelInForce, fresh: readonly AgencyRecord[], changed: readonly Changed[], verdicts: Verdicts, told: Told): Promise<Linked> {
  const all = [...fresh, ...changed.map(({ record }) => record)];
  const keys = new Map(all.map((record) => [linkIdOf(record), matcher.keys(recordOf(record))]));
  const near = await readNeighbourhood(queries, keySet, records, keys);
  const placements: Placement[] = [];
  const moves: (Changed & { to: string; evidence: LinkEvidence })[] = [];
  const doubts: Doubt[] = [];

  /** The matches by worker, best first, and without workers whom a steward has found to be somebody else. */
  const choicesOf = async (record: AgencyRecord): Promise<Choice[]> => {
    const found = new Map<string, Choice>();
    for (const match of await matcher.match(recordOf(record), near)) {
      const { workerId } = near.placed.get(match.record.id)!;
      if (!found.has(workerId)) found.set(workerId, { workerId, match });
    }
    return [...found.values()].filter(({ workerId }) => !told.not(record, workerId));
  };
  const mayJoin = (record: AgencyRecord, { workerId, match }: Choice) => match.zone === 'LINK' && matcher.objection([recordOf(record)], near.ofWorker(workerId).map((other) => other.record)) === null;
  const doubt = (record: AgencyRecord, width: number, { workerId, match }: Choice) => {
    if (verdicts.of(record, 'SAME').has(match.record.id)) return;
    doubts.push({ a: record, b: refOf(match.record.id), evidence: { weighed: weighedOf(match.explain()), veto: match.veto }, width: width + near.ofWorker(workerId).length });
  };

  for (const record of fresh) {
    const choices = await choicesOf(record);
    const known = told.worker(record);
    const best = known === undefined ? choices.find((choice) => mayJoin(record, choice)) : undefined;
    const workerId = known ?? best?.workerId ?? crypto.randomUUID();
    const evidence = known !== undefined ? byWord : best ? modelEvidence(best.match, refOf(best.match.record.id)) : first;
    placements.push({ record, workerId, evidence, created: evidence === first });
    told.place(record, workerId);
    near.add(placedOf(workerId, record), keys.get(linkIdOf(record))!);
    for (const choice of choices) if (choice.workerId !== workerId) doubt(record, near.ofWorker(workerId).length, choice);
  }
  for (const { record, workerId } of changed) {
    const choices = (await choicesOf(record)).filter((choice) => choice.workerId !== workerId);
    // One record alone goes where it belongs by now; a worker of several is not torn by machine.
    const alone = near.ofWorker(workerId).every((other) => other.record.id === linkIdOf(record));
    const best = alone ? choices.find((choice) => mayJoin(record, choice)) : undefined;
    if (best) moves.push({ record, workerId, to: best.workerId, evidence: modelEvidence(best.match, refOf(best.match.record.id)) });
    for (const choice of choices) if (choice !== best) doubt(record, Math.max(1, near.ofWorker(workerId).length), choice);
  }
  return { placements, moves, doubts, filed: all.map((record) => ({ agency: record.agency, recordId: record.recordId, keys: keys.get(linkIdOf(record))! })) };
}
