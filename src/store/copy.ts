import { finished } from 'node:stream/promises';
import { PostgresJsSession } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { type Queries, StoreFault } from './database.ts';

/** A value of a row to be copied: arrays are arrays of text; objects are written as JSON; undefined is null. */
export type CopyValue = string | number | boolean | null | undefined | Date | readonly string[] | object;

/** Text collected before it is sent. */
const chunkSize = 256 * 1024;

/**
 * Adds rows by COPY, much faster than by INSERT, in the transaction of `queries`. There is no "on conflict": a row that is there already fails the transaction.
 * Triggers fire as for any insert. Gives back how many rows there were.
 */
export async function copyRows(queries: Queries, table: string, columns: readonly string[], rows: Iterable<readonly CopyValue[]>): Promise<number> {
  const client = clientOf(queries);
  const statement = `copy ${quoted(table)} (${columns.map(quoted).join(', ')}) from stdin`;
  let count = 0;
  try {
    const stream = await client.unsafe(statement).writable();
    // Each failed write is told to its callback; without a listener it would also end the process.
    stream.on('error', () => {});
    const send = (text: string) => new Promise<void>((resolve, reject) => stream.write(text, (error) => (error ? reject(error) : resolve())));
    let text = '';
    // The next piece is made while the one before is on its way.
    let sent: Promise<void> = Promise.resolve();
    for (const row of rows) {
      text += copyLine(row);
      count += 1;
      if (text.length < chunkSize) continue;
      await sent;
      sent = send(text);
      sent.catch(() => {});
      text = '';
    }
    await sent;
    if (text !== '') await send(text);
    stream.end();
    // The driver takes the next statement once the stream has ended, and does not tell of a fault that the server finds at the end of the copy: the transaction knows.
    await new Promise((resolve) => setImmediate(resolve));
    await client.unsafe('select 1');
  } catch (error) {
    throw new StoreFault(error instanceof postgres.PostgresError ? error.code : 'COPY', statement);
  }
  return count;
}

/** Signature, flags and length of an extension (there is none): what stands before the first row in the binary format of COPY. */
const beforeRows = 19;

/**
 * Hands over the rows that a query answers, in the binary format of COPY, in the transaction of `queries`. `take` must have done with a row when it returns: the driver's
 * stream stops for good when it has once been held up (postgres 3.4.9 pauses the socket after the reader has asked for more).
 */
export async function copyOut(queries: Queries, query: string, take: (row: Uint8Array) => void): Promise<void> {
  let begun = false;
  try {
    const stream = await clientOf(queries).unsafe(`copy (${query}) to stdout (format binary)`).readable();
    const handOver = (piece: Uint8Array) => {
      const row = begun ? piece : piece.subarray(beforeRows);
      begun = true;
      // A message of the server is a row; after the last comes one that stands for none, with -1 for its number of fields.
      if (row.length > 0 && row[0] !== 0xff) take(row);
    };
    // What has come by now waits in the stream, and is handed over before more is read. What comes from now on goes past the stream, which takes longer for a row than `take`.
    stream.on('data', handOver);
    const end = stream.push.bind(stream);
    stream.push = (piece: Uint8Array | null) => {
      if (piece === null) return end(null);
      handOver(piece);
      return true;
    };
    await finished(stream);
  } catch (error) {
    throw new StoreFault(error instanceof postgres.PostgresError ? error.code : 'COPY', query);
  }
}

function clientOf(queries: Queries): postgres.TransactionSql {
  const { session } = queries._;
  if (!(session instanceof PostgresJsSession) || !('savepoint' in session.client)) throw new TypeError('Rows are copied inside a transaction.');
  return session.client as postgres.TransactionSql;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A row in the text format of COPY. */
export function copyLine(row: readonly CopyValue[]): string {
  let line = '';
  for (let i = 0; i < row.length; i += 1) line += (i === 0 ? '' : '\t') + copyText(row[i]);
  return `${line}\n`;
}

function copyText(value: CopyValue): string {
  if (value === null || value === undefined) return '\\N';
  if (typeof value === 'string') return escaped(value);
  if (typeof value !== 'object') return String(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return escaped(`{${value.map((item) => `"${String(item).replace(/["\\]/g, '\\$&')}"`).join(',')}}`);
  return escaped(JSON.stringify(value));
}

const special = /[\\\t\n\r]/;
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function escaped(text: string): string {
  return special.test(text) ? text.replace(/[\\\t\n\r]/g, (character) => escapes[character]!) : text;
}
