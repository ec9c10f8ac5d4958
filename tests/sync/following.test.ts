import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createCrosswalk } from '../../src/identity/crosswalk.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { createFollowing, type Following } from '../../src/sync/following.ts';
import { bareRecord } from '../agencies/fakeWorld.ts';
import { testDatabase } from '../support/database.ts';

describe('following up', () => {
  it('leaves nothing that had been committed when it was asked for, at whatever moment of a run that is', async () => {
    await using server = await testDatabase();
    const opened = await openDatabase({ url: server.url });
    try {
      const crosswalk = await createCrosswalk(opened);
      let records = 0;
      const remember = () => crosswalk.remember([bareRecord('B', `R-${(records += 1)}`, [{ kind: 'NIK', value: `32010101${String(records).padStart(4, '0')}9001` }], { name: `PERSON ${records}` })], new Date());
      // At each query of a run that is under way, somebody changes a record and asks for it to be followed up.
      let asking = false;
      let following: Following;
      const waits: Promise<number>[] = [];
      const ask = async () => {
        if (!asking || waits.length === 12) return;
        asking = false;
        await remember();
        asking = true;
        waits.push(following.drain().then(async () => (await following.waiting()).changes));
      };
      const database: Database = {
        ...opened,
        run: async (work) => {
          const answer = await opened.run(work);
          await ask();
          return answer;
        },
      };
      const followed: string[] = [];
      following = createFollowing({ database, followers: [{ name: 'test', follow: async (_, workers) => void followed.push(...workers.keys()) }], logger: pino({ level: 'silent' }), now: () => new Date() });
      await remember();
      asking = true;
      await following.drain();
      asking = false;
      expect(waits.length).toBeGreaterThan(2);
      expect(await Promise.all(waits)).toEqual(waits.map(() => 0));
      expect(new Set(followed).size).toBe(records);
    } finally {
      await opened.close();
    }
  });

  it('is not held up while the planner looks at a large index, and is over only when it has', async () => {
    await using server = await testDatabase();
    const opened = await openDatabase({ url: server.url });
    try {
      const crosswalk = await createCrosswalk(opened);
      const [looks, held] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const database: Database = {
        ...opened,
        async run(work) {
          const look = work.toString().includes('pg_stat_user_tables');
          if (look) looks.resolve();
          if (look) await held.promise;
          return opened.run(work);
        },
      };
      const followed: string[] = [];
      const following = createFollowing({ database, followers: [{ name: 'test', follow: async (_, workers) => void followed.push(...workers.keys()) }], logger: pino({ level: 'silent' }), now: () => new Date() });
      const change = (n: number) => crosswalk.remember([bareRecord('B', `R-${n}`, [{ kind: 'NIK', value: `320101010001900${n}` }], { name: `PERSON ${n}` })], new Date());
      await change(1);
      let over = false;
      const first = following.drain().finally(() => (over = true));
      await looks.promise;
      await change(2);
      const second = following.drain();
      await expect.poll(() => followed.length).toBe(2);
      expect(over).toBe(false);
      held.resolve();
      expect(await Promise.all([first, second])).toEqual([2, 2]);
      expect(await following.drain()).toBe(0);
      // Nor is the end of the hub.
      const [again, never] = [Promise.withResolvers<void>(), Promise.withResolvers<never>()];
      const other = createFollowing({ database: { ...opened, run: (work) => (work.toString().includes('pg_stat_user_tables') ? (again.resolve(), never.promise) : opened.run(work)) }, followers: [], logger: pino({ level: 'silent' }), now: () => new Date() });
      await change(3);
      const last = other.drain();
      await again.promise;
      await other.close();
      expect(await last).toBe(1);
    } finally {
      await opened.close();
    }
  });
});
