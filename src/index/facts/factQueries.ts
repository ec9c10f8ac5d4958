import { catalogue } from '../catalogue.ts';
import type { StatisticsEntity } from '../dimension.ts';
import { type Entity, entities } from '../fields.ts';
import { always, moreSpans, never, openEnd, spanNames } from './spans.ts';
import { by, endless, programmes, type RawTable, rawColumns } from './state.ts';

/*
 * What stands on facts, as queries over what `statements` makes (see state.ts): `f` is the fact's own row, `w` the worker's with what is made for her.
 */

/** First day on which a fact is one: facts that are younger than the day asked for do not count. */
const since: Readonly<Record<Entity, string>> = {
  worker: always,
  placement: 'coalesce(f.registered_on, f.departed_on, f.contract_start)',
  coverage: 'coalesce(f.registered_on, f.window_start)',
  case: 'f.opened_on',
  health: 'f.start_on',
  stay: 'f.reported_on',
  // Some are found before they begin.
  gap: 'least(f.since, f.found_on)',
};

const spans = (of: 'f' | 'w', ...names: readonly string[]) => names.flatMap(spanNames).map((column) => `${of}."${column}"`).join(', ');
const covers = programmes.map((name) => name.toLowerCase());

/** What stands on facts besides dimensions and measures; without null, as spans are (see spans.ts). */
const further: Readonly<Partial<Record<Entity, string>>> = {
  worker: `${spans('w', 'abroad', ...covers)}, ${spans('f', 'exposed', 'critical')}, w."${moreSpans}" || f."${moreSpans}" "${moreSpans}"`,
  gap: `f.open_from "openFrom", coalesce(f.open_to, ${openEnd}) "openTo", f.on_placement "onPlacement"`,
  placement: `coalesce(f.abroad_from, ${never}) "abroadFrom", coalesce(f.abroad_to, ${openEnd}) "abroadTo", ${spans('w', ...covers)}, w."${moreSpans}"`,
};

/** SQL of the time for which a fact held, where that is not the epoch. */
const held: Readonly<Partial<Record<Entity, { readonly from: string; readonly to: string }>>> = {
  worker: { from: 'f.gf', to: 'f.gt' },
  gap: { from: 'f.gf', to: 'f.gt' },
};

/** Columns of a fact that the catalogue asks for, by name: SQL over `f` and `w`. */
export function storedColumns(entity: StatisticsEntity): Map<string, string> {
  const dimensions = entity.dimensions.flatMap(({ name, stored }) => (stored === undefined ? [] : [[name, stored] as const]));
  return new Map([...dimensions, ...entity.measures.flatMap(({ stored }) => Object.entries(stored ?? {}))]);
}

/** Columns that are texts in the index and numbers of a dictionary in the facts. */
export function encodedColumns(entity: StatisticsEntity): Map<string, string> {
  return new Map(entity.dimensions.flatMap(({ name, type, stored }) => (stored !== undefined && 'dictionary' in type ? [[name, type.dictionary] as const] : [])));
}

/** The dictionaries of columns of the rows of the index: of those that facts take over as they are. */
export function rawDictionaries(): { readonly table: RawTable; readonly column: string; readonly dictionary: string }[] {
  const found = new Map<string, { readonly table: RawTable; readonly column: string; readonly dictionary: string }>();
  for (const name of entities) {
    const stored = storedColumns(catalogue[name]);
    for (const [dimension, dictionary] of encodedColumns(catalogue[name])) {
      const [, of, column] = /^([fw])\."?(\w+)"?$/.exec(stored.get(dimension)!) ?? [];
      const table = of === 'w' ? 'worker' : name;
      if (column !== undefined && column in rawColumns[table]) found.set(`${table} ${column}`, { table, column, dictionary });
    }
  }
  return [...found.values()];
}

/** The facts of an entity: those that still stand, or those that did once. */
export function factQuery(name: Entity, which: 'live' | 'past'): string {
  const entity = catalogue[name];
  const { from, to } = held[name] ?? { from: 'f.ef', to: 'f.et' };
  const columns = [...storedColumns(entity)].map(([column, sql]) => `${sql} "${column}"`);
  const own = [
    'f.serial', 'w.cell_key::uinteger "personKey"', `${name === 'worker' ? 'w.cell_key::uinteger' : 'f.fact_key'} "factKey"`, `coalesce(${since[name]}, ${always}) "since"`, `${from} "recordedFrom"`,
    `${which === 'live' ? 'null::bigint' : to} "recordedTo"`,
  ];
  const claims = ['w.area1', 'w.area2', `case when w.more_areas is not null then string_split(w.more_areas, ',')::bigint[] end "areaMore"`, 'w.date_of_birth "bornOn"'];
  return `select ${[...own, ...claims, ...(further[name] === undefined ? [] : [further[name]]), ...columns].join(', ')} from in_${name} f join w using (${by}) where ${to} ${which === 'live' ? '=' : '<'} ${endless}`;
}
