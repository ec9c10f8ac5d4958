import type { LoggedEvent } from '../domain/event.ts';
import type { Database } from '../store/database.ts';
import { fileEvents, inboxChannel, logChannel, logEnds, type LogQuery, readEvents, sweepEvents } from './outbox.ts';

export interface EventLogOptions {
  /** How long events are kept, days. */
  readonly keepDays: number;
  /** How often the inbox and the log are looked at without being told, milliseconds. Default 1000. */
  readonly lookMs?: number;
  /** Latest events kept in memory for all readers of this instance. Default 10000. */
  readonly remembered?: number;
  readonly onFault: (error: unknown) => void;
  /** Default: the system clock. */
  readonly now?: () => Date;
}

/** The log of events as this instance reads it. */
export interface EventLog {
  /** Events behind an id, in their order. */
  read(query: LogQuery): Promise<readonly LoggedEvent[]>;
  ends: () => ReturnType<typeof logEnds>;
  /** Resolves when the log may have grown beyond the id, at once where it has; at the latest after `mostMs` (default 5000). */
  grown(beyond: number, signal?: AbortSignal, mostMs?: number): Promise<void>;
  /** Files what waits in the inbox. */
  file(): Promise<void>;
  /** The highest id that is known of. */
  readonly last: number;
  close(): Promise<void>;
}

/** Files events as they come, tells readers when there are new ones, and removes old ones. Every instance does so; the database has them take turns. */
export async function createEventLog(database: Database, options: EventLogOptions): Promise<EventLog> {
  const { keepDays, lookMs = 1_000, remembered = 10_000, onFault, now = () => new Date() } = options;
  let recent: LoggedEvent[] = [];
  let last = (await logEnds(database)).last;
  /** Ids above this, up to `last`, are all in memory. */
  let from = last;
  let waiting: (() => void)[] = [];
  let closed = false;
  let reading: Promise<void> | null = null;
  let again = false;

  /** Reads what was added to the log into memory: once for all readers. */
  async function follow(): Promise<void> {
    do {
      again = false;
      for (;;) {
        const rows = await readEvents(database, { after: last, limit: 2_000 });
        if (rows.length === 0) break;
        recent.push(...rows);
        last = rows.at(-1)!.id;
        if (recent.length > remembered * 1.5) {
          recent = recent.slice(-remembered);
          from = recent[0]!.id - 1;
        }
        wake();
      }
    } while (again);
  }
  function wake(): void {
    const all = waiting;
    waiting = [];
    for (const one of all) one();
  }
  const hear = (): Promise<void> => {
    again = true;
    return (reading ??= follow().finally(() => (reading = null)));
  };

  let filing: Promise<void> | null = null;
  let more = false;
  async function fileAll(): Promise<void> {
    do {
      more = false;
      await fileEvents(database);
    } while (more);
    await hear();
  }
  const file = (): Promise<void> => {
    more = true;
    return (filing ??= fileAll().finally(() => (filing = null)));
  };
  const look = () => void (closed ? undefined : file().catch(onFault));
  const sweep = () => void sweepEvents(database, new Date(now().getTime() - keepDays * 86_400_000)).catch(onFault);

  await database.listen(inboxChannel, look, look);
  await database.listen(logChannel, () => void hear().catch(onFault));
  const timers = [setInterval(look, lookMs), setInterval(sweep, 3_600_000)];
  for (const timer of timers) timer.unref();
  sweep();

  return {
    async read(query) {
      const { after, limit, kinds, workers } = query;
      if (after < from || (after < last && recent.length === 0)) return readEvents(database, query);
      if (after >= last) return [];
      let start = 0;
      for (let end = recent.length; start < end; ) {
        const middle = (start + end) >> 1;
        if (recent[middle]!.id > after) end = middle;
        else start = middle + 1;
      }
      if (!kinds && !workers) return recent.slice(start, start + limit);
      const found: LoggedEvent[] = [];
      for (let i = start; i < recent.length && found.length < limit; i += 1) {
        const one = recent[i]!;
        if ((!kinds || kinds.includes(one.kind)) && (!workers || workers.includes(one.workerId))) found.push(one);
      }
      return found;
    },
    ends: () => logEnds(database),
    async grown(beyond, signal, mostMs = 5_000) {
      if (last > beyond || closed || mostMs === 0 || signal?.aborted) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push(resolve);
      const timer = setTimeout(resolve, mostMs);
      const end = () => resolve();
      signal?.addEventListener('abort', end, { once: true });
      await promise;
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      waiting = waiting.filter((one) => one !== resolve);
    },
    file,
    get last() {
      return last;
    },
    async close() {
      closed = true;
      for (const timer of timers) clearInterval(timer);
      wake();
      await Promise.allSettled([filing, reading]);
    },
  };
}
