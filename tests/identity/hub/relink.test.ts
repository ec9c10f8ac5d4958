import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { relinkAll, type RelinkReport } from '../../../src/identity/hub/relink.ts';
import { type Index, at, filledIndex, worldRecords } from './world.ts';

const records = worldRecords(400);
/** The last people's records come after the model was learned. */
const early = records.slice(0, -60);
const late = records.slice(-60);

async function state({ database }: Index): Promise<unknown> {
  return database.run(async (q) => ({
    links: [...(await q.execute(sql`select * from link order by id`))],
    records: [...(await q.execute(sql`select agency, record_id, worker_id from agency_record order by agency, record_id`))],
    workers: [...(await q.execute(sql`select id, merged_into, links_version from worker order by id`))],
    reviews: [...(await q.execute(sql`select * from link_review order by id`))],
    keys: [...(await q.execute(sql`select count(*) from blocking_key`))],
  }));
}

let index: Index;
let report: RelinkReport;
beforeAll(async () => {
  index = await filledIndex(early);
  report = await relinkAll({ ...index, now: () => at });
});
afterAll(() => index[Symbol.asyncDispose]());

describe('linking the whole index', () => {
  it('joins what the exact rule could not, weighs its links, and asks about the rest', async () => {
    expect(report.merged).toBeGreaterThan(10);
    expect(report.weighed).toBeGreaterThan(100);
    expect(report.opened).toBeGreaterThan(0);
    expect(report.records).toBe(early.length);
  });

  it('changes nothing when run again', async () => {
    const before = await state(index);
    const again = await relinkAll({ ...index, now: () => new Date(at.getTime() + 1_000) });
    expect(again).toEqual({ ...report, moved: 0, merged: 0, split: 0, weighed: 0, opened: 0, closed: 0 });
    expect(await state(index)).toEqual(before);
  });

  it('links new records as they come, where linking everything anew would put most of them', async () => {
    for (const record of late) await index.crosswalk.remember([record], at);
    const pairs = await index.database.run((q) => q.execute(sql`select agency, record_id, worker_id from agency_record`));
    expect(pairs).toHaveLength(records.length);
    const again = await relinkAll({ ...index });
    expect(again.moved).toBeLessThan(8);
  });
});

describe('an index too small to learn from', () => {
  it('stays with the exact rule', async () => {
    await using small = await filledIndex(records.slice(0, 40));
    expect(await relinkAll({ ...small })).toMatchObject({ records: 40, model: null, moved: 0 });
    expect(await small.database.run((q) => q.execute(sql`select 1 from link_model`))).toHaveLength(0);
  });
});
