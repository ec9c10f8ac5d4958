import duckdb, { type Connection, type DataChunk, type Result } from '@duckdb/node-bindings';
import { setImmediate } from 'node:timers/promises';
import { type Classes, classesOf } from './classes.ts';
import { Fold, type FoldState } from './fold.ts';
import type { Plan } from './plan.ts';
import { arrays, bitsAtOnce, type Column, type ColumnType, placeOfCondition, type Shape } from './shape.ts';

/** What a process is asked to do with its share of the facts, which are read in pieces: of each worker all facts stand in one, sorted by worker. */
export type Task =
  /** Fold the facts into groups. */
  | { readonly kind: 'fold'; readonly sqls: readonly string[]; readonly types: readonly ColumnType[]; readonly profiles: Plan['profiles']; readonly shape: Shape; readonly mostGroups: number }
  /** Find keys of the persons who meet each of the conditions, up to a number. In the SQL of a piece, {@link placeOfCondition} stands for a condition. */
  | { readonly kind: 'few'; readonly readings: readonly string[]; readonly conditions: readonly string[]; readonly most: number };

/** A fold gives nothing where there are more groups than it may make. */
export type Found = { readonly kind: 'fold'; readonly state: FoldState | null } | { readonly kind: 'few'; readonly keys: readonly Int32Array[] };

export interface Scanner {
  run(task: Task, signal: AbortSignal): Promise<Found>;
}

/** Chunks taken before others have a turn. */
const chunksAtOnce = 64;

/**
 * Reads facts in a DuckDB of its own, on one thread. `collect` frees what short-lived objects hold: DuckDB's memory of an answer and of its chunks is only free when
 * their objects here are, and without it the system must find new memory for each, which takes longer than all else. It is called once for each answer, when that is
 * done with: the collector takes an object that it has met twice for a long-lived one, and an answer is there while the one before is folded.
 */
