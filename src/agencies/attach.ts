import type { AgencyRecord } from '../domain/record.ts';
import { identifierKey, isPlaceholder } from '../domain/identifier.ts';
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
  const owners = new Map<string, string[]>();
  for (const key of keys) {
    for (const identifier of key.identifiers) {
      if (isPlaceholder(identifier)) continue;
      const at = identifierKey(identifier);
      const refs = owners.get(at);
      if (refs === undefined) owners.set(at, [key.ref]);
      else refs.push(key.ref);
    }
  }

  const filed = new Map<string, Map<string, AgencyRecord>>();
  let foreign = 0;
  for (const record of records) {
    let owned = false;
    for (const identifier of record.person.identifiers) {
      for (const ref of owners.get(identifierKey(identifier)) ?? []) {
        owned = true;
        file(filed, ref, record);
      }
    }
    if (!owned) foreign++;
  }

  const missing: Result = foreign === 0 ? absent : { status: 'failed', failure: misattributed(foreign) };
  const results = new Map<string, Result>();
  for (const key of keys) {
    const own = filed.get(key.ref);
    results.set(key.ref, own === undefined ? missing : { status: 'found', records: [...own.values()] });
  }
  return { results, foreign };
}

function file(filed: Map<string, Map<string, AgencyRecord>>, ref: string, record: AgencyRecord): void {
  const own = filed.get(ref);
  if (own === undefined) {
    filed.set(ref, new Map([[record.recordId, record]]));
    return;
  }
  const known = own.get(record.recordId);
  if (known === undefined || (record.asOf !== null && (known.asOf === null || record.asOf > known.asOf))) own.set(record.recordId, record);
}

function misattributed(foreign: number): Failure {
  const what = foreign === 1 ? 'a record of someone' : `${foreign} records of people`;
  return { code: 'AGENCY_MISATTRIBUTED', retryable: false, message: `The answer held ${what} not asked for, so that its silence about others proves nothing.` };
}
