import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';

/** A CSV cell; quoted where it must be. */
function cell(value: string): string {
  return /[",\r\n]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** Writes rows as CSV with a header, without holding them in memory as text. */
export async function writeCsv(path: string, header: readonly string[], rows: Iterable<readonly string[]>): Promise<void> {
  const out = createWriteStream(path);
  // A path that cannot be written ends the stream with an error: wait for that too.
  const done = finished(out);
  done.catch(() => undefined);
  let buffer = `${header.join(',')}\n`;
  for (const row of rows) {
    buffer += `${row.map(cell).join(',')}\n`;
    if (buffer.length < 65_536) continue;
    if (!out.write(buffer)) await Promise.race([once(out, 'drain'), done]);
    buffer = '';
  }
  out.end(buffer);
  await done;
}
