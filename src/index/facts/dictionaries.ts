import type { DuckDBConnection } from '@duckdb/node-api';
import { quoted } from './quoted.ts';

/** Texts that the facts hold as numbers: a text's number is its place. Texts are only added, so that a number means the same in every file. */
export type Dictionaries = Readonly<Record<string, readonly string[]>>;

/** Dictionaries that grow by what is read; in DuckDB each is an enum type. */
export class GrowingDictionaries {
  readonly #places = new Map<string, Map<string, number>>();

  constructor(start: Dictionaries) {
    for (const [name, texts] of Object.entries(start)) this.add(name, texts);
  }

  add(name: string, texts: Iterable<string>): void {
    const places = this.#places.get(name) ?? new Map<string, number>();
    this.#places.set(name, places);
    for (const text of texts) if (!places.has(text)) places.set(text, places.size);
  }

  /** Takes in the texts of columns of tables. */
  async take(duck: DuckDBConnection, columns: readonly { readonly table: string; readonly column: string; readonly dictionary: string }[]): Promise<void> {
    for (const [name, of] of Map.groupBy(columns, ({ dictionary }) => dictionary)) {
      const found = await duck.runAndReadAll(of.map(({ table, column }) => `select distinct "${column}" x from ${table} where "${column}" is not null`).join(' union ') + ' order by x');
      this.add(name, found.getRows().map(([text]) => text as string));
    }
  }

  /** Makes the types; nothing may be added afterwards. */
  async make(duck: DuckDBConnection): Promise<void> {
    for (const [name, places] of this.#places) await duck.run(`create type ${typeOf(name)} as enum (${[...(places.size === 0 ? [''] : places.keys())].map(quoted).join(', ')})`);
  }

  texts(name: string): string[] {
    return [...(this.#places.get(name)?.keys() ?? [])];
  }

  get all(): Dictionaries {
    return Object.fromEntries([...this.#places.keys()].map((name) => [name, this.texts(name)]));
  }
}

/** The type of the texts of a dictionary. */
export function typeOf(dictionary: string): string {
  return `"d_${dictionary}"`;
}

/** SQL of a text as its number. */
export function encoded(sql: string, dictionary: string): string {
  return `enum_code((${sql})::${typeOf(dictionary)})::integer`;
}