export async function createScanner(memoryMb: number, collect: () => void): Promise<Scanner> {
  const config = duckdb.create_config();
  for (const [name, value] of Object.entries({ threads: '1', memory_limit: `${memoryMb}MB` })) duckdb.set_config(config, name, value);
  const opened = await duckdb.open(':memory:', config);
  const idle: Connection[] = [];

  async function connect(): Promise<Connection> {
    const connection = await duckdb.connect(opened);
    // The same files are read again and again, and never change.
    await duckdb.query(connection, 'set global parquet_metadata_cache = true');
    return connection;
  }

  /** Hands over what a query has answered, none of it null, until no more is wanted. */
  async function handOver(result: Result, types: readonly ColumnType[], signal: AbortSignal, take: (rows: number, columns: readonly Column[]) => boolean): Promise<boolean> {
    const chunks = duckdb.result_chunk_count(result);
    for (let i = 0; i < chunks; i += 1) {
      const chunk = duckdb.result_get_chunk(result, i);
      if (!take(duckdb.data_chunk_get_size(chunk), columnsOf(chunk, types))) return false;
      if (i % chunksAtOnce !== chunksAtOnce - 1) continue;
      await setImmediate();
      signal.throwIfAborted();
    }
    return true;
  }

  /** What profiles tell; undefined where nothing is asked of them. */
  async function readClasses(profiles: Plan['profiles'], connection: Connection, signal: AbortSignal): Promise<Classes | undefined> {
    if (profiles === null) return undefined;
    const parts: { rows: number; columns: readonly Column[] }[] = [];
    await handOver(await duckdb.query(connection, profiles.sql), profiles.types, signal, (rows, columns) => parts.push({ rows, columns: columns.map((column) => column.slice()) }) > 0);
    const rows = parts.reduce((sum, part) => sum + part.rows, 0);
    return classesOf(rows, profiles.types.map((_, i) => Float64Array.from(parts.flatMap(({ columns }) => [...columns[i]!]))));
  }

  async function fold({ sqls, types, profiles, shape, mostGroups }: Extract<Task, { kind: 'fold' }>, connections: readonly Connection[], signal: AbortSignal): Promise<Found> {
    const classes = await readClasses(profiles, connections[0]!, signal);
    const made = new Fold(shape, { ...(classes && { classes }) });
    const read = (i: number) => {
      const reading = i < sqls.length ? duckdb.query(connections[i % 2]!, sqls[i]!) : null;
      reading?.catch(() => {});
      return reading;
    };
    // A piece is read while the one before is folded.
    let next = read(0);
    const foldPiece = async (i: number) => {
      const result = (await next)!;
      signal.throwIfAborted();
      next = read(i + 1);
      return handOver(result, types, signal, (rows, columns) => {
        made.take(rows, columns);
        return made.groups <= mostGroups;
      });
    };
    for (const i of sqls.keys()) {
      const more = await foldPiece(i);
      collect();
      if (more) continue;
      await next?.catch(() => {});
      return { kind: 'fold', state: null };
    }
    return { kind: 'fold', state: made.state() };
  }

  async function few({ readings, conditions, most }: Extract<Task, { kind: 'few' }>, [connection]: readonly Connection[], signal: AbortSignal): Promise<Found> {
    const found = conditions.map((condition) => ({ condition, keys: new Map<number, number>() }));
    const lookIn = async (reading: string, open: typeof found) => {
      const masks = Array.from({ length: Math.ceil(open.length / bitsAtOnce) }, (_, i) => open.slice(i * bitsAtOnce, (i + 1) * bitsAtOnce));
      const columns = masks.map((of) => `(${of.map(({ condition }, bit) => `case when ${condition} then ${2 ** bit} else 0 end`).join(' + ')})::uinteger`);
      const any = `(${open.map(({ condition }) => condition).join(' or ')})`;
      const result = await duckdb.query(connection!, `select serial, "personKey", ${columns.join(', ')} ${reading.replace(placeOfCondition, () => any)}`);
      signal.throwIfAborted();
      await handOver(result, ['integer', 'uinteger', ...masks.map(() => 'uinteger' as const)], signal, (rows, [serial, personKey, ...bits]) => {
        for (const [i, { keys }] of open.entries()) {
          const of = bits[Math.floor(i / bitsAtOnce)]!;
          const mask = 2 ** (i % bitsAtOnce);
          for (let row = 0; row < rows && keys.size < most; row += 1) if ((of[row]! & mask) !== 0) keys.set(serial![row]!, personKey![row]!);
        }
        return open.some(({ keys }) => keys.size < most);
      });
    };
    for (const reading of readings) {
      // Of most conditions there are enough persons in the first piece.
      const open = found.filter(({ keys }) => keys.size < most);
      if (open.length === 0) break;
      await lookIn(reading, open);
      collect();
    }
    return { kind: 'few', keys: found.map(({ keys }) => Int32Array.from(keys.values())) };
  }

  return {
    async run(task, signal) {
      const connections = [idle.pop() ?? (await connect()), idle.pop() ?? (await connect())];
      const interrupt = () => {
        for (const connection of connections) duckdb.interrupt(connection);
      };
      signal.addEventListener('abort', interrupt);
      try {
        // It may have been given up while there was no connection to interrupt.
        signal.throwIfAborted();
        return await (task.kind === 'fold' ? fold(task, connections, signal) : few(task, connections, signal));
      } finally {
        signal.removeEventListener('abort', interrupt);
        idle.push(...connections);
      }
    },
  };
}

/** The columns of a piece, as they lie in DuckDB's memory. */
function columnsOf(chunk: DataChunk, types: readonly ColumnType[]): Column[] {
  const rows = duckdb.data_chunk_get_size(chunk);
  return types.map((type, i) => {
    const Type = arrays[type];
    const bytes = duckdb.vector_get_data(duckdb.data_chunk_get_vector(chunk, i), rows * Type.BYTES_PER_ELEMENT);
    return new Type(bytes.buffer as ArrayBuffer, bytes.byteOffset, rows);
  });
}
