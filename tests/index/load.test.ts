import { getTableName, sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { agencies } from '../../src/agencies/index.ts';
import type { AgencyRecord } from '../../src/domain/record.ts';
import { indexTables } from '../../src/index/keep.ts';
import { loadIndex } from '../../src/index/load.ts';
import { projections } from '../../src/index/project.ts';
import { startTestHub } from '../support/hub.ts';

it('a load writes the rows that following up writes', async () => {
  await using hub = await startTestHub({ people: 120 });
  const { database } = hub.hub;
  const rowsOf = (name: (typeof projections)[number]) =>
    database.run((q) => q.execute<Record<string, unknown>>(sql`select * from ${indexTables[name]} where recorded_to is null`)).then((rows) => rows.map(({ recorded_from: _from, ...row }) => JSON.stringify(row)).toSorted());
  const followed = await Promise.all(projections.map(rowsOf));
  const changed = await database.run((q) => q.execute(sql`select worker_id from indexed_change order by 1`));
  const records = await database.run((q) => q.execute<{ worker_id: string; body: AgencyRecord }>(sql`select worker_id, body from agency_record order by worker_id, agency, record_id`));
  const workers = new Map([...Map.groupBy(records, ({ worker_id }) => worker_id)].map(([id, rows]) => [id, rows.map(({ body }) => body)]));
  expect(workers.size).toBeGreaterThan(100);

  const written = await database.transaction(async (q) => {
    await q.execute(sql.raw(`truncate ${projections.map((name) => getTableName(indexTables[name])).join(', ')}, indexed_change`));
    return loadIndex(q, workers, agencies.map(({ name }) => name), new Date());
  });
  expect(await Promise.all(projections.map(rowsOf))).toEqual(followed);
  expect(written).toBe(followed.flat().length);
  expect(await database.run((q) => q.execute(sql`select worker_id from indexed_change order by 1`))).toEqual(changed);
});
