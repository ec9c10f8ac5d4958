import { type SQL, sql } from 'drizzle-orm';
import type { Field, FieldKind } from '../fields.ts';
import { wrongInput } from './fault.ts';
import { allOf, anyOf, exists, type NewRow, type Row, within } from './rows.ts';
import type { IndexSight } from './sight.ts';

/*
 * What a worker's attributes are: those of her golden record. A caller from whom a whole record of hers is hidden must not learn what that record says: for him
 * they are the words of the first agency, in the order of agencies, among the records that he may see.
 */

interface Making {
  readonly sight: IndexSight;
  readonly newRow: NewRow;
  readonly agencies: readonly string[];
}

/** Whether any of her records is hidden from the caller, and a way to her others; null where none can be. */
function hiding({ sight, newRow }: Making, worker: Row): { readonly any: SQL; readonly record: Row; readonly shown: SQL } | null {
  const [hidden, record] = [newRow('record'), newRow('record')];
  const [there, shown] = [sight.shows(hidden), sight.shows(record)];
  if (!there || !shown) return null;
  const hers = (of: Row) => sql`${of.column('worker_id')} = ${worker.column('worker_id')}`;
  return { any: exists(hidden, allOf([hers(hidden), sql`not ${there}`])), record, shown: allOf([hers(record), record.live, shown]) };
}

/** The columns of records that hold an attribute, where it is not the column of the same name. */
const levels: Readonly<Record<string, number>> = { province: 1, regency: 2, district: 3 };

/** A worker's attribute. */
export function workerValue(making: Making, worker: Row, { column, kind }: Pick<Field, 'column'> & { readonly kind: FieldKind }): SQL {
  const golden = worker.column(column);
  const hide = hiding(making, worker);
  if (!hide) return golden;
  const { record } = hide;
  const theirs = kind === 'area' ? sql`${record.column('areas')}[${sql.raw(String(levels[column] ?? 1))}]` : record.column(column);
  const order = sql`array_position(array[${sql.join(making.agencies.map((agency) => sql`${agency}::text`), sql`, `)}], ${record.column('agency')}), ${record.column('record_id')}`;
  return sql`(case when ${hide.any} then (select ${theirs} from ${record.from} where ${hide.shown} and ${theirs} is not null order by ${order} limit 1) else ${golden} end)`;
}

/** Whether a worker comes from one of the areas. */
export function originWithin(making: Making, worker: Row, areas: readonly string[]): SQL {
  const byLevel = Map.groupBy(areas, (area) => area.split('.').length);
  if (byLevel.has(4)) throw wrongInput('origin.in takes provinces, regencies and districts: the index knows no villages.');
  return anyOf(
    Object.entries(levels).flatMap(([column, level]) => {
      const codes = byLevel.get(level);
      return codes ? [within(workerValue(making, worker, { column, kind: 'area' }), codes)] : [];
    }),
  );
}
