import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { relinkAll, type RelinkReport } from '../../../src/identity/hub/relink.ts';
import { installStartingModel, readStartingModel } from '../../../src/identity/starting/install.ts';
import { type Index, at, filledIndex, worldPerson, worldRecords } from './world.ts';

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
    keys: [...(await q.execute(sql`select key, records from blocking_key order by key`))],
  }));
}

let index: Index;
let report: RelinkReport;
beforeAll(async () => {
  index = await filledIndex(early);
  report = await relinkAll({ ...index, now: () => at });
}, 180_000);
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

describe('a run that is stopped', () => {
  const few = records.slice(0, 240);
  const people = async (of: Index) => {
    const rows = await of.database.run((q) => q.execute<{ records: string }>(sql`select string_agg(agency || ' ' || record_id, ',' order by agency, record_id) as records from agency_record group by worker_id order by 1`));
    return rows.map((row) => row.records);
  };
  async function indexOfFew(): Promise<Index> {
    const made = await filledIndex(few);
    await installStartingModel(made.database, at);
    return made;
  }

  it('goes on where it was, and ends where one that was not stopped ends', async () => {
    await using straight = await indexOfFew();
    await using other = await indexOfFew();
    const stages: string[] = [];
    // While it files, while it finds pairs, and between pairs and links.
    for (const transactions of [2, 3, 3]) {
      const stop = new AbortController();
      let left = transactions;
      const database: Index['database'] = { ...other.database, transaction: (work) => {
        if (--left === 0) stop.abort();
        return other.database.transaction(work);
      } };
      expect((await relinkAll({ database, crosswalk: other.crosswalk, signal: stop.signal, onStage: (stage) => void stages.push(stage), now: () => at })).stopped).toBe(true);
    }
    const end = await relinkAll({ ...other, onStage: (stage) => void stages.push(stage), now: () => at });
    expect(end.stopped).toBe(false);
    expect(stages).toContain('finding pairs, from where the last run was stopped');
    expect((await relinkAll({ ...straight, now: () => at })).merged).toBeGreaterThan(3);
    expect(await people(other)).toEqual(await people(straight));
    expect([...(await other.database.run((q) => q.execute(sql`select 1 from link_run union all select 1 from link_pair`)))]).toEqual([]);
  });
});

describe('a model', () => {
  it('stays in force until another is asked for; that is learned from a sample where the index is large', async () => {
    await using large = await filledIndex(records);
    await installStartingModel(large.database, at);
    const starting = (await readStartingModel()).model.version;
    expect((await relinkAll({ ...large, now: () => at })).model).toBe(starting);
    const own = await relinkAll({ ...large, relearn: true, mostRecords: 700, now: () => at });
    expect(own.model).not.toBe(starting);
    const [model] = await large.database.run((q) => q.execute<{ version: string; records: number }>(sql`select version, records from link_model where in_force`));
    expect(model).toMatchObject({ version: own.model });
    expect(model!.records).toBeLessThanOrEqual(700);
    // It links as well as one that has seen all.
    const truth = new Map(Array.from({ length: 400 }, (_, i) => worldPerson(i).records.map((record) => [`${record.agency} ${record.recordId}`, i] as const)).flat());
    const rows = await large.database.run((q) => q.execute<{ worker_id: string; agency: string; record_id: string }>(sql`select worker_id, agency, record_id from agency_record`));
    const mixed = [...Map.groupBy(rows, (row) => row.worker_id).values()].filter((all) => new Set(all.map((row) => truth.get(`${row.agency} ${row.record_id}`))).size > 1);
    expect(mixed.length).toBeLessThan(5);
    expect(own.workers).toBeLessThan(400 * 1.05);
    // It links twice and learns once: long on a machine that does much else.
  }, 180_000);
});

describe('an index too small to learn from', () => {
  it('stays with the exact rule', async () => {
    await using small = await filledIndex(records.slice(0, 40));
    expect(await relinkAll({ ...small })).toMatchObject({ records: 40, model: null, moved: 0 });
    expect(await small.database.run((q) => q.execute(sql`select 1 from link_model`))).toHaveLength(0);
  });
});
