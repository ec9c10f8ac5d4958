import { type SQL, sql } from 'drizzle-orm';
import { facetScope, type Scope } from '../../access/scopes.ts';
import { type Entity, type Field, fieldsOf, partsOf, periodsOf } from '../fields.ts';
import { compare, entriesOf, listOf } from './compare.ts';
import { wrongInput } from './fault.ts';
import { allOf, anyOf, exists, type NewRow, type Row, scopeOf } from './rows.ts';
import type { IndexSight } from './sight.ts';
import { originWithin, workerValue } from './workers.ts';

/** Conditions as the schema has them: filters by field, `and`, `or`, `not`, and conditions on what belongs to it. */
export type Where = Readonly<Record<string, unknown>>;

/** What a condition is made with. */
export interface Making {
  readonly sight: IndexSight;
  readonly newRow: NewRow;
  /** In the order in which their words count. */
  readonly agencies: readonly string[];
}

/** Most levels of conditions in conditions, and most of them in all. */
const mostLevels = 8;
const mostConditions = 100;

/** Conditions are looked at in one walk, before any is made into SQL. */
interface Walk {
  readonly scopes: Set<Scope>;
  conditions: number;
}

function isWhere(value: unknown): value is Where {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function whereOf(value: unknown, path: string): Where {
  if (!isWhere(value)) throw wrongInput(`${path} must be conditions.`);
  return value;
}

/** The scopes that the conditions need. Throws where they are too many or too deep. */
export function scopesOf(entity: Entity, where: Where | null): ReadonlySet<Scope> {
  const walk: Walk = { scopes: new Set(), conditions: 0 };
  needs(entity, walk);
  if (where) look(entity, where, 'where', 1, walk);
  return walk.scopes;
}

function needs(entity: Entity, { scopes }: Walk): void {
  const scope = scopeOf[entity];
  if (scope) scopes.add(scope);
}

function look(entity: Entity, where: Where, path: string, level: number, walk: Walk): void {
  if (level > mostLevels) throw wrongInput(`where has conditions in conditions deeper than ${mostLevels} levels.`);
  needs(entity, walk);
  for (const [name, value] of entriesOf(where, path)) {
    const at = `${path}.${name}`;
    if ((walk.conditions += 1) > mostConditions) throw wrongInput(`where has more than ${mostConditions} conditions.`);
    if (name === 'and' || name === 'or') for (const part of groupOf(value, at)) look(entity, part, at, level + 1, walk);
    else if (name === 'not') look(entity, whereOf(value, at), at, level + 1, walk);
    else if (entity !== 'worker' && name === 'worker') look('worker', whereOf(value, at), at, level + 1, walk);
    else if (entity === 'worker' && isPart(name)) {
      needs(partsOf[name], walk);
      for (const [quantifier, of] of entriesOf(whereOf(value, at), at)) look(partsOf[name], whereOf(of, `${at}.${quantifier}`), `${at}.${quantifier}`, level + 1, walk);
    } else if (typeof value === 'object') walk.conditions += Object.keys(value).length;
    if (fieldsOf[entity].some((field) => field.name === name && field.placed)) walk.scopes.add(facetScope.PLACEMENT);
  }
}

function groupOf(value: unknown, path: string): Where[] {
  if (!Array.isArray(value)) throw wrongInput(`${path} must be a list of conditions.`);
  return value.map((part: unknown) => whereOf(part, path));
}

const isPart = (name: string): name is keyof typeof partsOf => Object.hasOwn(partsOf, name);

/** The conditions on a row as SQL. Call {@link scopesOf} first. */
export function conditionOf(making: Making, entity: Entity, row: Row, where: Where, path = 'where'): SQL {
  return allOf(
    entriesOf(where, path).map(([name, value]): SQL => {
      const at = `${path}.${name}`;
      if (name === 'and') return allOf(groupOf(value, at).map((part) => conditionOf(making, entity, row, part, at)));
      if (name === 'or') return anyOf(groupOf(value, at).map((part) => conditionOf(making, entity, row, part, at)));
      // What is unknown does not hold, so its contrary does.
      if (name === 'not') return sql`${conditionOf(making, entity, row, whereOf(value, at), at)} is not true`;
      if (entity !== 'worker' && name === 'worker') return ofWorker(making, row, whereOf(value, at), at);
      if (entity === 'worker' && isPart(name)) return ofParts(making, partsOf[name], row, whereOf(value, at), at);
      const period = periodsOf[entity];
      if (period?.name === name) {
        const day = sql`${value as string}::date`;
        const to = row.column(period.to);
        return sql`(${row.column(period.from)} <= ${day} and (${to} is null or ${to} >= ${day}))`;
      }
      const field = fieldsOf[entity].find((one) => one.name === name);
      if (!field) throw wrongInput(`${at} is no field.`);
      return ofField(making, entity, row, field, whereOf(value, at), at);
    }),
  );
}

function ofField(making: Making, entity: Entity, row: Row, field: Field, filter: Where, path: string): SQL {
  if (field.kind === 'area') {
    return allOf(
      entriesOf(filter, path).map(([name, value]) => {
        if (name === 'in') return originWithin(making, row, listOf(value, `${path}.in`).map(String));
        return sql`${workerValue(making, row, { column: 'province', kind: 'area' })} is ${value === true ? sql`null` : sql`not null`}`;
      }),
    );
  }
  return compare(valueOf(making, entity, row, field), field.kind, filter, path);
}

/** A field's value as far as the caller may see it. */
export function valueOf(making: Making, entity: Entity, row: Row, field: Field): SQL {
  if (entity === 'worker') return workerValue(making, row, field);
  const value = row.column(field.column);
  const within = field.placed ? making.sight.allowsPlaced(row) : null;
  return within ? sql`(case when ${within} then ${value} end)` : value;
}

/** Conditions on the worker whom a fact is about. */
function ofWorker(making: Making, fact: Row, where: Where, path: string): SQL {
  const worker = making.newRow('worker');
  return exists(worker, allOf([sql`${worker.column('worker_id')} = ${fact.column('worker_id')}`, conditionOf(making, 'worker', worker, where, path)]));
}

/** Conditions on a worker's facts of a kind, as far as the caller may see them. */
function ofParts(making: Making, entity: Exclude<Entity, 'worker'>, worker: Row, quantifiers: Where, path: string): SQL {
  return allOf(
    entriesOf(quantifiers, path).map(([name, value]) => {
      const at = `${path}.${name}`;
      const fact = making.newRow(entity);
      const condition = conditionOf(making, entity, fact, whereOf(value, at), at);
      const hers = [sql`${fact.column('worker_id')} = ${worker.column('worker_id')}`, making.sight.allows(entity, fact)];
      switch (name) {
        case 'some':
          return exists(fact, allOf([...hers, condition]));
        case 'none':
          return sql`not ${exists(fact, allOf([...hers, condition]))}`;
        case 'every':
          return sql`not ${exists(fact, allOf([...hers, sql`${condition} is not true`]))}`;
        default:
          throw wrongInput(`${at} is none of some, none and every.`);
      }
    }),
  );
}
