import { sql } from 'drizzle-orm';
import { bigint, boolean, customType, index, integer, jsonb, pgTable, primaryKey, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { AgencyRecord } from '../domain/record.ts';
import type { IdentifierKind } from '../domain/identifier.ts';
import type { SyncOutcome } from '../domain/sync.ts';

const bytes = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' });
const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });

/** A worker: an id and nothing else; what is known of her are the records linked to the id. Ids are never reused. */
export const worker = pgTable('worker', {
  id: uuid('id').primaryKey().defaultRandom(),
  createdAt: moment('created_at').notNull().defaultNow(),
  /** Set when the worker was found to be the same as another: this id then redirects there. */
  mergedInto: uuid('merged_into'),
  /** Counts changes of her links, so that a steward who decides on what she saw is told when it has changed meanwhile. */
  linksVersion: integer('links_version').notNull().default(0),
  /** Small number in her place, where her id would be too long. */
  serial: bigint('serial', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
  /** Random, 32 bits: the keys of the persons in a cell of a statistic decide its noise. Never leaves the hub. */
  cellKey: bigint('cell_key', { mode: 'number' }).notNull().default(sql`('x' || substr(gen_random_uuid()::text, 1, 8))::bit(32)::bigint`),
}, (table) => [uniqueIndex('worker_serial').on(table.serial), index('worker_merged').on(table.mergedInto).where(sql`merged_into is not null`)]);

/** The last known state of each agency record and the worker it is linked to. */
export const agencyRecord = pgTable(
  'agency_record',
  {
    workerId: uuid('worker_id').notNull().references(() => worker.id),
    agency: text('agency').notNull(),
    recordId: text('record_id').notNull(),
    body: jsonb('body').$type<AgencyRecord>().notNull(),
    asOf: moment('as_of'),
    fetchedAt: moment('fetched_at').notNull(),
    /** Short name of the record, by which blocking keys know it. Never used again. */
    number: bigint('number', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
  },
  // The worker's id leads the key so that a distributed Postgres can spread the table by it.
  (table) => [
    primaryKey({ columns: [table.workerId, table.agency, table.recordId] }),
    uniqueIndex('agency_record_once').on(table.agency, table.recordId),
    uniqueIndex('agency_record_number').on(table.number),
  ],
);

/** Every identifier on every agency record: the way from a number to a worker, and from a worker to what each agency knows her by. */
export const identifier = pgTable(
  'identifier',
  {
    workerId: uuid('worker_id').notNull().references(() => worker.id),
    agency: text('agency').notNull(),
    recordId: text('record_id').notNull(),
    kind: text('kind').$type<IdentifierKind>().notNull(),
    value: text('value').notNull(),
    /** Order on the record; the agency's own best comes first. */
    position: integer('position').notNull(),
  },
  (table) => [primaryKey({ columns: [table.workerId, table.agency, table.recordId, table.kind, table.value] }), index('identifier_value').on(table.value, table.kind),
    // As search compares numbers: letters and digits only (see `src/index/search/numbers.ts`).
    index('identifier_compact').on(sql`(regexp_replace(value, '[^A-Z0-9]', '', 'g') collate "C")`, table.workerId),
    index('identifier_inside').using('gin', sql`(regexp_replace(value, '[^A-Z0-9]', '', 'g') collate "C") gin_trgm_ops`),
  ],
);

/** How far each agency's change feed has been read. */
export const syncState = pgTable('sync_state', {
  agency: text('agency').primaryKey(),
  cursor: text('cursor'),
  /** Whether the feed was at its end at the last page. */
  caughtUp: boolean('caught_up').notNull().default(false),
  /** When its last page came; before the first one, when reading it began. */
  lastPageAt: moment('last_page_at'),
  /** When its end was first reached: what was read until then was there before, and is no news. */
  firstCaughtUpAt: moment('first_caught_up_at'),
  /** When its end was last reached. */
  caughtUpAt: moment('caught_up_at'),
  /** Set while the feed is read anew from its beginning, since when: records that it does not bring again are gone. */
  rereadSince: moment('reread_since'),
  /** Pages read, and entries that did not fit the protocol, since its end was last reached. */
  pages: integer('pages').notNull().default(0),
  rejected: bigint('rejected', { mode: 'number' }).notNull().default(0),
  /** End of the last run, and how it ended. */
  ranAt: moment('ran_at'),
  outcome: text('outcome').$type<SyncOutcome>(),
});

/** API keys. Of the key itself only a hash is kept. */
export const apiKey = pgTable('api_key', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  secretHash: bytes('secret_hash').notNull(),
  environment: text('environment').$type<'live' | 'test'>().notNull().default('test'),
  scopes: text('scopes').array().notNull(),
  /** How far the scopes reach; `{}` is everywhere. */
  bounds: jsonb('bounds').$type<object>().notNull().default({}),
  /** Purposes that reads may be for; null: any. */
  purposes: text('purposes').array(),
  /** Addresses and networks it may be used from; null: any. */
  networks: text('networks').array(),
  /** Which documents it may send: any, any with the unlisted ones noted, or trusted ones only. */
  documents: text('documents').$type<'any' | 'log' | 'listed'>().notNull().default('any'),
  /** Limits of its own; what is left out is the hub's. */
  limits: jsonb('limits').$type<object>().notNull().default({}),
  createdAt: moment('created_at').notNull().defaultNow(),
  expiresAt: moment('expires_at').notNull(),
  revokedAt: moment('revoked_at'),
  /** Id of the key that took its place at a rotation. */
  replacedBy: text('replaced_by'),
  lastUsedAt: moment('last_used_at'),
  lastUsedFrom: text('last_used_from'),
  uses: bigint('uses', { mode: 'number' }).notNull().default(0),
});

/** Secrets that all instances share and nobody needs to see, such as the key that makes object ids opaque. Made at the first start. */
export const hubSecret = pgTable('hub_secret', {
  name: text('name').primaryKey(),
  value: bytes('value').notNull().default(sql`decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex')`),
});

/**
 * Who read whose data, when and why: one row per request that touched personal data, refused ones too, and a second one where the first, written before the
 * agencies answered, says something else than what came of it. Rows are only added, by the function `audit_append` of the migrations, which chains their hashes
 * in the order of `seq` and gives the last one's.
 */
export const auditEntry = pgTable(
  'audit_entry',
  {
    /** Without gaps: given under a lock. */
    seq: bigint('seq', { mode: 'number' }).primaryKey(),
    at: moment('at').notNull(),
    requestId: text('request_id').notNull(),
    callerKind: text('caller_kind').notNull(),
    callerId: text('caller_id').notNull(),
    callerName: text('caller_name').notNull(),
    purpose: text('purpose'),
    caseReference: text('case_reference'),
    operation: text('operation').notNull(),
    operationName: text('operation_name'),
    /** SHA-256 of the document as sent, hexadecimal. */
    documentHash: text('document_hash'),
    clientName: text('client_name'),
    clientVersion: text('client_version'),
    outcome: text('outcome').notNull(),
    codes: text('codes').array().notNull(),
    workers: uuid('workers').array().notNull(),
    /** Keys that led to nobody whom the caller may see. */
    notFound: integer('not_found').notNull(),
    /** Classes of fields, by the scope that each needs. */
    classes: text('classes').array().notNull(),
    denied: text('denied').array().notNull(),
    agencies: text('agencies').array().notNull(),
    /** The row whose place this one takes: of the same request, written before it was known how that ends. */
    corrects: bigint('corrects', { mode: 'number' }),
    /** SHA-256 of the hash of the row before, and this row's content. */
    hash: bytes('hash').notNull(),
  },
  (table) => [
    index('audit_entry_workers').using('gin', table.workers),
    // Few rows correct another, so that the others cost it nothing.
    uniqueIndex('audit_entry_corrects').on(table.corrects).where(sql`corrects is not null`),
  ],
);

/** Workers whose data may not be processed for now (UU 27/2022): the hub asks no agency about them and shows nothing. */
export const restriction = pgTable('restriction', {
  workerId: uuid('worker_id').primaryKey().references(() => worker.id),
  reason: text('reason').notNull(),
  since: moment('since').notNull(),
  /** Public id of the caller who set it. */
  setBy: text('set_by').notNull(),
});

/** How much of a limit a caller has used, or set aside, in a window of time. */
export const meter = pgTable(
  'meter',
  {
    caller: text('caller').notNull(),
    name: text('name').notNull(),
    endsAt: moment('ends_at').notNull(),
    used: bigint('used', { mode: 'number' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.caller, table.name, table.endsAt] })],
);

/** Whom a caller has read on a day: what the limit of persons a day counts. Deleted when the day is over. */
export const personRead = pgTable(
  'person_read',
  {
    workerId: uuid('worker_id').notNull(),
    caller: text('caller').notNull(),
    endsAt: moment('ends_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.workerId, table.caller, table.endsAt] })],
);

/** The allow-list of documents: what `npm run operations:publish` has put there. A retired one is kept, so that the audit log's hashes go on naming what was asked. */
export const trustedDocument = pgTable('trusted_document', {
  /** `sha256:` and the SHA-256 of the text, hexadecimal. */
  id: text('id').primaryKey(),
  /** Normalised, as graphql-js prints it. */
  body: text('body').notNull(),
  publishedAt: moment('published_at').notNull(),
  retiredAt: moment('retired_at'),
});

/** Places for requests under way that an instance of the hub holds for a caller, given by the function `hold_places` of the migrations. */
export const heldPlaces = pgTable(
  'held_places',
  {
    caller: text('caller').notNull(),
    /** Made anew at each start. */
    instance: uuid('instance').notNull(),
    places: integer('places').notNull(),
    /** After this they are anybody's: an instance that was killed gives nothing back. */
    endsAt: moment('ends_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.caller, table.instance] })],
);
