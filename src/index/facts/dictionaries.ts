import type { DuckDBConnection } from '@duckdb/node-api';
import { quoted } from './raw.ts';

/** Texts that the facts hold as numbers: a text's number is its place. Texts are only added, so that a number means the same in every file. */
export type Dictionaries = Readonly<Record<string, readonly string[]>>;

/** Dictionaries that grow while facts are written; in DuckDB each is an enum type `d_*`. */
export class GrowingDictionaries {
  readonly #places = new Map<string, Map<string, number>>();
  readonly #made = new Map<string, number>();

  constructor(start: Dictionaries) {
    for (const [name, texts] of Object.entries(start)) this.#places.set(name, new Map(texts.map((text, place) => [text, place])));
  }

  /** Takes in the texts of columns of tables, so that they can be encoded. */
  async take(duck: DuckDBConnection, columns: readonly { readonly table: string; readonly column: string; readonly dictionary: string }[]): Promise<void> {
    for (const [name, of] of Map.groupBy(columns, ({ dictionary }) => dictionary)) {
      const places = this.#places.get(name) ?? new Map<string, number>();
      this.#places.set(name, places);
      const found = await duck.runAndReadAll(of.map(({ table, column }) => `select distinct "${column}" x from ${table} where "${column}" is not null`).join(' union ') + ' order by x');
      for (const [text] of found.getRows()) if (!places.has(text as string)) places.set(text as string, places.size);
      if (this.#made.get(name) === places.size) continue;
      await duck.run(`drop type if exists ${typeName(name)}`);
      await duck.run(`create type ${typeName(name)} as enum (${[...(places.size === 0 ? [''] : places.keys())].map(quoted).join(', ')})`);
      this.#made.set(name, places.size);
    }
  }

  get all(): Dictionaries {
    return Object.fromEntries([...this.#places].map(([name, places]) => [name, [...places.keys()]]));
  }
}

function typeName(dictionary: string): string {
  return `"d_${dictionary}"`;
}

/** SQL of a text as its number. */
export function encoded(column: string, dictionary: string): string {
  return `enum_code("${column}"::${typeName(dictionary)})::integer as "${column}"`;
}
