import type { AgencyRecord } from '../domain/record.ts';
import type { IdentifierKind } from '../domain/identifier.ts';
import { isPlaceholder } from '../domain/identifier.ts';
import type { Failure, PersonKey, Result } from './agency.ts';

/** Records of an answer, filed under the keys they belong to. */
export interface Attached {
  /** One result for each key's `ref`. */
  readonly results: ReadonlyMap<string, Result>;
  /** How many records belonged to nobody who was asked for; they were left out. */
  readonly foreign: number;
}

const absent: Result = { status: 'absent' };

/**
 * Files an agency's records under the people asked for. The only way by which an answer reaches a key: a record belongs to every key with which
 * it shares an identifier of the same kind and value, whatever the order or number of records. Placeholder numbers join nobody.
 *
 * Records of one key with the same id collapse into the latest. A key without records is absent; but where the answer also held records of people
 * who were not asked for, the agency mixes people up, and its silence about a key proves nothing: such a key has failed as AGENCY_MISATTRIBUTED.
 */
export function attach(keys: readonly PersonKey[], records: readonly AgencyRecord[]): Attached {
  // By kind and then by value: an answer of many records is filed without making a text for each of its numbers.
  const owners = new Map<IdentifierKind, Map<string, AgencyRecord[][]>>();
  const filed: AgencyRecord[][] = [];
  for (const key of keys) {
    const own: AgencyRecord[] = [];
    filed.push(own);
    for (const identifier of key.identifiers) {
      if (isPlaceholder(identifier)) continue;
      let ofKind = owners.get(identifier.kind);
      if (ofKind === undefined) owners.set(identifier.kind, (ofKind = new Map()));
      const lists = ofKind.get(identifier.value);
      if (lists === undefined) ofKind.set(identifier.value, [own]);
      else lists.push(own);
    }
  }

  let foreign = 0;
  for (const record of records) {
    let owned = false;
    for (const { kind, value } of record.person.identifiers) {
      const lists = owners.get(kind)?.get(value);
      if (lists === undefined) continue;
      owned = true;
      for (const own of lists) file(own, record);
    }
    if (!owned) foreign++;
  }

  const missing: Result = foreign === 0 ? absent : { status: 'failed', failure: misattributed(foreign) };
  const results = new Map<string, Result>();
  keys.forEach((key, i) => results.set(key.ref, filed[i]!.length > 0 ? { status: 'found', records: filed[i]! } : missing));
  return { results, foreign };
}

function file(own: AgencyRecord[], record: AgencyRecord): void {
  for (let at = 0; at < own.length; at += 1) {
    const known = own[at]!;
    // Most come by several numbers to the same person.
    if (known === record) return;
    if (known.recordId !== record.recordId) continue;
    if (record.asOf !== null && (known.asOf === null || record.asOf > known.asOf)) own[at] = record;
    return;
  }
  own.push(record);
}

function misattributed(foreign: number): Failure {
  const what = foreign === 1 ? 'a record of someone' : `${foreign} records of people`;
  return { code: 'AGENCY_MISATTRIBUTED', retryable: false, message: `The answer held ${what} not asked for, so that its silence about others proves nothing.` };
}
