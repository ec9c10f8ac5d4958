import { sql } from 'drizzle-orm';
import type { Logger } from 'pino';
import type { AgencyRecord } from '../domain/record.ts';
import type { Database, Queries } from '../store/database.ts';
import { inLane, lanes, lockLane } from '../store/lanes.ts';
import { analyzeGrown } from '../store/planner.ts';

/** Keeps something up that follows from workers' records. */
export interface Follower {
  /** What it keeps, for logs. */
  readonly name: string;
  /**
   * Brings it up to the records that these workers have now, in the given transaction: it and what else follows change together, or not at all. A worker
   * without records is one who was merged away, or whose agencies deleted all. May be called again with the same.
   */
  follow(queries: Queries, workers: ReadonlyMap<string, readonly AgencyRecord[]>, at: Date): Promise<void>;
}

export interface FollowingOptions {
  readonly database: Database;
  readonly followers: readonly Follower[];
  readonly logger: Logger;
  readonly now: () => Date;
  /** Changes followed up in one transaction. Default 2000. */
  readonly batch?: number;
  /** Whether to let changes pile up for now, as while a feed is read for the first time: a worker then is followed up once, and not once for each of her records. {@link Following.drain} goes on all the same. Default: never. */
  readonly holdBack?: () => Promise<boolean>;
  /** Longest wait before a change is followed up whose notification was lost, milliseconds. Default 5000. */
  readonly pollMs?: number;
}

/**
 * Follows up on changed workers: what stands in `changed_worker` is taken out and handed to the followers in one transaction, so that a hub that dies loses
 * nothing and does nothing twice. One instance at a time does it for the workers of a lane, in the order of changes.
 */
export interface Following {
  /** Follows up on everything that has been committed by now. Gives back how many workers that were. Fails where a follower does; its changes wait. */
  drain(): Promise<number>;
  /** How many changes wait, and since when the oldest does. */
  waiting(): Promise<{ readonly changes: number; readonly since: Date | null }>;
  /** Goes on as changes come, until closed. */
  start(): Promise<void>;
  /** Stops after the batch under way. */
  close(): Promise<void>;
}

/** The trigger notifies here when there is something to follow up. */
const channel = 'payung_changed';

export function createFollowing(options: FollowingOptions): Following {
  const { database, followers, logger, now } = options;
  const batch = options.batch ?? 2_000;
  const stop = new AbortController();
  let again = false;
  let asked = Promise.withResolvers<void>();
  let running: Promise<number> | null = null;
  let looking: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;

  /** One batch: how many changes it took, and of how many workers. */
  async function step(lane: number): Promise<{ taken: number; workers: number }> {
    return database.transaction(async (q) => {
      await lockLane(q, lane);
      const taken = await q.execute<{ worker_id: string }>(sql`
        delete from changed_worker where id in (select id from changed_worker where ${inLane(sql`worker_id`, lane)} order by id limit ${batch}) returning worker_id`);
      if (taken.length === 0) return { taken: 0, workers: 0 };
      const workers = new Map<string, AgencyRecord[]>(taken.map(({ worker_id }) => [worker_id, []]));
      const rows = await q.execute<{ worker_id: string; body: AgencyRecord }>(sql`
        select worker_id, body from agency_record where worker_id = any(${`{${[...workers.keys()].join()}}`}::uuid[]) order by worker_id, agency, record_id`);
      for (const { worker_id, body } of rows) workers.get(worker_id)!.push(body);
      const at = now();
      for (const follower of followers) await follower.follow(q, workers, at);
      return { taken: taken.length, workers: workers.size };
    });
  }

  /** Leaves each worker in a long queue once, which is enough: whoever follows up reads what she has then. */
  async function thinOut(): Promise<void> {
    const long = await database.run((q) => q.execute(sql`select 1 from changed_worker order by id offset ${batch * 10} limit 1`));
    if (long.length === 0) return;
    await database.transaction(async (q) => {
      for (let lane = 0; lane < lanes; lane += 1) await lockLane(q, lane);
      await q.execute(sql`
        delete from changed_worker c using (select id, row_number() over (partition by worker_id order by id) as place from changed_worker) d where d.id = c.id and d.place > 1`);
    });
  }

  async function drainLane(lane: number): Promise<number> {
    let total = 0;
    for (let more = true; more && !stop.signal.aborted; ) {
      const { taken, workers } = await step(lane);
      total += workers;
      more = taken === batch;
    }
    return total;
  }

  async function drainAll(): Promise<number> {
    let total = 0;
    try {
      await thinOut();
      do {
        again = false;
        asked = Promise.withResolvers();
        // All have ended when this does, also where one fails.
        const done = await Promise.allSettled(Array.from({ length: lanes }, (_, lane) => drainLane(lane)));
        let followed = 0;
        for (const lane of done) {
          if (lane.status === 'rejected') throw lane.reason;
          followed += lane.value;
        }
        total += followed;
        // In a large index a look takes seconds: who asks meanwhile is not held up by it.
        if (followed > 0) looking ??= analyzeGrown(database).finally(() => (looking = null));
        await Promise.race([looking, asked.promise]);
      } while (again && !stop.signal.aborted);
      return total;
    } finally {
      // At once: who asks now begins anew.
      running = null;
    }
  }

  const following: Following = {
    drain() {
      if (running) {
        again = true;
        asked.resolve();
      }
      return (running ??= drainAll());
    },
    async waiting() {
      const [row] = await database.run((q) => q.execute<{ changes: number; since: string | null }>(sql`select count(*)::int as changes, min(at) as since from changed_worker`));
      return { changes: row!.changes, since: row!.since === null ? null : new Date(row!.since) };
    },
    async start() {
      const drain = () => {
        if (stop.signal.aborted) return;
        const held = options.holdBack?.() ?? Promise.resolve(false);
        held.then((hold) => (hold || stop.signal.aborted ? 0 : following.drain())).catch((error: unknown) => logger.error({ fault: error }, 'could not follow up on changed workers; they wait'));
      };
      await database.listen(channel, drain, drain);
      timer = setInterval(drain, options.pollMs ?? 5_000);
      timer.unref();
    },
    async close() {
      stop.abort();
      asked.resolve();
      if (timer) clearInterval(timer);
      await running?.catch(() => {});
    },
  };
  return following;
}
