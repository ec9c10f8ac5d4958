import type { AuditEntry } from './auditEntry.ts';
import type { Caller } from './scopes.ts';

/** What a request brings to its row in the audit log before anything was read. */
export interface TrailOptions {
  readonly caller: Caller;
  readonly requestId: string;
  readonly purpose: string | null;
  readonly caseReference: string | null;
  /** `apollographql-client-name` and `-version`, as sent. */
  readonly client: { readonly name: unknown; readonly version: unknown };
}

/** How a request ended. */
export interface TrailEnd extends Pick<AuditEntry, 'at' | 'operation' | 'operationName' | 'documentHash' | 'outcome' | 'codes' | 'denied'> {}

/** What is going to be read besides. */
export interface Foretold {
  readonly workers: ReadonlySet<string>;
  readonly classes: ReadonlySet<string>;
}

/** What one request has read of whom so far. */
export interface Trail {
  /** Notes workers whom a read led to; null for a key that led to nobody. */
  sawWorkers(ids: readonly (string | null)[]): void;
  /** Notes a class of fields, by its scope. */
  sawClass(scope: string): void;
  /** Notes that an agency was asked about so many persons. */
  asked(agency: string, persons: number): void;
  readonly workers: ReadonlySet<string>;
  /** Calls and persons looked up, by agency. */
  readonly agencies: ReadonlyMap<string, { readonly calls: number; readonly persons: number }>;
  /** Whether anything that belongs into the log was read. */
  readonly touched: boolean;
  /** The row of the request; with `foretold`, as it will be. */
  entry(end: TrailEnd, foretold?: Foretold): AuditEntry;
}

/** What a caller wrote, for the log: what is not plain is left out, and a run of digits that could be somebody's number. */
function plain(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const text = value.replace(/[^\x20-\x7e]/g, '').replace(/\d{6,}/g, '').trim().slice(0, 80);
  return text === '' ? null : text;
}

function all(seen: ReadonlySet<string>, foretold: ReadonlySet<string> | undefined): string[] {
  return [...new Set(foretold ? [...seen, ...foretold] : seen)].toSorted();
}

export function createTrail({ caller, requestId, purpose, caseReference, client }: TrailOptions): Trail {
  const workers = new Set<string>();
  const classes = new Set<string>();
  const agencies = new Map<string, { calls: number; persons: number }>();
  let notFound = 0;
  return {
    sawWorkers(ids) {
      for (const id of ids) {
        if (id === null) notFound += 1;
        else workers.add(id);
      }
    },
    sawClass(scope) {
      classes.add(scope);
    },
    asked(agency, persons) {
      const count = agencies.get(agency);
      if (count) {
        count.calls += 1;
        count.persons += persons;
      } else agencies.set(agency, { calls: 1, persons });
    },
    workers,
    agencies,
    get touched() {
      return workers.size > 0 || notFound > 0 || agencies.size > 0 || classes.size > 0;
    },
    entry: (end, foretold) => ({
      at: end.at,
      requestId,
      callerKind: caller.kind,
      callerId: caller.id,
      callerName: caller.name,
      purpose,
      caseReference,
      operation: end.operation,
      operationName: plain(end.operationName),
      documentHash: end.documentHash,
      clientName: plain(client.name),
      clientVersion: plain(client.version),
      outcome: end.outcome,
      codes: end.codes,
      workers: all(workers, foretold?.workers),
      notFound,
      classes: all(classes, foretold?.classes),
      denied: end.denied,
      agencies: [...agencies.keys()].toSorted(),
    }),
  };
}
