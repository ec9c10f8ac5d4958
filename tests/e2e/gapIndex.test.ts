import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allScopes, type Scope } from '../../src/access/scopes.ts';
import type { AgencyRecord } from '../../src/domain/record.ts';
import { varyGaps } from '../support/gaps.ts';
import { type TestHub, startTestHub } from '../support/hub.ts';

let hub: TestHub;
const today = '2026-11-22';
beforeAll(async () => {
  hub = await startTestHub({ people: 250, now: new Date('2026-11-22T03:00:00Z') });
  await hub.hub.assessing.run();
  await hub.hub.facts.refresh();
});
afterAll(() => hub[Symbol.asyncDispose]());

const rows = async <T>(query: ReturnType<typeof sql>) => [...(await hub.hub.database.run((q) => q.execute<T & Record<string, unknown>>(query)))];
const keyFor = async (bounds: object, scopes: readonly Scope[] = allScopes) =>
  (await hub.hub.keys.create({ name: 'bounded', scopes, bounds, environment: 'test', expiresAt: hub.inAnHour })).key;
const askWith = <T>(key: string, query: string) => hub.ask<T, object>(query, {}, { as: null, headers: { authorization: `Bearer ${key}`, 'x-purpose': 'SERVICE' } });

interface Node {
  readonly rule: string;
  readonly severity: string;
  readonly since: string | null;
  readonly country: string | null;
  readonly p3miId: string | null;
  readonly caseCategory: string | null;
  readonly evidence: readonly { readonly agency: string; readonly facet: string }[];
  readonly worker: { readonly id: string };
}
interface Page {
  readonly gaps: { readonly totalCount: number; readonly edges: readonly { readonly node: Node }[] } | null;
}
const fields = 'totalCount edges { node { rule severity since country p3miId caseCategory evidence { agency facet } worker { id } } }';

