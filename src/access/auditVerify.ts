import { and, asc, eq, gt } from 'drizzle-orm';
import type { Database } from '../store/database.ts';
import { auditEntry } from '../store/tables.ts';
import { type AuditHead, entryOf } from './audit.ts';
import { beforeFirst, chainHash, pruneName } from './auditEntry.ts';

export interface VerifyOptions {
  /** A head that was kept outside: the chain must pass through it. */
  readonly anchor?: AuditHead;
  /** Rows read at once. Default 5000. */
  readonly page?: number;
}

/** What became of a verification. `bad` is the first row that is not what was written, and why. */
export interface Verification {
  /** Rows that hold. */
  readonly rows: number;
  readonly head: AuditHead | null;
  /** The last row that was pruned, by the word of a row of the chain itself; null where none was. */
  readonly pruned: AuditHead | null;
  /** `ANCHOR_PRUNED`: nothing is known to be wrong, but the anchor's row is no longer there to tell. */
  readonly bad: { readonly seq: number; readonly why: 'MISSING' | 'CHANGED' | 'NOT_THE_ANCHOR' | 'ANCHOR_PRUNED' } | null;
}

/** Walks the chain from its first row, counting every hash anew. Knows nothing of the database's own functions, so that it does not trust them. */
export async function verifyAudit(database: Database, options: VerifyOptions = {}): Promise<Verification> {
  const { anchor, page = 5_000 } = options;
  const pruned = await prunedHead(database);
  let seq = pruned?.seq ?? 0;
  let hash = pruned ? Buffer.from(pruned.digest, 'hex') : beforeFirst;
  const first = seq;
  const headNow = (): AuditHead | null => (seq === 0 ? null : { seq, digest: Buffer.from(hash).toString('hex') });
  const result = (bad: Verification['bad']): Verification => ({ rows: seq - first, head: headNow(), pruned, bad });
  if (anchor && pruned && anchor.seq < pruned.seq) return result({ seq: anchor.seq, why: 'ANCHOR_PRUNED' });
  if (anchor && pruned?.seq === anchor.seq && pruned.digest !== anchor.digest) return result({ seq, why: 'NOT_THE_ANCHOR' });
  for (;;) {
    const after = seq;
    const rows = await database.run((q) => q.select().from(auditEntry).where(gt(auditEntry.seq, after)).orderBy(asc(auditEntry.seq)).limit(page));
    for (const row of rows) {
      if (row.seq !== seq + 1) return result({ seq: seq + 1, why: 'MISSING' });
      const counted = chainHash(hash, entryOf(row));
      if (Buffer.compare(counted, row.hash) !== 0) return result({ seq: row.seq, why: 'CHANGED' });
      seq = row.seq;
      hash = Buffer.from(counted);
      if (anchor?.seq === seq && anchor.digest !== Buffer.from(hash).toString('hex')) return result({ seq, why: 'NOT_THE_ANCHOR' });
    }
    if (rows.length < page) break;
  }
  if (anchor && anchor.seq > seq) return result({ seq: seq + 1, why: 'MISSING' });
  return result(null);
}

/** The end of what was pruned: a chain that does not begin with its first row must hold the row that says why, with the digest that it begins with. */
async function prunedHead(database: Database): Promise<AuditHead | null> {
  const [first] = await database.run((q) => q.select({ seq: auditEntry.seq }).from(auditEntry).orderBy(asc(auditEntry.seq)).limit(1));
  if (!first || first.seq === 1) return null;
  const through = first.seq - 1;
  const [row] = await database.run((q) =>
    q
      .select({ digest: auditEntry.documentHash })
      .from(auditEntry)
      .where(and(eq(auditEntry.operationName, pruneName(through)), eq(auditEntry.callerKind, 'OPERATOR'), eq(auditEntry.operation, 'command')))
      .limit(1),
  );
  return row?.digest ? { seq: through, digest: row.digest } : null;
}
