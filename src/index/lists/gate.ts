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
  /** How long a statement may take that ends early only if it soon finds enough rows, milliseconds; one that takes longer is heavy and begins anew. Default 50. */
  readonly trialMs?: number;
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

/** What the planner expects of a statement. */
interface Estimate {
  readonly cost: number;
  /** What it costs if the rows that are enough are never found. */
  readonly atWorst: number;
}

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Total Cost': number;
  readonly Plans?: readonly PlanNode[];
}

/** What limits in a plan save, as the planner hopes: what is beneath one is read to its end where too few rows are found. */
function savedByLimits(node: PlanNode): number {
  const beneath = node.Plans ?? [];
  const own = node['Node Type'] === 'Limit' ? beneath.reduce((sum, { 'Total Cost': cost }) => sum + cost, 0) - node['Total Cost'] : 0;
  return Math.max(0, own) + beneath.reduce((sum, each) => sum + savedByLimits(each), 0);
}

/** A place for so many at a time; the others wait in turn. */
function lane(places: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let busy = 0;
  return async (work) => {
    if (busy < places) busy += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else busy -= 1;
    }
  };
}

/** Whether the database has ended a statement because it was over its time. */
const overTime = (error: unknown) => error instanceof StoreFault && error.code === '57014';

export function createGate(options: GateOptions): Gate {
  const { database, costLimit, heavyFrom = costLimit / 20, heavyAtOnce = 1, trialMs = 50 } = options;
  const [heavy, trial] = [lane(heavyAtOnce), lane(1)];

  async function estimate(q: Queries, statement: SQL): Promise<Estimate> {
    const [row] = await q.execute<{ 'QUERY PLAN': unknown }>(sql`explain (format json) ${statement}`);
    const plan = row?.['QUERY PLAN'];
    const [{ Plan }] = (typeof plan === 'string' ? JSON.parse(plan) : plan) as [{ Plan: PlanNode }];
    return { cost: Plan['Total Cost'], atWorst: Plan['Total Cost'] + savedByLimits(Plan) };
  }

  const execute = async <T extends Record<string, unknown>>(statement: SQL, timeoutMs?: number) => [...(await database.list((q) => q.execute<T>(statement), timeoutMs))] as T[];

  /** The work; where it takes longer than its time, that is said. */
  async function timed<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (overTime(error)) throw new ListFault('QUERY_TOO_COMPLEX', `The list took longer than is allowed: ${narrower}.`);
      throw error;
    }
  }

  /** What it answers in a short time; null where it takes longer. */
  async function tried<T extends Record<string, unknown>>(statement: SQL): Promise<T[] | null> {
    try {
      return await trial(() => execute<T>(statement, trialMs));
    } catch (error) {
      if (overTime(error)) return null;
      throw error;
    }
  }

  return {
    runLight: <T extends Record<string, unknown>>(statement: SQL) => timed(() => execute<T>(statement)),
    run: <T extends Record<string, unknown>>(statement: SQL) =>
      timed(async () => {
        const { cost, atWorst } = await database.list((q) => estimate(q, statement));
        if (cost > costLimit) {
          throw new ListFault('QUERY_TOO_COMPLEX', `The list is estimated to cost ${Math.ceil(cost).toLocaleString('en')}, and ${Math.floor(costLimit).toLocaleString('en')} is allowed: ${narrower}.`);
        }
        if (atWorst < heavyFrom) return execute<T>(statement);
        return (cost < heavyFrom ? await tried<T>(statement) : null) ?? heavy(() => execute<T>(statement));
      }),
  };
}
