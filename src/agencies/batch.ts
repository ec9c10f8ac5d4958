import type { z } from 'zod';
import type { AgencyRecord } from '../domain/record.ts';
import type { Identifier, IdentifierKind } from '../domain/identifier.ts';
import { canonical, isPlaceholder } from '../domain/identifier.ts';
import type { CallContext, Failure, PersonKey, Result } from './agency.ts';
import type { Outcome } from './transport/transport.ts';
import { attach } from './attach.ts';
import { readRows } from './rows.ts';

/** Makes what can be made of the rows of an answer; to be called where the answer is decoded, so that the transport learns of strangers' records. */
export type ReadRows = (rows: readonly unknown[]) => Outcome<Filed>;

/** One page of an answer, read and filed. */
export interface Filed {
  readonly records: readonly AgencyRecord[];
  readonly unreadable: readonly unknown[];
  readonly results: ReadonlyMap<string, Result>;
}

/** How a batch-capable agency is asked. */
export interface BatchOptions<Entry, Row> {
  readonly batchLimit: number;
  /** What is asked for one person; null where the agency can look up by none of her numbers. */
  readonly toEntry: (key: PersonKey) => Entry | null;
  /** Makes the call and answers all pages. */
  readonly lookUp: (entries: readonly Entry[], read: ReadRows, context: CallContext) => Promise<Outcome<readonly Filed[]>>;
  /** The form of a row. */
  readonly row: z.ZodType<Row>;
  readonly toRecord: (row: Row) => AgencyRecord;
}

const absent: Result = { status: 'absent' };

/**
 * One batch look-up, from keys to results by key. People without a usable number are absent and not asked for; a failed call fails all who were.
 * @throws RangeError when there are more keys than the agency takes, since that is a fault of the caller.
 */
export async function fetchBatch<Entry, Row>(
  keys: readonly PersonKey[], context: CallContext, options: BatchOptions<Entry, Row>,
): Promise<ReadonlyMap<string, Result>> {
  if (keys.length > options.batchLimit) throw new RangeError(`${keys.length} keys in a batch of at most ${options.batchLimit}`);
  const results = new Map<string, Result>();
  const asked: PersonKey[] = [];
  const entries: Entry[] = [];
  for (const key of keys) {
    const entry = options.toEntry(key);
    if (entry === null) {
      results.set(key.ref, absent);
    } else {
      asked.push(key);
      entries.push(entry);
    }
  }
  if (entries.length === 0) return results;

  const read: ReadRows = (list) => {
    const { rows, unreadable } = readRows(options.row, list);
    const records = rows.map(options.toRecord);
    const attached = attach(asked, records);
    return { ok: true, value: { records, unreadable, results: attached.results }, foreign: attached.foreign };
  };
  const outcome = await options.lookUp(entries, read, context);
  if (!outcome.ok) {
    for (const key of asked) results.set(key.ref, { status: 'failed', failure: outcome.failure });
    return results;
  }
  const [first, ...further] = outcome.value;
  const filed = first !== undefined && further.length === 0 ? first.results : attach(asked, outcome.value.flatMap((page) => page.records)).results;
  for (const [ref, result] of filed) results.set(ref, result);
  blame(results, asked, outcome.value.flatMap((page) => page.unreadable));
  return results;
}

const unreadable: Failure = { code: 'AGENCY_INVALID_ANSWER', retryable: false, message: 'A record of this person came in a form that could not be read.' };
const perhapsUnreadable: Failure = {
  code: 'AGENCY_INVALID_ANSWER', retryable: false, message: 'A record came in a form that could not be read, and it may be of this person.',
};

/** An unreadable row fails the people whose numbers stand in it. Where it names nobody, it may be anyone's for whom nothing else came. */
function blame(results: Map<string, Result>, keys: readonly PersonKey[], rows: readonly unknown[]): void {
  let unclear = false;
  for (const row of rows) {
    const texts = textsIn(row);
    const named = keys.filter((key) => key.identifiers.some((identifier) => names(texts, identifier)));
    for (const key of named) results.set(key.ref, { status: 'failed', failure: unreadable });
    if (named.length === 0) unclear = true;
  }
  if (!unclear) return;
  for (const key of keys) {
    if (results.get(key.ref)?.status === 'absent') results.set(key.ref, { status: 'failed', failure: perhapsUnreadable });
  }
}

function names(texts: readonly string[], identifier: Identifier): boolean {
  return !isPlaceholder(identifier) && texts.some((text) => canonical(identifier.kind, text)?.value === identifier.value);
}

/** Every text, and every number as text, in a value of unknown form. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [String(value)];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

/** A person's numbers of one kind, as an agency may be asked for them: placeholders would bring somebody else. */
export function numbersOf(key: PersonKey, kind: IdentifierKind): string[] {
  return key.identifiers.filter((identifier) => identifier.kind === kind && !isPlaceholder(identifier)).map((identifier) => identifier.value);
}
