import { sql } from 'drizzle-orm';
import { bigint, boolean, date, index, integer, numeric, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';

/*
 * The index: what search, lists and statistics need of each agency record, as columns. Everything in it follows from `agency_record` (see `src/index/project.ts`)
 * and is kept up in the background (see `src/sync/following.ts`).
 *
 * A row is a version. `recorded_from` and `recorded_to` say when the hub held it for true (recorded time); the days in the row say when it was true (valid time).
 * Live versions have no `recorded_to`. Versions are never changed otherwise.
 */

const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });
const day = (name: string) => date(name, { mode: 'string' });
const version = () => ({
  /** Digest of the columns: a version that would say the same is not written. */
  content: text('content').notNull(),
  recordedFrom: moment('recorded_from').notNull(),
  recordedTo: moment('recorded_to'),
});
const ofRecord = () => ({
  workerId: uuid('worker_id').notNull(),
  agency: text('agency').notNull(),
  recordId: text('record_id').notNull(),
});
const ofFact = () => ({
  ...ofRecord(),
  /** What tells the fact apart from others of its record, such as its number. */
  key: text('key').notNull(),
});
const live = sql`recorded_to is null`;

/** A worker with the value that the golden record chooses for each attribute. */
export const indexedWorker = pgTable(
  'indexed_worker',
  {
    workerId: uuid('worker_id').notNull(),
    name: text('name'),
    sex: text('sex'),
    dateOfBirth: day('date_of_birth'),
    /** Kemendagri codes; the finer ones are null where no agency is so precise. */
    province: text('province'),
    regency: text('regency'),
    district: text('district'),
    /** Agencies that hold a record of her, sorted. */
    agencies: text('agencies').array().notNull(),
    ...version(),
  },
  (table) => [primaryKey({ columns: [table.workerId, table.recordedFrom] }), index('indexed_worker_live').on(table.workerId).where(live),
    index('indexed_worker_name').on(sql`name collate "C"`, table.workerId).where(live),
    index('indexed_worker_born').on(table.dateOfBirth, table.workerId).where(live),
    index('indexed_worker_regency').on(table.regency, table.workerId).where(live),
  ],
);

/** What an agency record says of the person, for search and for bounds. */
export const indexedRecord = pgTable(
  'indexed_record',
  {
    ...ofRecord(),
    /** Name as written. */
    name: text('name'),
    /** Name in canonical spelling, words separated by a blank, the father's name last; null without a name. */
    nameSearch: text('name_search'),
    sex: text('sex'),
    dateOfBirth: day('date_of_birth'),
    /** The claimed area with all areas it lies in: `35`, `35.07`, `35.07.10`. */
    areas: text('areas').array().notNull(),
    ...version(),
  },
  (table) => [primaryKey({ columns: [table.workerId, table.agency, table.recordId, table.recordedFrom] }), index('indexed_record_live').on(table.agency, table.recordId).where(live),
    index('indexed_record_name').on(table.nameSearch, table.workerId).where(live),
    index('indexed_record_areas').using('gin', table.areas).where(live),
  ],
);

export const indexedPlacement = pgTable(
  'indexed_placement',
  {
    ...ofFact(),
    scheme: text('scheme').notNull(),
    procedure: text('procedure').notNull(),
    stage: text('stage').notNull(),
    country: text('country').notNull(),
    region: text('region'),
    district: text('district'),
    /** As the record names it, else by the missions' jurisdictions. */
    mission: text('mission'),
    p3miId: text('p3mi_id'),
    p3miName: text('p3mi_name'),
    employerKind: text('employer_kind'),
    sector: text('sector').notNull(),
    job: text('job').notNull(),
    contractStart: day('contract_start'),
    contractEnd: day('contract_end'),
    contractMonths: integer('contract_months'),
    wageAmount: numeric('wage_amount'),
    wageCurrency: text('wage_currency'),
    registeredOn: day('registered_on'),
    departedOn: day('departed_on'),
    arrivedOn: day('arrived_on'),
    returnedOn: day('returned_on'),
    passportValidUntil: day('passport_valid_until'),
    oneChannelSystem: boolean('one_channel_system'),
    /** First and last day abroad under this placement; an extension takes over from the placement that it renews. Both null when she never left; last null while she is abroad. */
    abroadFrom: day('abroad_from'),
    abroadTo: day('abroad_to'),
    ...version(),
  },
  (table) => [primaryKey({ columns: [table.workerId, table.agency, table.recordId, table.key, table.recordedFrom] }), index('indexed_placement_live').on(table.workerId).where(live),
    index('indexed_placement_contract_end').on(table.contractEnd, table.workerId).where(live),
    index('indexed_placement_registered').on(table.registeredOn, table.workerId).where(live),
    index('indexed_placement_departed').on(table.departedOn, table.workerId).where(live),
    index('indexed_placement_returned').on(table.returnedOn, table.workerId).where(live),
    index('indexed_placement_mission').on(table.mission, table.workerId).where(live),
    index('indexed_placement_p3mi').on(table.p3miId, table.workerId).where(live),
  ],
);

