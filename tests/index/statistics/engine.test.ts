import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { createEngine, type Engine, EngineFault } from '../../../src/index/statistics/engine.ts';
import type { Plan } from '../../../src/index/statistics/plan.ts';
import { createScanner } from '../../../src/index/statistics/scan.ts';

/** Numbers of workers up to so many, in three cells; `pieces` of them. */
const plan = (pieces: number, each: number): Plan => ({
  sqls: Array.from({ length: pieces }, (_, i) => `select (range + ${i * each} + 1)::integer, (range % 3)::integer, 1::uinteger, 2::uinteger from range(${each})`),
  types: ['integer', 'integer', 'uinteger', 'uinteger'],
  profiles: null,
  cells: 3,
  shape: { places: [3], rollUp: true, keyed: true, flags: 0, columns: { cell: [{ column: 1, add: 0, grain: null, stride: 1 }], personKey: 2, factKey: 3, profile: null }, numbers: [], measures: [{ name: 'count', kind: 'facts', parts: [] }] },
});
/** Takes far longer than any test. */
const endless: Plan = { ...plan(2, 1), sqls: Array.from({ length: 2 }, () => 'select 1::integer, 0::integer, 1::uinteger, 2::uinteger from range(100000) a, range(100000) b, range(1000) c where a.range + b.range + c.range < 0') };

const engines: Engine[] = [];
function engine(timeoutMs: number, more: { concurrency?: number; queue?: number } = {}): Engine {
  const made = createEngine({ threads: 2, memoryMb: 200, concurrency: 1, timeoutMs, ...more });
  engines.push(made);
  return made;
}
afterAll(async () => {
  for (const one of engines) await one.close();
});
const readers = () => execFileSync('pgrep', ['-P', String(process.pid), '-f', 'statistics/process.ts'], { encoding: 'utf8' }).split('\n').filter(Boolean).map(Number);
const total = async (one: Engine, of: Plan) => [...((await one.fold(of, 1_000))?.finish() ?? [])].find(({ level }) => level === 0)?.all.persons;

describe('the processes that read facts', () => {
  it('share the pieces, and their counts are added up', async () => {
    const one = engine(60_000);
    expect(await total(one, plan(5, 10_000))).toBe(50_000);
    expect(await total(one, plan(1, 10))).toBe(10);
    expect(readers()).toHaveLength(2);
  });

  it.runIf(existsSync('/usr/bin/chrt'))('leave their core to anything else that wants it', async () => {
    const one = engine(60_000);
    await total(one, plan(1, 10));
    // The 41st field is the policy, by which 5 is SCHED_IDLE; behind the name in brackets the third is the first.
    const policyOf = (thread: string) => readFileSync(`${thread}/stat`, 'utf8').split(') ')[1]!.split(' ')[41 - 3];
    const threads = readers().flatMap((pid) => readdirSync(`/proc/${pid}/task`).map((thread) => `/proc/${pid}/task/${thread}`));
    const policies = threads.flatMap((thread) => {
      try {
        return [policyOf(thread)];
      } catch {
        // One of the start that has gone since.
        return [];
      }
    });
    expect(policies.length).toBeGreaterThan(10);
    expect(new Set(policies)).toEqual(new Set(['5']));
  });

  it('give up where there are more groups than may be made', async () => {
    const one = engine(60_000);
    expect(await one.fold(plan(2, 100), 3)).toBeNull();
    expect(await one.fold(plan(2, 100), 4)).not.toBeNull();
  });

  it('find a few persons of each condition, and not more than are wanted', async () => {
    const one = engine(60_000);
    const people = (from: number) => `from (select (range + ${from})::integer serial, (range + ${from + 1_000})::uinteger "personKey" from range(50)) where $condition`;
    const [all, some, none] = await one.few([people(1), people(51), people(101)], ['true', 'serial in (7, 120)', 'serial > 500'], 9);
    expect(all).toHaveLength(9);
    expect(some!.toSorted((a, b) => a - b)).toEqual([1_007, 1_120]);
    expect(none).toEqual([]);
  });

  it('stop a question that takes too long, and answer the next', async () => {
    // Long enough for the next one where readers, which give way to all else, are started anew on a busy machine.
    const one = engine(8_000);
    await expect(one.fold(endless, 10)).rejects.toThrow(new EngineFault('TIMEOUT'));
    expect(await total(one, plan(2, 10))).toBe(20);
  });

  it('do not begin a question that was given up while they started', async () => {
    const { sqls, types, profiles, shape } = endless;
    const scanner = await createScanner(200, () => {});
    await expect(scanner.run({ kind: 'fold', sqls, types, profiles, shape, mostGroups: 10 }, AbortSignal.abort())).rejects.toThrow('aborted');
  });

  it('are started anew after one has died', async () => {
    const one = engine(100_000);
    const before = new Set(readers());
    expect(await total(one, plan(2, 10))).toBe(20);
    const question = one.fold(endless, 10);
    const own = readers().filter((pid) => !before.has(pid));
    process.kill(own[0]!, 'SIGKILL');
    await expect(question).rejects.toThrow('Facts could not be read');
    expect(await total(one, plan(2, 10))).toBe(20);
  });

  it('take so many questions at a time, let so many wait and refuse others', async () => {
    const one = engine(8_000, { queue: 1 });
    const first = one.fold(endless, 10).catch((error: unknown) => error);
    const second = one.fold(plan(1, 10), 10);
    await expect(one.fold(plan(1, 10), 10)).rejects.toThrow(new EngineFault('BUSY'));
    expect(await first).toEqual(new EngineFault('TIMEOUT'));
    expect(await second).not.toBeNull();
  });

  it('go when they are no longer needed', async () => {
    for (const one of engines.splice(0)) await one.close();
    expect(() => readers()).toThrow('Command failed');
  });
});
