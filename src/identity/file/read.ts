import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { CsvError, parse } from 'csv-parse';
import type { LinkRecord } from '../attributes.ts';
import type { LinkMap } from './map.ts';
import { layoutOf } from './map.ts';
import { FileProblem } from './problem.ts';

export type Encoding = 'utf-8' | 'utf-16le' | 'windows-1252';

export interface ReadReport {
  readonly file: string;
  readonly encoding: Encoding;
  readonly records: number;
  /** Rows with fewer cells than the header; what they lack counts as missing. */
  readonly shortRows: number;
}

/** Longest row; a quote that is never closed would otherwise swallow the file. */
const rowLimit = 1_000_000;

/** UTF-16 by its mark, UTF-8 where every byte fits, else Latin-1 (in its Windows form, which agrees with it on all letters). */
export async function detectEncoding(path: string): Promise<Encoding> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let first = true;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    if (first && chunk[0] === 0xff && chunk[1] === 0xfe) return 'utf-16le';
    first = false;
    try {
      decoder.decode(chunk, { stream: true });
    } catch {
      return 'windows-1252';
    }
  }
  return 'utf-8';
}

async function* decoded(path: string, encoding: Encoding): AsyncGenerator<string> {
  // The decoder takes a byte order mark off by itself.
  const decoder = new TextDecoder(encoding);
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

/** The separator that the header line uses most; spreadsheets write semicolons where the comma is the decimal sign. */
export function separatorOf(header: string): string {
  const count = (separator: string) => header.split(separator).length;
  return [',', ';', '\t', '|'].reduce((best, separator) => (count(separator) > count(best) ? separator : best));
}

async function firstLine(path: string, encoding: Encoding): Promise<string> {
  let text = '';
  for await (const part of decoded(path, encoding)) {
    text += part;
    const line = text.split(/\r\n|\n|\r/).find((line, index, all) => line.trim() !== '' && index < all.length - 1);
    if (line !== undefined) return line;
    if (text.length > rowLimit) break;
  }
  return text;
}

/**
 * Reads one CSV file row by row into records.
 * @param seen file and line of every id so far, shared by all inputs
 */
export async function readRecords(path: string, map: LinkMap, seen: Map<string, string>, take: (record: LinkRecord) => void, onProgress: (rows: number) => void): Promise<ReadReport> {
  const file = basename(path);
  const found = await stat(path).catch(() => null);
  if (found === null) throw new FileProblem(`${path} does not exist or cannot be read`);
  if (!found.isFile()) throw new FileProblem(`${path} is not a file`);
  const encoding = await detectEncoding(path);
  const head = await firstLine(path, encoding);
  if (head.trim() === '') throw new FileProblem(`${file} is empty: it needs a header line with the names of its columns`);
  const parser = parse({ delimiter: separatorOf(head), relax_column_count: true, skip_empty_lines: true, trim: true, info: true, max_record_size: rowLimit });
  const source = decoded(path, encoding);
  const feeding = (async () => {
    for await (const part of source) if (!parser.write(part)) await new Promise((resolve) => parser.once('drain', resolve));
    parser.end();
  })();
  feeding.catch((error: unknown) => parser.destroy(error as Error));

  let header: string[] | null = null;
  let layout: ReturnType<typeof layoutOf> | null = null;
  let records = 0;
  let shortRows = 0;
  try {
    for await (const { record: row, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      if (header === null || layout === null) {
        header = row;
        layout = layoutOf(map, file, header);
        continue;
      }
      if (row.length < header.length) shortRows++;
      if (row.length > header.length && row.slice(header.length).some((cell) => cell !== '')) {
        throw new FileProblem(`${file} line ${info.lines} has ${row.length} cells where the header has ${header.length}: put values that hold the separator in double quotes`);
      }
      const bare = row[layout.id] ?? '';
      if (bare === '') throw new FileProblem(`${file} line ${info.lines} has no record id`);
      const id = map.prefixIds ? `${file}:${bare}` : bare;
      const before = seen.get(id);
      if (before !== undefined) {
        throw new FileProblem(`the record id at ${file} line ${info.lines} was used before, at ${before}. Ids must be unique${before.startsWith(`${file} `) ? '' : ' over all inputs: set "prefixIds": true in the map to tell files apart'}`);
      }
      seen.set(id, `${file} line ${info.lines}`);
      const values: Record<string, string[]> = {};
      for (const { name, columns } of layout.attributes) {
        const filled = columns.map((column) => row[column] ?? '').filter((cell) => cell !== '');
        if (filled.length > 0) values[name] = filled;
      }
      take({ id, source: file, values });
      records++;
      if (records % 100_000 === 0) onProgress(records);
    }
  } catch (error) {
    if (error instanceof CsvError) throw new FileProblem(`${file} cannot be read as CSV: ${explainCsv(error)}`);
    throw error;
  } finally {
    parser.destroy();
  }
  return { file, encoding, records, shortRows };
}

/** The parser's messages repeat the row; only code and line are passed on. */
function explainCsv(error: CsvError): string {
  const line = typeof error['lines'] === 'number' ? ` near line ${error['lines']}` : '';
  switch (error.code) {
    case 'CSV_QUOTE_NOT_CLOSED':
    case 'CSV_MAX_RECORD_SIZE':
      return `a double quote is opened and never closed${line}`;
    case 'CSV_INVALID_CLOSING_QUOTE':
    case 'INVALID_OPENING_QUOTE':
      return `a double quote stands inside a value${line}; write it twice and put the value in quotes`;
    default:
      return `${error.code}${line}`;
  }
}
