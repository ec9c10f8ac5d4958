import { sql } from 'drizzle-orm';
import { foreignKey, index, pgTable, primaryKey, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { CaseCategory } from '../domain/case.ts';
import type { ReferralOutcome, ReferralState } from '../domain/referral.ts';
import { worker } from './tables.ts';

const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });

/** Cases handed from one agency to another. Nothing of a row changes but its state. */
export const referral = pgTable(
  'referral',
  {
    /** Whose the case was when it was sent. Whose it is now, its record tells. */
    workerId: uuid('worker_id').notNull().references(() => worker.id),
    id: uuid('id').notNull().defaultRandom(),
    reference: text('reference').notNull(),
    agency: text('agency').notNull(),
    recordId: text('record_id').notNull(),
    caseNumber: text('case_number').notNull(),
    mission: text('mission').notNull(),
    category: text('category').$type<CaseCategory>().notNull(),
    fromAgency: text('from_agency').notNull(),
    toAgency: text('to_agency').notNull(),
    benefit: text('benefit'),
    state: text('state').$type<ReferralState>().notNull(),
    sentBy: text('sent_by').notNull(),
    /** SHA-256 of the text by which the sender's program says that a request is one it has made before: nobody's number may lie here, whatever it took for one. */
    idempotencyKey: text('idempotency_key').notNull(),
    sentAt: moment('sent_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workerId, table.id] }),
    uniqueIndex('referral_reference').on(table.reference),
    // The database itself holds that a request that is made again makes no second referral, whichever instances get the two.
    uniqueIndex('referral_once').on(table.sentBy, table.idempotencyKey),
    // And that a case is with an agency for a benefit once at a time.
    uniqueIndex('referral_open').on(table.agency, table.recordId, table.caseNumber, table.toAgency, sql`coalesce(benefit, '')`).where(sql`state <> 'ANSWERED'`),
    index('referral_record').on(table.agency, table.recordId),
    index('referral_to').on(table.toAgency, table.sentAt, table.id),
    // What waits at an agency is a small part of what was ever sent to it.
    index('referral_waiting').on(table.toAgency, table.state),
    index('referral_sent').on(table.sentAt, table.id),
  ],
);

/** The steps of referrals. Append-only; the key holds that none is taken twice. */
export const referralStep = pgTable(
  'referral_step',
  {
    workerId: uuid('worker_id').notNull(),
    referralId: uuid('referral_id').notNull(),
    state: text('state').$type<ReferralState>().notNull(),
    at: moment('at').notNull(),
    by: text('by').notNull(),
    /** The sender's note, or the answer. Personal data. */
    text: text('text'),
    outcome: text('outcome').$type<ReferralOutcome>(),
  },
  (table) => [primaryKey({ columns: [table.workerId, table.referralId, table.state] }), foreignKey({ columns: [table.workerId, table.referralId], foreignColumns: [referral.workerId, referral.id] })],
);
