import { type SQL, sql } from 'drizzle-orm';
import { facetScope, type Scope } from '../../access/scopes.ts';
import type { Database, Queries } from '../../store/database.ts';
import { type Entity, type Field, type FieldKind, fieldsOf } from '../fields.ts';
import { ListFault } from '../lists/fault.ts';
import { type ListOf, statementOf } from '../lists/lists.ts';
import type { Order } from '../lists/order.ts';
import { type Row, tieOf } from '../lists/rows.ts';
import { type Making, scopesOf, valueOf, type Where } from '../lists/where.ts';
import { type ColumnType, type ExportColumn, ExportFault, type ExportSource, type ExportValue } from './source.ts';
import type { Grant } from '../../access/scopes.ts';

/** Lists that can be exported, by the name they are ordered under. */
export const exportedLists = { placements: 'placement', coverages: 'coverage', cases: 'case', workers: 'worker', gaps: 'gap' } as const satisfies Record<string, Entity>;
export type ExportedList = keyof typeof exportedLists;

/** Conditions and order of a list, as the schema has them. */
export interface GivenList {
  readonly where: Where | null;
  readonly orderBy: readonly Order[];
}

export interface ListSourceOptions {
  readonly database: Pick<Database, 'transaction'>;
  /** In the order in which their words count. */
  readonly agencies: readonly string[];
  /** Workers whose data may not be processed, as of when it is read: they are in no list. */
  readonly restricted: ReadonlySet<string>;
  /** The id by which the API knows a worker. */
  idOf(workerId: string): string;
  /** Rows read at once. Default 2000. */
  readonly batch?: number;
}

const types: Readonly<Record<FieldKind, ColumnType>> = { date: 'date', integer: 'integer', decimal: 'decimal', boolean: 'boolean', text: 'text', country: 'text', currency: 'text', enum: 'text', area: 'text', set: 'text' };

/** The columns of a field: an origin is one for each level. */
function columnsOf(field: Field): Field[] {
  return field.kind === 'area' ? ['province', 'regency', 'district'].map((column) => ({ ...field, name: column, column })) : [field];
}

/** The scopes that exporting a list needs; throws {@link ListFault} where it is not of its form. Persons are listed for those only who may know who they are. */
export function listScopes(entity: Entity, where: Where | null): ReadonlySet<Scope> {
  // All columns are in the file.
  const placed = fieldsOf[entity].some((field) => field.placed) ? [facetScope.PLACEMENT] : [];
  return new Set<Scope>(['workers:list', facetScope.IDENTITY, ...placed, ...scopesOf(entity, where)]);
}

/** A list as the index has it, read by a cursor in one transaction: one state of it, however long that takes. */
export function listSource(name: ExportedList, { where, orderBy }: GivenList, grant: Grant, options: ListSourceOptions): ExportSource {
  const entity: Entity = exportedLists[name];
  const { database, agencies, restricted, idOf, batch = 2_000 } = options;
  const fields = fieldsOf[entity].flatMap(columnsOf);
  const ids = tieOf[entity].includes('agency') ? ['agency'] : [];
  const columns: ExportColumn[] = [{ name: 'worker', type: 'text' }, ...ids.map((id) => ({ name: id, type: 'text' as const })), ...fields.map((field) => ({ name: field.name, type: types[field.kind] }))];
  const scopes = checked(() => listScopes(entity, where));
  if ([...scopes].some((scope) => !grant.scopes.has(scope))) throw new ExportFault('DENIED');
  const statement = checked(() => statementOf({ grant, entity, where, orderBy } satisfies ListOf, agencies, restricted));
  const selected = (making: Making, row: Row): SQL[] => [
    sql`${row.column('worker_id')} as c0`,
    ...ids.map((id) => sql`${row.column(id)} as c1`),
    ...fields.map((field, i) => sql`${columnOf(making, row, field)} as ${sql.identifier(`c${i + 1 + ids.length}`)}`),
  ];
  function columnOf(making: Making, row: Row, field: Field): SQL {
    const value = valueOf(making, entity, row, field);
    return field.kind === 'set' ? sql`array_to_string(${value}, '+')` : value;
  }
  // Exact numbers come as text, which all formats have room for.
  const names = columns.map((_, i) => `c${i}`);

  async function readPart(queries: Queries, rows: SQL, take: (workers: string[], rows: ExportValue[][]) => Promise<void>): Promise<void> {
    await queries.execute(sql`declare payung_export no scroll cursor for ${rows}`);
    for (;;) {
      const found = await queries.execute<Record<string, ExportValue>>(sql`fetch forward ${sql.raw(String(batch))} from payung_export`);
      if (found.length > 0) await take(found.map(({ c0 }) => c0 as string), found.map((row) => names.map((column, i) => (i === 0 ? idOf(row['c0'] as string) : row[column]!))));
      if (found.length < batch) break;
    }
    await queries.execute(sql`close payung_export`);
  }

  return {
    columns,
    classes: [...scopes].toSorted(),
    async read(take) {
      await database.transaction(async (q) => {
        for (const part of statement.ordering.partsFrom(null)) await readPart(q, statement.rows(part, selected), (workers, rows) => take({ rows, workers }));
      });
    },
  };
}

function checked<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof ListFault) throw new ExportFault('INPUT');
    throw error;
  }
}
