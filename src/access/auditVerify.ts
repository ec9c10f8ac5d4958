import { asc, gt } from 'drizzle-orm';
import type { Database } from '../store/database.ts';
import { auditEntry } from '../store/tables.ts';
import { type AuditHead, entryOf } from './audit.ts';
import { beforeFirst, chainHash } from './auditEntry.ts';

export interface VerifyOptions {
  /** A head that was kept outside: the chain must pass through it. */
  readonly anchor?: AuditHead;
  /** Rows read at once. Default 5000. */
  readonly page?: number;
}

/** What became of a verification. `bad` is the first row that is not what was written, and why. */
export interface Verification {
  readonly rows: number;
  readonly head: AuditHead | null;
  readonly bad: { readonly seq: number; readonly why: 'MISSING' | 'CHANGED' | 'NOT_THE_ANCHOR' } | null;
}

/** Walks the chain from its first row, counting every hash anew. Knows nothing of the database's own functions, so that it does not trust them. */
export async function verifyAudit(database: Database, options: VerifyOptions = {}): Promise<Verification> {
  const { anchor, page = 5_000 } = options;
  let seq = 0;
  let hash = beforeFirst;
  const headNow = (): AuditHead | null => (seq === 0 ? null : { seq, digest: Buffer.from(hash).toString('hex') });
  for (;;) {
    const after = seq;
    const rows = await database.run((q) => q.select().from(auditEntry).where(gt(auditEntry.seq, after)).orderBy(asc(auditEntry.seq)).limit(page));
    for (const row of rows) {
      if (row.seq !== seq + 1) return { rows: seq, head: headNow(), bad: { seq: seq + 1, why: 'MISSING' } };
      const counted = chainHash(hash, entryOf(row));
      if (Buffer.compare(counted, row.hash) !== 0) return { rows: seq, head: headNow(), bad: { seq: row.seq, why: 'CHANGED' } };
      seq = row.seq;
      hash = counted;
      if (anchor?.seq === seq && anchor.digest !== Buffer.from(hash).toString('hex')) return { rows: seq, head: headNow(), bad: { seq, why: 'NOT_THE_ANCHOR' } };
    }
    if (rows.length < page) break;
  }
  if (anchor && anchor.seq > seq) return { rows: seq, head: headNow(), bad: { seq: seq + 1, why: 'MISSING' } };
  return { rows: seq, head: headNow(), bad: null };
}
