import { join } from 'node:path';
import type { Grant } from '../../access/scopes.ts';
import type { Day } from '../../domain/time.ts';
import { catalogue } from '../catalogue.ts';
import type { Measure } from '../dimension.ts';
import type { Manifest } from '../facts/files.ts';
import { quoted } from '../facts/quoted.ts';
import type { Entity } from '../fields.ts';
import { codeOf, ready, type Scene } from './expression.ts';
import { columnOf, type GroupKey, placesOf } from './keys.ts';
import { maskedSql, reachSql } from './reach.ts';
import { type AskedNumbers, type Selected, selectionOf } from './selection.ts';
import { type CellPart, type ColumnType, type Part, placeOfCondition, type Shape } from './shape.ts';
import { type Where, whereSql } from './where.ts';

/** A question about facts. */
export interface Question {
  readonly entity: Entity;
  readonly where: Where;
  readonly groupBy: readonly GroupKey[];
  /** Whether to tell also of the first keys without the last ones, down to all together. */
  readonly rollUp: boolean;
  readonly measures: readonly Measure[];
  /** The day for which facts are looked at (valid time). */
  readonly day: Day;
  /** The moment whose knowledge is used, milliseconds since 1970 (recorded time); null: the latest. */
  readonly knownAt: number | null;
}

/** Facts in one state, from which a question is answered. */
export interface Ground {
  readonly manifest: Manifest;
  readonly folder: string;
}

/** A question as scans of pieces of the facts. */
export interface Plan {
  readonly sqls: readonly string[];
  readonly types: readonly ColumnType[];
  /** Reads what profiles tell; null where nothing is asked of them. */
  readonly profiles: { readonly sql: string; readonly types: readonly ColumnType[] } | null;
  /** Numbers that there can be of a cell with its conditions. */
  readonly cells: number;
  readonly shape: Shape;
}

/** Largest number of cells of which each still has an exact number. */
export const mostCells = 2 ** 53;

export const sceneOf = ({ entity, day }: Pick<Question, 'entity' | 'day'>, { manifest }: Ground): Scene => ({ entity: catalogue[entity], dictionaries: manifest.dictionaries, day });

/** SQL that reads the facts of an entity that were known at the moment. */
function source({ manifest, folder }: Ground, entity: Entity, knownAt: number | null): string {
  const files = Object.values(manifest.buckets[entity]).flatMap(({ live, past }) => [live, knownAt === null ? null : past].flatMap((file) => (file ? [quoted(join(folder, file.path))] : [])));
  if (files.length === 0) return '';
  const read = `read_parquet([${files.join(', ')}])`;
  return knownAt === null ? read : `(select * from ${read} where "recordedFrom" <= ${knownAt} and ("recordedTo" is null or "recordedTo" > ${knownAt}))`;
}

/** Buckets of workers that are read at a time, by the number of the piece: each costs a little by itself, and is kept in memory while it is folded. */
type BucketsOf = (piece: number) => number;
const many = 8;
const inLargePieces: BucketsOf = () => many;
/** Where a few persons are looked for, which mostly are found in the first piece; those who are not there may be nowhere. Two of each size, as two processes read. */
const inGrowingPieces: BucketsOf = (piece) => Math.min(many, 2 ** Math.floor(piece / 2));

/** The facts in pieces of some buckets each; all of a worker's are in the same. */
function pieces({ manifest, folder }: Ground, bucketsOf: BucketsOf): Ground[] {
  const left = [...new Set(Object.values(manifest.buckets).flatMap((buckets) => Object.keys(buckets).map(Number)))].toSorted((a, b) => a - b);
  const made: Ground[] = [];
  while (left.length > 0) {
    const some = left.splice(0, bucketsOf(made.length));
    const buckets = Object.fromEntries(Object.entries(manifest.buckets).map(([entity, of]) => [entity, Object.fromEntries(some.flatMap((bucket) => (of[bucket] ? [[bucket, of[bucket]]] : [])))]));
    made.push({ folder, manifest: { ...manifest, buckets: buckets as Manifest['buckets'] } });
  }
  return made;
}

/** SQL of the pieces of the facts that a question may look at, each with a place for its condition. */
function readings(question: Question, grant: Grant, ground: Ground, bucketsOf: BucketsOf): ((where: string) => string)[] {
  return pieces(ground, bucketsOf).flatMap((piece) => from(question, grant, piece) ?? []);
}

