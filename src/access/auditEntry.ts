import { createHash } from 'node:crypto';

/** How a request ended for those whose data it was about: with an answer, with one that lacks parts, refused as a whole, or failed. */
export const auditOutcomes = ['ANSWERED', 'PARTIAL', 'REFUSED', 'FAILED'] as const;
export type AuditOutcome = (typeof auditOutcomes)[number];

/**
 * One request that touched personal data. It says whose and which classes of fields, never what they hold. A read may be announced: its entry is written while the agencies
 * are asked, as it is expected to end. Where it ends otherwise, a second entry says how, and corrects the first: the later one holds.
 */
export interface AuditEntry {
  readonly at: Date;
  readonly requestId: string;
  readonly callerKind: string;
  readonly callerId: string;
  readonly callerName: string;
  readonly purpose: string | null;
  readonly caseReference: string | null;
  /** `query` or `mutation`; `command` for a command of the operator. */
  readonly operation: string;
  readonly operationName: string | null;
  /** SHA-256 of the document, hexadecimal. */
  readonly documentHash: string | null;
  readonly clientName: string | null;
  readonly clientVersion: string | null;
  readonly outcome: AuditOutcome;
  /** Error codes of the answer, each once. */
  readonly codes: readonly string[];
  /** Hub ids of the workers. */
  readonly workers: readonly string[];
  /** Keys that led to nobody whom the caller may see. */
  readonly notFound: number;
  /** Classes of fields that were read, by the scope that each needs. */
  readonly classes: readonly string[];
  /** Scopes that were missing. */
  readonly denied: readonly string[];
  /** Agencies that were asked. */
  readonly agencies: readonly string[];
  /** `seq` of the row of the same request that this one takes the place of. By the row and not by the request's id, which callers choose. Default: none. */
  readonly corrects?: number | null;
}

/** A row as stored: its place in the chain and its hash. */
export interface ChainedEntry extends AuditEntry {
  readonly seq: number;
  readonly hash: Uint8Array;
}

/** Operation name of the row that says that the log was pruned through a row; its document hash is that row's. No GraphQL operation can be named so. */
export const pruneName = (through: number): string => `audit:prune ${through}`;

/** Nothing stands before the first row. */
export const beforeFirst: Uint8Array = new Uint8Array(0);

/** The one text of an entry that is hashed and sent to the database: its keys are the columns' names, always in this order. */
export function canonical(entry: AuditEntry): string {
  return JSON.stringify({
    at: entry.at.toISOString(),
    request_id: entry.requestId,
    caller_kind: entry.callerKind,
    caller_id: entry.callerId,
    caller_name: entry.callerName,
    purpose: entry.purpose,
    case_reference: entry.caseReference,
    operation: entry.operation,
    operation_name: entry.operationName,
    document_hash: entry.documentHash,
    client_name: entry.clientName,
    client_version: entry.clientVersion,
    outcome: entry.outcome,
    codes: entry.codes,
    workers: entry.workers,
    not_found: entry.notFound,
    classes: entry.classes,
    denied: entry.denied,
    agencies: entry.agencies,
    // Rows that were written before there was such a thing have the text that they had.
    ...(typeof entry.corrects === 'number' && { corrects: entry.corrects }),
  });
}

/** The hash of an entry that follows one with the given hash. */
export function chainHash(before: Uint8Array, entry: AuditEntry): Uint8Array {
  return createHash('sha256').update(before).update(canonical(entry)).digest();
}
