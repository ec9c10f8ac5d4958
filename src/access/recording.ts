import type { Audit } from './audit.ts';
import { type AuditEntry, canonical } from './auditEntry.ts';

/** The row of one request in the audit log. */
export interface Recording {
  /** Begins to write the row as it is expected to be, before it is known how the request ends. Does nothing once that is known. */
  announce(entry: AuditEntry): void;
  /** Resolves when the log durably holds what the entry says; throws where it is not known to. Called once, at the end. */
  record(entry: AuditEntry): Promise<void>;
}

/**
 * The commit of a row takes as long as many a call to an agency, and the answer waits for it: a row that is announced is written meanwhile. Where the request
 * then ends as announced, its answer has nothing more to wait for. Else a second row says how it ended, and corrects the first. So no answer leaves before a
 * durable row says exactly what it tells; and the last row of a request says how it ended, unless the hub died before that: then the log says more than was
 * told, never less.
 */
export function createRecording(audit: Pick<Audit, 'append'>): Recording {
  let announced: { readonly entry: AuditEntry; readonly written: Promise<number> } | null = null;
  let ended = false;
  return {
    announce(entry) {
      if (ended) return;
      const written = audit.append(entry);
      // Where it fails before anybody waits for it, that must not end the process.
      written.catch(() => {});
      announced = { entry, written };
    },

    async record(entry) {
      ended = true;
      if (announced === null) await audit.append(entry);
      else if (sameButWhen(entry, announced.entry)) await announced.written;
      else await audit.append({ ...entry, corrects: await announced.written.catch(() => null) });
    },
  };
}

function sameButWhen(one: AuditEntry, other: AuditEntry): boolean {
  return canonical({ ...one, at: other.at }) === canonical(other);
}
