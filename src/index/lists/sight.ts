import { type SQL, sql } from 'drizzle-orm';
import { facetScope, type Grant } from '../../access/scopes.ts';
import { sensitiveCategories, sightOf } from '../../access/sight.ts';
import type { Entity } from '../fields.ts';
import { type Facet, facets } from '../../domain/record.ts';
import { allOf, anyOf, exists, type NewRow, probe, type Row, within } from './rows.ts';

/**
 * What a caller may see, as conditions on the rows of the index: the same as `sightOf` says of records (a property test compares them). Null stands for no condition.
 */
export interface IndexSight {
  /** Whether everything may be seen. */
  readonly all: boolean;
  /** Whether a fact may be seen, apart from whose it is. */
  allows(entity: Entity, row: Row): SQL | null;
  /** Whether what a gap says of the placement concerned may be seen. */
  allowsPlaced(gap: Row): SQL | null;
  /** Whether a worker may be seen. `given` is an entity of which she is known to have a fact that may be seen. */
  includes(workerId: SQL, given: Entity | null): SQL | null;
  /** Whether a record of a worker is there at all: facts were taken out and none is left. */
  shows(record: Row): SQL | null;
}

type Fact = Exclude<Entity, 'worker' | 'gap'>;
/** Facts that stand on records. */
const facts = ['placement', 'coverage', 'case', 'health', 'stay'] as const satisfies readonly Fact[];
/** Facts that a bound can speak of; the others go with the worker. */
const spoken = ['placement', 'case', 'stay'] as const satisfies readonly Fact[];

export function indexSight(grant: Grant, newRow: NewRow): IndexSight {
  const { missions, p3mis, areas } = grant.bounds;
  const all = sightOf(grant) === null;
  const sensitive = grant.scopes.has('case:sensitive');

  const plain = (category: SQL) => sql`not (${within(category, [...sensitiveCategories])})`;

  function allowsPlaced(gap: Row): SQL | null {
    const conditions = [missions && within(gap.column('mission'), missions), p3mis && within(gap.column('p3mi'), p3mis)].filter((condition) => condition !== undefined);
    return conditions.length === 0 ? null : allOf(conditions);
  }

  /** What a gap rests on must be seen: the same as `mayHearOf` says of its event. */
  function allowsGap(gap: Row): SQL | null {
    const held: readonly Facet[] = facets.filter((facet) => grant.scopes.has(facetScope[facet]));
    const inside = allowsPlaced(gap);
    const conditions = [
      held.length < facets.length ? sql`${gap.column('reach')} -> 'facets' <@ ${JSON.stringify(held)}::jsonb` : null,
      inside && sql`(not ${gap.column('on_placement')} or ${inside})`,
      missions ? sql`(${gap.column('case_mission')} is null or ${within(gap.column('case_mission'), missions)})` : null,
      sensitive ? null : sql`(${gap.column('case_category')} is null or ${plain(gap.column('case_category'))})`,
    ].filter((condition) => condition !== null);
    return conditions.length === 0 ? null : allOf(conditions);
  }

  function allows(entity: Entity, row: Row): SQL | null {
    if (entity === 'gap') return allowsGap(row);
    if (entity !== 'placement' && entity !== 'case' && entity !== 'stay') return null;
    const conditions = [
      missions && within(row.column('mission'), missions),
      entity === 'placement' && p3mis ? within(row.column('p3mi_id'), p3mis) : undefined,
      entity === 'case' && !sensitive ? plain(row.column('category')) : undefined,
    ].filter((condition) => condition !== undefined);
    return conditions.length === 0 ? null : allOf(conditions);
  }

  const ofRecord = (fact: Row, record: Row) =>
    sql`${fact.column('worker_id')} = ${record.column('worker_id')} and ${fact.column('agency')} = ${record.column('agency')} and ${fact.column('record_id')} = ${record.column('record_id')}`;

  function shows(record: Row): SQL | null {
    const hidden = spoken.flatMap((entity) => {
      const fact = newRow(entity);
      const allowed = allows(entity, fact);
      return allowed ? [probe(fact, sql`${ofRecord(fact, record)} and ${allowed} is not true`)] : [];
    });
    if (hidden.length === 0) return null;
    const left = facts.map((entity) => {
      const fact = newRow(entity);
      return probe(fact, allOf([ofRecord(fact, record), allows(entity, fact)]));
    });
    return sql`(not ${anyOf(hidden)} or ${anyOf(left)})`;
  }

  function includes(workerId: SQL, given: Entity | null): SQL | null {
    const ofWorker = () => {
      const worker = newRow('worker');
      return exists(worker, sql`${worker.column('worker_id')} = ${workerId}`);
    };
    // Of a worker who was merged away, gaps are left, and no record.
    if (all) return given === 'gap' ? ofWorker() : null;
    const has = (entity: Fact) => {
      const fact = newRow(entity);
      return exists(fact, allOf([sql`${fact.column('worker_id')} = ${workerId}`, allows(entity, fact)]));
    };
    const conditions: SQL[] = [];
    // A fact that may be seen stands on a record that is there.
    if (areas || (!missions && !p3mis && (given === null || given === 'worker' || given === 'gap'))) {
      const record = newRow('record');
      const inArea = areas && sql`${record.column('areas')} && array[${sql.join(areas.map((area) => sql`${area}::text`), sql`, `)}]::text[]`;
      // Few are outside where no bound is set, and few inside where one is.
      conditions.push((areas ? exists : probe)(record, allOf([sql`${record.column('worker_id')} = ${workerId}`, inArea ?? null, shows(record)])));
    }
    if (p3mis && given !== 'placement') conditions.push(has('placement'));
    if (missions && !spoken.some((entity) => entity === given) && !(p3mis && given !== 'placement')) conditions.push(anyOf(spoken.map(has)));
    return conditions.length === 0 ? null : allOf(conditions);
  }

  return { all, allows, allowsPlaced, includes, shows };
}
