import { bigint, boolean, customType, index, integer, jsonb, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';

const bytes = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' });
const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });

/** Exports: what was ordered, by whom, and how far it is. Any instance can run a job, and any can serve its file. */
export const exportJob = pgTable(
  'export_job',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    /** Public id of the caller whose it is. */
    owner: text('owner').notNull(),
    /** The caller as it was when the job was ordered. */
    caller: jsonb('caller').$type<object>().notNull(),
    /** What is exported, of which list or statistic. */
    order: jsonb('order').$type<object>().notNull(),
    format: text('format').$type<'CSV' | 'NDJSON' | 'PARQUET'>().notNull(),
    byteOrderMark: boolean('byte_order_mark').notNull().default(false),
    state: text('state').$type<'QUEUED' | 'RUNNING' | 'DONE' | 'FAILED' | 'CANCELLED' | 'EXPIRED'>().notNull().default('QUEUED'),
    /** Why it failed, as a code. */
    fault: text('fault'),
    rows: bigint('rows', { mode: 'number' }).notNull().default(0),
    bytes: bigint('bytes', { mode: 'number' }).notNull().default(0),
    /** Names the attempt under way: one that was taken over finds another, and stops. */
    run: uuid('run'),
    attempts: integer('attempts').notNull().default(0),
    /** Until when nobody else takes the job over. */
    leaseUntil: moment('lease_until'),
    createdAt: moment('created_at').notNull(),
    endedAt: moment('ended_at'),
    /** When its file goes. */
    expiresAt: moment('expires_at'),
  },
  (table) => [index('export_job_owner').on(table.owner, table.createdAt), index('export_job_state').on(table.state, table.createdAt)],
);

/** The file of a job, in pieces. */
export const exportChunk = pgTable(
  'export_chunk',
  { jobId: uuid('job_id').notNull().references(() => exportJob.id, { onDelete: 'cascade' }), number: integer('number').notNull(), bytes: bytes('bytes').notNull() },
  (table) => [primaryKey({ columns: [table.jobId, table.number] })],
);

/** Whose data the file of a job holds, in pieces: each download is noted in the audit log for all of them. */
export const exportPersons = pgTable(
  'export_persons',
  { jobId: uuid('job_id').notNull().references(() => exportJob.id, { onDelete: 'cascade' }), number: integer('number').notNull(), workers: uuid('workers').array().notNull() },
  (table) => [primaryKey({ columns: [table.jobId, table.number] })],
);
