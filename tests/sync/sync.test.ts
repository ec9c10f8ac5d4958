import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCrosswalk, type Crosswalk } from '../../src/identity/crosswalk.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { agencyRecord } from '../../src/store/tables.ts';
import { firstReading, readSyncStatus } from '../../src/store/syncStatus.ts';
import { syncAgency } from '../../src/sync/sync.ts';
import { bareRecord } from '../agencies/fakeWorld.ts';
import { testDatabase } from '../support/database.ts';
import { type FakeAgency, fakeAgency } from '../support/fake-agency.ts';

describe('reading a change feed', () => {
  let url: string;
  let drop: () => Promise<void>;
  let database: Database;
  let crosswalk: Crosswalk;
  let agency: FakeAgency;
  const record = (n: number) => bareRecord('A', `R-${n}`, [{ kind: 'PMI_ID', value: `PMI-${n}` }], { name: `PERSON ${n}` });
  beforeEach(async () => {
    ({ url, drop } = await testDatabase());
    database = await openDatabase({ url });
    crosswalk = await createCrosswalk(database);
    agency = fakeAgency({ name: 'A', holds: ['IDENTITY'], looksUpBy: ['PMI_ID'], pageSize: 10 });
    agency.feed = Array.from({ length: 35 }, (_, n) => ({ kind: 'upsert', record: record(n) }));
  });
  afterEach(async () => {
    await database.close();
    await drop();
  });
  const stored = async () => (await database.run((q) => q.select({ id: agencyRecord.recordId }).from(agencyRecord))).map((row) => row.id).toSorted();
  const sync = (options: Partial<Parameters<typeof syncAgency>[0]> = {}) => syncAgency({ agency, database, crosswalk, requestId: 'test', batchEntries: 10, ...options });

  it('takes in everything once, and then only what is new', async () => {
    expect(await sync()).toEqual({ saved: 35, removed: 0, held: 0, rejected: 0, outcome: 'CAUGHT_UP', failure: null });
    expect(await stored()).toHaveLength(35);
    expect((await sync()).saved).toBe(0);
    agency.feed.push({ kind: 'upsert', record: record(99) }, { kind: 'delete', recordId: 'R-0' });
    expect(await sync()).toMatchObject({ saved: 1, removed: 1 });
    expect(await stored()).toEqual(expect.not.arrayContaining(['R-0']));
    expect(await crosswalk.byIdentifiers([{ kind: 'PMI_ID', value: 'PMI-0' }])).toEqual([null]);
  });

  it('is known to be under way for the first time from before its first page until its end, and then never again', async () => {
    const now = new Date('2026-11-22T00:00:00Z');
    const seen: boolean[] = [];
    const watched: typeof agency = { ...agency, changes: async (...given) => (seen.push(await firstReading(database, now)), agency.changes!(...given)) };
    await sync({ agency: watched, now: () => now, batchEntries: 100 });
    expect(seen).toEqual([true, true, true, true]);
    expect(await firstReading(database, now)).toBe(false);
    await sync({ agency: watched, now: () => now });
    expect(seen.slice(4)).toEqual([false]);
  });

  it('goes on where it was stopped', async () => {
    const stop = new AbortController();
    let pages = 0;
    await sync({ signal: stop.signal, onPage: () => (pages += 1) === 2 && stop.abort() });
    expect(await stored()).toHaveLength(20);
    expect((await sync()).saved).toBe(15);
    expect(await stored()).toHaveLength(35);
  });

  it('saves nothing of a page that fails half way, and takes it again', async () => {
    const broken: Crosswalk = {
      ...crosswalk,
      rememberIn: async (...given) => {
        await crosswalk.rememberIn(...given);
        throw new Error('crash');
      },
    };
    await expect(sync({ crosswalk: broken })).rejects.toThrow('crash');
    expect(await stored()).toEqual([]);
    expect((await sync()).saved).toBe(35);
  });

  it('lets two instances read the feed at once without doubling a page', async () => {
    const other = await openDatabase({ url });
    const otherCrosswalk = await createCrosswalk(other);
    const [a, b] = await Promise.all([sync(), sync({ database: other, crosswalk: otherCrosswalk })]);
    await other.close();
    expect(a.saved + b.saved).toBe(35);
    expect(await stored()).toHaveLength(35);
  });

  it('heeds the feed’s order: what was changed and then deleted in one page is gone', async () => {
    agency.feed = [{ kind: 'upsert', record: record(1) }, { kind: 'delete', recordId: 'R-1' }, { kind: 'delete', recordId: 'R-2' }, { kind: 'upsert', record: record(2) }];
    await sync();
    expect(await stored()).toEqual(['R-2']);
  });

  describe('removals', () => {
    const deletes = (...numbers: number[]) => agency.feed.push(...numbers.map((n) => ({ kind: 'delete' as const, recordId: `R-${n}` })));
    beforeEach(async () => {
      agency.feed = Array.from({ length: 100 }, (_, n) => ({ kind: 'upsert', record: record(n) }));
      await sync();
    });

    it('are made while they are few', async () => {
      deletes(0, 1, 2, 3, 4);
      expect(await sync()).toMatchObject({ removed: 5, held: 0, outcome: 'CAUGHT_UP' });
      expect(await stored()).toHaveLength(95);
    });

    it('wait, all of them, where a run would make too many, however many pages they come in; what else comes is saved', async () => {
      deletes(...Array.from({ length: 35 }, (_, n) => n));
      agency.feed.push({ kind: 'upsert', record: record(200) });
      expect(await sync()).toMatchObject({ saved: 1, removed: 0, held: 35, outcome: 'REMOVALS_HELD', failure: null });
      expect(await stored()).toHaveLength(101);
      expect((await readSyncStatus(database)).get('A')!.feed).toMatchObject({ outcome: 'REMOVALS_HELD', removalsWaiting: 35, caughtUp: true });
      // They wait through the next runs, and are still too many with one more.
      deletes(50);
      expect(await sync()).toMatchObject({ removed: 0, held: 36 });
    });

    it('are made once a human has looked', async () => {
      deletes(...Array.from({ length: 60 }, (_, n) => n));
      await sync();
      expect(await sync({ removals: { accept: true } })).toMatchObject({ removed: 60, held: 0, outcome: 'CAUGHT_UP' });
      expect(await stored()).toHaveLength(40);
      expect(await sync()).toMatchObject({ removed: 0, held: 0, outcome: 'CAUGHT_UP' });
    });

    it('are not made of records that come again', async () => {
      deletes(...Array.from({ length: 20 }, (_, n) => n));
      await sync();
      for (let n = 0; n < 18; n += 1) agency.feed.push({ kind: 'upsert', record: record(n) });
      expect(await sync()).toMatchObject({ saved: 18, removed: 2, held: 0, outcome: 'CAUGHT_UP' });
      expect(await stored()).toHaveLength(98);
    });

    it('may be any share that is set', async () => {
      deletes(0, 1);
      expect(await sync({ removals: { maxShare: 0.01 } })).toMatchObject({ removed: 0, held: 2 });
      expect(await sync({ removals: { maxShare: 0.02 } })).toMatchObject({ removed: 2, held: 0 });
    });
  });

  describe('a feed whose cursor is lost', () => {
    beforeEach(async () => {
      agency.feed = Array.from({ length: 100 }, (_, n) => ({ kind: 'upsert', record: record(n) }));
      await sync({ now: () => new Date('2026-11-22T00:00:00Z') });
      // As after a restore at the agency: another feed, without three of the records, and with one that is new.
      agency.feed = Array.from({ length: 98 }, (_, n) => ({ kind: 'upsert', record: record(n + 3) }));
      agency.forgotten = '100';
    });
    const later = { now: () => new Date('2026-11-22T01:00:00Z') };

    it('is read anew, and what it does not bring again is gone', async () => {
      expect(await sync(later)).toMatchObject({ saved: 98, removed: 3, outcome: 'CAUGHT_UP', failure: null });
      expect(await stored()).toHaveLength(98);
      expect(await stored()).not.toContain('R-2');
      expect(await sync(later)).toMatchObject({ saved: 0, removed: 0 });
    });

    it('is read on where the reading anew was stopped, by a clock that is late too', async () => {
      const stop = new AbortController();
      expect(await sync({ ...later, signal: stop.signal, onPage: () => stop.abort() })).toMatchObject({ outcome: 'STOPPED' });
      expect(await stored()).toHaveLength(100);
      expect(await sync({ now: () => new Date('2026-11-22T00:59:00Z') })).toMatchObject({ removed: 3, outcome: 'CAUGHT_UP' });
      expect(await stored()).toHaveLength(98);
    });

    it('loses nothing where an entry of it cannot be read', async () => {
      agency.unreadable = 1;
      expect(await sync(later)).toMatchObject({ removed: 0, outcome: 'ENTRIES_REJECTED' });
      expect(await stored()).toHaveLength(101);
    });

    it('does not lose more than a run may remove', async () => {
      agency.feed = agency.feed.slice(0, 50);
      expect(await sync(later)).toMatchObject({ removed: 0, held: 50, outcome: 'REMOVALS_HELD' });
      expect(await stored()).toHaveLength(100);
    });

    it('is given up where the agency does not know its beginning either', async () => {
      const lost = { ...agency, changes: async () => ({ status: 'expired' as const }) };
      expect(await sync({ ...later, agency: lost })).toMatchObject({ failure: { code: 'AGENCY_INVALID_ANSWER' } });
    });
  });
});
