import { type DuckDBConnection, type DuckDBDataChunk, DuckDBInstance } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';

export interface EngineOptions {
  /** Threads that read facts, for all questions together. */
  readonly threads: number;
  /** Most memory for it, megabytes. */
  readonly memoryMb: number;
  /** Questions answered at the same time; others wait. */
  readonly concurrency: number;
  /** Questions that wait at most. Default 100. */
  readonly queue?: number;
  /** Longest time for one scan, milliseconds. */
  readonly timeoutMs: number;
}

/** Why a scan was not made, or not to its end. */
export class EngineFault extends Error {
  override readonly name = 'EngineFault';
  readonly reason: 'BUSY' | 'TIMEOUT';
  constructor(reason: 'BUSY' | 'TIMEOUT') {
    super(reason);
    this.reason = reason;
  }
}

/** `uinteger` comes as signed numbers of the same bits. */
const arrays = { integer: Int32Array, uinteger: Int32Array, double: Float64Array } as const;
export type ColumnType = keyof typeof arrays;
export type Column = Int32Array | Float64Array;

/** Reads facts in a DuckDB of its own, opened at the first question, with few threads and a place in a queue for each question, so that it takes little from others. */
export interface Engine {
  /** Gives what a query answers piece by piece, in order, none of it null. `take` gives back whether it wants more. */
  scan(sql: string, types: readonly ColumnType[], take: (rows: number, columns: readonly Column[]) => boolean): Promise<void>;
  close(): Promise<void>;
}

export function createEngine(options: EngineOptions): Engine {
  const { concurrency, timeoutMs, queue = 100 } = options;
  let opening: Promise<DuckDBInstance> | null = null;
  const idle: DuckDBConnection[] = [];
  const waiting: (() => void)[] = [];
  let busy = 0;
  let closed = false;

  async function make(): Promise<DuckDBInstance> {
    const instance = await DuckDBInstance.create(':memory:', { threads: String(options.threads), memory_limit: `${options.memoryMb}MB` });
    const connection = await instance.connect();
    // The same files are read again and again, and never change.
    await connection.run('set global parquet_metadata_cache = true');
    idle.push(connection);
    return instance;
  }
  const open = () => (opening ??= make());

  async function enter(): Promise<void> {
    if (busy < concurrency) {
      busy += 1;
      return;
    }
    if (waiting.length >= queue) throw new EngineFault('BUSY');
    await new Promise<void>((resolve) => waiting.push(resolve));
  }

  function leave(): void {
    const next = waiting.shift();
    if (next) next();
    else busy -= 1;
  }

  return {
    async scan(sql, types, take) {
      await enter();
      let connection: DuckDBConnection | undefined;
      let late = false;
      let timer: NodeJS.Timeout | undefined;
      try {
        const instance = await open();
        connection = idle.pop() ?? (await instance.connect());
        timer = setTimeout(() => {
          late = true;
          connection?.interrupt();
        }, timeoutMs);
        const result = await connection.stream(sql);
        for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
          if (late) throw new EngineFault('TIMEOUT');
          if (!take(chunk.rowCount, columnsOf(chunk, types))) break;
        }
      } catch (error) {
        throw late ? new EngineFault('TIMEOUT') : error;
      } finally {
        clearTimeout(timer);
        if (connection) {
          if (closed || late) connection.closeSync();
          else idle.push(connection);
        }
        leave();
      }
    },
    async close() {
      closed = true;
      for (const connection of idle.splice(0)) connection.closeSync();
      if (opening) (await opening).closeSync();
    },
  };
}

/** The columns of a piece, as they lie in DuckDB's memory. */
function columnsOf(chunk: DuckDBDataChunk, types: readonly ColumnType[]): Column[] {
  return types.map((type, i) => {
    const Type = arrays[type];
    const bytes = duckdb.vector_get_data(duckdb.data_chunk_get_vector(chunk.chunk, i), chunk.rowCount * Type.BYTES_PER_ELEMENT);
    return new Type(bytes.buffer as ArrayBuffer, bytes.byteOffset, chunk.rowCount);
  });
}
