import { type AgencyRecord, type Facet, facets as allFacets } from '../../domain/record.ts';
import { seesEveryPlacement } from '../../access/sight.ts';
import type { Day } from '../../domain/time.ts';
import { type Held, type ProtectionFacts, type ProtectionInput, protectionInput } from '../../protection/input.ts';
import type { WorkerRecord } from '../../records/answer.ts';
import { type GraphContext, mayRead } from '../context.ts';

/** What the rules may know of a worker: the facets a field declares, where an agency answered and the caller may read them. All else is unknown, not empty. */
export function protectionFacts(worker: WorkerRecord, facets: readonly Facet[], asOf: Day, context: GraphContext): ProtectionFacts {
  const known = new Set(facets.filter((facet) => mayRead(context, facet) && (facet === 'IDENTITY' ? worker.answers.some(({ records }) => records.length > 0) : worker.facts<object>(facet, () => []) !== null)));
  const records = worker.answers.flatMap((answer) => answer.records);
  const speaks = (name: string) => context.agencies.some((agency) => agency.name === name && agency.holds.some((facet) => facet !== 'IDENTITY' && known.has(facet)));
  const held = <T>(facet: Facet, pick: (record: AgencyRecord) => readonly T[]): Held<T>[] =>
    known.has(facet) ? records.flatMap(({ record, provenance }) => pick(record).map((value) => ({ value, source: provenance }))) : [];
  return {
    asOf,
    placements: held('PLACEMENT', (record) => record.placements),
    coverages: held('SOCIAL_SECURITY', (record) => record.coverages),
    health: held('HEALTH_INSURANCE', (record) => record.healthMemberships),
    cases: held('CASE', (record) => record.cases),
    stays: held('STAY', (record) => record.stays),
    // Only of agencies of which something else is known here, too: evidence names the record, and a card's number is its scope's.
    persons: held('IDENTITY', (record) => (speaks(record.agency) ? [record.person] : [])),
    allPlacements: seesEveryPlacement(context.caller),
    unknown: new Set(allFacets.filter((facet) => !known.has(facet))),
  };
}

/** The same, ready for the rules. */
export function inputFor(worker: WorkerRecord, facets: readonly Facet[], asOf: Day, context: GraphContext): ProtectionInput {
  return protectionInput(protectionFacts(worker, facets, asOf, context), context.thresholds);
}
