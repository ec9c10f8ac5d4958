import { join } from 'node:path';
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { catalogue } from '../catalogue.ts';
import { type Entity, entities } from '../fields.ts';
import type { FactFile, Manifest } from './files.ts';
import { quoted } from './quoted.ts';
import type { WriteOptions } from './write.ts';

/*
 * Profiles: combinations of values that facts have in some of their columns (see `StatisticsEntity.profile`). There are few of them, however many facts there are: so each fact
 * carries the number of its profile, and what is asked of these columns is worked out once for a profile (Kimball calls it a junk dimension).
 */

/** The profiles of an entity, numbered 0, 1, 2 ... in the order in which they came. They are only added, so that a number means the same in every file. */
class GrowingProfiles {
  readonly columns: string;
  readonly #names: readonly string[];
  readonly #most: number;
  readonly #numbers = new Map<string, number>();
  readonly #rows: (readonly DuckDBValue[])[] = [];
  #types: readonly string[] = [];
  /** There are too many, or were when the facts were made. */
  full = false;

  constructor(entity: Entity, most: number) {
    this.#names = catalogue[entity].profile.map((name) => `"${name}"`);
    this.columns = this.#names.join(', ');
    this.#most = most;
  }

  get size(): number {
    return this.#rows.length;
  }

  /** The numbers of those that a query answers; 0 for all that are met once there are too many. */
  async numbersOf(duck: DuckDBConnection, query: string): Promise<number[]> {
    const read = await duck.runAndReadAll(query);
    this.#types = read.columnTypes().map(String);
    return read.getRows().map((values) => this.#numberOf(values));
  }

  #numberOf(values: readonly DuckDBValue[]): number {
    const key = values.join();
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.full ||= this.size >= this.#most;
    // None of them are used then.
    if (this.full) return 0;
    this.#numbers.set(key, this.size);
    return this.#rows.push(values) - 1;
  }

  /** SQL of all of them with their numbers. */
  get all(): string {
    const column = (i: number) => `unnest([${this.#rows.map((values) => String(values[i])).join(', ')}]::${this.#types[i]}[]) ${this.#names[i]}`;
    return `select unnest(range(${this.size}))::integer profile, ${this.#names.map((_, i) => column(i)).join(', ')}`;
  }

  /** SQL that is true where a row of one table has the values of a row of the other. */
  same(one: string, other: string): string {
    return this.#names.map((name) => `${one}.${name} is not distinct from ${other}.${name}`).join(' and ');
  }
}

/** The profiles of all entities while facts are made. */
export interface Profiles {
  /** SQL of the facts that a query answers, each with the number of its profile; null where there are none. */
  numbered(duck: DuckDBConnection, entity: Entity, query: string): Promise<string | null>;
  /** Writes those that are not yet in a file. Gives back those that can be used, by entity, and the files that are new. */
  write(duck: DuckDBConnection, version: number): Promise<{ readonly profiles: Manifest['profiles']; readonly fresh: readonly string[] }>;
}

/** Goes on from those that are in `folder` already. `most`: see {@link WriteOptions.mostProfiles}. */
export async function openProfiles(duck: DuckDBConnection, folder: string, before: Pick<Manifest, 'profiles' | 'buckets'> | null, most: WriteOptions['mostProfiles'] = 65_536): Promise<Profiles> {
  const growing = new Map(entities.map((entity) => [entity, new GrowingProfiles(entity, most)]));
  for (const [entity, profiles] of growing) {
    const file = before?.profiles[entity];
    if (file) await profiles.numbersOf(duck, `select ${profiles.columns} from read_parquet(${quoted(join(folder, file.path))}) order by profile`);
    // Facts without profiles stay so until all are made anew.
    else profiles.full = before !== null && Object.keys(before.buckets[entity]).length > 0;
  }

  return {
    async numbered(duck, entity, query) {
      const profiles = growing.get(entity)!;
      // The facts are asked for twice, here for some columns: to keep them in a table between took as long again as all else. Frequent profiles have low numbers.
      await duck.run(`create or replace temp table met as select ${profiles.columns} from (${query}) group by all order by count(*) desc`);
      const numbers = await profiles.numbersOf(duck, `select ${profiles.columns} from met order by rowid`);
      if (numbers.length === 0) return null;
      return `select facts.*, met.profile from (${query}) facts join (select * from met positional join (select unnest([${numbers.join(', ')}]) profile)) met on ${profiles.same('facts', 'met')}`;
    },

    async write(duck, version) {
      const profiles: Partial<Record<Entity, FactFile>> = {};
      const fresh: string[] = [];
      for (const [entity, { full, size, all }] of growing) {
        if (full || size === 0) continue;
        const old = before?.profiles[entity];
        const path = old?.rows === size ? old.path : `profiles/${entity}-${version}.parquet`;
        profiles[entity] = { path, rows: size };
        if (path === old?.path) continue;
        await duck.run(`copy (${all}) to ${quoted(join(folder, path))} (format parquet, compression uncompressed)`);
        fresh.push(path);
      }
      return { profiles, fresh };
    },
  };
}
