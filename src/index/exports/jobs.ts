import { and, desc, eq, sql } from 'drizzle-orm';
import type { Database } from '../../store/database.ts';
import { exportChunk, exportJob, exportPersons } from '../../store/exportTables.ts';
import type { ExportJob, ExportOrder, Orderer } from './job.ts';
import type { ExportFormat } from './formats.ts';
import type { ExportFaultCode } from './source.ts';

export interface JobsOptions {
  readonly database: Database;
  readonly now: () => Date;
  /** Most jobs of an owner that are queued or under way. */
  readonly mostOpen: number;
  /** How long a file is kept, milliseconds. */
  readonly keepMs: number;
  /** How long a job is left to an instance that says nothing, milliseconds. Default 30000. */
  readonly leaseMs?: number;
  /** How often a job is begun before it is given up. Default 3. */
  readonly mostAttempts?: number;
}

/** A job that this instance runs, and under which attempt. */
export interface Claim {
  readonly job: ExportJob;
  readonly run: string;
}

/** The job was cancelled, or another instance has taken it over. */
export class LostJob extends Error {
  override readonly name = 'LostJob';
}

/** Told when there is something to do. */
export const exportChannel = 'payung_export';
/** How long a job is still told of when its file is gone. */
const rememberedMs = 7 * 86_400_000;

/** Exports in the database, alike for all instances. */
export interface Jobs {
  /** Null where the owner has as many open as allowed. */
  add(caller: Orderer, order: ExportOrder, format: ExportFormat, byteOrderMark: boolean): Promise<ExportJob | null>;
  /** Null where there is none of the owner's. */
  find(id: string, owner: string): Promise<ExportJob | null>;
  list(owner: string, first: number): Promise<ExportJob[]>;
  /** Ends a job that is queued or under way; its file so far goes. What has ended stays as it is. */
  cancel(id: string, owner: string): Promise<ExportJob | null>;
  /** The next job to run, from the start: one that is queued, or whose instance has not been heard of. */
  claim(): Promise<Claim | null>;
  /** Adds a piece of the file. Throws {@link LostJob} where the attempt is over. */
  addChunk(claim: Claim, number: number, bytes: Uint8Array, rows: number): Promise<void>;
  addPersons(claim: Claim, number: number, workers: readonly string[]): Promise<void>;
  /** Says that the attempt is alive, and how far. Throws {@link LostJob} where it is over. */
  alive(claim: Claim, rows: number): Promise<void>;
  finish(claim: Claim, rows: number, bytes: number): Promise<void>;
  fail(claim: Claim, fault: ExportFaultCode): Promise<void>;
  /** Gives a job back, to be begun again; it fails where it was begun often enough. One that the instance only had to leave was not begun. */
  giveBack(claim: Claim, left: boolean): Promise<void>;
  /** The pieces of a file in order, one at a time. */
  chunks(id: string): AsyncGenerator<Uint8Array>;
  persons(id: string): AsyncGenerator<readonly string[]>;
  /** Takes away files that are over, and jobs that are long over. */
  sweep(): Promise<void>;
}

type Row = typeof exportJob.$inferSelect;
const jobOf = (row: Row): ExportJob => ({ ...row, caller: row.caller as Orderer, order: row.order as ExportOrder, fault: row.fault as ExportFaultCode | null });

