import { DuckDBInstance } from '@duckdb/node-api';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoCaller } from '../../src/demo.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ people: 250, now: new Date('2026-11-22T03:00:00Z'), settings: { EXPORT_OPEN: '50' } });
});
afterAll(() => hub[Symbol.asyncDispose]());

interface Told {
  readonly id: string;
  readonly of: string;
  readonly state: string;
  readonly rows: number;
  readonly fault: string | null;
  readonly link: { readonly path: string } | null;
}
const fields = 'id of state rows fault link { path }';
const start = (input: object, as: DemoCaller) =>
  hub.ask<{ startStatisticsExport: { export: Told } | null }, object>(`mutation ($input: StartStatisticsExportInput!) { startStatisticsExport(input: $input) { export { ${fields} } errors { code } } }`, { input }, { as, headers: { 'x-purpose': '' } });
async function exported(input: object, as: DemoCaller = 'analyst'): Promise<{ job: Told; bytes: Buffer }> {
  const { data, errors } = await start(input, as);
  expect(errors).toEqual([]);
  await hub.hub.exporting.runner.drain();
  const { data: told } = await hub.ask<{ export: Told }, object>(`query ($id: ID!) { export(id: $id) { ${fields} } }`, { id: data!.startStatisticsExport!.export.id }, { as });
  const job = told!.export;
  const bytes = job.link ? Buffer.from(await (await fetch(`${hub.hub.url}${job.link.path}`, { headers: { authorization: `Bearer ${hub.keys[as]}` } })).arrayBuffer()) : Buffer.alloc(0);
  return { job, bytes };
}

const question = { where: { abroad: { eq: true } }, groupBy: ['COUNTRY', 'DEPARTED_YEAR'], rollUp: true, orderBy: [{ measure: 'COUNT', direction: 'DESC' }], asOf: '2026-06-30' };
const asQuery = `{ placementStatistics(where: {abroad: {eq: true}}, groupBy: [COUNTRY, DEPARTED_YEAR], rollUp: true, orderBy: [{measure: COUNT, direction: DESC}], asOf: "2026-06-30", first: 1000) {
  groups { by { country departedYear } subtotal groupedBy count withoutCover withoutCoverShare cases casesPerThousand wage { currency count total mean } contract { count mean p10 p25 median p75 p90 } branches { branch count share } } } }`;
interface Group {
  readonly by: { readonly country: string | null; readonly departedYear: number | null };
  readonly subtotal: boolean;
  readonly groupedBy: readonly string[];
  readonly count: number;
  readonly withoutCover: number | null;
  readonly withoutCoverShare: number | null;
  readonly cases: number | null;
  readonly casesPerThousand: number | null;
  readonly wage: readonly { readonly currency: string; readonly count: number; readonly total: number | null; readonly mean: number | null }[];
  readonly contract: { readonly count: number | null; readonly mean: number | null } & Readonly<Record<'p10' | 'p25' | 'median' | 'p75' | 'p90', number | null>>;
  readonly branches: readonly { readonly branch: string; readonly count: number | null; readonly share: number | null }[];
}
const measures = ['COUNT', 'WITHOUT_COVER', 'CASES', 'WAGE', 'CONTRACT', 'BRANCHES'];

