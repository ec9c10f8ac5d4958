import { readdirSync, readFileSync } from 'node:fs';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../src/index/statistics/statistics.ts';
import { keyName } from '../../src/index/statistics/keys.ts';
import type { Question } from '../../src/index/statistics/plan.ts';
import { enumName } from '../../src/index/statistics/asked.ts';
import { answer, type Known, knownAt } from '../index/statistics/oracle.ts';
import { type TestHub, startTestHub } from '../support/hub.ts';

const folder = new URL('../../schema/operations/analysis/', import.meta.url);
const files = readdirSync(folder).toSorted();
const read = (file: string) => readFileSync(new URL(file, folder), 'utf8');

let hub: TestHub;
let known: Known;
let asked: { question: Question; answer: Answer }[] = [];
beforeAll(async () => {
  hub = await startTestHub({ people: 300, now: new Date('2026-11-22T03:00:00Z') });
  await hub.hub.assessing.run();
  await hub.hub.facts.refresh();
  known = await knownAt(hub.hub.database, null);
  const { ask } = hub.hub.statistics;
  // What the hub was asked is kept, so that the same can be computed in another way.
  hub.hub.statistics.ask = async (question, grant) => {
    const told = await ask(question, grant);
    asked.push({ question, answer: told });
    return told;
  };
});
afterAll(() => hub[Symbol.asyncDispose]());

interface Group {
  readonly keys: readonly { readonly key: string; readonly value: string | null }[];
  readonly count: number;
}
const groupsIn = (data: unknown) => Object.values(data as Record<string, { groups: (Group & Record<string, unknown>)[] }>)[0]!.groups;

describe('ready questions', () => {
  it('are fifteen and more, each described in Indonesian and English', () => {
    expect(files.length).toBeGreaterThanOrEqual(15);
    for (const file of files) {
      const [indonesian, english, query] = read(file).split('\n');
      expect(indonesian).toMatch(/^# [A-Z].*\.$/);
      expect(english).toMatch(/^# [A-Z].*\.$/);
      expect(query).toMatch(/^query \w+\(/);
    }
  });

  it.each(files)('%s is answered as a plain computation over the same rows answers it', async (file) => {
    asked = [];
    const { data, errors } = await hub.ask(read(file), {}, { as: 'admin' });
    expect(errors).toEqual([]);
    const [{ question, answer: told }] = asked as [(typeof asked)[number]];
    const expected = answer(known, question);
    expect(told.groups).toHaveLength(expected.size);
    const counts = new Map([...expected].map(([key, measures]) => [key, measures['count']]));
    for (const group of groupsIn(data)) {
      const names = new Map(question.groupBy.map((key) => [enumName(keyName(key)), keyName(key)]));
      const values = told.groups.find(({ groupedBy, keys }) => groupedBy.length === group.keys.length && group.keys.every(({ key, value }) => String(keys.get(names.get(key)!) ?? null) === String(value)))!;
      const key = JSON.stringify(values.groupedBy.map((one) => [keyName(one), values.keys.get(keyName(one)) ?? null]));
      expect(group.count).toBe(counts.get(key));
      for (const measure of question.measures.filter(({ is }) => is.kind === 'count' || is.kind === 'sum')) {
        const wanted = expected.get(key)![measure.name] as { count?: number; sum?: number };
        expect({ [measure.name]: group[measure.name] ?? null }).toEqual({ [measure.name]: wanted.count ?? wanted.sum });
      }
    }
  });

  it.each(files)('%s is answered to an analyst, protected, and means the same a year ago', async (file) => {
    const { data, errors } = await hub.ask(read(file), { asOf: '2025-11-22' }, { as: 'analyst' });
    expect(errors).toEqual([]);
    const [told] = Object.values(data as Record<string, { protects: boolean; asOf: string }>);
    expect(told).toMatchObject({ protects: true, asOf: '2025-11-22' });
  });

  it.each<readonly [file: string, query: ReturnType<typeof sql>, read: (group: Group & Record<string, unknown>) => readonly unknown[]]>([
    ['uninsuredByCountry.graphql',
      sql`select p.country, count(*)::int n, count(*) filter (where not (exists (select from indexed_coverage c where c.recorded_to is null and c.worker_id = p.worker_id and c.programme = 'JKK' and c.covers_from <= '2026-11-22' and coalesce(c.covers_to, 'infinity') >= '2026-11-22')
          and exists (select from indexed_coverage c where c.recorded_to is null and c.worker_id = p.worker_id and c.programme = 'JKM' and c.covers_from <= '2026-11-22' and coalesce(c.covers_to, 'infinity') >= '2026-11-22')))::int m
        from indexed_placement p where recorded_to is null and abroad_from <= '2026-11-22' and coalesce(abroad_to, 'infinity') >= '2026-11-22' group by rollup (1)`,
      (group) => [group.keys[0]?.value ?? null, group.count, group['withoutCover']]],
    ['wageCasesByMission.graphql',
      sql`select mission, to_char(opened_on, 'YYYY-"Q"Q') quarter, count(*)::int n, count(distinct worker_id)::int m from indexed_case where recorded_to is null and subcategory = 'GAJI_TIDAK_DIBAYAR' and opened_on <= '2026-11-22' group by 1, 2`,
      (group) => [group.keys[0]!.value, group.keys[1]!.value, group.count, group['people']]],
    ['placementsBySchemeAndProvince.graphql',
      sql`select p.scheme, w.province, extract(year from departed_on)::int::text y, count(*)::int n, count(distinct p.worker_id)::int m from indexed_placement p join indexed_worker w on w.worker_id = p.worker_id and w.recorded_to is null
        where p.recorded_to is null and departed_on is not null and coalesce(registered_on, departed_on) <= '2026-11-22' group by 1, 2, 3 order by 1, 2 nulls last, 3 limit 100`,
      (group) => [...group.keys.map(({ value }) => value), group.count, group['people']]],
    ['timeToCloseCases.graphql',
      sql`select mission, category, count(*)::int n, (percentile_cont(0.5) within group (order by closed_on - opened_on) filter (where closed_on <= '2026-11-22' and closed_on >= opened_on))::float m from indexed_case where recorded_to is null and opened_on <= '2026-11-22' group by rollup (1, 2) order by 1, 2 limit 100`,
      (group) => [group.keys[0]?.value ?? null, group.keys[1]?.value ?? null, group.count, (group['timeToClose'] as { median: number | null }).median]],
    ['knownToMissionsOnly.graphql',
      sql`select province, sex, count(*)::int from indexed_worker where recorded_to is null and 'PERWAKILAN' = any(agencies) and not 'BP2MI' = any(agencies) group by rollup (1, 2)`,
      (group) => [group.keys[0]?.value ?? null, group.keys[1]?.value ?? null, group.count]],
  ])('%s says what SQL over the index says', async (file, query, of) => {
    const { data } = await hub.ask(read(file), {}, { as: 'admin' });
    const rows = await hub.hub.database.run((q) => q.execute<Record<string, unknown>>(query));
    const text = (values: readonly unknown[]) => JSON.stringify(values);
    expect(groupsIn(data).map((group) => text(of(group))).toSorted()).toEqual([...rows].map((row) => text(Object.values(row))).toSorted());
    expect(rows.length).toBeGreaterThan(2);
  });
});
