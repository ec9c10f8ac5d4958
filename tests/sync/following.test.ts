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
});
