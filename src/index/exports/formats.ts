import type { ExportColumn, ExportRow, ExportValue } from './source.ts';

export const exportFormats = ['CSV', 'NDJSON', 'PARQUET'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** Media type and ending of each format's files. */
export const fileTypes: Readonly<Record<ExportFormat, { readonly type: string; readonly ending: string }>> = {
  CSV: { type: 'text/csv; charset=utf-8; header=present', ending: 'csv' },
  NDJSON: { type: 'application/x-ndjson', ending: 'ndjson' },
  PARQUET: { type: 'application/vnd.apache.parquet', ending: 'parquet' },
};

/** Turns rows into text, batch by batch. */
export interface TextFormat {
  /** Before the first row. */
  readonly head: string;
  text(rows: readonly ExportRow[]): string;
}

/** A text that a spreadsheet would take for a formula is one only with a quote before it (OWASP, CSV injection). */
const formula = /^[=+\-@\t\r]/;
const special = /[",\r\n]/;

function csvField(value: ExportValue, guarded: boolean): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const safe = guarded && formula.test(value) ? `'${value}` : value;
  // An empty text is told from no value by its quotes.
  return safe === '' || special.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** CSV as RFC 4180 has it: commas, CRLF, quotes where needed, names in the first line. UTF-8; `byteOrderMark` for spreadsheets that need to be told so. */
export function csvFormat(columns: readonly ExportColumn[], byteOrderMark: boolean): TextFormat {
  const guarded = columns.map(({ type }) => type === 'text');
  return {
    head: `${byteOrderMark ? '\uFEFF' : ''}${columns.map(({ name }) => csvField(name, true)).join(',')}\r\n`,
    text(rows) {
      let text = '';
      for (const row of rows) {
        for (let i = 0; i < row.length; i += 1) text += (i === 0 ? '' : ',') + csvField(row[i]!, guarded[i]!);
        text += '\r\n';
      }
      return text;
    },
  };
}

/** A JSON object a line. */
export function ndjsonFormat(columns: readonly ExportColumn[]): TextFormat {
  const keys = columns.map(({ name }, i) => `${i === 0 ? '{' : ','}${JSON.stringify(name)}:`);
  return {
    head: '',
    text(rows) {
      let text = '';
      for (const row of rows) {
        for (let i = 0; i < row.length; i += 1) text += keys[i]! + JSON.stringify(row[i]);
        text += '}\n';
      }
      return text;
    },
  };
}
