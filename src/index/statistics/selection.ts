import { orMinusOne } from './expression.ts';
import type { ColumnType } from './shape.ts';

/*
 * What a scan asks of the facts themselves, and what of their profiles, which tell some columns of theirs (see facts/profiles.ts).
 */

/** What one of the two is asked. */
export interface Selected {
  /** What is added up to a cell. */
  readonly terms: string[];
  readonly values: { readonly sql: string; readonly type: ColumnType }[];
}

/** A part of the number of a cell: what it is made of, and what is added. */
export interface Term {
  readonly sql: string;
  readonly term: string;
}

/** Numbers of facts as SQL. */
export interface AskedNumbers {
  readonly sql: string;
  readonly type: ColumnType;
  readonly least: number;
  readonly currency: { readonly code: number } | { readonly sql: string } | null;
}

export interface Selection {
  readonly row: Selected;
  readonly told: Selected;
  /** Of the numbers, by which of the two and at which place among its values they come. */
  readonly numbers: readonly { readonly selected: Selected; readonly at: number; readonly least: number; readonly currency: AskedNumbers['currency'] }[];
}

/** `profile`: the columns that profiles tell. They are asked only where that spares something. */
export function selectionOf(terms: readonly Term[], numbers: readonly AskedNumbers[], profile: ReadonlySet<string>): Selection {
  const byProfiles = select(terms, numbers, profile);
  return spares(byProfiles) ? byProfiles : select(terms, numbers, new Set());
}

function select(terms: readonly Term[], asked: readonly AskedNumbers[], profile: ReadonlySet<string>): Selection {
  const [row, told]: readonly [Selected, Selected] = [{ terms: [], values: [] }, { terms: [], values: [] }];
  const tellsOf = (sql: string) => (asksOnly(sql, profile) ? told : row);
  for (const { sql, term } of terms) tellsOf(sql).terms.push(term);
  const numbers = asked.map(({ sql, type, least, currency }) => {
    const own = currency && 'sql' in currency ? currency.sql : null;
    const selected = own === null || asksOnly(own, profile) ? tellsOf(sql) : row;
    const at = selected.values.push({ sql: `${orMinusOne(sql)}::${type}`, type }) - 1;
    if (own !== null) selected.values.push({ sql: `${orMinusOne(own)}::integer`, type: 'integer' });
    return { selected, at, least, currency };
  });
  return { row, told, numbers };
}

/** Whether profiles spare more than they take, which is a column: that of the cells, or more than one term or number. */
function spares({ row, told }: Selection): boolean {
  return row.terms.length === 0 || told.terms.length + told.values.length > 1;
}

/** Whether SQL asks for some columns, and for none but these. */
function asksOnly(sql: string, columns: ReadonlySet<string>): boolean {
  const asked = [...sql.matchAll(/"(\w+)"/g)];
  return asked.length > 0 && asked.every(([, name]) => columns.has(name!));
}
