import { arrayOverlaps, and, desc, eq, lt, notExists } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Database } from '../store/database.ts';
import { auditEntry, worker } from '../store/tables.ts';
import { type AuditEntry, type AuditOutcome, canonical, type ChainedEntry } from './auditEntry.ts';

export interface AuditOptions {
  /** Longest wait for a row to be written, milliseconds; after it the request fails. Default 3000. */
  readonly waitMs?: number;
  /** Most rows written at once. Default 500. */
  readonly batch?: number;
}

/** The audit log could not be written: what the entry is about must not be told. */
export class AuditFault extends Error {
  override readonly name = 'AuditFault';
  constructor() {
    super('The audit log could not be written.');
  }
}

/** The end of the chain, to be kept outside: whoever has it can tell later whether anything before it was changed. */
export interface AuditHead {
  readonly seq: number;
  /** Hexadecimal. */
  readonly digest: string;
}

/** Who read whose data, when and why. */
export interface Audit {
  /** Resolves to the row's `seq` when the entry is durable; throws {@link AuditFault} when it is not known to be. Entries that come together are written together. */
  append(entry: AuditEntry): Promise<number>;
  /** Rows about a worker, newest first, without those that a later one corrects; those of ids that were merged into hers are hers. */
  about(workerId: string, page: { readonly first: number; readonly before?: number }): Promise<ChainedEntry[]>;
  /** Null while there is no row. */
  head(): Promise<AuditHead | null>;
}

interface Waiting {
  readonly text: string;
  readonly done: (seq: number) => void;
  readonly failed: (fault: AuditFault) => void;
}

export function createAudit(database: Database, options: AuditOptions = {}): Audit {
  const { waitMs = 3_000, batch = 500 } = options;
  let waiting: Waiting[] = [];
  let writing = false;
  /** Rows of the last commit. */
  let last = 0;

  async function write(entries: readonly Waiting[]): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new AuditFault()), waitMs);
    });
    try {
      const rows = `[${entries.map(({ text }) => text).join(',')}]`;
      const [written] = (await Promise.race([database.prepared('select audit_append($1::json) as last', [rows]), late])) as readonly [{ readonly last: string }];
      const first = Number(written.last) - entries.length + 1;
      entries.forEach(({ done }, i) => done(first + i));
    } catch {
      // The database's own fault tells the operator nothing that its other faults do not.
      for (const { failed } of entries) failed(new AuditFault());
    } finally {
      clearTimeout(timer);
    }
  }

  /** One batch at a time: what comes meanwhile makes the next one, so that the cost of a commit is shared the more the busier the hub is. */
  async function writeAll(): Promise<void> {
    writing = true;
    while (waiting.length > 0) {
      const entries = waiting.slice(0, batch);
      waiting = waiting.slice(batch);
      last = entries.length;
      await write(entries);
    }
    writing = false;
  }

  return {
    append(entry) {
      return new Promise((done, failed) => {
        waiting.push({ text: canonical(entry), done, failed });
        if (writing) return;
        writing = true;
        // Where rows come several at a time, those of the same turn of the event loop go together. Where they come one by one, there is nothing to wait for.
        if (last > 1) setImmediate(() => void writeAll());
        else void writeAll();
      });
    },

    async about(workerId, { first, before }) {
      const hers = database.run((q) => q.select({ id: worker.id }).from(worker).where(eq(worker.mergedInto, workerId)));
      const ids = [workerId, ...(await hers).map(({ id }) => id)];
      const later = alias(auditEntry, 'later');
      const rows = await database.run((q) =>
        q
          .select()
          .from(auditEntry)
          .where(
            and(
              arrayOverlaps(auditEntry.workers, ids),
              before === undefined ? undefined : lt(auditEntry.seq, before),
              notExists(q.select({ seq: later.seq }).from(later).where(eq(later.corrects, auditEntry.seq))),
            ),
          )
          .orderBy(desc(auditEntry.seq))
          .limit(first),
      );
      return rows.map(entryOf);
    },

    async head() {
      const [row] = await database.run((q) => q.select({ seq: auditEntry.seq, hash: auditEntry.hash }).from(auditEntry).orderBy(desc(auditEntry.seq)).limit(1));
      return row ? { seq: row.seq, digest: Buffer.from(row.hash).toString('hex') } : null;
    },
  };
}

export function entryOf(row: typeof auditEntry.$inferSelect): ChainedEntry {
  return { ...row, outcome: row.outcome as AuditOutcome };
}
