import { and, asc, desc, eq, getTableColumns, inArray, notInArray, or, type SQL, sql } from 'drizzle-orm';
import { actsFor, sensitiveCategories } from '../access/sight.ts';
import type { Grant } from '../access/scopes.ts';
import type { CaseCategory } from '../domain/case.ts';
import type { AgencyName } from '../domain/record.ts';
import type { Referral, ReferralState } from '../domain/referral.ts';
import type { Queries } from '../store/database.ts';
import { referral, referralStep } from '../store/referralTables.ts';
import { agencyRecord, worker } from '../store/tables.ts';

/*
 * A row stays with the worker for whom it was made, and her id is part of its own, so that ids given out stay good. Whose the case is now, where workers were
 * merged or split since, its record tells; where the record is gone, the worker that the old id leads to.
 */
const owner = sql<string>`coalesce(${agencyRecord.workerId}, ${worker.mergedInto}, ${worker.id})`;
/** What the case says now: one that has become a sensitive one is handled as such. */
const ofCase = (field: 'mission' | 'category') => sql`(select c ->> ${sql.raw(`'${field}'`)} from jsonb_array_elements(${agencyRecord.body} -> 'cases') c where c ->> 'number' = ${referral.caseNumber} limit 1)`;
const mission = sql<string>`coalesce(${ofCase('mission')}, ${referral.mission})`;
const category = sql<CaseCategory>`coalesce(${ofCase('category')}, ${referral.category})`;

/** Which referrals a caller may see as far as their rows tell: the same as `isParty` and `maySeeCase` say. Whether she may see whose they are is for whoever reads the workers. */
export function visibleTo(grant: Grant): SQL | undefined {
  const among = (column: typeof referral.fromAgency | typeof referral.toAgency, agencies: readonly AgencyName[] | null) => (agencies === null ? sql`true` : inArray(column, [...agencies]));
  return and(
    or(among(referral.fromAgency, actsFor(grant, 'referral:send')), among(referral.toAgency, actsFor(grant, 'referral:handle'))),
    grant.scopes.has('case:sensitive') ? undefined : notInArray(category, [...sensitiveCategories]),
    grant.bounds.missions && inArray(mission, [...grant.bounds.missions]),
  );
}

export interface Reading {
  readonly where: SQL | undefined;
  readonly limit?: number;
}

/** Referrals with their steps, latest first. */
export async function readReferrals(queries: Queries, { where, limit }: Reading): Promise<Referral[]> {
  const { mission: _then, category: _was, fromAgency: from, toAgency: to, sentBy: _by, idempotencyKey: _key, ...columns } = getTableColumns(referral);
  const query = queries.select({ ...columns, from, to, owner, mission, category }).from(referral)
    .innerJoin(worker, eq(worker.id, referral.workerId))
    .leftJoin(agencyRecord, and(eq(agencyRecord.agency, referral.agency), eq(agencyRecord.recordId, referral.recordId)))
    .where(where).orderBy(desc(referral.sentAt), desc(referral.id));
  const rows = await (limit === undefined ? query : query.limit(limit));
  if (rows.length === 0) return [];
  const taken = await queries.select().from(referralStep)
    .where(and(inArray(referralStep.workerId, rows.map(({ workerId }) => workerId)), inArray(referralStep.referralId, rows.map(({ id }) => id))))
    .orderBy(asc(referralStep.at), sql`array_position(array['SENT', 'ACCEPTED', 'ANSWERED'], ${referralStep.state})`);
  const steps = Map.groupBy(taken, ({ referralId }) => referralId);
  return rows.map(({ sentAt: _at, ...row }) => ({ ...row, steps: (steps.get(row.id) ?? []).map(({ workerId: _worker, referralId: _referral, ...step }) => step) }));
}

/** How many there are. */
export async function countReferrals(queries: Queries, where: SQL | undefined): Promise<number> {
  const [row] = await queries.select({ count: sql<number>`count(*)::int` }).from(referral)
    .innerJoin(worker, eq(worker.id, referral.workerId))
    .leftJoin(agencyRecord, and(eq(agencyRecord.agency, referral.agency), eq(agencyRecord.recordId, referral.recordId)))
    .where(where);
  return row!.count;
}

/** Those of workers: the cases that are theirs now. Found by the cases' records and by the workers they were made for, each by an index, and then weighed. */
export function ofWorkers(ids: readonly string[]): SQL | undefined {
  const hers = sql.join(ids.map((id) => sql`${id}::uuid`), sql`, `);
  const candidates = sql`
    select r.worker_id, r.id from agency_record a join referral r on r.agency = a.agency and r.record_id = a.record_id where a.worker_id in (${hers})
    union select r.worker_id, r.id from worker w join referral r on r.worker_id = w.id where w.id in (${hers}) or w.merged_into in (${hers})`;
  return and(sql`(${referral.workerId}, ${referral.id}) in (${candidates})`, inArray(owner, [...ids]));
}

/** Place of a referral in a list, latest first. */
export interface ReferralPlace {
  readonly sentAt: Date;
  readonly id: string;
}

/** Those behind a place. */
export function behind({ sentAt, id }: ReferralPlace): SQL {
  return sql`(${referral.sentAt}, ${referral.id}) < (${sentAt.toISOString()}::timestamptz, ${id}::uuid)`;
}

/** The one of an id. */
export function withId({ workerId, id }: Pick<Referral, 'workerId' | 'id'>): SQL | undefined {
  return and(eq(referral.workerId, workerId), eq(referral.id, id));
}

/** Those of nobody whose data may not be processed for now. */
export function notOf(ids: ReadonlySet<string>): SQL | undefined {
  return ids.size === 0 ? undefined : notInArray(owner, [...ids]);
}

/** What a list of referrals can be narrowed by. */
export interface ReferralFilter {
  readonly to?: readonly AgencyName[];
  readonly from?: readonly AgencyName[];
  readonly states?: readonly ReferralState[];
  /** As `readReference` gives it. */
  readonly reference?: string;
}

export function filtered({ to, from, states, reference }: ReferralFilter): SQL | undefined {
  return and(to && inArray(referral.toAgency, [...to]), from && inArray(referral.fromAgency, [...from]), states && inArray(referral.state, [...states]), reference === undefined ? undefined : eq(referral.reference, reference));
}
