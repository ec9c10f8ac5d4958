import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCrosswalk, type Crosswalk } from '../../src/identity/crosswalk.ts';
import { type Database, openDatabase, StoreFault } from '../../src/store/database.ts';
import { agencyRecord, worker } from '../../src/store/tables.ts';
import { bareRecord } from '../agencies/fakeWorld.ts';
import { testDatabase } from '../support/database.ts';
import { recordKey } from '../../src/domain/record.ts';

const nik = { kind: 'NIK', value: '3507104101909001' } as const;
const passport = { kind: 'PASSPORT', value: 'X1234567' } as const;
const siti = { name: 'SITI AMINAH', dateOfBirth: '1990-01-01' };
const at = new Date('2026-11-22T00:00:00Z');

/** A database that counts what is asked of it outside of transactions. */
function counted(database: Database): { readonly database: Database; runs: number } {
  const counting = {
    runs: 0,
    database: {
      ...database,
      run: <T>(work: Parameters<typeof database.run<T>>[0]) => {
        counting.runs += 1;
        return database.run(work);
      },
    },
  };
  return counting;
}

describe('the crosswalk', () => {
  let url: string;
  let drop: () => Promise<void>;
  let database: Database;
  let crosswalk: Crosswalk;
  beforeEach(async () => {
    ({ url, drop } = await testDatabase());
    database = await openDatabase({ url });
    crosswalk = await createCrosswalk(database);
  });
  afterEach(async () => {
    await database.close();
    await drop();
  });

  it('links records that agree exactly, and not those that share a number only', async () => {
    const linked = await crosswalk.remember(
      [bareRecord('A', '1', [nik], siti), bareRecord('B', '2', [nik, passport], { name: 'Aminah, Siti', dateOfBirth: null }), bareRecord('C', '3', [nik], { name: 'BUDI', dateOfBirth: '1970-05-05' }), bareRecord('D', '4', [passport], siti)],
      at,
    );
    expect(linked.get(recordKey('B', '2'))).toBe(linked.get(recordKey('A', '1')));
    expect(linked.get(recordKey('D', '4'))).toBe(linked.get(recordKey('A', '1')));
    expect(linked.get(recordKey('C', '3'))).not.toBe(linked.get(recordKey('A', '1')));
  });

  it('links what comes later to what is there, and nothing changes when the same comes again', async () => {
    const first = await crosswalk.remember([bareRecord('A', '1', [nik], siti)], at);
    const second = await crosswalk.remember([bareRecord('B', '2', [nik], siti), bareRecord('A', '1', [nik], siti)], at);
    expect(new Set([...first.values(), ...second.values()]).size).toBe(1);
    expect(await crosswalk.remember([bareRecord('B', '2', [nik], siti)], at)).toEqual(new Map([[recordKey('B', '2'), [...first.values()][0]]]));
  });

  it('never links by a placeholder', async () => {
    const zeros = { kind: 'NIK', value: '0000000000000000' } as const;
    const linked = await crosswalk.remember([bareRecord('A', '1', [zeros], siti), bareRecord('B', '2', [zeros], siti)], at);
    expect(new Set(linked.values()).size).toBe(2);
    expect(await crosswalk.byIdentifiers([zeros])).toEqual([null]);
  });

  it('makes one worker of one person whom many instances meet at the same time', async () => {
    await using others = new AsyncDisposableStack();
    const crosswalks = await Promise.all(
      Array.from({ length: 4 }, async () => createCrosswalk(others.adopt(await openDatabase({ url, connections: 2 }), (d) => d.close()))),
    );
    const linked = await Promise.all(crosswalks.map((other, i) => other.remember([bareRecord('A', `${i}`, [nik], siti), bareRecord('B', 'same', [nik], siti)], at)));
    expect(new Set(linked.flatMap((map) => [...map.values()])).size).toBe(1);
    expect(await database.run((q) => q.select().from(worker))).toHaveLength(1);
  });

  it('tells every instance of a change', async () => {
    await using otherDatabase = new AsyncDisposableStack();
    const other = await createCrosswalk(otherDatabase.adopt(await openDatabase({ url, connections: 2 }), (d) => d.close()), { cacheMs: 3_600_000 });
    await crosswalk.remember([bareRecord('A', '1', [nik], siti)], at);
    const [before] = await other.byIdentifiers([nik]);
    expect(before!.records.size).toBe(1);
    await crosswalk.remember([bareRecord('B', '2', [nik, passport], siti)], at);
    await expect.poll(async () => (await other.byIdentifiers([nik]))[0]!.records.size).toBe(2);
    expect((await other.byIdentifiers([passport]))[0]!.id).toBe(before!.id);
  });

  it('answers from memory without asking the database again', async () => {
    await crosswalk.remember([bareRecord('A', '1', [nik], siti)], at);
    const [first] = await crosswalk.byIdentifiers([nik]);
    await database.run((q) => q.update(agencyRecord).set({ recordId: 'changed behind its back' }));
    expect((await crosswalk.byIdentifiers([nik]))[0]).toBe(first);
    expect((await crosswalk.byIds([first!.id]))[0]).toBe(first);
  });

  it('asks the database once for all who miss the same at once, and afresh after a change', async () => {
    const counting = counted(database);
    const own = await createCrosswalk(counting.database);
    const linked = await own.remember([bareRecord('A', '1', [nik], siti)], at);
    const ask = async (many: number) => {
      await own.forget([...linked.values()]);
      counting.runs = 0;
      const answers = await Promise.all(Array.from({ length: many }, () => own.byIdentifiers([nik, passport])));
      expect(new Set(answers.map(([known]) => known)).size).toBe(1);
      expect(answers.every(([known, nobody]) => known !== null && nobody === null)).toBe(true);
      return counting.runs;
    };
    expect(await ask(32)).toBe(await ask(1));
    await own.forget([...linked.values()]);
    const early = own.byIdentifiers([nik]);
    await Promise.all([early, own.remember([bareRecord('B', '2', [nik], siti)], at)]);
    expect((await own.byIdentifiers([nik]))[0]!.records.size).toBe(2);
  });

  it('keeps a worker in memory when her records come again with the same numbers, and drops her when they carry others', async () => {
    const counting = counted(database);
    const own = await createCrosswalk(counting.database);
    await own.remember([bareRecord('A', '1', [nik], siti)], at);
    const [first] = await own.byIdentifiers([nik]);
    await own.remember([{ ...bareRecord('A', '1', [nik], siti), asOf: '2026-11-22T00:00:00.000Z' }], at);
    counting.runs = 0;
    expect((await own.byIdentifiers([nik]))[0]).toBe(first);
    expect(counting.runs).toBe(0);
    expect((await own.lastKnown([first!.id], 'A')).get(first!.id)![0]!.record.asOf).toBe('2026-11-22T00:00:00.000Z');
    await own.remember([bareRecord('A', '1', [nik, passport], siti)], at);
    expect((await own.byIdentifiers([passport]))[0]!.id).toBe(first!.id);
    await own.remember([bareRecord('A', '1', [nik], siti)], at);
    expect(await own.byIdentifiers([passport])).toEqual([null]);
  });

  it('does not drop a worker a second time when its own message comes back', async () => {
    const counting = counted(database);
    const heard: (() => void)[] = [];
    const own = await createCrosswalk({ ...counting.database, listen: (channel, onMessage, onLive) => database.listen(channel, (payload) => heard.push(() => onMessage(payload)), onLive) });
    await own.remember([bareRecord('A', '1', [nik], siti)], at);
    const [first] = await own.byIdentifiers([nik]);
    await expect.poll(() => heard.length).toBe(1);
    for (const hear of heard) hear();
    counting.runs = 0;
    expect((await own.byIdentifiers([nik]))[0]).toBe(first);
    expect(counting.runs).toBe(0);
    await crosswalk.forget([first!.id]);
    await expect.poll(() => heard.length).toBe(2);
    heard[1]!();
    await own.byIdentifiers([nik]);
    expect(counting.runs).toBeGreaterThan(0);
  });

  it('redirects an id that was merged away', async () => {
    const linked = await crosswalk.remember([bareRecord('A', '1', [nik], siti)], at);
    const [kept] = [...linked.values()];
    const merged = crypto.randomUUID();
    await database.run((q) => q.insert(worker).values({ id: merged, mergedInto: kept! }));
    expect((await crosswalk.byIds([merged, crypto.randomUUID()])).map((known) => known?.id ?? null)).toEqual([kept, null]);
  });

  it('keeps a worker whose record carries no number at all', async () => {
    const linked = await crosswalk.remember([bareRecord('A', '1', [], siti)], at);
    expect((await crosswalk.byIds([...linked.values()]))[0]!.records.size).toBe(1);
    expect((await crosswalk.lastKnown([...linked.values()], 'A')).get([...linked.values()][0]!)![0]!.record.person.name).toBe(siti.name);
  });

  it('shows no value in the error of a failed query', async () => {
    const fault = await database.run((q) => q.insert(agencyRecord).values({ workerId: crypto.randomUUID(), agency: 'A', recordId: nik.value, body: bareRecord('A', '1', [nik], siti), fetchedAt: at })).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(StoreFault);
    expect(String(fault)).toContain('23503');
    expect(JSON.stringify(fault) + String(fault) + (fault as Error).stack).not.toContain(nik.value);
    expect(await database.run((q) => q.select().from(worker).where(eq(worker.id, crypto.randomUUID())))).toEqual([]);
  });
});
