/** What a column's values are: numbers and booleans as such; days, moments and exact decimals as text. */
export type ColumnType = 'text' | 'integer' | 'decimal' | 'number' | 'boolean' | 'date' | 'moment';

export interface ExportColumn {
  readonly name: string;
  readonly type: ColumnType;
}

export type ExportValue = string | number | boolean | null;
export type ExportRow = readonly ExportValue[];

/** Some rows, with the persons whose data they hold. */
export interface Batch {
  readonly rows: readonly ExportRow[];
  /** Hub ids of the workers; empty for statistics. */
  readonly workers: readonly string[];
}

/** What an export reads from: a list or a statistic, as its owner may see it. */
export interface ExportSource {
  readonly columns: readonly ExportColumn[];
  /** Classes of fields in it, by scope, for the audit log. */
  readonly classes: readonly string[];
  /** Reads all of it once, batch by batch; goes on when `take` has resolved, and stops when it rejects. */
  read(take: (batch: Batch) => Promise<void>): Promise<void>;
}

/** Why an export ended without a file: for its owner, as a code. */
export const exportFaults = {
  DENIED: 'The caller may not read this, or no more: the key has ended, or lacks a scope.',
  TOO_MANY_ROWS: 'It has more rows than an export may have: narrow it by conditions.',
  TOO_MANY_PERSONS: 'The different persons that the caller may read in a day are used up.',
  TOO_EXPENSIVE: 'It would cost more than is allowed: narrow it by conditions, or group by fewer dimensions.',
  INPUT: 'What was ordered is not of its form.',
  INTERNAL: 'The hub failed at it, and tried several times.',
} as const;
export type ExportFaultCode = keyof typeof exportFaults;

export class ExportFault extends Error {
  override readonly name = 'ExportFault';
  readonly code: ExportFaultCode;
  constructor(code: ExportFaultCode, message: string = exportFaults[code]) {
    super(message);
    this.code = code;
  }
}