export function createJobs(options: JobsOptions): Jobs {
  const { database, now, mostOpen, keepMs, leaseMs = 30_000, mostAttempts = 3 } = options;
  const later = (ms: number) => new Date(now().getTime() + ms);
  const mine = ({ job, run }: Claim) => and(eq(exportJob.id, job.id), eq(exportJob.run, run), eq(exportJob.state, 'RUNNING'));
  const tell = () => sql`select pg_notify(${exportChannel}, '')`;

  async function step(claim: Claim, values: Partial<typeof exportJob.$inferInsert>): Promise<void> {
    const done = await database.run((q) => q.update(exportJob).set({ leaseUntil: later(leaseMs), ...values }).where(mine(claim)).returning({ id: exportJob.id }));
    if (done.length === 0) throw new LostJob();
  }

  async function* pieces<T>(read: (number: number) => Promise<T | undefined>): AsyncGenerator<T> {
    for (let number = 0; ; number += 1) {
      const piece = await read(number);
      if (piece === undefined) return;
      yield piece;
    }
  }

  return {
    async add(caller, order, format, byteOrderMark) {
      return database.transaction(async (q) => {
        // One at a time for an owner, so that two requests do not both find room.
        await q.execute(sql`select pg_advisory_xact_lock(hashtext('payung export ' || ${caller.id}))`);
        const [open] = await q.execute<{ count: number }>(sql`select count(*)::int as count from export_job where owner = ${caller.id} and state in ('QUEUED', 'RUNNING')`);
        if (open!.count >= mostOpen) return null;
        const [row] = await q.insert(exportJob).values({ owner: caller.id, caller, order, format, byteOrderMark, createdAt: now() }).returning();
        await q.execute(tell());
        return jobOf(row!);
      });
    },
    async find(id, owner) {
      const [row] = await database.run((q) => q.select().from(exportJob).where(and(eq(exportJob.id, id), eq(exportJob.owner, owner))));
      return row ? jobOf(row) : null;
    },
    async list(owner, first) {
      const rows = await database.run((q) => q.select().from(exportJob).where(eq(exportJob.owner, owner)).orderBy(desc(exportJob.createdAt), desc(exportJob.id)).limit(first));
      return rows.map(jobOf);
    },
    async cancel(id, owner) {
      return database.transaction(async (q) => {
        await q.update(exportJob).set({ state: 'CANCELLED', run: null, endedAt: now() }).where(and(eq(exportJob.id, id), eq(exportJob.owner, owner), sql`state in ('QUEUED', 'RUNNING')`));
        const [row] = await q.select().from(exportJob).where(and(eq(exportJob.id, id), eq(exportJob.owner, owner)));
        if (row?.state !== 'CANCELLED') return row ? jobOf(row) : null;
        await q.delete(exportChunk).where(eq(exportChunk.jobId, id));
        await q.delete(exportPersons).where(eq(exportPersons.jobId, id));
        return jobOf(row);
      });
    },
    async claim() {
      return database.transaction(async (q) => {
        const at = now().toISOString();
        const [next] = await q.execute<{ id: string; attempts: number }>(sql`
          select id, attempts from export_job where state = 'QUEUED' or (state = 'RUNNING' and lease_until < ${at}::timestamptz) order by created_at limit 1 for update skip locked`);
        if (!next) return null;
        await q.delete(exportChunk).where(eq(exportChunk.jobId, next.id));
        await q.delete(exportPersons).where(eq(exportPersons.jobId, next.id));
        if (next.attempts >= mostAttempts) {
          await q.update(exportJob).set({ state: 'FAILED', fault: 'INTERNAL', run: null, endedAt: now() }).where(eq(exportJob.id, next.id));
          await q.execute(tell());
          return null;
        }
        const run = crypto.randomUUID();
        const [row] = await q
          .update(exportJob)
          .set({ state: 'RUNNING', run, rows: 0, bytes: 0, attempts: next.attempts + 1, leaseUntil: later(leaseMs) })
          .where(eq(exportJob.id, next.id))
          .returning();
        return { job: jobOf(row!), run };
      });
    },
    async addChunk(claim, number, bytes, rows) {
      await database.transaction(async (q) => {
        const done = await q.update(exportJob).set({ leaseUntil: later(leaseMs), rows, bytes: sql`${exportJob.bytes} + ${bytes.length}` }).where(mine(claim)).returning({ id: exportJob.id });
        if (done.length === 0) throw new LostJob();
        await q.insert(exportChunk).values({ jobId: claim.job.id, number, bytes });
      });
    },
    async addPersons(claim, number, workers) {
      await database.transaction(async (q) => {
        const done = await q.update(exportJob).set({ leaseUntil: later(leaseMs) }).where(mine(claim)).returning({ id: exportJob.id });
        if (done.length === 0) throw new LostJob();
        await q.insert(exportPersons).values({ jobId: claim.job.id, number, workers: [...workers] });
      });
    },
    alive: (claim, rows) => step(claim, { rows }),
    finish: (claim, rows, bytes) => step(claim, { state: 'DONE', run: null, rows, bytes, endedAt: now(), expiresAt: later(keepMs) }),
    async fail(claim, fault) {
      await step(claim, { state: 'FAILED', fault, run: null, endedAt: now() });
      await database.run(async (q) => {
        await q.delete(exportChunk).where(eq(exportChunk.jobId, claim.job.id));
        await q.delete(exportPersons).where(eq(exportPersons.jobId, claim.job.id));
      });
    },
    async giveBack(claim, left) {
      await step(claim, { state: 'QUEUED', run: null, ...(left && { attempts: sql`${exportJob.attempts} - 1` as never }) });
      await database.run((q) => q.execute(tell()));
    },
    chunks: (id) =>
      pieces(async (number) => {
        const [row] = await database.run((q) => q.select({ bytes: exportChunk.bytes }).from(exportChunk).where(and(eq(exportChunk.jobId, id), eq(exportChunk.number, number))));
        return row?.bytes;
      }),
    persons: (id) =>
      pieces(async (number) => {
        const [row] = await database.run((q) => q.select({ workers: exportPersons.workers }).from(exportPersons).where(and(eq(exportPersons.jobId, id), eq(exportPersons.number, number))));
        return row?.workers;
      }),
    async sweep() {
      const at = now().toISOString();
      await database.transaction(async (q) => {
        const over = await q.execute<{ id: string }>(sql`update export_job set state = 'EXPIRED' where state = 'DONE' and expires_at <= ${at}::timestamptz returning id`);
        for (const { id } of over) {
          await q.delete(exportChunk).where(eq(exportChunk.jobId, id));
          await q.delete(exportPersons).where(eq(exportPersons.jobId, id));
        }
        await q.execute(sql`delete from export_job where ended_at < ${new Date(now().getTime() - keepMs - rememberedMs).toISOString()}::timestamptz`);
      });
    },
  };
}
