import type { AgencyRecord } from '../../src/domain/record.ts';
import type { Day } from '../../src/domain/time.ts';
import type { ProtectionFacts } from '../../src/protection/input.ts';

/** A person's records as the rules read them, as if every agency had answered today. BPJS Kesehatan answers for the service date, not with a history. */
export function factsFrom(records: readonly AgencyRecord[], asOf: Day): ProtectionFacts {
  const held = <T>(pick: (record: AgencyRecord) => readonly T[]) => records.flatMap((record) => pick(record).map((value) => ({ value, source: { agency: record.agency, recordId: record.recordId } })));
  return {
    asOf,
    placements: held((record) => record.placements),
    coverages: held((record) => record.coverages),
    health: held((record) => record.healthMemberships.filter(({ serviceDate }) => serviceDate <= asOf).slice(0, 1).map((membership) => ({ ...membership, serviceDate: asOf }))),
    cases: held((record) => record.cases),
    stays: held((record) => record.stays),
    persons: held((record) => [record.person]),
    unknown: new Set(),
  };
}
