import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestHub, startTestHub } from '../support/hub.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ people: 250, now: new Date('2026-11-22T03:00:00Z') });
});
afterAll(() => hub[Symbol.asyncDispose]());

const rows = async <T>(query: ReturnType<typeof sql>) => hub.hub.database.run((q) => q.execute<T & Record<string, unknown>>(query));

interface Group {
  readonly by: { readonly country: string | null };
  readonly count: number | null;
  readonly people: number | null;
  readonly subtotal: boolean;
}
const byCountry = `{ placementStatistics(groupBy: [COUNTRY], where: {abroad: {eq: true}}, rollUp: true, orderBy: [{measure: COUNT, direction: DESC}]) {
  protects indexedThrough groups { by { country } count people subtotal } } }`;
const groupsOf = (data: unknown) => (data as { placementStatistics: { groups: Group[]; protects: boolean } }).placementStatistics;

describe('statistics over GraphQL', () => {
  it('count what the index holds, for a caller with exact figures, subtotals marked', async () => {
    const { data, errors } = await hub.ask(byCountry, {}, { as: 'admin' });
    expect(errors).toEqual([]);
    const { groups, protects } = groupsOf(data);
    expect(protects).toBe(false);
    const expected = await rows<{ country: string; n: number; p: number }>(sql`
      select country, count(*)::int n, count(distinct worker_id)::int p from indexed_placement
      where recorded_to is null and abroad_from <= '2026-11-22' and coalesce(abroad_to, '9999-12-31') >= '2026-11-22' group by country`);
    expect(groups.filter(({ subtotal }) => !subtotal).map(({ by, count, people }) => [by.country, count, people]).toSorted()).toEqual(expected.map(({ country, n, p }) => [country, n, p]).toSorted());
    const [all] = groups;
    expect(all).toMatchObject({ subtotal: true, by: { country: null }, count: expected.reduce((sum, { n }) => sum + n, 0) });
    expect(expected.length).toBeGreaterThan(5);
  });

  it('are protected for an analyst, who needs no other scope: small groups are left out, and the same question has the same answer', async () => {
    const [first, again] = [await hub.ask(byCountry, {}, { as: 'analyst' }), await hub.ask(byCountry, {}, { as: 'analyst' })];
    expect(first.errors).toEqual([]);
    const { groups, protects } = groupsOf(first.data);
    expect(protects).toBe(true);
    expect(groups).toEqual(groupsOf(again.data).groups);
    const exact = groupsOf((await hub.ask(byCountry, {}, { as: 'admin' })).data).groups;
    const small = exact.filter(({ people }) => people! < 5).map(({ by }) => by.country);
    expect(small.length).toBeGreaterThan(0);
    for (const country of small) expect(groups.map(({ by }) => by.country)).not.toContain(country);
    expect(groups.length).toBeGreaterThan(1);
    for (const { count } of groups) expect(count === null || count >= 5).toBe(true);
  });

  it('tell an analyst of a group of nearly everybody its own facts, where these people have many others; and contributions are in rupiah', async () => {
    const query = '{ coverageStatistics(groupBy: [PROGRAMME], rollUp: true) { groups { by { programme } count people contributions { currency } } } }';
    type Cover = { by: { programme: string | null }; count: number; people: number; contributions: { currency: string }[] };
    const groupsFor = async (as: 'admin' | 'analyst') => ((await hub.ask(query, {}, { as })).data as { coverageStatistics: { groups: Cover[] } }).coverageStatistics.groups;
    const [exact, told] = [await groupsFor('admin'), await groupsFor('analyst')];
    const of = (groups: readonly Cover[], programme: string | null) => groups.find(({ by }) => by.programme === programme)!;
    // All but a few of those who have any cover have JKK.
    expect(of(exact, null).people - of(exact, 'JKK').people).toBeLessThan(5);
    expect(of(told, 'JKK').people).toBe(of(told, null).people);
    expect(of(told, 'JKK').count).toBeLessThan(of(told, null).count * 0.7);
    expect(Math.abs(of(told, 'JKK').count - of(exact, 'JKK').count)).toBeLessThan(of(exact, 'JKK').count * 0.2);
    expect(of(told, 'JKK').contributions.map(({ currency }) => currency)).toEqual(['IDR']);
  });

  it('are for callers with the scope only', async () => {
    const { data, errors } = await hub.ask(byCountry, {}, { as: 'desk' });
    expect(data).toEqual({ placementStatistics: null });
    expect(errors.map(({ extensions }) => [extensions['code'], extensions['scope']])).toEqual([['FORBIDDEN', 'statistics:read']]);
  });

  const keyFor = async (bounds: object, scopes: string[] = ['statistics:read', 'statistics:exact']) =>
    (await hub.hub.keys.create({ name: 'bounded', scopes: scopes as never, bounds, environment: 'test', expiresAt: hub.inAnHour })).key;
  const askWith = async (key: string, query: string) => hub.ask(query, {}, { as: null, headers: { authorization: `Bearer ${key}` } });
  const number = (data: unknown, field: string) => (data as Record<string, { groups: { count: number }[] }>)[field]!.groups[0]!.count;

  it('reach no further than the bounds of a company, a mission, an area', async () => {
    const all = '{ worker: workerStatistics { groups { count } } placement: placementStatistics { groups { count } } case: caseStatistics { groups { count } } stay: stayStatistics { groups { count } } }';
    const company = await askWith(await keyFor({ p3mis: ['P3MI-017'] }), all);
    const [p3mi] = await rows<{ placement: number; worker: number }>(sql`select count(*)::int placement, count(distinct worker_id)::int worker from indexed_placement where recorded_to is null and p3mi_id = 'P3MI-017'`);
    expect([number(company.data, 'placement'), number(company.data, 'worker')]).toEqual([p3mi!.placement, p3mi!.worker]);
    expect(p3mi!.placement).toBeGreaterThan(0);

    const mission = await askWith(await keyFor({ missions: ['KJRI_HONG_KONG'] }), all);
    const [hongKong] = await rows<Record<'placement' | 'case' | 'stay' | 'worker', number>>(sql`
      with p as (select worker_id from indexed_placement where recorded_to is null and mission = 'KJRI_HONG_KONG'),
      c as (select worker_id from indexed_case where recorded_to is null and mission = 'KJRI_HONG_KONG' and category not in ('TPPO', 'KEKERASAN', 'HUKUMAN_MATI', 'PIDANA', 'SAKIT')),
      s as (select worker_id from indexed_stay where recorded_to is null and mission = 'KJRI_HONG_KONG')
      select (select count(*) from p)::int placement, (select count(*) from c)::int as case, (select count(*) from s)::int stay,
        (select count(*) from (select * from p union select * from c union select * from s) x)::int worker`);
    expect(Object.fromEntries(['placement', 'case', 'stay', 'worker'].map((name) => [name, number(mission.data, name)]))).toEqual(hongKong);

    const area = await askWith(await keyFor({ areas: ['35'] }), all);
    const [eastJava] = await rows<{ worker: number; placement: number }>(sql`
      with w as (select distinct worker_id from indexed_record where recorded_to is null and '35' = any(areas))
      select (select count(*) from w)::int worker, (select count(*) from indexed_placement join w using (worker_id) where recorded_to is null)::int placement`);
    expect([number(area.data, 'worker'), number(area.data, 'placement')]).toEqual([eastJava!.worker, eastJava!.placement]);
    expect(eastJava!.worker).toBeGreaterThan(10);
  });

  it('refuse a bounded caller what is made from facts beyond the bounds', async () => {
    const key = await keyFor({ missions: ['KJRI_HONG_KONG'] });
    for (const query of [
      '{ caseStatistics(groupBy: [JOB]) { groups { count } } }',
      '{ workerStatistics { groups { nowAbroad } } }',
      '{ workerStatistics(where: {placements: {gt: 1}}) { groups { count } } }',
      '{ placementStatistics(having: [{measure: CASES, gt: 0}]) { groups { count } } }',
    ]) {
      const { errors } = await askWith(key, query);
      expect(errors.map(({ extensions }) => extensions['code'])).toEqual(['FORBIDDEN']);
    }
  });

  it('leave sensitive cases out without their scope', async () => {
    const query = '{ caseStatistics(groupBy: [CATEGORY]) { groups { by { category } count } } }';
    const categories = async (...scopes: string[]) => ((await askWith(await keyFor({}, ['statistics:read', 'statistics:exact', ...scopes]), query)).data as { caseStatistics: { groups: { by: { category: string } }[] } }).caseStatistics.groups.map(({ by }) => by.category);
    expect(await categories('case:sensitive')).toContain('SAKIT');
    expect(await categories()).not.toContain('SAKIT');
    expect((await categories()).length).toBeGreaterThan(2);
  });

  it('say what is wrong with a question', async () => {
    const code = async (query: string) => (await hub.ask(query, {}, { as: 'admin' })).errors.map(({ extensions }) => extensions['code']);
    expect(await code('{ placementStatistics(first: 1001) { groups { count } } }')).toEqual(['BAD_USER_INPUT']);
    expect(await code('{ placementStatistics(orderBy: [{key: COUNTRY}]) { groups { count } } }')).toEqual(['BAD_USER_INPUT']);
    expect(await code('{ placementStatistics(where: {job: {contains: "a\\u0000"}}) { groups { count } } }')).toEqual(['BAD_USER_INPUT']);
    expect(await code('{ placementStatistics(groupBy: [DISTRICT, REGENCY, PROVINCE, COUNTRY, JOB, P3MI_ID, SCHEME]) { groups { count } } }')).toEqual(['BAD_USER_INPUT']);
  });

  it('refuse what is reckoned to cost too much before it runs, and say how to narrow it', async () => {
    await using small = await startTestHub({ people: 60, settings: { STATISTICS_COST: '1' } });
    const { data, errors } = await small.ask('{ placementStatistics(groupBy: [REGENCY, JOB, DEPARTED_MONTH], rollUp: true) { groups { count people withoutCover branches { count } } } }', {}, { as: 'admin' });
    expect(data).toEqual({ placementStatistics: null });
    expect(errors[0]!.extensions['code']).toBe('QUERY_TOO_EXPENSIVE');
    expect(errors[0]!.message).toMatch(/^Reckoned to cost \d+ points of at most 1 .*Narrow it: group by fewer or wider dimensions/);
  });

  it('list everything that can be asked in the catalogue', async () => {
    const { data } = await hub.ask('{ catalogue { name field dimensions { name keys label { indonesian english } kind sensitivity available } measures { name numbers kind } } }', {}, { as: 'analyst' });
    const { catalogue } = data as { catalogue: { name: string; dimensions: { name: string; keys: string[]; available: boolean }[]; measures: { name: string }[] }[] };
    expect(catalogue.map(({ name }) => name)).toEqual(['worker', 'placement', 'coverage', 'case', 'health', 'stay', 'gap']);
    expect(catalogue[1]!.dimensions.find(({ name }) => name === 'departedOn')!.keys).toEqual(['DEPARTED_YEAR', 'DEPARTED_QUARTER', 'DEPARTED_MONTH']);
    expect(catalogue.every(({ dimensions }) => dimensions.every(({ available }) => available))).toBe(true);
  });
});
