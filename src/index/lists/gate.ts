import { type SQL, sql } from 'drizzle-orm';
import type { Database, Queries } from '../../store/database.ts';
import { StoreFault } from '../../store/database.ts';
import { ListFault } from './fault.ts';

export interface GateOptions {
  readonly database: Pick<Database, 'list'>;
  /** Highest estimate at which a statement runs, in the planner's units: about ten of them are a thousandth of a second. */
  readonly costLimit: number;
  /** Estimate from which a statement counts as heavy. Default: a twentieth of the limit. */
  readonly heavyFrom?: number;
  /** Most heavy statements of this instance at the same time; the others wait, and the light ones pass them. Default 1. */
  readonly heavyAtOnce?: number;
}

/** Runs statements of lists, if the database expects them to cost no more than is allowed. */
export interface Gate {
  /** Throws {@link ListFault} where the statement is estimated to cost too much, or takes too long. */
  run<T extends Record<string, unknown>>(statement: SQL): Promise<T[]>;
  /** Runs a statement that is made so that it reads little, whatever is asked: without an estimate, and past the heavy ones. */
  runLight<T extends Record<string, unknown>>(statement: SQL): Promise<T[]>;
}

/** What a caller can do about it. */
const narrower = 'narrow it by a condition that few rows meet, or sort by nothing or by a date that the conditions are about';

export function createGate(options: GateOptions): Gate {
  const { database, costLimit, heavyFrom = costLimit / 20, heavyAtOnce = 1 } = options;
  const waiting: (() => void)[] = [];
  let heavy = 0;

  async function estimate(q: Queries, statement: SQL): Promise<number> {
    const [row] = await q.execute<{ 'QUERY PLAN': unknown }>(sql`explain (format json) ${statement}`);
    const plan = row?.['QUERY PLAN'];
    const [{ Plan }] = (typeof plan === 'string' ? JSON.parse(plan) : plan) as [{ Plan: { 'Total Cost': number } }];
    return Plan['Total Cost'];
  }

  async function enter(): Promise<void> {
    if (heavy < heavyAtOnce) heavy += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
  }
  function leave(): void {
    const next = waiting.shift();
    if (next) next();
    else heavy -= 1;
  }

  const execute = async <T extends Record<string, unknown>>(statement: SQL) => [...(await database.list((q) => q.execute<T>(statement)))] as T[];

  /** The work; where it takes longer than its time, that is said. */
  async function timed<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      // 57014: over its time.
      if (error instanceof StoreFault && error.code === '57014') throw new ListFault('QUERY_TOO_COMPLEX', `The list took longer than is allowed: ${narrower}.`);
      throw error;
    }
  }

  return {
    runLight: <T extends Record<string, unknown>>(statement: SQL) => timed(() => execute<T>(statement)),
    run: <T extends Record<string, unknown>>(statement: SQL) =>
      timed(async () => {
        const cost = await database.list((q) => estimate(q, statement));
        if (cost > costLimit) {
          throw new ListFault('QUERY_TOO_COMPLEX', `The list is estimated to cost ${Math.ceil(cost).toLocaleString('en')}, and ${Math.floor(costLimit).toLocaleString('en')} is allowed: ${narrower}.`);
        }
        if (cost < heavyFrom) return execute<T>(statement);
        await enter();
        try {
          return await execute<T>(statement);
        } finally {
          leave();
        }
      }),
  };
}
