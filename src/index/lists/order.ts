import { type SQL, sql } from 'drizzle-orm';
import { type Entity, type Field, fieldsOf } from '../fields.ts';
import { typeOf } from './compare.ts';
import { wrongInput } from './fault.ts';
import { allOf, anyOf, type Row, tieOf } from './rows.ts';
import { type Making, valueOf } from './where.ts';

/** A field to sort by, as the schema names it (`CONTRACT_END`). */
export interface Order {
  readonly field: string;
  readonly direction: 'ASC' | 'DESC';
}

/** Most fields to sort by. */
export const mostOrders = 3;

/** The schema's name of a field in an order. */
export function orderName({ name }: Field): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

/** Where a row stands in a list: its sort values as text, and what tells it apart from all others. */
export interface Position {
  readonly keys: readonly (string | null)[];
  readonly tie: readonly string[];
}

/** A list's order: rows without a value come last, whichever the direction; rows that are alike go by worker and record. */
export interface Ordering {
  /** The sort values as text, for the position of a row. */
  readonly keys: readonly SQL[];
  /** For `order by`, where `part` says which of the list is read. */
  by(part: Part): SQL;
  /** Rows of the part; null: all of the list. */
  in(part: Part): SQL | null;
  /** Rows of the part behind a position. */
  behind(part: Part, position: Position): SQL;
  /** The parts in which a list is read, one after the other, from a position on: an index serves each from its middle. */
  partsFrom(position: Position | null): readonly Part[];
}

/** The rows with a value in the first field, those without, or all where there is none to sort by. */
export type Part = 'valued' | 'empty' | 'whole';

export function orderingOf(making: Making, entity: Entity, row: Row, orders: readonly Order[]): Ordering {
  if (orders.length > mostOrders) throw wrongInput(`orderBy takes at most ${mostOrders} fields.`);
  const sorts = orders.map(({ field: wanted, direction }) => {
    const field = fieldsOf[entity].find((one) => one.sortable && orderName(one) === wanted);
    if (!field) throw wrongInput('orderBy names no field that can be sorted by.');
    const column = valueOf(making, entity, row, field);
    // By bytes: the same on every server, and what an index is made of.
    const value = field.kind === 'text' ? sql`${column} collate "C"` : column;
    return { value, text: sql`${column}::text`, type: typeOf(field.kind), down: direction === 'DESC' };
  });
  const [first, ...others] = sorts;
  const down = sorts.at(-1)?.down ?? false;
  const tie = tieOf[entity].map((column) => row.column(column));
  const tieValues = ({ tie: values }: Position) => tieOf[entity].map((column, i) => (column === 'worker_id' || column === 'id' ? sql`${values[i]}::uuid` : sql`${values[i]}::text`));
  const tuple = (parts: readonly SQL[]) => sql`(${sql.join([...parts], sql`, `)})`;
  const way = (isDown: boolean) => (isDown ? sql`desc` : sql`asc`);
  const past = (isDown: boolean) => (isDown ? sql`<` : sql`>`);

  /** Behind the position in the fields from `from` on, given that those before are alike. */
  function behindFrom(from: number, position: Position): SQL {
    const alternatives: SQL[] = [];
    const alike: SQL[] = [];
    for (let i = from; i < sorts.length; i += 1) {
      const { value, type, down: isDown } = sorts[i]!;
      const key = position.keys[i] ?? null;
      if (key !== null) alternatives.push(allOf([...alike, sql`(${value} ${past(isDown)} ${key}::${type} or ${value} is null)`]));
      alike.push(key === null ? sql`${value} is null` : sql`${value} = ${key}::${type}`);
    }
    alternatives.push(allOf([...alike, sql`${tuple(tie)} ${past(down)} ${tuple(tieValues(position))}`]));
    return anyOf(alternatives);
  }

  return {
    keys: sorts.map(({ text }) => text),
    by(part) {
      const sorting = part === 'valued' && first ? [sql`${first.value} ${way(first.down)}`] : [];
      for (const { value, down: isDown } of others) sorting.push(sql`${value} ${way(isDown)} nulls last`);
      return sql.join([...sorting, ...tie.map((column) => sql`${column} ${way(down)}`)], sql`, `);
    },
    in: (part) => (first && part !== 'whole' ? sql`${first.value} is ${part === 'valued' ? sql`not null` : sql`null`}` : null),
    behind(part, position) {
      const key = position.keys[0] ?? null;
      if (part === 'whole' || !first) return sql`${tuple(tie)} ${past(down)} ${tuple(tieValues(position))}`;
      if (part === 'empty') return behindFrom(1, position);
      if (key === null) return sql`false`;
      // In this form an index is entered at the position; in the general one only at its first field.
      if (others.length === 0) return sql`${tuple([first.value, ...tie])} ${past(down)} ${tuple([sql`${key}::${first.type}`, ...tieValues(position)])}`;
      return allOf([sql`${first.value} ${first.down ? sql`<=` : sql`>=`} ${key}::${first.type}`, behindFrom(0, position)]);
    },
    partsFrom(position) {
      if (!first) return ['whole'];
      return position && (position.keys[0] ?? null) === null ? ['empty'] : ['valued', 'empty'];
    },
  };
}
