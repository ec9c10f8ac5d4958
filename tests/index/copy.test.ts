import { getTableName, sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { agencies } from '../../src/agencies/index.ts';
import type { AgencyRecord } from '../../src/domain/record.ts';
import { indexTables, keepIndex } from '../../src/index/keep.ts';
import { projections } from '../../src/index/project.ts';
import type { Queries } from '../../src/store/database.ts';
import { startTestHub } from '../support/hub.ts';

it('many workers at once get the rows that each gets alone', async () => {
  await using hub = await startTestHub({ people: 120 });
  const { database } = hub.hub;
  const rowsOf = (q: Queries) => async (name: (typeof projections)[number]) => {
    const rows = await q.execute<Record<string, unknown>>(sql`select * from ${indexTables[name]} where recorded_to is null`);
    return rows.map(({ recorded_from: _from, ...row }) => JSON.stringify(row)).toSorted();
  };
  const records = await database.run((q) => q.execute<{ worker_id: string; body: AgencyRecord }>(sql`select worker_id, body from agency_record order by worker_id, agency, record_id`));
  const workers = new Map([...Map.groupBy(records, ({ worker_id }) => worker_id)].map(([id, rows]) => [id, rows.map(({ body }) => body)]));
  expect(workers.size).toBeGreaterThan(100);

  // One by one they are few enough to be inserted; together they are copied.
  const order = agencies.map(({ name }) => name);
  const write = (parts: readonly ReadonlyMap<string, readonly AgencyRecord[]>[]) =>
    database.transaction(async (q) => {
      await q.execute(sql.raw(`truncate ${projections.map((name) => getTableName(indexTables[name])).join(', ')}, indexed_change`));
      for (const part of parts) await keepIndex(q, part, order, new Date());
      return Promise.all(projections.map(rowsOf(q)));
    });
  const alone = await write([...workers].map((entry) => new Map([entry])));
  const together = await write([workers]);
  expect(together).toEqual(alone);
  expect(together.flat().length).toBeGreaterThan(1_000);
});