describe('an export of statistics', () => {
  it.each(['analyst', 'admin'] as const)('is what the query answers to the same caller (%s), figure by figure, and needs no purpose', async (as) => {
    const { job, bytes } = await exported({ format: 'NDJSON', placementStatistics: { ...question, measures } }, as);
    expect(job).toMatchObject({ of: 'placementStatistics', state: 'DONE', fault: null });
    const { data } = await hub.ask<{ placementStatistics: { groups: Group[] } }, object>(asQuery, {}, { as });
    const { groups } = data!.placementStatistics;
    const rows = bytes.toString().trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(rows.length).toBe(groups.length);
    expect(job.rows).toBe(groups.length);
    expect(groups.length).toBeGreaterThan(as === 'admin' ? 30 : 5);
    const currencies = Object.keys(rows[0]!).flatMap((name) => /^wage_(\w+)_total$/.exec(name)?.[1] ?? []);
    expect(currencies.length).toBeGreaterThan(0);
    expect(rows).toEqual(
      groups.map((group) => ({
        country: group.by.country, departedYear: group.by.departedYear, subtotal: group.subtotal, groupedBy: group.groupedBy.length, count: group.count, withoutCover: group.withoutCover, withoutCoverShare: group.withoutCoverShare,
        cases: group.cases, casesPerThousand: group.casesPerThousand,
        ...Object.fromEntries(currencies.flatMap((code) => (['count', 'total', 'mean'] as const).map((figure) => [`wage_${code}_${figure}`, group.wage.find(({ currency }) => currency === code)?.[figure] ?? null]))),
        contractCount: group.contract.count, contractMean: group.contract.mean, contractP10: group.contract.p10, contractP25: group.contract.p25, contractMedian: group.contract.median, contractP75: group.contract.p75, contractP90: group.contract.p90,
        ...Object.fromEntries(group.branches.flatMap(({ branch, count, share }) => [[`branches_${branch}`, count], [`branches_${branch}_share`, share]])),
      })),
    );
  });

  it('shows an analyst no small figure', async () => {
    const { bytes } = await exported({ format: 'CSV', caseStatistics: { groupBy: ['KIND', 'STATUS'], measures: ['COUNT', 'PEOPLE'] } });
    const rows = parse(bytes.toString(), { columns: true, record_delimiter: '\r\n' }) as Record<string, string>[];
    expect(Object.keys(rows[0]!)).toEqual(['kind', 'status', 'count', 'people']);
    for (const { people } of rows) expect(people === '' || Number(people) >= 5).toBe(true);
  });

  it('comes as Parquet, typed', async () => {
    const { job, bytes } = await exported({ format: 'PARQUET', gapStatistics: { groupBy: ['RULE', 'OPEN'], measures: ['COUNT', 'TIME_OPEN'] } }, 'admin');
    const file = join(tmpdir(), `payung-test-${job.id}.parquet`);
    await writeFile(file, bytes);
    const duck = await (await DuckDBInstance.create(':memory:')).connect();
    const described = (await duck.runAndReadAll(`describe select * from '${file}'`)).getRows();
    expect(described.slice(0, 4).map(([name, type]) => [name, type])).toEqual([['rule', 'VARCHAR'], ['open', 'BOOLEAN'], ['count', 'BIGINT'], ['timeOpenCount', 'BIGINT']]);
    expect(Number((await duck.runAndReadAll(`select count(*) from '${file}'`)).getRows()[0]![0])).toBe(job.rows);
    duck.closeSync();
  });

  it('is in the audit log as made and as fetched, without persons', async () => {
    await exported({ format: 'CSV', workerStatistics: { groupBy: ['PROVINCE'], measures: ['COUNT'] } });
    for (const operation of ['export', 'download']) {
      const [entry] = await hub.hub.database.run((q) => q.execute<{ workers: string[]; classes: string[]; caller_name: string }>(sql`select workers, classes, caller_name from audit_entry where operation = ${operation} and operation_name = 'workerStatistics'`));
      expect(entry).toMatchObject({ workers: [], caller_name: 'analyst', classes: operation === 'export' ? ['statistics:read'] : [] });
    }
  });

  it('is exactly one question, of its form, for callers with the scope and to whom nothing of it is hidden', async () => {
    const codes = async (input: object, as: DemoCaller = 'analyst') => (await start(input, as)).errors.map(({ extensions }) => extensions['code']);
    const one = { groupBy: ['COUNTRY'], measures: ['COUNT'] };
    expect(await codes({ format: 'CSV' })).toEqual(['BAD_USER_INPUT']);
    expect(await codes({ format: 'CSV', placementStatistics: one, stayStatistics: one })).toEqual(['BAD_USER_INPUT']);
    expect(await codes({ format: 'CSV', placementStatistics: { ...one, orderBy: [{ key: 'JOB' }] } })).toEqual(['BAD_USER_INPUT']);
    expect(await codes({ format: 'CSV', placementStatistics: one }, 'desk')).toEqual(['FORBIDDEN']);
    const { key } = await hub.hub.keys.create({ name: 'bound', scopes: ['statistics:read'], bounds: { p3mis: ['P3MI-017'] }, environment: 'test', expiresAt: hub.inAnHour });
    const { errors } = await hub.ask('mutation { startStatisticsExport(input: {format: CSV, workerStatistics: {groupBy: [PLACEMENTS], measures: [COUNT]}}) { export { id } } }', {}, { as: null, headers: { authorization: `Bearer ${key}` } });
    expect(errors.map(({ extensions }) => extensions['code'])).toEqual(['FORBIDDEN']);
  });
});
