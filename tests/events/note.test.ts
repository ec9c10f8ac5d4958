import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AgencyRecord } from '../../src/domain/record.ts';
import { fileEvents, readEvents } from '../../src/events/outbox.ts';
import { createCrosswalk, type Crosswalk } from '../../src/identity/crosswalk.ts';
import { createLinks } from '../../src/identity/hub/links.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { syncAgency } from '../../src/sync/sync.ts';
import { createWorld } from '../../src/agencies/world/world.ts';
import { bareRecord } from '../agencies/fakeWorld.ts';
import { caseFile } from '../protection/kit.ts';
import { testDatabase } from '../support/database.ts';
import { type FakeAgency, fakeAgency } from '../support/fake-agency.ts';

describe('what subscribers are told of and who is assessed anew', () => {
  let drop: () => Promise<void>;
  let database: Database;
  let crosswalk: Crosswalk;
  let agency: FakeAgency;
  const record = (n: number, changes: Partial<AgencyRecord> = {}): AgencyRecord => ({ ...bareRecord('A', `R-${n}`, [{ kind: 'PMI_ID', value: `PMI-${n}` }], { name: `PERSON ${n}` }), ...changes });
  beforeEach(async () => {
    const { url, drop: end } = await testDatabase();
    drop = end;
    database = await openDatabase({ url });
    crosswalk = await createCrosswalk(database);
    agency = fakeAgency({ name: 'A', holds: ['IDENTITY', 'CASE'], looksUpBy: ['PMI_ID'], pageSize: 2 });
    agency.feed = [1, 2, 3].map((n) => ({ kind: 'upsert', record: record(n, { cases: [caseFile({ number: `K-${n}` })] }) }));
  });
  afterEach(async () => {
    await database.close();
    await drop();
  });
  // Of so few records, one that is gone is more than a share.
  const sync = () => syncAgency({ agency, database, crosswalk, requestId: 'test', removals: { accept: true } });
  async function heard(): Promise<string[]> {
    await fileEvents(database);
    return (await readEvents(database, { after: 0, limit: 100 })).map(({ kind, subject }) => (subject ? `${kind} ${subject.fact}` : kind));
  }
  async function waiting(): Promise<string[]> {
    const rows = await database.run((q) => q.execute<{ worker_id: string }>(sql`delete from changed_worker returning worker_id`));
    return [...new Set(rows.map(({ worker_id }) => worker_id))].toSorted();
  }
  const workerOf = async (...ns: number[]) => (await crosswalk.byIdentifiers(ns.map((n) => ({ kind: 'PMI_ID' as const, value: `PMI-${n}` })))).map((worker) => worker!.id).toSorted();

  it('what was there before a feed was read to its end is no news, but assessed', async () => {
    await sync();
    expect(await heard()).toEqual([]);
    expect(await waiting()).toEqual(await workerOf(1, 2, 3));
  });

  it('a changed, a new and a deleted record are', async () => {
    await sync();
    await waiting();
    const [third] = await workerOf(3);
    agency.feed.push(
      { kind: 'upsert', record: record(1, { cases: [caseFile({ number: 'K-1', status: 'CLOSED' })] }) },
      { kind: 'upsert', record: record(2, { cases: [caseFile({ number: 'K-2' })] }) },
      { kind: 'upsert', record: record(4, { cases: [caseFile({ number: 'K-4' })] }) },
      { kind: 'delete', recordId: 'R-3' },
    );
    await sync();
    expect(await heard()).toEqual(['CASE_MOVED K-1', 'CASE_OPENED K-4', 'CASE_MOVED K-3']);
    expect(await waiting()).toEqual([...(await workerOf(1, 4)), third!].toSorted());
  });

  it('every record of the world read again is none, and nobody is assessed for it', async () => {
    const world = createWorld({ seed: 1, size: 60, today: '2026-11-22' });
    const records = Array.from({ length: 60 }, (_, n) => world.person(n).records).flat();
    await crosswalk.remember(records, new Date());
    await waiting();
    const before = (await heard()).length;
    await crosswalk.remember(records, new Date());
    expect((await heard()).slice(before)).toEqual([]);
    expect(await waiting()).toEqual([]);
  });

  it('a steward’s merge is told of both, and both are assessed', async () => {
    await sync();
    await waiting();
    const [one, two] = await workerOf(1, 2);
    const links = createLinks(database, crosswalk);
    const seen = await links.of([one!, two!]);
    await links.merge({ by: 'KEY x', reason: 'the same person', at: new Date() }, { id: one!, version: seen.get(one!)!.version }, { id: two!, version: seen.get(two!)!.version });
    expect(await heard()).toEqual(['LINK_CHANGED', 'LINK_CHANGED']);
    expect(await waiting()).toEqual([one, two]);
  });

  it('a change that is undone by a fault leaves no trace', async () => {
    await sync();
    await waiting();
    await database.transaction(async (q) => {
      await crosswalk.rememberIn(q, [record(1, { cases: [] })], new Date());
      throw new Error('the page failed');
    }).catch(() => {});
    expect(await heard()).toEqual([]);
    expect(await waiting()).toEqual([]);
  });
});
