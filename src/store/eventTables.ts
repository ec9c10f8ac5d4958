import { sql } from 'drizzle-orm';
import { bigint, boolean, customType, date, index, integer, jsonb, pgTable, primaryKey, smallint, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { EventKind, EventReach, EventSubject, LoggedEvent } from '../domain/event.ts';

const bytes = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' });
const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });

const eventColumns = {
  workerId: uuid('worker_id').notNull(),
  kind: text('kind').$type<EventKind>().notNull(),
  subject: jsonb('subject').$type<EventSubject>(),
  rule: text('rule'),
  ref: text('ref'),
  reach: jsonb('reach').$type<EventReach>().notNull(),
  occurredAt: moment('occurred_at').notNull(),
  recordedAt: moment('recorded_at').notNull(),
};

/** Events as written, in the transaction of the change that caused them. They wait here for their place in the log. */
export const eventInbox = pgTable('event_inbox', { seq: bigint('seq', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(), ...eventColumns });

/**
 * The log that subscribers read. Rows come from the inbox under one lock, so that an id is higher than every id that anybody could have read before: a reader
 * who goes on behind the last id it has seen misses nothing, whatever transactions were under way.
 */
export const event = pgTable(
  'event',
  { id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(), ...eventColumns },
  (table) => [index('event_worker').on(table.workerId, table.id), index('event_recorded').on(table.recordedAt)],
);

/** Gaps in workers’ protection by the hub's own index. A gap that closes keeps its row; one that opens again gets a new one. */
export const gap = pgTable(
  'gap',
  {
    workerId: uuid('worker_id').notNull(),
    id: uuid('id').notNull().defaultRandom(),
    rule: text('rule').notNull(),
    /** Tells apart several gaps of one rule: the case that it is about; empty where the rule has one. */
    about: text('about').notNull(),
    severity: text('severity').notNull(),
    /** First and last day by the rule; null for unknown and open. `since` may lie ahead. */
    since: date('since'),
    until: date('until'),
    /** Who should act. */
    actor: text('actor').notNull(),
    programmes: text('programmes').array().notNull(),
    /** References to the agency records it rests on. */
    evidence: jsonb('evidence').$type<object>().notNull(),
    /** The placement she was on, if any: its record, number, destination, company and mission. */
    placementAgency: text('placement_agency'),
    placementRecord: text('placement_record'),
    placementNumber: text('placement_number'),
    country: text('country'),
    p3mi: text('p3mi'),
    mission: text('mission'),
    reach: jsonb('reach').$type<EventReach>().notNull(),
    openedAt: moment('opened_at').notNull(),
    closedAt: moment('closed_at'),
    updatedAt: moment('updated_at').notNull(),
    // What lists and statistics ask of the columns above.
    foundOn: date('found_on').notNull().generatedAlwaysAs(sql`(opened_at at time zone 'Asia/Jakarta')::date`),
    closedOn: date('closed_on').generatedAlwaysAs(sql`(closed_at at time zone 'Asia/Jakarta')::date`),
    /** First and last day of the gap: by the rule, where it tells, and no longer than the hub found it. */
    openFrom: date('open_from').notNull().generatedAlwaysAs(sql`coalesce(since, (opened_at at time zone 'Asia/Jakarta')::date)`),
    openTo: date('open_to').generatedAlwaysAs(sql`least(until, (closed_at at time zone 'Asia/Jakarta')::date - 1)`),
    /** Whether it rests on that placement. */
    onPlacement: boolean('on_placement').notNull().generatedAlwaysAs(sql`reach ? 'placement'`),
    /** The case that it rests on, if any. */
    caseMission: text('case_mission').generatedAlwaysAs(sql`reach -> 'case' ->> 'mission'`),
    caseCategory: text('case_category').generatedAlwaysAs(sql`reach -> 'case' ->> 'category'`),
  },
  (table) => [
    primaryKey({ columns: [table.workerId, table.id] }),
    uniqueIndex('gap_open').on(table.workerId, table.rule, table.about).where(sql`closed_at is null`),
    index('gap_open_rule').on(table.rule, table.workerId).where(sql`closed_at is null`),
    index('gap_updated').on(table.updatedAt),
    index('gap_since').on(table.since, table.workerId),
    index('gap_mission').on(table.mission, table.workerId),
    index('gap_p3mi').on(table.p3mi, table.workerId),
  ],
);

/** Covers of which it has been told that they end soon, so that it is told once. */
export const coverNotice = pgTable(
  'cover_notice',
  {
    workerId: uuid('worker_id').notNull(),
    /** The cover: programme, phase and last day. */
    cover: text('cover').notNull(),
    toldAt: moment('told_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.workerId, table.cover] })],
);

/** How far the assessment of a share of all workers has come: by the first bits of their ids. The row is also the lock under which their gaps are written. */
export const gapShard = pgTable('gap_shard', {
  shard: smallint('shard').primaryKey(),
  /** Day for which all of them were last assessed; null where they are to be assessed again. */
  day: date('day'),
  /** What they were assessed by: rules, thresholds, agencies read. Null while they were not. */
  basis: text('basis'),
  /** Last worker assessed in a pass that is under way, and what that pass assesses by. */
  reached: uuid('reached'),
  reachedBasis: text('reached_basis'),
  reachedDay: date('reached_day'),
});

/** Where subscribers have events sent. What has been sent is told by `cursor` and `webhook_held`: no row for each event. */
export const webhook = pgTable(
  'webhook',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    /** Id of the API key whose scopes and bounds it has; of a key that was rotated, those of its successor. */
    owner: text('owner').notNull(),
    url: text('url').notNull(),
    description: text('description'),
    /** Null: all that the owner may hear of. */
    kinds: text('kinds').array().$type<EventKind[]>(),
    /** What its owner said that the events are for. */
    purpose: text('purpose').notNull(),
    state: text('state').$type<'ACTIVE' | 'PAUSED' | 'DISABLED'>().notNull().default('ACTIVE'),
    secret: bytes('secret').notNull(),
    /** Signs beside the secret until then, while its owner goes over to the new one. */
    oldSecret: bytes('old_secret'),
    oldSecretUntil: moment('old_secret_until'),
    /** Every event up to here was sent, is held, or is none for this owner. */
    cursor: bigint('cursor', { mode: 'number' }).notNull(),
    /** Attempts in a row of which none succeeded. */
    failures: integer('failures').notNull().default(0),
    nextAt: moment('next_at'),
    /** The instance that sends to it, until when. */
    leasedBy: uuid('leased_by'),
    leasedUntil: moment('leased_until'),
    createdAt: moment('created_at').notNull(),
    lastSuccessAt: moment('last_success_at'),
    lastFailureAt: moment('last_failure_at'),
    lastFailure: text('last_failure'),
  },
  (table) => [index('webhook_owner').on(table.owner)],
);

/** Events that a receiver did not take while it took others, and those of the same person behind them. */
export const webhookHeld = pgTable(
  'webhook_held',
  {
    webhookId: uuid('webhook_id').notNull().references(() => webhook.id, { onDelete: 'cascade' }),
    eventId: bigint('event_id', { mode: 'number' }).notNull(),
    workerId: uuid('worker_id').notNull(),
    attempts: integer('attempts').notNull(),
    nextAt: moment('next_at'),
    /** When it was given up; null while it is tried again. */
    deadAt: moment('dead_at'),
    failure: text('failure'),
    /** The event itself, since the log forgets. */
    event: jsonb('event').$type<LoggedEvent>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.webhookId, table.eventId] })],
);
