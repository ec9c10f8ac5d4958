import { parse } from 'csv-parse/sync';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoCaller } from '../../src/demo.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';

let hub: TestHub;
const now = new Date('2026-11-22T03:00:00Z');
beforeAll(async () => {
  hub = await startTestHub({ people: 120, now, settings: { EXPORT_OPEN: '3' } });
});
afterAll(() => hub[Symbol.asyncDispose]());

interface Told {
  readonly id: string;
  readonly of: string;
  readonly state: string;
  readonly rows: number;
  readonly fault: string | null;
  readonly link: { readonly path: string; readonly until: string } | null;
}
const fields = 'id of state rows fault link { path until }';
const start = (input: object, as: DemoCaller = 'desk', headers: Record<string, string> = {}) =>
  hub.ask<{ startExport: { export: Told | null; errors: { code: string }[] } | null }, object>(
    `mutation ($input: StartExportInput!) { startExport(input: $input) { export { ${fields} } errors { code } } }`, { input }, { as, headers });
const tell = async (id: string, as: DemoCaller = 'desk') => (await hub.ask<{ export: Told | null }, object>(`query ($id: ID!) { export(id: $id) { ${fields} } }`, { id }, { as })).data!.export;

/** Orders an export and waits for its end. */
async function exported(input: object, as: DemoCaller = 'desk'): Promise<Told> {
  const { data, errors } = await start(input, as);
  expect(errors).toEqual([]);
  await hub.hub.exporting.runner.drain();
  return (await tell(data!.startExport!.export!.id, as))!;
}
const fetched = (path: string, as: DemoCaller | null = 'desk', headers: Record<string, string> = {}) =>
  fetch(`${hub.hub.url}${path}`, { headers: { 'accept-encoding': 'identity', ...(as && { authorization: `Bearer ${hub.keys[as]}` }), ...headers } });
const entries = (operation: string) => hub.hub.database.run((q) => q.execute<{ workers: string[]; operation_name: string; classes: string[]; caller_name: string; purpose: string }>(sql`select * from audit_entry where operation = ${operation} order by seq`));

