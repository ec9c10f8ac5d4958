import { sql } from 'drizzle-orm';
import { afterEach, expect, it, vi } from 'vitest';
import { createGate } from '../../../src/index/lists/gate.ts';
import { type Database, openDatabase, type Queries, StoreFault } from '../../../src/store/database.ts';
import { testDatabase } from '../../support/database.ts';

/** A statement by its cost, that of what a limit is above of, and how long it takes in milliseconds. */
interface Kind {
  readonly cost: number;
  readonly beneath: number;
  readonly ms: number;
}

/** A database in which statements take their time, and one that tells what ran side by side. */
function imagined(kinds: Readonly<Record<string, Kind>>) {
  const running: string[] = [];
  const seen: string[][] = [];
  const ran: string[] = [];
  const text = (statement: unknown) => (statement as { queryChunks: { value?: string[]; queryChunks?: { value: string[] }[] }[] }).queryChunks.flatMap((chunk) => [chunk.value ?? [], chunk.queryChunks?.flatMap(({ value }) => value) ?? []].flat()).join('');
  const list = <T>(work: (q: Queries) => Promise<T>, timeoutMs = 5_000): Promise<T> =>
    work({
      execute: async (statement: unknown) => {
        const said = text(statement);
        const name = said.split(' ').at(-1)!;
        const kind = kinds[name]!;
        if (said.startsWith('explain')) return [{ 'QUERY PLAN': [{ Plan: { 'Node Type': 'Limit', 'Total Cost': kind.cost, Plans: [{ 'Node Type': 'Seq Scan', 'Total Cost': kind.beneath }] } }] }];
        running.push(name);
        seen.push([...running]);
        await new Promise((resolve) => setTimeout(resolve, Math.min(kind.ms, timeoutMs)));
        running.splice(running.indexOf(name), 1);
        if (kind.ms > timeoutMs) throw new StoreFault('57014', '');
        ran.push(name);
        return [{ name }];
      },
    } as unknown as Queries);
  return { database: { list } as Pick<Database, 'list'>, seen, ran };
}

const kinds: Readonly<Record<string, Kind>> = {
  light: { cost: 10, beneath: 100, ms: 5 },
  lucky: { cost: 10, beneath: 90_000, ms: 5 },
  hopeful: { cost: 10, beneath: 90_000, ms: 120 },
  heavy: { cost: 50_000, beneath: 50_000, ms: 60 },
  dear: { cost: 200_000, beneath: 200_000, ms: 5 },
};
const gateOver = (database: Pick<Database, 'list'>) => createGate({ database, costLimit: 100_000, heavyFrom: 1_000, trialMs: 40 });
const of = (name: string) => sql.raw(name);
afterEach(() => void vi.useRealTimers());

it('lets light statements pass heavy ones, which run one at a time', async () => {
  const { database, seen, ran } = imagined(kinds);
  const gate = gateOver(database);
  await Promise.all(['heavy', 'heavy', 'heavy', 'light', 'lucky', 'light'].map((name) => gate.run(of(name))));
  expect(Math.max(...seen.map((all) => all.filter((name) => name === 'heavy').length))).toBe(1);
  expect(ran.slice(0, 3).toSorted()).toEqual(['light', 'light', 'lucky']);
});

it('takes a statement for heavy that only a limit made look light, once it has taken longer than a trial', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  const { database, seen, ran } = imagined(kinds);
  const gate = gateOver(database);
  const all = Promise.all(['hopeful', 'hopeful', 'hopeful', 'lucky', 'hopeful'].map((name) => gate.run(of(name))));
  await vi.advanceTimersByTimeAsync(2_000);
  expect(await all).toEqual(['hopeful', 'hopeful', 'hopeful', 'lucky', 'hopeful'].map((name) => [{ name }]));
  // One on trial, one that was.
  expect(Math.max(...seen.map((all) => all.length))).toBe(2);
  expect(ran[0]).toBe('lucky');
});

it('refuses what is estimated to cost too much before it runs', async () => {
  const { database, seen } = imagined(kinds);
  await expect(gateOver(database).run(of('dear'))).rejects.toThrow('estimated to cost 200,000, and 100,000 is allowed');
  expect(seen).toEqual([]);
});

it('goes on after a statement that fails', async () => {
  const { database } = imagined({ ...kinds, endless: { cost: 10, beneath: 90_000, ms: 6_000 } });
  const failing = { list: <T>(work: (q: Queries) => Promise<T>, timeoutMs?: number) => database.list(work, timeoutMs ?? 60) };
  const gate = gateOver(failing);
  const settled = await Promise.allSettled(['endless', 'lucky', 'endless', 'lucky'].map((name) => gate.run(of(name))));
  expect(settled.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected', 'fulfilled']);
  expect(settled[0]).toMatchObject({ reason: { message: expect.stringContaining('took longer than is allowed') } });
});

it('gives statements of a list the time that is asked for, and the usual one to the next', async () => {
  const made = await testDatabase();
  const database = await openDatabase({ url: made.url, listConnections: 1 });
  try {
    await expect(database.list((q) => q.execute(sql`select pg_sleep(20)`), 30)).rejects.toMatchObject({ code: '57014' });
    const [row] = await database.list((q) => q.execute<{ statement_timeout: string }>(sql`show statement_timeout`));
    expect(row).toEqual({ statement_timeout: '5s' });
  } finally {
    await database.close();
    await made.drop();
  }
});
