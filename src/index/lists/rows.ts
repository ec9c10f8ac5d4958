import { type SQL, sql } from 'drizzle-orm';
import { type Scope, facetScope } from '../../access/scopes.ts';
import type { Entity } from '../fields.ts';

/** The table of each entity's rows. */
const tables: Readonly<Record<Entity | 'record', string>> = {
  worker: 'indexed_worker',
  record: 'indexed_record',
  placement: 'indexed_placement',
  coverage: 'indexed_coverage',
  case: 'indexed_case',
  health: 'indexed_health',
  stay: 'indexed_stay',
  gap: 'gap',
};

/** Columns that tell rows of each entity apart. */
const ofFact = ['worker_id', 'agency', 'record_id', 'key'] as const;
export const tieOf: Readonly<Record<Entity, readonly string[]>> = { worker: ['worker_id'], placement: ofFact, coverage: ofFact, case: ofFact, health: ofFact, stay: ofFact, gap: ['worker_id', 'id'] };

/** The scope that reading an entity needs, and so filtering by it; null where it depends on the row. */
export const scopeOf: Readonly<Record<Entity, Scope | null>> = {
  worker: facetScope.IDENTITY,
  placement: facetScope.PLACEMENT,
  coverage: facetScope.SOCIAL_SECURITY,
  case: facetScope.CASE,
  health: facetScope.HEALTH_INSURANCE,
  stay: facetScope.STAY,
  gap: null,
};

/** A table under a name of its own in a statement. */
export class Row {
  readonly #alias: SQL;
  readonly #entity: Entity | 'record';

  constructor(entity: Entity | 'record', number: number) {
    this.#alias = sql.identifier(`${entity[0]}${number}`) as unknown as SQL;
    this.#entity = entity;
  }

  /** For `from`. */
  get from(): SQL {
    return sql`${sql.identifier(tables[this.#entity])} ${this.#alias}`;
  }

  column(name: string): SQL {
    return sql`${this.#alias}.${sql.identifier(name)}`;
  }

  /** Only the version that holds now; of gaps there is one alone. */
  get live(): SQL {
    return this.#entity === 'gap' ? sql`true` : sql`${this.column('recorded_to')} is null`;
  }
}

/** Gives out rows, each under another name. */
export type NewRow = (entity: Entity | 'record') => Row;

export function rowNames(): NewRow {
  let number = 0;
  return (entity) => new Row(entity, (number += 1));
}

/** All of the conditions; true where there is none. */
export function allOf(conditions: readonly (SQL | null)[]): SQL {
  const held = conditions.filter((condition) => condition !== null);
  return held.length === 0 ? sql`true` : sql`(${sql.join(held, sql` and `)})`;
}

/** Any of the conditions; false where there is none. */
export function anyOf(conditions: readonly SQL[]): SQL {
  return conditions.length === 0 ? sql`false` : sql`(${sql.join([...conditions], sql` or `)})`;
}

/** A list of values as parameters. */
export function within(what: SQL, values: readonly (string | number)[], type: SQL = sql`text`): SQL {
  if (values.length === 0) return sql`false`;
  return sql`${what} in (${sql.join(values.map((value) => sql`${value}::${type}`), sql`, `)})`;
}

/**
 * The same as {@link exists}, looked up row by row: for a condition that nearly all rows meet. The planner would read whole tables beforehand for an `exists` among
 * alternatives; of a scalar subquery it cannot.
 */
export function probe(row: Row, condition: SQL): SQL {
  return sql`(select true from ${row.from} where ${row.live} and ${condition} limit 1) is not null`;
}

/** Whether there is a live row of which the condition holds. */
export function exists(row: Row, condition: SQL): SQL {
  return sql`exists (select from ${row.from} where ${row.live} and ${condition})`;
}
