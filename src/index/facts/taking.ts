import duckdb, { type DataChunk, type LogicalType, type Vector } from '@duckdb/node-bindings';
import { type DuckDBAppender, type DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import { GrowingTexts } from './dictionaries.ts';

/*
 * Rows of the index on their way to DuckDB: as the server sends them in the binary format of COPY, field by field into vectors. Tens of millions of fields come, so
 * nothing is made for any of them: no object, no text.
 */

/** What a field is in the copy, and what becomes of it. */
export type Field =
  | { readonly kind: 'integer' | 'bigint' | 'day' | 'flag' | 'text' }
  /** The lower half of a hash, without a sign. */
  | { readonly kind: 'key' }
  /** Milliseconds of a timestamp. */
  | { readonly kind: 'moment' }
  /** A numeric, rounded to hundredths; one beyond {@link mostAmount} is taken for that. */
  | { readonly kind: 'amount' }
  /** The number of a text in a dictionary. */
  | { readonly kind: 'coded'; readonly texts: GrowingTexts }
  /** The code of an area as a number of ten digits; nothing where it is none. */
  | { readonly kind: 'area' };

export interface Taken {
  readonly name: string;
  readonly field: Field;
}

/** Amounts beyond it are taken for it: what no agency can mean by one must not keep all facts from being made. In hundredths. */
const mostAmount = 1e15;
const [integer, bigint, day, flag, text, key, moment, amount, coded, area] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const numbers = { integer, bigint, day, flag, text, key, moment, amount, coded, area } as const;

/** PostgreSQL counts days and microseconds from the year 2000. */
const daysTo2000 = 10_957;
const msTo2000 = 946_684_800_000;

/** Digits of PostgreSQL's numerics go by ten thousands. */
const [negative, notFinite, negativeInfinite] = [0x4000, 0xc000, 0xf000];

function typeOf(field: Field): { readonly sql: string; readonly logical: LogicalType; readonly width: number } {
  const plain = (sql: keyof typeof duckdb.Type, width: number) => ({ sql, logical: duckdb.create_logical_type(duckdb.Type[sql]), width });
  switch (field.kind) {
    case 'integer':
    case 'coded':
      return plain('INTEGER', 4);
    case 'key':
      return plain('UINTEGER', 4);
    case 'day':
      return plain('DATE', 4);
    case 'bigint':
    case 'moment':
    case 'area':
      return plain('BIGINT', 8);
    case 'amount':
      return { sql: 'DECIMAL(18, 2)', logical: duckdb.create_decimal_type(18, 2), width: 8 };
    case 'flag':
      return plain('BOOLEAN', 1);
    case 'text':
      // The vector holds texts itself.
      return plain('VARCHAR', 0);
  }
}

function int32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
}

function uint16(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}

/** Hundredths of a numeric. */
function hundredths(bytes: Uint8Array, at: number): number {
  const sign = uint16(bytes, at + 4);
  if (sign >= notFinite) return sign === negativeInfinite ? -mostAmount : mostAmount;
  const [count, weight] = [uint16(bytes, at), (uint16(bytes, at + 2) << 16) >> 16];
  let sum = 0;
  for (let i = 0; i < count; i += 1) {
    const digit = uint16(bytes, at + 8 + 2 * i);
    if (weight - i >= 0) sum += digit * 10_000 ** (weight - i) * 100;
    else if (weight - i === -1) sum += Math.floor((digit + 50) / 100);
  }
  const some = Math.min(sum, mostAmount);
  return sign === negative ? -some : some;
}

/** Takes rows into a table of DuckDB, which it makes. */
export class Taker {
  readonly #appender: DuckDBAppender;
  readonly #chunk: DataChunk;
  readonly #size = duckdb.vector_size();
  readonly #kinds: Uint8Array;
  readonly #widths: readonly number[];
  readonly #texts: readonly GrowingTexts[];
  /** What the vectors will hold, and views on it. */
  readonly #buffers: readonly ArrayBuffer[];
  readonly #ints: readonly Int32Array[];
  readonly #bytes: readonly Uint8Array[];
  readonly #valid: readonly Uint8Array[];
  readonly #someNull: Uint8Array;
  #vectors: Vector[] = [];
  #rows = 0;
  /** Numbers of areas, by those of their texts. */
  readonly #areas: number[] = [];

  static async create(duck: DuckDBConnection, table: string, columns: readonly Taken[]): Promise<Taker> {
    await duck.run(`create table ${table} (${columns.map(({ name, field }) => `"${name}" ${typeOf(field).sql}`).join(', ')})`);
    return new Taker(await duck.createAppender(table), columns);
  }

