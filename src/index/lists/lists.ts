import { type SQL, sql } from 'drizzle-orm';
import type { Grant } from '../../access/scopes.ts';
import type { Entity } from '../fields.ts';
import { type Cursors, listName } from './cursor.ts';
import { ListFault, wrongInput } from './fault.ts';
import type { Gate } from './gate.ts';
import { type Order, type Ordering, orderingOf, type Part, type Position } from './order.ts';
import { allOf, type Row, rowNames, tieOf } from './rows.ts';
import { indexSight } from './sight.ts';
import { conditionOf, type Making, scopesOf, type Where } from './where.ts';

export interface ListsOptions {
  readonly gate: Gate;
  readonly cursors: Cursors;
  /** In the order in which their words count. */
  readonly agencies: readonly string[];
  /** Workers whose data may not be processed: they are in no list. */
  readonly restricted: ReadonlySet<string>;
  /** Most rows that are counted. Default 100000. */
  readonly mostCounted?: number;
}

/** What is to be listed, for whom. */
export interface ListOf {
  readonly grant: Grant;
  readonly entity: Entity;
  readonly where: Where | null;
  readonly orderBy: readonly Order[];
}

export interface PageOf extends ListOf {
  readonly first: number;
  readonly after: string | null;
}

/** A row of a list: where the fact, or the worker, is found. */
export interface Listed {
  readonly workerId: string;
  /** Null for a worker and a gap, as is the record. */
  readonly agency: string | null;
  readonly recordId: string | null;
  /** Null for a worker; of a gap its id. */
  readonly key: string | null;
  readonly cursor: string;
}

export interface Page {
  readonly rows: readonly Listed[];
  readonly hasNextPage: boolean;
}

/** Lists of what the index holds, as far as a caller may see it. */
export interface Lists {
  /** Throws {@link ListFault} where the list cannot be given. The caller's scopes were checked before, by {@link scopesOf}. */
  page(wanted: PageOf): Promise<Page>;
  /** How many rows the list has; null where they are too many, or too dear, to count. */
  count(wanted: ListOf): Promise<number | null>;
}

type Found = Record<string, unknown> & { readonly worker_id: string; readonly agency?: string; readonly record_id?: string; readonly key?: string; readonly id?: string; readonly sort: readonly (string | null)[] };

export interface Statement {
  /** All rows of a part, with columns of one's own. */
  rows(part: Part, columns: (making: Making, row: Row) => readonly SQL[]): SQL;
  page(part: Part, position: Position | null, limit: number): SQL;
  count(limit: number): SQL;
  readonly ordering: Ordering;
}

/** The statements of a list. Pure. */
export function statementOf({ grant, entity, where, orderBy }: ListOf, agencies: readonly string[], restricted: ReadonlySet<string>): Statement {
  const newRow = rowNames();
  const making: Making = { sight: indexSight(grant, newRow), newRow, agencies };
  const row = newRow(entity);
  const ordering = orderingOf(making, entity, row, orderBy);
  const workerId = row.column('worker_id');
  const conditions = [
    row.live,
    restricted.size === 0 ? null : sql`${workerId} not in (select jsonb_array_elements_text(${JSON.stringify([...restricted])}::jsonb)::uuid)`,
    making.sight.allows(entity, row),
    making.sight.includes(workerId, entity),
    where && conditionOf(making, entity, row, where),
  ];
  const ids = sql.join(tieOf[entity].map((name) => row.column(name)), sql`, `);
  // As JSON: the driver reads a null in an array of texts as a text.
  const sort = sql`jsonb_build_array(${sql.join([...ordering.keys], sql`, `)})`;
  return {
    ordering,
    rows: (part, columns) => sql`select ${sql.join([...columns(making, row)], sql`, `)} from ${row.from} where ${allOf([...conditions, ordering.in(part)])} order by ${ordering.by(part)}`,
    page(part, position, limit) {
      const held = allOf([...conditions, ordering.in(part), position && ordering.behind(part, position)]);
      return sql`select ${ids}, ${sort} as sort from ${row.from} where ${held} order by ${ordering.by(part)} limit ${limit}`;
    },
    count: (limit) => sql`select count(*)::int as count from (select from ${row.from} where ${allOf(conditions)} limit ${limit}) counted`,
  };
}

export function createLists(options: ListsOptions): Lists {
  const { gate, cursors, agencies, restricted, mostCounted = 100_000 } = options;

  return {
    async page(wanted) {
      const { entity, where, orderBy, first, after } = wanted;
      scopesOf(entity, where);
      const { page, ordering } = statementOf(wanted, agencies, restricted);
      const list = listName(entity, where, orderBy);
      const start = after === null ? null : positionOf(cursors.read(after, list), entity, orderBy.length);
      const found: Found[] = [];
      for (const part of ordering.partsFrom(start)) {
        if (found.length > first) break;
        // What is behind a position of an earlier part is all of this one.
        const from = start && part === 'empty' && (start.keys[0] ?? null) !== null ? null : start;
        found.push(...(await gate.run<Found>(page(part, from, first + 1 - found.length))));
      }
      const rows = found.slice(0, first).map((row): Listed => {
        const { worker_id: workerId, agency = null, record_id: recordId = null } = row;
        const position: Position = { keys: row.sort, tie: tieOf[entity].map((column) => row[column] as string) };
        return { workerId, agency, recordId, key: row.key ?? row.id ?? null, cursor: cursors.write(position, list) };
      });
      return { rows, hasNextPage: found.length > first };
    },
    async count(wanted) {
      scopesOf(wanted.entity, wanted.where);
      try {
        const [row] = await gate.run<{ count: number }>(statementOf(wanted, agencies, restricted).count(mostCounted + 1));
        return row!.count > mostCounted ? null : row!.count;
      } catch (error) {
        if (error instanceof ListFault && error.code === 'QUERY_TOO_COMPLEX') return null;
        throw error;
      }
    },
  };
}

/** A cursor's content, which only this module writes. */
function positionOf(content: unknown, entity: Entity, keys: number): Position {
  const position = content as Position;
  if (position.keys.length !== keys || position.tie.length !== tieOf[entity].length) throw wrongInput('after is a cursor of another list.');
  return position;
}
