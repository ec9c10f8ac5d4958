import { sql } from 'drizzle-orm';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { laneOfShard, shardOf, shards } from '../../src/gaps/shard.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { inLane, laneOf, lanes, lockLane } from '../../src/store/lanes.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

describe('lanes of workers', () => {
  let store: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    store = await testDatabase();
    database = await openDatabase({ url: store.url, connections: 4 });
  });
  afterAll(async () => {
    await database.close();
    await store.drop();
  });

  it('hold every worker once, the same ones for the hub and for the database', async () => {
    const ids = Array.from({ length: 256 }, (_, byte) => ['00000000', 'ffffffff'].map((rest) => `${byte.toString(16).padStart(2, '0')}${rest.slice(2)}-${rest.slice(4)}-4000-8000-${rest}${rest.slice(4)}`)).flat();
    for (let lane = 0; lane < lanes; lane += 1) {
      const rows = await database.run((q) => q.execute<{ id: string }>(sql`select id from unnest(${`{${ids.join()}}`}::uuid[]) as t(id) where ${inLane(sql`id`, lane)}`));
      expect(rows.map(({ id }) => id)).toEqual(ids.filter((id) => laneOf(id) === lane));
      expect(rows.length).toBe(ids.length / lanes);
    }
    for (const id of ids) expect(laneOfShard(shardOf(id))).toBe(laneOf(id));
    expect(new Set(Array.from({ length: shards }, (_, shard) => laneOfShard(shard))).size).toBe(lanes);
  });

  it('are worked on side by side, and each by one at a time', async () => {
    const done: string[] = [];
    const locked = Promise.withResolvers<void>();
    const hold = (what: string, lane: number, shared = false, until: Promise<unknown> = Promise.resolve()) =>
      database.transaction(async (q) => {
        await lockLane(q, lane, { shared });
        locked.resolve();
        await until;
        done.push(what);
      });
    const first = Promise.withResolvers<void>();
    const all = [hold('first', 0, false, first.promise)];
    await locked.promise;
    all.push(hold('second', 0), hold('pass', 0, true));
    await hold('other lane', 1);
    await pause(100);
    expect(done).toEqual(['other lane']);
    first.resolve();
    await Promise.all(all);
    expect(done.toSorted()).toEqual(['first', 'other lane', 'pass', 'second']);
    expect(done.indexOf('first')).toBe(1);
  });
});