  private constructor(appender: DuckDBAppender, columns: readonly Taken[]) {
    this.#appender = appender;
    const types = columns.map(({ field }) => typeOf(field));
    this.#chunk = duckdb.create_data_chunk(types.map(({ logical }) => logical));
    this.#kinds = Uint8Array.from(columns, ({ field }) => numbers[field.kind]);
    this.#widths = types.map(({ width }) => width);
    this.#texts = columns.map(({ field }) => (field.kind === 'coded' ? field.texts : new GrowingTexts()));
    this.#buffers = types.map(({ width }) => new ArrayBuffer(width * this.#size));
    this.#ints = this.#buffers.map((buffer) => new Int32Array(buffer, 0, buffer.byteLength >> 2));
    this.#bytes = this.#buffers.map((buffer) => new Uint8Array(buffer));
    this.#valid = columns.map(() => new Uint8Array(this.#size / 8).fill(255));
    this.#someNull = new Uint8Array(columns.length);
    this.#begin();
  }

  #begin(): void {
    duckdb.data_chunk_reset(this.#chunk);
    this.#vectors = this.#widths.map((_, column) => duckdb.data_chunk_get_vector(this.#chunk, column));
    this.#rows = 0;
  }

  /** Takes a row of the copy; what stands before and after the rows is not handed over. */
  take(row: Uint8Array): void {
    const at = this.#rows;
    const columns = this.#kinds.length;
    let from = 2;
    for (let column = 0; column < columns; column += 1) {
      const length = int32(row, from);
      from += 4;
      if (length < 0) {
        this.#valid[column]![at >> 3]! &= ~(1 << (at & 7));
        this.#someNull[column] = 1;
        continue;
      }
      this.#put(column, at, row, from, length);
      from += length;
    }
    this.#rows += 1;
    if (this.#rows === this.#size) this.#send();
  }

  #put(column: number, at: number, row: Uint8Array, from: number, length: number): void {
    switch (this.#kinds[column]) {
      case integer:
      case key:
        // Of a bigint the lower half.
        this.#ints[column]![at] = int32(row, from + length - 4);
        return;
      case day:
        this.#ints[column]![at] = int32(row, from) + daysTo2000;
        return;
      case coded:
        this.#ints[column]![at] = this.#texts[column]!.numberOf(row, from, from + length);
        return;
      case bigint: {
        const ints = this.#ints[column]!;
        ints[2 * at] = int32(row, from + 4);
        ints[2 * at + 1] = int32(row, from);
        return;
      }
      case moment:
        // Whole milliseconds are what the index keeps.
        this.#putLong(column, at, (int32(row, from) * 4_294_967_296 + (int32(row, from + 4) >>> 0)) / 1000 + msTo2000);
        return;
      case amount:
        this.#putLong(column, at, hundredths(row, from));
        return;
      case flag:
        this.#bytes[column]![at] = row[from]!;
        return;
      case text:
        duckdb.vector_assign_string_element_len(this.#vectors[column]!, at, row.subarray(from, from + length));
        return;
      case area: {
        const number = this.#areaOf(column, row, from, length);
        if (number >= 0) this.#putLong(column, at, number);
        else {
          this.#valid[column]![at >> 3]! &= ~(1 << (at & 7));
          this.#someNull[column] = 1;
        }
      }
    }
  }

  #putLong(column: number, at: number, value: number): void {
    const ints = this.#ints[column]!;
    ints[2 * at] = value % 4_294_967_296;
    ints[2 * at + 1] = Math.floor(value / 4_294_967_296);
  }

  #areaOf(column: number, row: Uint8Array, from: number, length: number): number {
    const texts = this.#texts[column]!;
    const number = texts.numberOf(row, from, from + length);
    if (number === this.#areas.length) {
      const digits = texts.texts[number]!.replaceAll('.', '').padEnd(10, '0').slice(0, 10);
      this.#areas.push(/^\d+$/.test(digits) && length > 0 ? Number(digits) : -1);
    }
    return this.#areas[number]!;
  }

  #send(): void {
    duckdb.data_chunk_set_size(this.#chunk, this.#rows);
    for (const [column, vector] of this.#vectors.entries()) {
      const width = this.#widths[column]!;
      if (width > 0) duckdb.copy_data_to_vector(vector, 0, this.#buffers[column]!, 0, width * this.#rows);
      if (this.#someNull[column] === 0) continue;
      const valid = this.#valid[column]!;
      duckdb.vector_ensure_validity_writable(vector);
      duckdb.copy_data_to_vector_validity(vector, 0, valid.buffer as ArrayBuffer, 0, valid.byteLength);
      valid.fill(255);
    }
    this.#someNull.fill(0);
    this.#appender.appendDataChunk(new DuckDBDataChunk(this.#chunk));
    this.#begin();
  }

  /** Brings the last rows in; nothing may be taken afterwards. */
  close(): void {
    if (this.#rows > 0) this.#send();
    this.#appender.closeSync();
  }
}
