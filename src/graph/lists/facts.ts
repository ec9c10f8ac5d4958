import type { AgencyRecord } from '../../domain/record.ts';
import { caseKey, coverageKey, keyed, placementKey } from '../../index/project.ts';
import type { Listed } from '../../index/lists/lists.ts';
import type { WorkerRecord } from '../../records/answer.ts';
import type { Case } from '../../domain/case.ts';
import type { Coverage } from '../../domain/coverage.ts';
import type { Placement } from '../../domain/placement.ts';

/** The facts that the index lists, by entity. */
export interface Facts {
  placement: Placement;
  coverage: Coverage;
  case: Case;
}

const kinds: { readonly [E in keyof Facts]: { readonly pick: (record: AgencyRecord) => readonly Facts[E][]; readonly keyOf: (value: Facts[E]) => string } } = {
  placement: { pick: (record) => record.placements, keyOf: placementKey },
  coverage: { pick: (record) => record.coverages, keyOf: coverageKey },
  case: { pick: (record) => record.cases, keyOf: caseKey },
};

/** The fact that a row of the index is of, as it stands on the record now; null where it is gone, or the caller may no longer see it. */
export function factOf<E extends keyof Facts>(entity: E, worker: WorkerRecord, { agency, recordId, key }: Listed): Facts[E] | null {
  const { pick, keyOf } = kinds[entity];
  const sourced = worker.answers.flatMap(({ records }) => records).find(({ record }) => record.agency === agency && record.recordId === recordId);
  return (sourced && keyed(pick(sourced.record), keyOf).find(([name]) => name === key)?.[1]) ?? null;
}
