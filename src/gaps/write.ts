import { isDeepStrictEqual } from 'node:util';
import { sql } from 'drizzle-orm';
import type { EventReach, NewEvent } from '../domain/event.ts';
import { startOf } from '../events/compare.ts';
import { writeEvents } from '../events/outbox.ts';
import type { Queries } from '../store/database.ts';
import { markIndexed } from '../store/indexedChange.ts';
import type { EndingCover, Found, FoundGap } from './find.ts';

/** A gap that is open in the store. */
export interface OpenGap extends FoundGap {
  readonly workerId: string;
  readonly id: string;
}

/** A worker who was assessed. */
export interface Assessment {
  readonly workerId: string;
  readonly found: Found;
}

export interface GapChanges {
  readonly opened: number;
  readonly closed: number;
  readonly changed: number;
  readonly ending: number;
}

const keyOf = ({ rule, about }: FoundGap) => `${rule} ${about}`;
const columns = ['rule', 'about', 'severity', 'since', 'until', 'actor', 'programmes', 'evidence', 'placementAgency', 'placementRecord', 'placementNumber', 'country', 'p3mi', 'mission', 'reach'] as const satisfies readonly (keyof FoundGap)[];
const contentOf = (gap: FoundGap) => Object.fromEntries(columns.map((name) => [name, gap[name]]));
const sameContent = (a: FoundGap, b: FoundGap) => columns.every((name) => a[name] === b[name] || (typeof a[name] === 'object' && isDeepStrictEqual(a[name], b[name])));

/** Brings the stored gaps of workers to what was found. Call it under the lock of their share. With `news`, subscribers are told. */
export async function writeGaps(queries: Queries, assessments: readonly Assessment[], open: readonly OpenGap[], { at, news }: { readonly at: Date; readonly news: boolean }): Promise<GapChanges> {
  const before = Map.groupBy(open, ({ workerId }) => workerId);
  const opened: OpenGap[] = [];
  const changed: OpenGap[] = [];
  const closed: OpenGap[] = [];
  for (const { workerId, found } of assessments) {
    const known = new Map((before.get(workerId) ?? []).map((gap) => [keyOf(gap), gap]));
    for (const gap of found.gaps) {
      const old = known.get(keyOf(gap));
      known.delete(keyOf(gap));
      if (!old) opened.push({ ...gap, workerId, id: crypto.randomUUID() });
      else if (!sameContent(old, gap)) changed.push({ ...gap, workerId, id: old.id });
    }
    for (const gap of known.values()) if (!found.unknown.has(gap.rule)) closed.push(gap);
  }
  await insertGaps(queries, opened, at);
  await updateGaps(queries, changed, at);
  await closeGaps(queries, closed, at);
  await markIndexed(queries, [...opened, ...changed, ...closed].map(({ workerId }) => workerId));
  const ending = await noteEndings(queries, assessments, at);
  if (news) {
    await writeEvents(queries, [
      ...closed.map((gap) => gapEvent('GAP_CLOSED', gap, at)),
      ...opened.map((gap) => gapEvent('GAP_OPENED', gap, at)),
      ...ending.map(({ workerId, subject, reach }): NewEvent => ({ kind: 'COVER_ENDING', workerId, subject, reach, rule: null, ref: null, occurredAt: at })),
    ], at);
  }
  return { opened: opened.length, closed: closed.length, changed: changed.length, ending: ending.length };
}

function gapEvent(kind: 'GAP_OPENED' | 'GAP_CLOSED', { workerId, id, rule, since, reach }: OpenGap, at: Date): NewEvent {
  const began = since === null ? at : startOf(since);
  return { kind, workerId, subject: null, rule, ref: id, reach, occurredAt: kind === 'GAP_OPENED' && began < at ? began : at };
}

/** Rows as one JSON text: a statement of the same form whatever their number, and no limit of parameters. */
const asRows = (gaps: readonly OpenGap[]) => JSON.stringify(gaps.map((gap) => ({ workerId: gap.workerId, id: gap.id, ...contentOf(gap) })));
const rowForm = sql`
  "workerId" uuid, id uuid, rule text, about text, severity text, since date, until date, actor text, programmes text[], evidence jsonb,
  "placementAgency" text, "placementRecord" text, "placementNumber" text, country text, p3mi text, mission text, reach jsonb`;