export const indexedCoverage = pgTable(
  'indexed_coverage',
  {
    ...ofFact(),
    programme: text('programme').notNull(),
    phase: text('phase').notNull(),
    status: text('status').notNull(),
    registeredOn: day('registered_on'),
    windowStart: day('window_start'),
    windowEnd: day('window_end'),
    paymentStatus: text('payment_status').notNull(),
    /** Rupiah; null where the agency does not say or names another currency. */
    owed: numeric('owed'),
    paid: numeric('paid'),
    paidOn: day('paid_on'),
    contractMonths: integer('contract_months'),
    claims: integer('claims').notNull(),
    /** Days on which it would pay: inside the window and paid for; both null when there is none, the last null when the window has no end. */
    coversFrom: day('covers_from'),
    coversTo: day('covers_to'),
    ...version(),
  },
  (table) => [primaryKey({ columns: [table.workerId, table.agency, table.recordId, table.key, table.recordedFrom] }), index('indexed_coverage_live').on(table.workerId).where(live),
    index('indexed_coverage_covers_to').on(table.coversTo, table.workerId).where(live),
    index('indexed_coverage_window_end').on(table.windowEnd, table.workerId).where(live),
  ],
);

export const indexedHealth = pgTable(
  'indexed_health',
  {
    ...ofFact(),
    active: boolean('active').notNull(),
    inactiveReason: text('inactive_reason'),
    segment: text('segment'),
    wardClass: text('ward_class'),
    startOn: day('start_on'),
    endOn: day('end_on'),
    ...version(),
  },
  (table) => [primaryKey({ columns: [table.workerId, table.agency, table.recordId, table.key, table.recordedFrom] }), index('indexed_health_live').on(table.workerId).where(live)],
);

export const indexedCase = pgTable(
  'indexed_case',
  {
    ...ofFact(),
    mission: text('mission').notNull(),
    category: text('category').notNull(),
    subcategory: text('subcategory'),
    kind: text('kind').notNull(),
    status: text('status').notNull(),
    country: text('country'),
    region: text('region'),
    district: text('district'),
    openedOn: day('opened_on').notNull(),
    closedOn: day('closed_on'),
    claimedAmount: numeric('claimed_amount'),
    recoveredAmount: numeric('recovered_amount'),
    /** Of both amounts. */
    currency: text('currency'),
    ...version(),
  },
  (table) => [primaryKey({ columns: [table.workerId, table.agency, table.recordId, table.key, table.recordedFrom] }), index('indexed_case_live').on(table.workerId).where(live),
    index('indexed_case_opened').on(table.openedOn, table.workerId).where(live),
    index('indexed_case_closed').on(table.closedOn, table.workerId).where(live),
    index('indexed_case_mission').on(table.mission, table.workerId).where(live),
  ],
);

/** Reports of stay (lapor diri). */
export const indexedStay = pgTable(
  'indexed_stay',
  {
    ...ofFact(),
    kind: text('kind').notNull(),
    mission: text('mission').notNull(),
    country: text('country').notNull(),
    region: text('region'),
    district: text('district'),
    reportedOn: day('reported_on').notNull(),
    verifiedOn: day('verified_on'),
    ...version(),
  },
  (table) => [primaryKey({ columns: [table.workerId, table.agency, table.recordId, table.key, table.recordedFrom] }), index('indexed_stay_live').on(table.workerId).where(live), index('indexed_stay_mission').on(table.mission, table.workerId).where(live)],
);

/** Spellings of names that occur in `indexed_record`, or have occurred, each once: search ranks these before it looks for whom they belong to. Filled by a trigger. */
export const indexedName = pgTable(
  'indexed_name',
  { name: text('name').primaryKey(), tokens: text('tokens').array().notNull() },
  (table) => [index('indexed_name_tokens').using('gin', table.tokens)],
);

/** Words that those spellings are made of. Filled with them. */
export const indexedToken = pgTable(
  'indexed_token',
  {
    token: text('token').primaryKey(),
    /** Its letters in order: letters that changed places leave them as they are. */
    letters: text('letters').notNull(),
  },
  (table) => [index('indexed_token_letters').on(table.letters), index('indexed_token_similar').using('gin', sql`token gin_trgm_ops`)],
);

/** Which transaction last changed a worker's rows of the index: whoever keeps a copy of it reads what changed since. */
export const indexedChange = pgTable(
  'indexed_change',
  {
    workerId: uuid('worker_id').primaryKey(),
    /** `pg_current_xact_id()`. A reader who takes those below `pg_snapshot_xmin(pg_current_snapshot())` misses none that commits later. */
    xid: bigint('xid', { mode: 'number' }).notNull(),
  },
  (table) => [index('indexed_change_xid').on(table.xid)],
);

/**
 * Workers one of whose records was added, changed, moved or removed, or whose processing was restricted or freed again, and who have not been followed up yet. Filled by
 * triggers on `agency_record` and `restriction`, so in the transaction of the change and whoever makes it. A worker can stand here more than once.
 */
export const changedWorker = pgTable('changed_worker', {
  id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  workerId: uuid('worker_id').notNull(),
  at: moment('at').notNull().defaultNow(),
});
