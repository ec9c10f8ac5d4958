import { desc, gte, lte, sql } from 'drizzle-orm';
import type { Database } from '../store/database.ts';
import { auditEntry } from '../store/tables.ts';
import type { AuditHead } from './audit.ts';
import { type AuditEntry, canonical, pruneName } from './auditEntry.ts';
import { type Verification, verifyAudit } from './auditVerify.ts';

export interface PruneOptions {
  /** Rows older than this go. */
  readonly before: Date;
  readonly now: Date;
  /** Only says what would go. Default false. */
  readonly dryRun?: boolean;
}

/** What was taken from the beginning of the log: so many rows, through this one; or why nothing may be taken. */
export type Pruned = { readonly rows: number; readonly through: AuditHead | null } | { readonly bad: NonNullable<Verification['bad']> };

/**
 * Takes the oldest rows out of the audit log. The chain is verified first, so that what was tampered with is not tidied away; a row of the chain itself says
 * through which row it was pruned and with which digest that one ended, so that the rest can be verified as before.
 */
export async function pruneAudit(database: Database, { before, now, dryRun = false }: PruneOptions): Promise<Pruned> {
  const { bad, pruned } = await verifyAudit(database);
  if (bad) return { bad };
  return database.transaction(async (q) => {
    // The lock of audit_append: no row comes in between.
    await q.execute(sql`select pg_advisory_xact_lock(hashtext('payung audit'))`);
    const [young] = await q.select({ seq: auditEntry.seq }).from(auditEntry).where(gte(auditEntry.at, before)).orderBy(auditEntry.seq).limit(1);
    const [last] = await q.select({ seq: auditEntry.seq, hash: auditEntry.hash }).from(auditEntry).where(young && lte(auditEntry.seq, young.seq - 1)).orderBy(desc(auditEntry.seq)).limit(1);
    if (!last) return { rows: 0, through: null };
    const through: AuditHead = { seq: last.seq, digest: Buffer.from(last.hash).toString('hex') };
    if (!dryRun) {
      await q.execute(sql`select audit_append(${`[${canonical(entryOf(through, now))}]`}::json)`);
      await q.delete(auditEntry).where(lte(auditEntry.seq, through.seq));
    }
    return { rows: through.seq - (pruned?.seq ?? 0), through };
  });
}

function entryOf({ seq, digest }: AuditHead, at: Date): AuditEntry {
  return {
    at, requestId: `audit-prune-${crypto.randomUUID()}`, callerKind: 'OPERATOR', callerId: 'audit:prune', callerName: 'audit:prune', purpose: null, caseReference: null, operation: 'command',
    operationName: pruneName(seq), documentHash: digest, clientName: null, clientVersion: null, outcome: 'ANSWERED', codes: [], workers: [], notFound: 0, classes: [], denied: [], agencies: [],
  };
}
