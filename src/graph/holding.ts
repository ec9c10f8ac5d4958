import type { Provenance } from '../domain/record.ts';
import type { WorkerRecord } from '../records/answer.ts';
import type { GraphContext } from './context.ts';
import { perRequest } from './perRequest.ts';

/** Whose a fact is, and which record holds it. */
export interface Holding {
  readonly workerId: string;
  readonly provenance: Provenance;
}

interface Holdings {
  /** Workers whose facts nobody has asked about yet. */
  open: WorkerRecord[];
  readonly byFact: Map<object, Holding>;
}

const holdingsOf = perRequest((): Holdings => ({ open: [], byFact: new Map() }));

/**
 * Lets the facts of a worker be asked about in this request. Facts go out as the agency's adapter made them: few questions select where a fact comes from, and
 * to write it on every fact of every worker is most of what showing them costs.
 */
export function noteFacts(context: GraphContext, worker: WorkerRecord): void {
  holdingsOf(context).open.push(worker);
}

/** Where a fact of a noted worker stands. */
export function holdingOf(context: GraphContext, fact: object): Holding {
  const { open, byFact } = holdingsOf(context);
  for (const worker of open.splice(0)) {
    for (const { records } of worker.answers) {
      for (const { record, provenance } of records) {
        const holding: Holding = { workerId: worker.id, provenance };
        for (const list of [record.placements, record.coverages, record.healthMemberships, record.cases, record.stays]) for (const one of list) byFact.set(one, holding);
      }
    }
  }
  const holding = byFact.get(fact);
  if (!holding) throw new Error('a fact of a worker that was not read in this request');
  return holding;
}

/** Lets a copy of a fact be asked about like the fact. */
export function noteCopy(context: GraphContext, fact: object, copy: object): void {
  holdingsOf(context).byFact.set(copy, holdingOf(context, fact));
}