async function insertGaps(queries: Queries, gaps: readonly OpenGap[], at: Date): Promise<void> {
  if (gaps.length === 0) return;
  await queries.execute(sql`
    insert into gap (worker_id, id, rule, about, severity, since, until, actor, programmes, evidence, placement_agency, placement_record, placement_number, country, p3mi, mission, reach, opened_at, updated_at)
    select r."workerId", r.id, r.rule, r.about, r.severity, r.since, r.until, r.actor, r.programmes, r.evidence, r."placementAgency", r."placementRecord", r."placementNumber", r.country, r.p3mi, r.mission, r.reach,
      ${at.toISOString()}::timestamptz, ${at.toISOString()}::timestamptz
    from jsonb_to_recordset(${asRows(gaps)}::jsonb) as r (${rowForm})`);
}

async function updateGaps(queries: Queries, gaps: readonly OpenGap[], at: Date): Promise<void> {
  if (gaps.length === 0) return;
  await queries.execute(sql`
    update gap g set severity = r.severity, since = r.since, until = r.until, actor = r.actor, programmes = r.programmes, evidence = r.evidence, placement_agency = r."placementAgency",
      placement_record = r."placementRecord", placement_number = r."placementNumber", country = r.country, p3mi = r.p3mi, mission = r.mission, reach = r.reach, updated_at = ${at.toISOString()}::timestamptz
    from jsonb_to_recordset(${asRows(gaps)}::jsonb) as r (${rowForm}) where g.worker_id = r."workerId" and g.id = r.id`);
}

async function closeGaps(queries: Queries, gaps: readonly OpenGap[], at: Date): Promise<void> {
  if (gaps.length === 0) return;
  const rows = JSON.stringify(gaps.map(({ workerId, id }) => ({ w: workerId, i: id })));
  await queries.execute(sql`
    update gap g set closed_at = ${at.toISOString()}::timestamptz, updated_at = ${at.toISOString()}::timestamptz
    from jsonb_to_recordset(${rows}::jsonb) as r (w uuid, i uuid) where g.worker_id = r.w and g.id = r.i`);
}

/** Notes covers that end soon; gives back those that were not noted before. */
async function noteEndings(queries: Queries, assessments: readonly Assessment[], at: Date): Promise<(EndingCover & { readonly workerId: string })[]> {
  const ending = assessments.flatMap(({ workerId, found }) => found.ending.map((one) => ({ ...one, workerId })));
  if (ending.length === 0) return [];
  const rows = JSON.stringify(ending.map(({ workerId, cover }) => ({ w: workerId, c: cover })));
  const fresh = await queries.execute<{ worker_id: string; cover: string }>(sql`
    insert into cover_notice (worker_id, cover, told_at) select r.w, r.c, ${at.toISOString()}::timestamptz from jsonb_to_recordset(${rows}::jsonb) as r (w uuid, c text)
    on conflict do nothing returning worker_id, cover`);
  const told = new Set(fresh.map(({ worker_id, cover }) => `${worker_id} ${cover}`));
  return ending.filter(({ workerId, cover }) => told.has(`${workerId} ${cover}`));
}

interface GapRow extends Record<string, unknown> {
  readonly worker_id: string;
  readonly id: string;
  readonly rule: string;
  readonly about: string;
  readonly severity: string;
  readonly since: string | null;
  readonly until: string | null;
  readonly actor: string;
  readonly programmes: string[];
  readonly evidence: FoundGap['evidence'];
  readonly placement_agency: string | null;
  readonly placement_record: string | null;
  readonly placement_number: string | null;
  readonly country: string | null;
  readonly p3mi: string | null;
  readonly mission: string | null;
  readonly reach: EventReach;
}

/** Columns of {@link GapRow}; days as text, whatever the driver makes of dates. */
export const gapColumns = sql`worker_id, id, rule, about, severity, since::text as since, until::text as until, actor, programmes, evidence, placement_agency, placement_record, placement_number, country, p3mi, mission, reach`;

/** Open gaps that a condition on `gap` selects. */
export async function readOpen(queries: Queries, condition: ReturnType<typeof sql>): Promise<OpenGap[]> {
  const rows = await queries.execute<GapRow>(sql`select ${gapColumns} from gap where closed_at is null and ${condition}`);
  return rows.map(({ worker_id: workerId, placement_agency: placementAgency, placement_record: placementRecord, placement_number: placementNumber, ...row }) => ({ ...row, workerId, placementAgency, placementRecord, placementNumber }));
}
