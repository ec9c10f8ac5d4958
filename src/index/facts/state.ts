import type { GrowingDictionaries } from './dictionaries.ts';
import { lastWithin, merged, openEnd, spanColumns } from './spans.ts';
import type { Field } from './taking.ts';

/*
 * How the rows of the index become facts. A worker's life in the index falls into epochs: between two moments at which any of her rows began or ended to hold, all
 * of them stand still. For each epoch every fact is made with everything that it needs from the others, so that no question needs a join, and what was known at a moment
 * is what stands in the epoch that holds it.
 */

/** End of the epoch that still lasts. */
export const endless = '9007199254740991';

/** Columns of the rows of the index that facts are made from, with what they are (see taking.ts); all have `serial`, `rf` and `rt` (the time for which the row held), and those of {@link factNames} `fact_key`. */
export const rawColumns = {
  worker: { sex: 'coded', date_of_birth: 'day', province: 'coded', regency: 'coded', district: 'coded', agencies: 'coded' },
  record: { area: 'area' },
  placement: {
    // A hash of the three texts before it is set is what gaps call it by.
    agency: 'text', record_id: 'text', key: 'text', mark: 'bigint', scheme: 'coded', procedure: 'coded', stage: 'coded', country: 'coded', region: 'coded', district: 'coded', mission: 'coded',
    p3mi_id: 'coded', p3mi_name: 'coded', employer_kind: 'coded', sector: 'coded', job: 'coded', contract_start: 'day', contract_end: 'day', contract_months: 'integer',
    wage_amount: 'amount', wage_currency: 'coded', registered_on: 'day', departed_on: 'day', arrived_on: 'day', returned_on: 'day', passport_valid_until: 'day',
    one_channel_system: 'flag', abroad_from: 'day', abroad_to: 'day',
  },
  coverage: {
    programme: 'coded', phase: 'coded', status: 'coded', registered_on: 'day', window_start: 'day', window_end: 'day',
    payment_status: 'coded', owed: 'amount', paid: 'amount', paid_on: 'day', contract_months: 'integer', claims: 'integer', covers_from: 'day', covers_to: 'day',
  },
  health: { key: 'text', active: 'flag', inactive_reason: 'coded', segment: 'coded', ward_class: 'coded', start_on: 'day', end_on: 'day' },
  case: {
    mission: 'coded', category: 'coded', subcategory: 'coded', kind: 'coded', status: 'coded', country: 'coded', region: 'coded',
    district: 'coded', opened_on: 'day', closed_on: 'day', claimed_amount: 'amount', recovered_amount: 'amount', currency: 'coded',
  },
  stay: {
    kind: 'coded', mission: 'coded', country: 'coded', region: 'coded', district: 'coded', reported_on: 'day', verified_on: 'day',
  },
  gap: {
    rule: 'coded', severity: 'coded', actor: 'coded', programmes: 'coded', since: 'day', until: 'day', found_on: 'day', over_on: 'day', placement: 'bigint',
    country: 'coded', mission: 'coded', p3mi: 'coded', on_placement: 'flag', case_mission: 'coded', case_category: 'coded',
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Field['kind']>>>>;
export type RawTable = keyof typeof rawColumns;
export const rawTables = Object.keys(rawColumns) as readonly RawTable[];
/** Texts that tell facts of a worker apart in the index, of those that become facts: their keys are made of it. */
export const factNames: Readonly<Partial<Record<RawTable, readonly string[]>>> = {
  ...Object.fromEntries((['coverage', 'health', 'case', 'stay'] as const).map((name) => [name, ['agency', 'record_id', 'key']])),
  gap: ['id::text'],
};
/** What `health_status` can say besides the reasons why a membership is not active. */
export const healthStatuses = ['ACTIVE', 'OTHER', 'NOT_FOUND'] as const;

/** Subcategories of cases of wages that were not paid. */
const unpaid = ['GAJI_TIDAK_DIBAYAR', 'GAJI_ABK'];

/** Those whose rows make epochs. */
const epochal = rawTables.filter((name) => name !== 'gap');

export const programmes = ['JKK', 'JKM', 'JHT'] as const;
/** Number of a worker's epoch. */
export const by = 'e';
const temp = (name: string, query: string) => `create or replace temp table ${name} as ${query}`;
/** For what is read once. */
const view = (name: string, query: string) => `create or replace temp view ${name} as ${query}`;

const onceRead: ReadonlySet<RawTable> = new Set(['worker', 'record']);

/** Rows of a table as they stand in each epoch. */
const inEpochs = (table: RawTable) => (onceRead.has(table) ? view : temp)(`e_${table}`, `select r.* exclude (rf, rt), e.rowid::integer e, e.ef, e.et from part_${table} r join epoch e on e.serial = r.serial and r.rf <= e.ef and coalesce(r.rt, ${endless}) >= e.et`);

/** The statements that make, of the tables `part_*` of some workers and `person`, what facts are read from (see factQueries.ts): `in_*` and `w`. */
export function statements(dictionaries: GrowingDictionaries): string[] {
  const code = (dictionary: string, text: string) => dictionaries.of(dictionary).number(text);
  const moments = epochal.flatMap((name) => [`select serial, rf m from part_${name}`, `select serial, rt from part_${name} where rt is not null`]);
  const spansOf = (programme: string) => merged(programme.toLowerCase(), `select ${by}, covers_from f, coalesce(covers_to, ${openEnd}) t from e_coverage where programme = ${code('Programme', programme)} and covers_from is not null`, by);
  const reasons = dictionaries.of('InactiveReason').texts.map((text) => code('healthStatus', text));
  return [
    temp('epoch', `select serial, m ef, coalesce(lead(m) over (partition by serial order by m), ${endless}) et from (${moments.join(' union ')})`),
    ...epochal.map(inEpochs),
    ...programmes.map((name) => temp(`spans_${name.toLowerCase()}`, spansOf(name))),
    temp('spans_abroad', merged('abroad', `select ${by}, abroad_from f, coalesce(abroad_to, ${openEnd}) t from e_placement where abroad_from is not null`, by)),
    // No lists, which joins take long to carry: hardly anybody has a third area.
    temp('claimed', `select ${by}, min(area) area1, nullif(max(area), min(area)) area2, count(*) records from e_record where area is not null group by all`),
    temp('claimed_more', `select ${by}, string_agg(distinct area, ',') areas from e_record join claimed using (${by}) where records > 2 and area > area1 and area < area2 group by all`),
    temp('member', `select ${by}, case when bool_or(active) then ${code('healthStatus', 'ACTIVE')} else coalesce(([${reasons.join(', ')}]::integer[])[arg_max(inactive_reason, (coalesce(start_on, date '0001-01-01'), key)) + 1], ${code('healthStatus', 'OTHER')}) end status from e_health group by all`),
    ...(['placement', 'case', 'stay'] as const).map((name) => temp(`count_${name}`, `select ${by}, count(*)::integer n from e_${name} group by all`)),
    temp('w', `select e.*, p.cell_key, c.area1, c.area2, cm.areas more_areas, coalesce(m.status, ${code('healthStatus', 'NOT_FOUND')}) health_status, ${spanColumns({ abroad: 'abroad', jkk: 'jkk', jkm: 'jkm', jht: 'jht' })},
      coalesce(cp.n, 0) placements, coalesce(cc.n, 0) cases, coalesce(cs.n, 0) stays
      from e_worker e join person p using (serial) left join claimed c using (${by}) left join claimed_more cm using (${by}) left join member m using (${by}) left join spans_abroad abroad using (${by})
      left join spans_jkk jkk using (${by}) left join spans_jkm jkm using (${by}) left join spans_jht jht using (${by})
      left join count_placement cp using (${by}) left join count_case cc using (${by}) left join count_stay cs using (${by})`),
    // A case belongs to the placement on which she was when it was opened, else to the last one that had begun by then.
    temp('case_of', `select c.rowid cid, arg_max(p.rowid, (coalesce(p.abroad_to, ${openEnd}) >= c.opened_on, p.abroad_from, p.agency, p.record_id, p.key)) pid from e_case c join e_placement p using (${by}) where p.abroad_from <= c.opened_on group by all`),
    temp('cases_under', `select o.pid, count(*)::integer n, count(*) filter (c.subcategory in (${unpaid.map((each) => code('case.subcategory', each)).join(', ')}))::integer wages from case_of o join e_case c on c.rowid = o.cid group by all`),
    // Gaps open and close by themselves, and only what is told of the worker herself is made from them: they cut epochs of their own out of hers.
    temp('gap_epoch', `select g.serial, e.rowid::integer e, e.ef, e.et, g.m gf, least(coalesce(g.next, ${endless}), e.et) gt
      from (select serial, m, lead(m) over (partition by serial order by m) as next from (select serial, rf m from part_gap union select serial, rt from part_gap where rt is not null union select serial, ef from epoch where serial in (select serial from part_gap))) g
      join epoch e on e.serial = g.serial and e.ef <= g.m and e.et > g.m`),
    temp('in_gap', `select r.* exclude (rf, rt), e.rowid::integer g, e.e, e.ef, e.et, e.gf, e.gt, p.p3mi_name, p.scheme, p.procedure, p.sector, p.job, r.over_on closed_on,
      coalesce(r.since, r.found_on) open_from, least(r.until, r.over_on - 1) open_to
      from part_gap r join gap_epoch e on e.serial = r.serial and r.rf <= e.gf and coalesce(r.rt, ${endless}) >= e.gt
      left join e_placement p on p.e = e.e and p.mark = r.placement`),
    ...(['exposed', 'critical'] as const).map((name) =>
      temp(`spans_${name}`, merged(name, `select g, open_from f, coalesce(open_to, ${openEnd}) t from in_gap where severity ${name === 'critical' ? `= ${code('Severity', 'CRITICAL')}` : `<> ${code('Severity', 'INFO')}`}`, 'g'))),
    view('in_worker', `select w.serial, w.e, coalesce(g.gf, w.ef) gf, coalesce(g.gt, w.et) gt, ${spanColumns({ exposed: 'x', critical: 'c' })}
      from w left join gap_epoch g using (${by}) left join spans_exposed x on x.g = g.rowid left join spans_critical c on c.g = g.rowid`),
    view('in_placement', `select f.*, (f.mark & 4294967295)::uinteger fact_key, u.n case_count, u.wages wage_case_count,
      ${lastWithin('jkk', 'f.contract_start', 'f.contract_end')} jkk_last
      from e_placement f join w using (${by}) left join cases_under u on u.pid = f.rowid`),
    view('in_coverage', 'select * from e_coverage'),
    view('in_case', `select f.*, p.scheme, p.procedure, p.sector, p.job, p.p3mi_id, ${lastWithin('jkk', 'f.opened_on', 'f.opened_on')} is not null covered_at_opening
      from e_case f join w using (${by}) left join case_of o on o.cid = f.rowid left join e_placement p on p.rowid = o.pid`),
    view('in_health', 'select * from e_health'),
    view('in_stay', `select f.*, ${lastWithin('abroad', 'f.reported_on', 'f.reported_on')} is not null placed from e_stay f join w using (${by})`),
  ];
}
