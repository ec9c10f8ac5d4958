import { sql } from 'drizzle-orm';
import { bigint, boolean, doublePrecision, index, integer, jsonb, pgTable, primaryKey, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { worker } from './tables.ts';

const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });

/** Which agency record is which worker, and why. Append-only: a link that ends gets a `valid_to`, and nothing else of it ever changes. */
export const link = pgTable(
  'link',
  {
    id: uuid('id').notNull().defaultRandom(),
    workerId: uuid('worker_id').notNull().references(() => worker.id),
    agency: text('agency').notNull(),
    recordId: text('record_id').notNull(),
    /** What spoke for it when it was made. Holds personal data: the values that were compared. */
    evidence: jsonb('evidence').$type<object>().notNull(),
    /** Model that weighed the evidence; null where the exact rule or a steward decided. */
    modelVersion: text('model_version'),
    /** `machine`, or the kind and id of the caller. */
    decidedBy: text('decided_by').notNull(),
    reason: text('reason'),
    /** The steward's decision that made it. */
    decisionId: uuid('decision_id'),
    validFrom: moment('valid_from').notNull(),
    validTo: moment('valid_to'),
  },
  (table) => [
    primaryKey({ columns: [table.workerId, table.id] }),
    // The database itself holds that no record is ever linked to two workers.
    uniqueIndex('link_live').on(table.agency, table.recordId).where(sql`valid_to is null`),
    index('link_live_worker').on(table.workerId).where(sql`valid_to is null`),
  ],
);

/** What stewards have said of two records: one person or two. Later words take the place of earlier ones; `left` sorts before `right`. */
export const linkVerdict = pgTable(
  'link_verdict',
  {
    leftAgency: text('left_agency').notNull(),
    leftRecord: text('left_record').notNull(),
    rightAgency: text('right_agency').notNull(),
    rightRecord: text('right_record').notNull(),
    verdict: text('verdict').$type<'SAME' | 'DIFFERENT'>().notNull(),
    decisionId: uuid('decision_id').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.leftAgency, table.leftRecord, table.rightAgency, table.rightRecord] }),
    index('link_verdict_right').on(table.rightAgency, table.rightRecord),
  ],
);

/** Pairs that a steward is asked about. */
export const linkReview = pgTable(
  'link_review',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    leftAgency: text('left_agency').notNull(),
    leftRecord: text('left_record').notNull(),
    rightAgency: text('right_agency').notNull(),
    rightRecord: text('right_record').notNull(),
    probability: doublePrecision('probability').notNull(),
    veto: text('veto'),
    evidence: jsonb('evidence').$type<object>().notNull(),
    modelVersion: text('model_version').notNull(),
    /** Records that a yes would bring together. */
    width: integer('width').notNull(),
    /** Place in the queue: the higher, the earlier. */
    priority: doublePrecision('priority').notNull(),
    state: text('state').$type<'OPEN' | 'CONFIRMED' | 'REJECTED' | 'OBSOLETE'>().notNull().default('OPEN'),
    version: integer('version').notNull().default(0),
    openedAt: moment('opened_at').notNull(),
  },
  (table) => [
    uniqueIndex('link_review_pair').on(table.leftAgency, table.leftRecord, table.rightAgency, table.rightRecord),
    index('link_review_right').on(table.rightAgency, table.rightRecord),
    index('link_review_queue').on(table.priority, table.id).where(sql`state = 'OPEN'`),
  ],
);

/** What stewards have decided, and all it changed. Append-only but for `undone_by`. */
export const linkDecision = pgTable(
  'link_decision',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    /** Order of decisions. */
    number: bigint('number', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    kind: text('kind').$type<'CONFIRM' | 'REJECT' | 'MERGE' | 'SPLIT' | 'UNDO'>().notNull(),
    decidedBy: text('decided_by').notNull(),
    reason: text('reason').notNull(),
    decidedAt: moment('decided_at').notNull(),
    /** Workers whose links or verdicts it changed. */
    workers: uuid('workers').array().notNull(),
    effect: jsonb('effect').$type<object>().notNull(),
    /** For an UNDO: the decision that it took back. */
    undoes: uuid('undoes'),
    undoneBy: uuid('undone_by'),
  },
  (table) => [uniqueIndex('link_decision_number').on(table.number), uniqueIndex('link_decision_undoes').on(table.undoes), index('link_decision_workers').using('gin', table.workers)],
);

/** Models that were learned from the index; one is in force. */
export const linkModel = pgTable('link_model', {
  version: text('version').primaryKey(),
  body: jsonb('body').$type<object>().notNull(),
  /** Keys follow from what the model joins: models that join the same share them. */
  keySet: integer('key_set').notNull(),
  records: integer('records').notNull(),
  inForce: boolean('in_force').notNull().default(false),
  /** Best score of each record at training, as a histogram: what scores of later records are held against. */
  scores: jsonb('scores').$type<object>(),
  learnedAt: moment('learned_at').notNull(),
});

/**
 * Hashes by which records that may be one person find each other, with the numbers of the records that share each. They hold nothing in the clear, and belong to
 * the model in force. A key that more than 150 records share is too common: it keeps 151 numbers, as a mark, and brings nobody together.
 */
export const blockingKey = pgTable('blocking_key', {
  key: bigint('key', { mode: 'number' }).primaryKey(),
  records: bigint('records', { mode: 'number' }).array().notNull(),
});

/** Numbers of the records that are not filed under keys yet: linked by the exact rule at most, they wait for the model. */
export const linkPending = pgTable('link_pending', { number: bigint('number', { mode: 'number' }).primaryKey() });

/** The linking of all records that is under way, if any; one row. Not logged, like the pairs it found: a crash of the database takes both, and the next run begins anew. */
export const linkRun = pgTable('link_run', {
  model: text('model').primaryKey(),
  beganAt: moment('began_at').notNull(),
  /** Pairs have been looked for from the records up to this number. */
  reached: bigint('reached', { mode: 'number' }).notNull().default(0),
});

/** Pairs of records, by number, that the linking of all records found to be one person or doubtful. `a` is the smaller number. */
export const linkPair = pgTable(
  'link_pair',
  {
    a: bigint('a', { mode: 'number' }).notNull(),
    b: bigint('b', { mode: 'number' }).notNull(),
    bits: doublePrecision('bits').notNull(),
    /** Whether the machine may link it, if nothing else speaks against it. */
    links: boolean('links').notNull(),
    /** Whether it stands for its two workers in the stewards' queue. */
    asked: boolean('asked').notNull().default(false),
  },
  (table) => [primaryKey({ columns: [table.a, table.b] })],
);
