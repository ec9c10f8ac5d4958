import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { projections } from '../../src/index/project.ts';
import { indexTables } from '../../src/index/keep.ts';
import { type TestHub, startTestHub } from '../support/hub.ts';

/** Live rows of a table without what differs from run to run. */
async function live(hub: TestHub, name: (typeof projections)[number], at: 'now' | Date = 'now') {
  const when = at === 'now' ? sql`recorded_to is null` : sql`recorded_from <= ${at.toISOString()}::timestamptz and (recorded_to is null or recorded_to > ${at.toISOString()}::timestamptz)`;
  const rows = await hub.hub.database.run((q) => q.execute<Record<string, unknown>>(sql`select * from ${indexTables[name]} where ${when}`));
  return rows.map(({ recorded_from: _from, recorded_to: _to, ...row }) => JSON.stringify(row)).toSorted();
}
const dirty = (hub: TestHub) => hub.hub.following.waiting().then(({ changes }) => changes);

describe('the index', () => {
  let hub: TestHub;
  beforeEach(async () => {
    hub = await startTestHub({ people: 60 });
  });
  afterEach(() => hub[Symbol.asyncDispose]());

  it('holds every fact of every record once, after the first sync', async () => {
    const [counts] = await hub.hub.database.run((q) => q.execute<Record<string, number>>(sql`
      select count(*)::int as record, count(distinct worker_id)::int as worker, sum(jsonb_array_length(body->'placements'))::int as placement, sum(jsonb_array_length(body->'coverages'))::int as coverage,
        sum(jsonb_array_length(body->'healthMemberships'))::int as health, sum(jsonb_array_length(body->'cases'))::int as case, sum(jsonb_array_length(body->'stays'))::int as stay from agency_record`));
    expect(counts!.placement).toBeGreaterThan(30);
    for (const name of projections) expect({ [name]: (await live(hub, name)).length }).toEqual({ [name]: counts![name] });
    expect(await dirty(hub)).toBe(0);
  });

  it('keeps the old version of what changes, and knows since when', async () => {
    const before = Object.fromEntries(await Promise.all(projections.map(async (name) => [name, await live(hub, name)] as const)));
    const then = new Date();
    await hub.hub.database.run((q) => q.execute(sql`update agency_record set body = jsonb_set(body, '{placements,0,job}', '"WELDER"') where jsonb_array_length(body->'placements') > 0`));
    await hub.hub.following.drain();
    const now = await live(hub, 'placement');
    expect(now).not.toEqual(before.placement);
    expect(now.filter((row) => row.includes('"job":"WELDER"')).length).toBeGreaterThan(20);
    for (const name of projections) expect(await live(hub, name, then)).toEqual(before[name]);
    for (const name of projections.filter((one) => one !== 'placement')) expect(await live(hub, name)).toEqual(before[name]);
  });

  it('writes nothing for a record that was only fetched again, or that says the same', async () => {
    const changesOf = () => hub.hub.database.run((q) => q.execute<{ xid: string }>(sql`select worker_id, xid::text from indexed_change order by worker_id`));
    const before = await changesOf();
    await hub.hub.database.run((q) => q.execute(sql`update agency_record set fetched_at = now()`));
    expect(await dirty(hub)).toBe(0);
    await hub.hub.database.run((q) => q.execute(sql`insert into changed_worker (worker_id) select worker_id from agency_record`));
    await hub.hub.following.drain();
    expect(await changesOf()).toEqual(before);
  });

  it('moves rows with their records when workers are merged or split, and ends those of records that are gone', async () => {
    const ids = (await hub.hub.database.run((q) => q.execute<{ worker_id: string }>(sql`select worker_id from indexed_placement where recorded_to is null group by worker_id order by worker_id limit 2`))).map((row) => row.worker_id);
    await hub.hub.database.transaction(async (q) => {
      await q.execute(sql`update agency_record set worker_id = ${ids[0]} where worker_id = ${ids[1]}`);
    });
    await hub.hub.following.drain();
    for (const name of projections) expect((await live(hub, name)).filter((row) => row.includes(ids[1]!))).toEqual([]);
    expect((await live(hub, 'worker')).filter((row) => row.includes(ids[0]!))).toHaveLength(1);
    await hub.hub.database.run((q) => q.execute(sql`delete from agency_record where worker_id = ${ids[0]}`));
    await hub.hub.following.drain();
    for (const name of projections) expect((await live(hub, name)).filter((row) => row.includes(ids[0]!))).toEqual([]);
  });

  it('leaves everything as it was when a batch fails half way, and follows up later', async () => {
    const { database } = hub.hub;
    await database.run((q) => q.execute(sql`alter table indexed_change add constraint broken check (xid < 0) not valid`));
    const before = await live(hub, 'placement');
    await database.run((q) => q.execute(sql`update agency_record set body = jsonb_set(body, '{placements,0,job}', '"WELDER"') where jsonb_array_length(body->'placements') > 0`));
    await expect(hub.hub.following.drain()).rejects.toThrow('23514');
    expect(await live(hub, 'placement')).toEqual(before);
    expect(await dirty(hub)).toBeGreaterThan(20);
    await database.run((q) => q.execute(sql`alter table indexed_change drop constraint broken`));
    await hub.hub.following.drain();
    expect(await live(hub, 'placement')).not.toEqual(before);
    expect(await dirty(hub)).toBe(0);
  });

  it('counts a worker as placed abroad on exactly the days that her placements say', async () => {
    const rows = await hub.hub.database.run((q) => q.execute<{ abroad_from: string | null; abroad_to: string | null; departed_on: string | null; returned_on: string | null; stage: string; renewed: boolean }>(sql`
      select abroad_from::text, abroad_to::text, departed_on::text, returned_on::text, stage, exists (select from agency_record r, jsonb_array_elements(r.body->'placements') e where r.worker_id = p.worker_id and e->>'renews' = p.key) as renewed
      from indexed_placement p where recorded_to is null`));
    const dated = rows.filter((row) => row.departed_on !== null && !['FAILED_TO_DEPART', 'CANCELLED'].includes(row.stage) && !row.renewed && (row.stage !== 'RETURNED' || row.returned_on !== null));
    expect(dated.length).toBeGreaterThan(20);
    expect(dated.map((row) => [row.abroad_from, row.abroad_to])).toEqual(
      dated.map((row) => {
        const last = row.returned_on === null ? null : new Date(Date.parse(row.returned_on) - 86_400_000).toISOString().slice(0, 10);
        return last !== null && last < row.departed_on! ? [null, null] : [row.departed_on, last];
      }),
    );
    expect(rows.filter((row) => row.abroad_from !== null && row.abroad_to === null).length).toBeGreaterThan(5);
  });
});
