import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCrosswalk, type Crosswalk } from '../../src/identity/crosswalk.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { agencyRecord } from '../../src/store/tables.ts';
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
  const sync = (options: Partial<Parameters<typeof syncAgency>[0]> = {}) => syncAgency({ agency, database, crosswalk, requestId: 'test', ...options });

  it('takes in everything once, and then only what is new', async () => {
    expect(await sync()).toEqual({ saved: 35, removed: 0, rejected: 0, failure: null });
    expect(await stored()).toHaveLength(35);
    expect((await sync()).saved).toBe(0);
    agency.feed.push({ kind: 'upsert', record: record(99) }, { kind: 'delete', recordId: 'R-0' });
    expect(await sync()).toMatchObject({ saved: 1, removed: 1 });
    expect(await stored()).toEqual(expect.not.arrayContaining(['R-0']));
    expect(await crosswalk.byIdentifiers([{ kind: 'PMI_ID', value: 'PMI-0' }])).toEqual([null]);
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
      removeIn: async () => {
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
});
