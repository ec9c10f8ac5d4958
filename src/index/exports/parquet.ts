import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { csvFormat } from './formats.ts';
import type { ColumnType, ExportColumn, ExportRow } from './source.ts';

const types: Readonly<Record<ColumnType, string>> = { text: 'VARCHAR', integer: 'BIGINT', decimal: 'DECIMAL(38, 4)', number: 'DOUBLE', boolean: 'BOOLEAN', date: 'DATE', moment: 'TIMESTAMPTZ' };

/** Memory and threads that DuckDB takes for one file. */
const settings = { memory_limit: '256MB', threads: '1', preserve_insertion_order: 'true', enable_external_access: 'true' };

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** Collects rows in a file of its own and turns them into Parquet, in constant memory. */
export interface ParquetWriter extends AsyncDisposable {
  write(rows: readonly ExportRow[]): Promise<void>;
  /** The Parquet file, piece by piece; no more rows then. */
  pieces(size: number): AsyncGenerator<Uint8Array>;
}

export async function createParquetWriter(columns: readonly ExportColumn[]): Promise<ParquetWriter> {
  const folder = await mkdtemp(join(tmpdir(), 'payung-export-'));
  const [from, to] = [join(folder, 'rows.csv'), join(folder, 'rows.parquet')];
  const stream = createWriteStream(from, { mode: 0o600 });
  // A fault of the disk is met by the next write.
  stream.on('error', () => undefined);
  // Names are the hub's own, and nothing here is read by a spreadsheet: no guard against formulas.
  const format = csvFormat(columns.map(({ name }) => ({ name, type: 'number' })), false);

  async function convert(): Promise<void> {
    const instance = await DuckDBInstance.create(':memory:', settings);
    const connection = await instance.connect();
    try {
      const described = columns.map(({ name, type }) => `${quoted(name)}: ${quoted(types[type])}`).join(', ');
      const rows = `read_csv(${quoted(from)}, header = false, auto_detect = false, delim = ',', quote = '"', escape = '"', new_line = '\\r\\n', nullstr = '', allow_quoted_nulls = false, columns = {${described}})`;
      await connection.run(`copy (select * from ${rows}) to ${quoted(to)} (format parquet, compression zstd)`);
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  }

  return {
    async write(rows) {
      if (stream.errored) throw stream.errored;
      if (!stream.write(format.text(rows))) await once(stream, 'drain');
    },
    async *pieces(size) {
      stream.end();
      await finished(stream);
      await convert();
      await using file = await open(to);
      for (const buffer = Buffer.alloc(size); ; ) {
        const { bytesRead } = await file.read(buffer, 0, size);
        if (bytesRead === 0) return;
        yield buffer.subarray(0, bytesRead);
      }
    },
    async [Symbol.asyncDispose]() {
      stream.destroy();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