/** SQL of pieces of the facts that a question may look at, the first small, whatever its condition, with {@link placeOfCondition} for another one. */
export function growingReadings(question: Question, grant: Grant, ground: Ground): string[] {
  return readings(question, grant, ground, inGrowingPieces).map((reading) => reading(placeOfCondition));
}

/** SQL of the facts that a question may look at, with a place for its condition; null where there are none at all. */
function from(question: Question, grant: Grant, ground: Ground): ((where: string) => string) | null {
  const { entity, knownAt, day } = question;
  const own = source(ground, entity, knownAt);
  if (own === '') return null;
  const codes = (dictionary: string, texts: Iterable<string>) => [...texts].flatMap((text) => codeOf(ground.manifest, dictionary, text) ?? []);
  const reach = reachSql(grant, {
    entity,
    source: (other) => source(ground, other, knownAt) || `(select null::integer serial, null::integer mission, null::integer "p3miId", null::integer category where false)`,
    codes,
  });
  const seen = maskedSql(own, grant, { entity, codes });
  return (where) => `from ${seen} where "since" <= date '${day}' and ${where} and ${reach}`;
}

/** `keyed`: see {@link Shape.keyed}. */
export function makePlan(question: Question, grant: Grant, ground: Ground, keyed: boolean): Plan {
  const scene = sceneOf(question, ground);
  const flags: string[] = [];
  const asked: AskedNumbers[] = [];
  const parts = question.measures.map((measure) => partsOf(measure, scene, flags, asked));
  const places = question.groupBy.map((key) => placesOf(key, scene));
  const cells = places.reduce((product, each) => product * each, 2 ** flags.length);
  const ofNumber = (most: number): ColumnType => (most < 2 ** 31 ? 'integer' : 'double');

  const file = ground.manifest.profiles[question.entity];
  const keys = question.groupBy.map((key, i) => ({ ...columnOf(key, scene), stride: places.slice(i + 1).reduce((product, each) => product * each, 2 ** flags.length) }));
  const conditions = flags.map((sql, bit) => ({ sql, stride: 2 ** bit }));
  const { row, told, numbers } = selectionOf({ keys, conditions, numbers: asked }, new Set(file ? scene.entity.profile : []));

  const asksProfiles = told.keys.length + told.conditions.length + told.values.length > 0;
  const fixed: { sql: string; type: ColumnType }[] = [{ sql: 'serial', type: 'integer' }];
  const place = (there: boolean, ...columns: typeof fixed) => (there ? fixed.push(...columns) - columns.length : null);
  const met = ({ conditions: some }: Selected) => some.map(({ sql, stride }) => `case when ${sql} then ${stride} else 0 end`);
  // Keys come as they are, to be added up here: see `columnOf`.
  const cell: CellPart[] = row.keys.map(({ sql, ...how }) => ({ ...how, column: fixed.push({ sql: how.grain === null ? `(${sql})::integer` : sql, type: 'integer' }) - 1 }));
  if (row.conditions.length > 0) {
    const type = ofNumber(2 ** flags.length);
    cell.push({ column: fixed.push({ sql: `(${met(row).join(' + ')})::${type}`, type }) - 1, add: 0, grain: null, stride: 1 });
  }
  const personKey = place(keyed, { sql: '"personKey"', type: 'uinteger' }, { sql: '"factKey"::uinteger', type: 'uinteger' });
  const columns = { cell, personKey, factKey: personKey === null ? null : personKey + 1, profile: place(asksProfiles, { sql: 'profile', type: 'integer' }) };
  const type = ofNumber(cells);
  const ofCell = [...told.keys.map(({ sql, add, stride }) => `((${sql}) + ${add})::${type} * ${stride}`), ...met(told)].join(' + ');
  const ofProfiles = [{ sql: 'profile', type: 'integer' as const }, { sql: `(${ofCell || '0'})::${type}`, type }];

  const where = whereSql(question.where, scene);
  const selecting = (...items: readonly { readonly sql: string }[]) => `select ${items.map(({ sql }) => sql).join(', ')}`;
  return {
    sqls: readings(question, grant, ground, inLargePieces).map((reading) => `${selecting(...fixed, ...row.values)} ${reading(where)}`),
    types: [...fixed, ...row.values].map((one) => one.type),
    profiles: asksProfiles ? { sql: `${selecting(...ofProfiles, ...told.values)} from read_parquet(${quoted(join(ground.folder, file!.path))})`, types: [...ofProfiles, ...told.values].map((one) => one.type) } : null,
    cells,
    shape: {
      places,
      rollUp: question.rollUp,
      keyed,
      flags: flags.length,
      columns,
      numbers: numbers.map(({ selected, at, least, currency }) => {
        const column = at + (selected === told ? ofProfiles.length : fixed.length);
        return { of: selected === told ? 'profile' : 'row', column, least, currency: currency && 'sql' in currency ? { column: column + 1 } : currency };
      }),
      measures: question.measures.map(({ name, is: { kind } }, i) => ({ name, kind, parts: parts[i]! })),
    },
  };
}

