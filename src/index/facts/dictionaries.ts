import type { DuckDBConnection } from '@duckdb/node-api';
import { quoted } from './raw.ts';

/** Texts that the facts hold as numbers: a text's number is its place. Texts are only added, so that a number means the same in every file. */
export type Dictionaries = Readonly<Record<string, readonly string[]>>;

/**
 * Dictionaries that grow while facts are written, by several connections to one database of DuckDB at the same time; there each is an enum type, a new one each time that
 * it has grown.
 */
export class GrowingDictionaries {
  readonly #places = new Map<string, Map<string, number>>();
  /** How many texts the latest type of each has. */
  readonly #made = new Map<string, number>();
  #making: Promise<void> = Promise.resolve();

  constructor(start: Dictionaries) {
    for (const [name, texts] of Object.entries(start)) this.#places.set(name, new Map(texts.map((text, place) => [text, place])));
  }

  /** Takes in the texts of columns of tables, so that they can be encoded. */
  async take(duck: DuckDBConnection, columns: readonly { readonly table: string; readonly column: string; readonly dictionary: string }[]): Promise<void> {
    for (const [name, of] of Map.groupBy(columns, ({ dictionary }) => dictionary)) {
      const found = await duck.runAndReadAll(of.map(({ table, column }) => `select distinct "${column}" x from ${table} where "${column}" is not null`).join(' union ') + ' order by x');
      const places = this.#places.get(name) ?? new Map<string, number>();
      this.#places.set(name, places);
      for (const [text] of found.getRows()) if (!places.has(text as string)) places.set(text as string, places.size);
    }
    // One after the other: two connections cannot make the same type.
    this.#making = this.#making.then(() => this.#make(duck));
    await this.#making;
  }

  async #make(duck: DuckDBConnection): Promise<void> {
    for (const [name, places] of this.#places) {
      const size = places.size;
      if (this.#made.get(name) === size) continue;
      await duck.run(`create type ${typeName(name, size)} as enum (${[...(size === 0 ? [''] : places.keys())].map(quoted).join(', ')})`);
      this.#made.set(name, size);
    }
  }

  /** SQL of a text that was taken in as its number. */
  encoded(column: string, dictionary: string): string {
    return `enum_code("${column}"::${typeName(dictionary, this.#made.get(dictionary) ?? 0)})::integer as "${column}"`;
  }

  get all(): Dictionaries {
    return Object.fromEntries([...this.#places].map(([name, places]) => [name, [...places.keys()]]));
  }
}

function typeName(dictionary: string, size: number): string {
  return `"d_${dictionary}_${size}"`;
}