describe('gaps as an entity', () => {
  it('are listed with what they rest on and who should act, no agency asked', async () => {
    const query = readFileSync(new URL('../../schema/operations/gaps.graphql', import.meta.url), 'utf8');
    const { data, errors } = await hub.ask<Page, object>(query, { on: today, first: 100 }, { as: 'desk' });
    expect(errors).toEqual([]);
    const [{ n }] = (await rows<{ n: number }>(sql`select count(*)::int n from gap where closed_at is null and severity = 'CRITICAL' and coalesce(since, found_on) <= ${today}::date and coalesce(until, 'infinity') >= ${today}::date`)) as [{ n: number }];
    expect(data!.gaps!.totalCount).toBe(n);
    expect(n).toBeGreaterThan(20);
    const nodes = data!.gaps!.edges.map(({ node }) => node);
    expect(new Set(nodes.map(({ severity }) => severity))).toEqual(new Set(['CRITICAL']));
    const begun = nodes.map(({ since }) => since).filter((since) => since !== null);
    expect(begun).toEqual(begun.toSorted());
    expect(nodes.every(({ evidence }) => evidence.length > 0)).toBe(true);
    expect(nodes.some(({ country, p3miId }) => country !== null && p3miId !== null)).toBe(true);
    const [entry] = await rows<{ workers: string[]; classes: string[] }>(sql`select workers, classes from audit_entry where operation_name = 'CriticalGaps' order by seq desc limit 1`);
    expect(entry!.workers.length).toBe(new Set(nodes.map(({ worker }) => worker.id)).size);
    expect(entry!.classes).toEqual(expect.arrayContaining(['workers:list', 'placement:read', 'insurance:read']));
  });

  it('are conditions on workers, and workers on them', async () => {
    const { data, errors } = await hub.ask<{ searchWorkers: { totalCount: number }; gaps: { totalCount: number } }, object>(
      `{ searchWorkers(where: {gaps: {some: {rule: {eq: "COVER_MISSING"}, openOn: "${today}", programmes: {has: JKK}}, none: {rule: {eq: "PASSPORT_ENDS_BEFORE_CONTRACT"}}}}) { totalCount }
         gaps(where: {worker: {origin: {in: ["35"]}}, rule: {eq: "COVER_MISSING"}}) { totalCount } }`, {}, { as: 'desk' });
    expect(errors).toEqual([]);
    const [expected] = await rows<{ workers: number; gaps: number }>(sql`
      select (select count(distinct worker_id)::int from gap g where rule = 'COVER_MISSING' and 'JKK' = any(programmes) and open_from <= ${today}::date and coalesce(open_to, 'infinity') >= ${today}::date
          and not exists (select from gap o where o.worker_id = g.worker_id and rule = 'PASSPORT_ENDS_BEFORE_CONTRACT')) workers,
        (select count(*)::int from gap join indexed_worker w using (worker_id) where recorded_to is null and province = '35' and rule = 'COVER_MISSING') gaps`);
    expect([data!.searchWorkers.totalCount, data!.gaps.totalCount]).toEqual([expected!.workers, expected!.gaps]);
    expect(Math.min(expected!.workers, expected!.gaps)).toBeGreaterThan(2);
  });

  it('are counted: who is exposed, where, through which company, since when', async () => {
    const { data, errors } = await hub.ask<{ gapStatistics: { protects: boolean; groups: { by: { rule: string; country: string | null; p3miId: string | null; sinceYear: number | null; scheme: string | null }; count: number; people: number; openNow: number }[] } }, object>(
      `{ gapStatistics(groupBy: [RULE, COUNTRY, P3MI_ID, SINCE_YEAR, SCHEME], first: 1000) { protects groups { by { rule country p3miId sinceYear scheme } count people openNow } } }`, {}, { as: 'admin' });
    expect(errors).toEqual([]);
    const expected = await rows<{ rule: string; country: string | null; p3mi: string | null; year: number | null; scheme: string | null; n: number; p: number; o: number }>(sql`
      select rule, g.country, g.p3mi, extract(year from since)::int as year, p.scheme, count(*)::int n, count(distinct g.worker_id)::int p, count(*) filter (where open_from <= ${today}::date and coalesce(open_to, 'infinity') >= ${today}::date)::int o
      from gap g left join indexed_placement p on p.recorded_to is null and p.worker_id = g.worker_id and p.agency = g.placement_agency and p.record_id = g.placement_record and p.key = g.placement_number group by 1, 2, 3, 4, 5`);
    const shape = (list: readonly unknown[][]) => list.map((one) => JSON.stringify(one)).toSorted();
    expect(shape(data!.gapStatistics.groups.map(({ by, count, people, openNow }) => [by.rule, by.country, by.p3miId, by.sinceYear, by.scheme, count, people, openNow]))).toEqual(
      shape(expected.map(({ rule, country, p3mi, year, scheme, n, p, o }) => [rule, country, p3mi, year, scheme, n, p, o])),
    );
    expect(expected.length).toBeGreaterThan(30);
  });

  it('are protected for an analyst as all figures are', async () => {
    const { data, errors } = await hub.ask<{ gapStatistics: { protects: boolean; groups: { count: number | null }[] } }, object>('{ gapStatistics(groupBy: [RULE, COUNTRY]) { protects groups { count } } }', {}, { as: 'analyst' });
    expect(errors).toEqual([]);
    expect(data!.gapStatistics.protects).toBe(true);
    for (const { count } of data!.gapStatistics.groups) expect(count === null || count >= 5).toBe(true);
  });

  it('are seen as far as what they rest on is, and say of a placement no more than it does: list and statistics alike, whatever the bounds', async () => {
    await varyGaps(hub.hub.database);
    await hub.hub.facts.refresh();
    const [company] = await rows<{ p3mi: string }>(sql`select p3mi from gap where p3mi is not null group by 1 order by count(*) desc limit 1`);
    const missions = (await rows<{ mission: string }>(sql`select mission from gap where mission is not null group by 1 order by count(*) desc limit 3`)).map(({ mission }) => mission);
    const seen: number[] = [];
    for (const bounds of [{}, { p3mis: [company!.p3mi, 'P3MI-017'] }, { missions }, { areas: ['35', '52'] }, { missions, areas: ['35', '33', '32'] }, { missions, p3mis: [company!.p3mi] }]) {
      for (const sensitive of [true, false]) {
        const key = await keyFor(bounds, sensitive ? allScopes : allScopes.filter((scope) => scope !== 'case:sensitive'));
        const { data, errors } = await askWith<{ gaps: { totalCount: number }; abroad: { totalCount: number }; all: { groups: { count: number }[] }; by: { groups: { by: { country: string | null }; count: number }[] } }>(key, `{
          gaps { totalCount } abroad: gaps(where: {country: {eq: "MY"}}) { totalCount }
          all: gapStatistics(asOf: "2099-01-01") { groups { count } } by: gapStatistics(asOf: "2099-01-01", groupBy: [COUNTRY]) { groups { by { country } count } } }`);
        expect(errors).toEqual([]);
        expect({ bounds, all: data!.all.groups[0]!.count }).toEqual({ bounds, all: data!.gaps.totalCount });
        expect({ bounds, my: data!.by.groups.find(({ by }) => by.country === 'MY')?.count ?? 0 }).toEqual({ bounds, my: data!.abroad.totalCount });
        seen.push(data!.gaps.totalCount);
      }
    }
    expect(seen[0]).toBeGreaterThan(Math.max(...seen.slice(2)));
    // Sensitive cases hide what rests on them.
    expect(seen[0]).toBeGreaterThan(seen[1]!);
    expect(Math.min(...seen.slice(0, 8))).toBeGreaterThan(0);
  });

  it('that rest on a case need its scope; a filter by placement needs that one', async () => {
    const partner = await keyFor({}, ['placement:read', 'insurance:read', 'workers:list']);
    const { data, errors } = await askWith<Page>(partner, `{ gaps(first: 100) { ${fields} } }`);
    expect(errors).toEqual([]);
    const [expected] = await rows<{ n: number }>(sql`select count(*)::int n from gap where reach -> 'facets' <@ '["PLACEMENT", "SOCIAL_SECURITY"]'::jsonb`);
    expect(data!.gaps!.totalCount).toBe(expected!.n);
    expect(data!.gaps!.edges.every(({ node }) => node.caseCategory === null && node.evidence.every(({ agency }) => agency !== 'PERWAKILAN'))).toBe(true);
    const insurer = await keyFor({}, ['insurance:read', 'workers:list']);
    const refused = await askWith<Page>(insurer, '{ gaps(where: {country: {eq: "MY"}}) { totalCount } }');
    expect(refused.data!.gaps).toBeNull();
    expect(refused.errors.map(({ extensions }) => extensions['scope'])).toEqual(['placement:read']);
  });

  it('follow a changed record into list and statistics, and stay on record when they are over', async () => {
    const index = hub.world.cast.findIndex(({ slug }) => slug === 'ayu-protected');
    const cover = hub.world.person(index).records.find(({ agency }) => agency === 'BPJS_KETENAGAKERJAAN')!;
    const ask = async () => {
      await hub.hub.facts.refresh();
      const { data } = await hub.ask<{ gapStatistics: { groups: { openNow: number; count: number }[] }; gaps: { totalCount: number } }, object>(
        `{ gapStatistics(where: {rule: {eq: "COVER_MISSING"}}) { groups { openNow count } } gaps(where: {rule: {eq: "COVER_MISSING"}, openOn: "${today}"}) { totalCount } }`, {}, { as: 'admin' });
      return { ...data!.gapStatistics.groups[0]!, listed: data!.gaps.totalCount };
    };
    const change = async (record: AgencyRecord) => {
      await fetch(`${hub.mocks['BPJS_KETENAGAKERJAAN']!.url}/_mock/records`, { method: 'PUT', body: JSON.stringify(record) });
      await hub.hub.syncing.run();
      await hub.hub.following.drain();
    };
    const before = await ask();
    await change({ ...cover, asOf: new Date().toISOString(), coverages: cover.coverages.map((one) => ({ ...one, payment: { ...one.payment, status: 'UNPAID' as const, paid: null, paidOn: null } })) });
    expect(await ask()).toEqual({ openNow: before.openNow + 1, count: before.count + 1, listed: before.listed + 1 });
    await change({ ...cover, asOf: new Date().toISOString() });
    expect(await ask()).toEqual({ openNow: before.openNow, count: before.count + 1, listed: before.listed });
  });

  it('of workers whose processing is restricted are in neither', async () => {
    const [{ worker_id: worker, n }] = (await rows<{ worker_id: string; n: number }>(sql`select worker_id, count(*)::int n from gap group by 1 order by 2 desc limit 1`)) as [{ worker_id: string; n: number }];
    const ask = async () => {
      await hub.hub.facts.refresh();
      const { data } = await hub.ask<{ gapStatistics: { groups: { count: number }[] }; gaps: { totalCount: number } }, object>('{ gapStatistics(asOf: "2099-01-01") { groups { count } } gaps { totalCount } }', {}, { as: 'admin' });
      return [data!.gapStatistics.groups[0]!.count, data!.gaps.totalCount];
    };
    const before = await ask();
    const id = Buffer.from(`Worker:${worker}`).toString('base64');
    const { errors } = await hub.ask('mutation ($id: ID!) { restrictWorker(input: {id: $id, reason: SUBJECT_REQUEST}) { __typename } }', { id }, { as: 'admin' });
    expect(errors).toEqual([]);
    expect(await ask()).toEqual(before.map((count) => count - n));
  });

  it('are exported, by the same rules', async () => {
    const { data, errors } = await hub.ask<{ startExport: { export: { id: string } } }, object>('mutation { startExport(input: {format: CSV, gaps: {where: {severity: {eq: CRITICAL}}, orderBy: [{field: SINCE}]}}) { export { id } errors { code } } }', {}, { as: 'desk' });
    expect(errors).toEqual([]);
    await hub.hub.exporting.runner.drain();
    const { data: told } = await hub.ask<{ export: { rows: number; state: string; link: { path: string } }; gaps: { totalCount: number } }, object>('query ($id: ID!) { export(id: $id) { rows state link { path } } gaps(where: {severity: {eq: CRITICAL}}) { totalCount } }', { id: data!.startExport.export.id }, { as: 'desk' });
    expect(told!.export).toMatchObject({ state: 'DONE', rows: told!.gaps.totalCount });
    const file = await fetch(`${hub.hub.url}${told!.export.link.path}`, { headers: { authorization: `Bearer ${hub.keys.desk}` } });
    const lines = parse(await file.text(), { columns: true, record_delimiter: '\r\n' }) as Record<string, string>[];
    expect(Object.keys(lines[0]!)).toEqual(['worker', 'rule', 'severity', 'actor', 'programmes', 'since', 'until', 'foundOn', 'closedOn', 'country', 'mission', 'p3miId', 'caseMission', 'caseCategory']);
    expect(lines.some(({ programmes }) => programmes === 'JKK+JKM')).toBe(true);
  });
});