function partsOf({ is }: Measure, scene: Scene, flags: string[], asked: AskedNumbers[]): Part[] {
  const flag = (sql: string): Part => {
    const made = ready(sql, scene);
    if (made === 'false') return { kind: 'never' };
    const known = flags.indexOf(made);
    return { kind: 'flag', bit: known >= 0 ? known : flags.push(made) - 1 };
  };
  const numbers = (sql: string, type: ColumnType, least: number, currency: AskedNumbers['currency']): Part => ({ kind: 'numbers', at: asked.push({ sql: ready(sql, scene), type, least, currency }) - 1 });
  switch (is.kind) {
    case 'facts':
    case 'persons':
      return [];
    case 'count':
      return [flag(is.sql)];
    case 'counts':
      return is.values.map((each) => flag(each.sql));
    case 'money': {
      const currency = ready(is.currency, scene);
      // The same for all, as a number or, of a text that no fact has, as null.
      const same = /^\d+$/.test(currency) ? Number(currency) : currency === 'null' ? -1 : null;
      return [numbers(is.sql, 'double', 0, same === null ? { sql: currency } : { code: same })];
    }
    case 'sum':
      // Each stands for so many facts.
      return [numbers(is.sql, 'integer', 1, null)];
    case 'quantity':
      return [numbers(is.sql, 'integer', 0, null)];
  }
}

/** What a question is reckoned to cost, about a point for a millisecond on one core. */
export interface Reckoned {
  readonly points: number;
  readonly rows: number;
  readonly columns: number;
  /** Most groups that there can be. */
  readonly groups: number;
}

/** Places of a key that are likely taken: facts lie within some decades. */
function likely(key: GroupKey, scene: Scene): number {
  return key.grain === null ? placesOf(key, scene) : { YEAR: 30, QUARTER: 120, MONTH: 360 }[key.grain];
}

/**
 * What is read costs by the bucket, by the fact and by the fact and column, whatever the levels of subtotals; then each group has its figures made. Fitted to the ready questions at a million people
 * (docs/benchmarks.md), as they are for callers from whom persons are protected.
 */
export function reckon(question: Question, ground: Ground): Reckoned {
  const { entity, groupBy, measures, rollUp, knownAt } = question;
  const scene = sceneOf(question, ground);
  const rows = Object.values(ground.manifest.buckets[entity]).reduce((sum, { live, past }) => sum + (live?.rows ?? 0) + (knownAt === null ? 0 : (past?.rows ?? 0)), 0);
  const figures = measures.reduce((sum, { is }) => sum + (is.kind === 'counts' ? is.values.length : is.kind === 'quantity' ? 2 : 1), 0);
  const columns = figures + groupBy.length + leaves(question.where);
  const levels = rollUp ? groupBy.length + 1 : 1;
  const groups = Math.min(rows, groupBy.reduce((product, key) => product * likely(key, scene), 1)) * levels;
  const buckets = Object.keys(ground.manifest.buckets[entity]).length;
  return { points: Math.ceil(1.5 * buckets + (rows / 1e6) * (32 + 3.5 * columns) + (groups * (1 + figures)) / 2000), rows, columns, groups };
}

function leaves(where: Where): number {
  if ('and' in where) return where.and.reduce((sum, part) => sum + leaves(part), 0);
  if ('or' in where) return where.or.reduce((sum, part) => sum + leaves(part), 0);
  if ('not' in where) return leaves(where.not);
  return 'is' in where ? 1 : 0;
}

