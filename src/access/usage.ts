import { eq, sql } from 'drizzle-orm';
import type { Database } from '../store/database.ts';
import { apiKey } from '../store/tables.ts';

export interface UsageOptions {
  /** Least pause between two writes for one key, milliseconds. Default 60000. */
  readonly pauseMs?: number;
  /** Told when a write failed; what was counted is kept for the next one. */
  readonly onFault?: (error: unknown) => void;
}

/** When, from where and how often keys are used. Counted in memory, written behind the requests' backs at most once a minute for each key. */
export interface Usage {
  saw(id: string, address: string | null, at: Date): void;
  /** Writes what is waiting. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

interface Count {
  uses: number;
  at: Date;
  address: string | null;
}

export function createUsage(database: Database, options: UsageOptions = {}): Usage {
  const pauseMs = options.pauseMs ?? 60_000;
  const waiting = new Map<string, Count>();
  /** Keys written within the last pause. */
  const resting = new Set<string>();
  const timers = new Set<NodeJS.Timeout>();
  let writing: Promise<void> = Promise.resolve();

  function later(id: string): void {
    resting.add(id);
    const timer = setTimeout(() => {
      timers.delete(timer);
      resting.delete(id);
      if (waiting.has(id)) void write([id]);
    }, pauseMs);
    timer.unref();
    timers.add(timer);
  }

  async function store(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const count = waiting.get(id);
      if (!count) continue;
      waiting.delete(id);
      const { uses, at, address } = count;
      const values = { uses: sql`${apiKey.uses} + ${uses}`, lastUsedAt: sql`greatest(${apiKey.lastUsedAt}, ${at.toISOString()}::timestamptz)`, lastUsedFrom: address };
      try {
        await database.run((q) => q.update(apiKey).set(values).where(eq(apiKey.id, id)));
      } catch (error) {
        const newer = waiting.get(id);
        waiting.set(id, newer ? { ...newer, uses: newer.uses + uses } : count);
        options.onFault?.(error);
      }
    }
  }

  function write(ids: readonly string[]): Promise<void> {
    for (const id of ids) if (!resting.has(id)) later(id);
    return (writing = writing.then(() => store(ids)));
  }

  return {
    saw(id, address, at) {
      const count = waiting.get(id);
      if (count) {
        count.uses += 1;
        count.at = at;
        count.address = address;
      } else {
        waiting.set(id, { uses: 1, at, address });
        if (!resting.has(id)) void write([id]);
      }
    },
    flush: () => write([...waiting.keys()]),
    async close() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      await write([...waiting.keys()]);
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
