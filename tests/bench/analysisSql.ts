/*
 * Ready questions in SQL over the index, written by hand as well as we can: what the facts are held against, in time (tests/bench/statistics.ts) and in what they answer
 * (tests/index/statistics/handwritten.test.ts). $1 is the day. Of each row, `keys` are the values of what it is grouped by (fewer in a roll-up), the other columns are
 * figures under the names that they have in the schema.
 */

const live = 'recorded_to is null';
/** Since when a placement is one. */
const begun = `coalesce(registered_on, departed_on, contract_start, '-infinity') <= $1::date`;
const abroad = 'abroad_from <= $1::date and (abroad_to is null or abroad_to >= $1::date)';
/** By which programmes a worker is covered on the day. */
const covered = (...programmes: string[]) => `
  select worker_id, ${programmes.map((name) => `bool_or(programme = '${name}') ${name.toLowerCase()}`).join(', ')} from indexed_coverage
  where ${live} and programme in (${programmes.map((name) => `'${name}'`).join(', ')}) and covers_from <= $1::date and (covers_to is null or covers_to >= $1::date) group by worker_id`;
const without = 'count(*) filter (where not (coalesce(jkk, false) and coalesce(jkm, false)))::int "withoutCover"';

export const handwritten: Readonly<Record<string, string>> = {
  uninsuredByCountry: `
    with covered as (${covered('JKK', 'JKM')})
    select case when grouping(country) = 0 then json_build_array(country) else '[]'::json end keys, count(*)::int count, count(distinct worker_id)::int people, ${without}
    from indexed_placement left join covered using (worker_id) where ${live} and ${begun} and ${abroad} group by rollup (country)`,

  p3miByUncovered: `
    with covered as (${covered('JKK', 'JKM')})
    select json_build_array(p3mi_id) keys, count(*)::int count, ${without}
    from indexed_placement left join covered using (worker_id) where ${live} and ${begun} and ${abroad} and p3mi_id is not null group by p3mi_id having count(*) >= 10`,

  casesPerThousandPlaced: `
    with placed as (
      select distinct on (c.agency, c.record_id, c.key, c.worker_id) p.worker_id, p.agency, p.record_id, p.key, c.subcategory in ('GAJI_TIDAK_DIBAYAR', 'GAJI_ABK') of_wages
      from indexed_case c join indexed_placement p on p.worker_id = c.worker_id and p.recorded_to is null and p.abroad_from <= c.opened_on where c.recorded_to is null
      order by c.agency, c.record_id, c.key, c.worker_id, coalesce(p.abroad_to >= c.opened_on, true) desc, p.abroad_from desc, p.agency collate "C" desc, p.record_id collate "C" desc, p.key collate "C" desc
    ), counts as (select worker_id, agency, record_id, key, count(*) cases, count(*) filter (where of_wages) wages from placed group by worker_id, agency, record_id, key)
    select json_build_array(mission, sector) keys, count(*)::int count, coalesce(sum(cases), 0)::int cases, coalesce(sum(wages), 0)::int "wageCases"
    from indexed_placement left join counts using (worker_id, agency, record_id, key) where ${live} and ${begun} and departed_on is not null group by mission, sector`,

  placementsBySchemeAndProvince: `
    select json_build_array(scheme, province, extract(year from departed_on)::int::text) keys, count(*)::int count, count(distinct p.worker_id)::int people
    from indexed_placement p join indexed_worker w on w.worker_id = p.worker_id and w.recorded_to is null where p.recorded_to is null and ${begun} and departed_on is not null
    group by scheme, province, extract(year from departed_on)`,

  unpaidContributions: `
    select to_json(array_remove(array[case when grouping(programme) = 0 then programme end, case when grouping(phase) = 0 then phase end], null)) keys, count(*)::int count, count(distinct worker_id)::int people,
      count(*) filter (where payment_status in ('UNPAID', 'PARTIAL'))::int unpaid, sum(owed) filter (where owed >= 0)::float8 owed, sum(paid) filter (where paid >= 0)::float8 contributions
    from indexed_coverage where ${live} and coalesce(registered_on, window_start, '-infinity') <= $1::date group by rollup (programme, phase)`,
};

/** A group of a ready question as {@link handwritten} has its rows: `of` are the columns. */
export function asRow(group: Readonly<Record<string, unknown>>, of: readonly string[]): Record<string, unknown> {
  const keys = (group['keys'] as readonly { readonly value: string | null }[]).map(({ value }) => value);
  // Money comes by currency, here in rupiah only.
  const plain = (value: unknown) => (Array.isArray(value) ? ((value[0] as { total: number } | undefined)?.total ?? null) : value);
  return Object.fromEntries(of.map((name) => [name, name === 'keys' ? keys : plain(group[name])]));
}
