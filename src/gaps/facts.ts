import { type AgencyRecord, type Facet, facets } from '../domain/record.ts';
import type { Day } from '../domain/time.ts';
import type { Held, ProtectionFacts } from '../protection/input.ts';

/**
 * A worker's stored records as the rules read them. `known` are the facets whose agencies' feeds have been read; BPJS Kesehatan has no feed, so that health
 * insurance is known of those only whom the crawl or a reader has asked about.
 */
export function indexFacts(records: readonly AgencyRecord[], asOf: Day, known: ReadonlySet<Facet>): ProtectionFacts {
  const held = <T>(pick: (record: AgencyRecord) => readonly T[]): Held<T>[] =>
    records.flatMap((record) => pick(record).map((value) => ({ value, source: { agency: record.agency, recordId: record.recordId } })));
  const health = held((record) => record.healthMemberships);
  const tells = (facet: Facet) => known.has(facet) || (facet === 'IDENTITY' && records.length > 0) || (facet === 'HEALTH_INSURANCE' && health.length > 0);
  return {
    asOf,
    placements: held((record) => record.placements),
    coverages: held((record) => record.coverages),
    health,
    cases: held((record) => record.cases),
    stays: held((record) => record.stays),
    persons: held((record) => [record.person]),
    unknown: new Set(facets.filter((facet) => !tells(facet))),
  };
}
