import { eq, sql } from 'drizzle-orm';
import { restrictionsChannel } from '../store/channels.ts';
import type { Database } from '../store/database.ts';
import { restriction, worker } from '../store/tables.ts';

export const restrictionReasons = ['SUBJECT_REQUEST', 'ACCURACY_DISPUTED', 'UNLAWFUL_PROCESSING', 'LEGAL_ORDER'] as const;
export type RestrictionReason = (typeof restrictionReasons)[number];

export interface Restriction {
  readonly workerId: string;
  readonly reason: RestrictionReason;
  readonly since: Date;
  readonly setBy: string;
}

/** Workers whose data may not be processed for now. There are few, so every instance has all in memory and hears of changes through Postgres. */
export interface Restrictions {
  /** Always the present state. */
  readonly workers: ReadonlySet<string>;
  list(): Promise<Restriction[]>;
  /** False when there is no such worker. Setting it again changes nothing. */
  set(restriction: Restriction): Promise<boolean>;
  /** False when there was none. */
  lift(workerId: string): Promise<boolean>;
}

export async function createRestrictions(database: Database): Promise<Restrictions> {
  const workers = new Set<string>();
  let reading: Promise<void> = Promise.resolve();

  async function read(): Promise<void> {
    // Of a worker who was merged since, it is the one she was merged into.
    const rows = await database.run((q) => q.select({ id: sql<string>`coalesce(${worker.mergedInto}, ${worker.id})` }).from(restriction).innerJoin(worker, eq(worker.id, restriction.workerId)));
    const now = new Set(rows.map(({ id }) => id));
    for (const id of now) workers.add(id);
    for (const id of workers) if (!now.has(id)) workers.delete(id);
  }
  /** One after the other, so that an older state never overwrites a newer one. A read that fails leaves the state as it is until the next connection. */
  const refresh = (): Promise<void> => (reading = reading.then(read, read));
  const hear = () => void refresh().catch(() => {});
  await database.listen(restrictionsChannel, hear, hear);
  await refresh();

  async function tell(): Promise<void> {
    await refresh();
    await database.run((q) => q.execute(sql`select pg_notify(${restrictionsChannel}, '')`));
  }

  return {
    workers,
    async list() {
      const rows = await database.run((q) => q.select().from(restriction).orderBy(restriction.since, restriction.workerId));
      return rows.map((row) => ({ ...row, reason: row.reason as RestrictionReason }));
    },
    async set(wanted) {
      const [target] = await database.run((q) => q.select({ id: sql<string>`coalesce(${worker.mergedInto}, ${worker.id})` }).from(worker).where(eq(worker.id, wanted.workerId)));
      if (!target) return false;
      await database.run((q) => q.insert(restriction).values({ ...wanted, workerId: target.id }).onConflictDoNothing());
      await tell();
      return true;
    },
    async lift(workerId) {
      const rows = await database.run((q) => q.delete(restriction).where(eq(restriction.workerId, workerId)).returning({ id: restriction.workerId }));
      await tell();
      return rows.length > 0;
    },
  };
}
