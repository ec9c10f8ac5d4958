import { orMinusOne } from './expression.ts';
import type { KeyColumn } from './keys.ts';
import type { ColumnType } from './shape.ts';

/*
 * What a scan asks of the facts themselves, and what of their profiles, which tell some columns of theirs (see facts/profiles.ts).
 */

/** What one of the two is asked. */
export interface Selected {
  /** What adds up to the number of a cell. */
  readonly keys: AskedKey[];
  readonly conditions: AskedCondition[];
  readonly values: { readonly sql: string; readonly type: ColumnType }[];
}

/** A key as SQL, and what one more of its places adds to the number of a cell. */
export interface AskedKey extends KeyColumn {
  readonly stride: number;
}

/** A condition as SQL, and what it adds to the number of a cell where it is met. */
export interface AskedCondition {
  readonly sql: string;
  readonly stride: number;
}

/** Numbers of facts as SQL. */
export interface AskedNumbers {
  readonly sql: string;
  readonly type: ColumnType;
  readonly least: number;
  readonly currency: { readonly code: number } | { readonly sql: string } | null;
}

/** What a question asks of facts, whoever tells it. */
export interface Asked {
  readonly keys: readonly AskedKey[];
  readonly conditions: readonly AskedCondition[];
  readonly numbers: readonly AskedNumbers[];
}

export interface Selection {
  readonly row: Selected;
  readonly told: Selected;
  /** Of the numbers, by which of the two and at which place among its values they come. */
  readonly numbers: readonly { readonly selected: Selected; readonly at: number; readonly least: number; readonly currency: AskedNumbers['currency'] }[];
}

/** `profile`: the columns that profiles tell. They are asked only where that spares something. */
export function selectionOf(asked: Asked, profile: ReadonlySet<string>): Selection {
  const byProfiles = select(asked, profile);
  return spares(byProfiles) ? byProfiles : select(asked, new Set());
}

function select({ keys, conditions, numbers }: Asked, profile: ReadonlySet<string>): Selection {
  const [row, told]: readonly [Selected, Selected] = [{ keys: [], conditions: [], values: [] }, { keys: [], conditions: [], values: [] }];
  const tellsOf = (sql: string) => (asksOnly(sql, profile) ? told : row);
  // Profiles tell no days.
  for (const key of keys) (key.grain === null ? tellsOf(key.sql) : row).keys.push(key);
  for (const condition of conditions) tellsOf(condition.sql).conditions.push(condition);
  const selected = numbers.map(({ sql, type, least, currency }) => {
    const own = currency && 'sql' in currency ? currency.sql : null;
    const by = own === null || asksOnly(own, profile) ? tellsOf(sql) : row;
    const at = by.values.push({ sql: `${orMinusOne(sql)}::${type}`, type }) - 1;
    if (own !== null) by.values.push({ sql: `${orMinusOne(own)}::integer`, type: 'integer' });
    return { selected: by, at, least, currency };
  });
  return { row, told, numbers: selected };
}

/** Whether profiles spare more than they take, which is a column: all that tells of cells, or more than one key, condition or number. */
function spares({ row, told }: Selection): boolean {
  return row.keys.length + row.conditions.length === 0 || told.keys.length + told.conditions.length + told.values.length > 1;
}

/** Whether SQL asks for some columns, and for none but these. */
function asksOnly(sql: string, columns: ReadonlySet<string>): boolean {
  const asked = [...sql.matchAll(/"(\w+)"/g)];
  return asked.length > 0 && asked.every(([, name]) => columns.has(name!));
}