describe('an export of a list', () => {
  it('is a file with what the list shows, in its order, and in the audit log when it is made and when it is fetched', async () => {
    const job = await exported({ format: 'CSV', placements: { where: { country: { eq: 'MY' } }, orderBy: [{ field: 'CONTRACT_END', direction: 'DESC' }] } });
    expect(job).toMatchObject({ of: 'placements', state: 'DONE', fault: null });
    const { data } = await hub.ask<{ placements: { totalCount: number } }, object>('{ placements(where: {country: {eq: "MY"}}) { totalCount } }', {});
    expect(job.rows).toBe(data!.placements.totalCount);
    expect(job.rows).toBeGreaterThan(10);
    const response = await fetched(job.link!.path);
    expect([response.status, response.headers.get('content-type'), response.headers.get('content-disposition'), response.headers.get('cache-control')]).toEqual([
      200, 'text/csv; charset=utf-8; header=present', 'attachment; filename="placements-2026-11-22.csv"', 'no-store',
    ]);
    const rows = parse(await response.text(), { columns: true, record_delimiter: '\r\n' }) as Record<string, string>[];
    expect(rows.length).toBe(job.rows);
    expect(new Set(rows.map(({ country }) => country))).toEqual(new Set(['MY']));
    const ends = rows.map(({ contractEnd }) => contractEnd!).filter((end) => end !== '');
    expect(ends).toEqual(ends.toSorted().toReversed());
    // The id leads to the worker.
    const { data: found } = await hub.ask<{ node: { id: string } }, object>('query ($id: ID!) { node(id: $id) { id } }', { id: rows[0]!['worker'] });
    expect(found!.node.id).toBe(rows[0]!['worker']);

    const ids = new Set(rows.map(({ worker }) => Buffer.from(worker!, 'base64').toString().replace('Worker:', '')));
    for (const operation of ['export', 'download']) {
      const [entry] = await entries(operation);
      expect(entry).toMatchObject({ operation_name: 'placements', caller_name: 'desk', purpose: 'SERVICE' });
      expect(new Set(entry!.workers)).toEqual(ids);
    }
    expect((await entries('export'))[0]!.classes).toEqual(['identity:read', 'placement:read', 'workers:list']);
  });

  it('comes as NDJSON and Parquet too, and compressed where that is taken', async () => {
    const json = await exported({ format: 'NDJSON', cases: {} });
    const lines = (await (await fetched(json.link!.path, 'desk', { 'accept-encoding': 'gzip' })).text()).trim().split('\n');
    expect(lines.length).toBe(json.rows);
    expect(Object.keys(JSON.parse(lines[0]!) as object).slice(0, 3)).toEqual(['worker', 'agency', 'mission']);
    const parquet = await exported({ format: 'PARQUET', coverages: {} });
    const bytes = Buffer.from(await (await fetched(parquet.link!.path)).arrayBuffer());
    expect([bytes.subarray(0, 4).toString(), bytes.subarray(-4).toString()]).toEqual(['PAR1', 'PAR1']);
  });

  it('of workers has who they are', async () => {
    const job = await exported({ format: 'NDJSON', workers: { where: { placements: { some: { country: { eq: 'HK' } } } } } });
    const rows = (await (await fetched(job.link!.path)).text()).trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(rows.length).toBeGreaterThan(1);
    expect(Object.keys(rows[0]!)).toEqual(['worker', 'name', 'sex', 'dateOfBirth', 'province', 'regency', 'district']);
  });

  it('needs the scopes of the list and of persons, and a purpose', async () => {
    for (const as of ['analyst', 'partner'] as const) {
      const { data, errors } = await start({ format: 'CSV', placements: {} }, as);
      expect(data!.startExport).toBeNull();
      expect(errors.map(({ extensions }) => extensions['code'])).toContain('FORBIDDEN');
    }
    const { errors } = await start({ format: 'CSV', placements: {} }, 'desk', { 'x-purpose': '' });
    expect(errors.map(({ extensions }) => extensions['code'])).toEqual(['PURPOSE_REQUIRED']);
  });

  it('is exactly one list', async () => {
    for (const input of [{ format: 'CSV' }, { format: 'CSV', placements: {}, cases: {} }]) {
      const { errors } = await start(input);
      expect(errors.map(({ extensions }) => extensions['code'])).toEqual(['BAD_USER_INPUT']);
    }
  });

  it('shows a bound caller what is inside the bounds only', async () => {
    const { key } = await hub.hub.keys.create({
      name: 'bound', scopes: ['workers:list', 'identity:read', 'placement:read', 'case:read'], bounds: { missions: ['KJRI_HONG_KONG'] }, expiresAt: hub.inAnHour, environment: 'test',
    });
    const ask = (query: string) => hub.ask<{ startExport: { export: Told } }, object>(query, {}, { as: null, headers: { authorization: `Bearer ${key}` } });
    const { data } = await ask(`mutation { startExport(input: {format: NDJSON, placements: {}}) { export { ${fields} } } }`);
    await hub.hub.exporting.runner.drain();
    const { data: done } = (await hub.ask<{ export: Told }, object>(`query ($id: ID!) { export(id: $id) { ${fields} } }`, { id: data!.startExport.export.id }, { as: null, headers: { authorization: `Bearer ${key}` } }));
    const rows = (await (await fetched(done!.export.link!.path, null, { authorization: `Bearer ${key}` })).text()).trim().split('\n').map((line) => JSON.parse(line) as { mission: string });
    expect(rows.length).toBeGreaterThan(0);
    expect(new Set(rows.map(({ mission }) => mission))).toEqual(new Set(['KJRI_HONG_KONG']));
  });

  it('leaves out who is restricted when it is made, and is not handed out once somebody in it is', async () => {
    const before = await exported({ format: 'NDJSON', workers: {} });
    const [first] = (await (await fetched(before.link!.path)).text()).split('\n');
    const { worker } = JSON.parse(first!) as { worker: string };
    await hub.hub.restrictions.set({ workerId: Buffer.from(worker, 'base64').toString().replace('Worker:', ''), reason: 'SUBJECT_REQUEST', since: now, setBy: 'test' });
    expect((await fetched(before.link!.path)).status).toBe(404);
    const after = await exported({ format: 'NDJSON', workers: {} });
    expect(after.rows).toBe(before.rows - 1);
    expect(await (await fetched(after.link!.path)).text()).not.toContain(worker);
  });
});

describe('a link', () => {
  it('works for its owner only, unaltered, and until its time', async () => {
    const { link } = await exported({ format: 'CSV', cases: {} });
    const path = link!.path;
    expect(path).toMatch(/^\/exports\/[0-9a-f-]{36}\?until=\d+&signature=[\w-]{43}$/);
    expect((await fetched(path)).status).toBe(200);
    expect((await fetched(path, null)).status).toBe(401);
    expect((await fetched(path, 'admin')).status).toBe(404);
    expect((await fetched(path.replace(/until=\d/, 'until=9'))).status).toBe(404);
    expect((await fetched(path.replace(/.$/, (last) => (last === 'A' ? 'E' : 'A')))).status).toBe(404);
    expect((await fetched(path.replace(/\?.*/, ''))).status).toBe(404);
    expect((await fetched('/exports/1?until=1&signature=x')).status).toBe(404);
    now.setTime(now.getTime() + 15 * 60_000 + 1_000);
    expect((await fetched(path)).status).toBe(404);
  });

  it('is not given for what is cancelled', async () => {
    const { data } = await start({ format: 'CSV', placements: {} });
    const { id } = data!.startExport!.export!;
    const cancelled = await hub.ask<{ cancelExport: { export: Told } }, object>(`mutation ($id: ID!) { cancelExport(id: $id) { export { ${fields} } } }`, { id });
    const { state, link } = cancelled.data!.cancelExport.export;
    // The hub may have been quicker.
    expect(['CANCELLED', 'DONE']).toContain(state);
    expect(link === null).toBe(state === 'CANCELLED');
  });
});

describe('exports', () => {
  it('are listed for their owner alone', async () => {
    const list = async (as: DemoCaller) => (await hub.ask<{ exports: Told[] }, object>('{ exports(first: 100) { id of state } }', {}, { as })).data!.exports;
    expect((await list('desk')).length).toBeGreaterThan(3);
    expect(await list('admin')).toEqual([]);
    const [first] = await list('desk');
    expect(await tell(first!.id, 'admin')).toBeNull();
  });
});
