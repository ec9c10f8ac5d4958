import { type DuckDBConnection, type DuckDBDataChunk, DuckDBInstance } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import { Fold, type FoldState } from './fold.ts';
import { arrays, bitsAtOnce, type Column, type ColumnType, type Shape } from './shape.ts';

/** What a process is asked to do with its share of the facts; `sqls` read pieces of it, each with all facts of its workers, sorted by worker. */
export type Task =
  /** Fold the facts into groups. */
  | { readonly kind: 'fold'; readonly sqls: readonly string[]; readonly types: readonly ColumnType[]; readonly shape: Shape; readonly mostGroups: number }
  /** Find the keys of the persons who have each of some bits, up to a number. */
  | { readonly kind: 'few'; readonly sqls: readonly string[]; readonly bits: number; readonly most: number };

/** A fold gives nothing where there are more groups than it may make. */
export type Found = { readonly kind: 'fold'; readonly state: FoldState | null } | { readonly kind: 'few'; readonly keys: readonly Int32Array[] };

export interface Scanner {
  run(task: Task, signal: AbortSignal): Promise<Found>;
  close(): void;
}

/** Reads facts in a DuckDB of its own, on one thread. */
export async function createScanner(memoryMb: number): Promise<Scanner> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1', memory_limit: `${memoryMb}MB` });
  const idle: DuckDBConnection[] = [];

  async function connect(): Promise<DuckDBConnection> {
    const connection = await instance.connect();
    // The same files are read again and again, and never change.
    await connection.run('set global parquet_metadata_cache = true');
    return connection;
  }

  /** Hands over what the queries answer, none of it null, while the next one is read; until nothing more is wanted. */
  async function scan(connections: readonly DuckDBConnection[], sqls: readonly string[], types: readonly ColumnType[], signal: AbortSignal, take: (rows: number, columns: readonly Column[]) => boolean): Promise<void> {
    const read = (i: number) => {
      const reading = i < sqls.length ? connections[i % 2]!.run(sqls[i]!) : null;
      reading?.catch(() => {});
      return reading;
    };
    let next = read(0);
    for (let i = 0; next !== null; i += 1) {
      const result = await next;
      next = read(i + 1);
      for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
        signal.throwIfAborted();
        if (take(chunk.rowCount, columnsOf(chunk, types))) continue;
        await next?.catch(() => {});
        return;
      }
    }
  }

  async function fold(task: Extract<Task, { kind: 'fold' }>, connections: readonly DuckDBConnection[], signal: AbortSignal): Promise<Found> {
    const made = new Fold(task.shape);
    await scan(connections, task.sqls, task.types, signal, (rows, columns) => {
      made.take(rows, columns);
      return made.groups <= task.mostGroups;
    });
    return { kind: 'fold', state: made.groups <= task.mostGroups ? made.state() : null };
  }

  async function few({ sqls, bits, most }: Extract<Task, { kind: 'few' }>, connections: readonly DuckDBConnection[], signal: AbortSignal): Promise<Found> {
    const found = Array.from({ length: bits }, () => new Map<number, number>());
    const masks = Array.from({ length: Math.ceil(bits / bitsAtOnce) }, () => 'uinteger' as const);
    await scan(connections, sqls, ['integer', 'uinteger', ...masks], signal, (rows, [serial, personKey, ...columns]) => {
      let open = false;
      for (const [i, keys] of found.entries()) {
        const of = columns[Math.floor(i / bitsAtOnce)]!;
        const mask = 2 ** (i % bitsAtOnce);
        for (let row = 0; row < rows && keys.size < most; row += 1) if ((of[row]! & mask) !== 0) keys.set(serial![row]!, personKey![row]!);
        open ||= keys.size < most;
      }
      return open;
    });
    return { kind: 'few', keys: found.map((keys) => Int32Array.from(keys.values())) };
  }

  return {
    async run(task, signal) {
      const connections = [idle.pop() ?? (await connect()), idle.pop() ?? (await connect())];
      const interrupt = () => {
        for (const connection of connections) connection.interrupt();
      };
      signal.addEventListener('abort', interrupt);
      try {
        return await (task.kind === 'fold' ? fold(task, connections, signal) : few(task, connections, signal));
      } finally {
        signal.removeEventListener('abort', interrupt);
        idle.push(...connections);
      }
    },
    close() {
      for (const connection of idle.splice(0)) connection.closeSync();
      instance.closeSync();
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
