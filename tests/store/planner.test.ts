import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/store/database.ts';
import { analyzeGrown } from '../../src/store/planner.ts';
import { testDatabase } from '../support/database.ts';
import { startTestHub } from '../support/hub.ts';

describe('what the planner knows', () => {
  it('is the tables of the index as soon as what was read is followed up, and the gaps as soon as everybody is assessed', async () => {
    await using hub = await startTestHub({ people: 60 });
    const unknown = async () => {
      const rows = await hub.hub.database.run((q) => q.execute<{ name: string }>(sql`
        select relname as name from pg_stat_user_tables where pg_relation_size(relid) > 0 and analyze_count + autoanalyze_count = 0`));
      return rows.map(({ name }) => name);
    };
    expect((await unknown()).filter((name) => name.startsWith('indexed_'))).toEqual([]);
    await hub.hub.assessing.run();
    expect(await unknown()).not.toContain('gap');
    for (const entity of ['worker', 'gap'] as const) expect((await hub.hub.database.run((q) => q.execute(sql.raw(`select 1 from ${entity} limit 1`)))).length).toBe(1);
  });

  it('is looked up again where a table has doubled, and not before', async () => {
    await using server = await testDatabase();
    const database = await openDatabase({ url: server.url });
    try {
      // What the server does by itself is not what is tried here.
      await database.run((q) => q.execute(sql`create table grown (id int, of text) with (autovacuum_enabled = false)`));
      const looks = async () => {
        await analyzeGrown(database);
        const [row] = await database.run((q) => q.execute<{ looks: number }>(sql`select analyze_count::int as looks from pg_stat_user_tables where relname = 'grown'`));
        return row!.looks;
      };
      const grow = (rows: number) => database.run((q) => q.execute(sql`insert into grown select i, repeat('x', 200) from generate_series(1, ${rows}::int) i`));
      expect(await looks()).toBe(0);
      await grow(1_000);
      expect(await looks()).toBe(1);
      await grow(800);
      expect(await looks()).toBe(1);
      await grow(400);
      expect(await looks()).toBe(2);
      expect(await looks()).toBe(2);
    } finally {
      await database.close();
    }
  });

  it('is not looked up anew where only the server’s record of its looks is gone, as after a crash', async () => {
    await using server = await testDatabase();
    const before = await openDatabase({ url: server.url });
    await before.run((q) => q.execute(sql`create table seen with (autovacuum_enabled = false) as select i from generate_series(1, 1000) i`));
    await before.run((q) => q.execute(sql`create table unseen with (autovacuum_enabled = false) as select i from generate_series(1, 1000) i`));
    await before.run((q) => q.execute(sql`analyze seen`));
    await before.close();
    // A copy has no such record either.
    await using copy = await testDatabase({ of: server.url });
    const after = await openDatabase({ url: copy.url });
    try {
      await analyzeGrown(after);
      const rows = await after.run((q) => q.execute<{ name: string; looks: number }>(sql`select relname as name, analyze_count::int as looks from pg_stat_user_tables where relname in ('seen', 'unseen') order by 1`));
      expect([...rows]).toEqual([{ name: 'seen', looks: 0 }, { name: 'unseen', looks: 1 }]);
    } finally {
      await after.close();
    }
  });
});
