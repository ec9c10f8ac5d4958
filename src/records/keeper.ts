import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type AgencyRecord, recordKey } from '../domain/record.ts';
import type { Crosswalk } from '../identity/crosswalk.ts';

export interface KeeperOptions {
  /** A record that has not changed is saved again, with its new time, after this many milliseconds. Default 600000. */
  readonly resaveMs?: number;
  /** Longest wait before a change is written, milliseconds. Default 200. */
  readonly delayMs?: number;
  /** Told when a write failed; its records are written the next time an agency answers with them. */
  readonly onFault?: (error: unknown) => void;
}

/**
 * Remembers what agencies answered, behind the requests' backs: the last known record that stands in when an agency is down.
 * Only what changed is written, since most reads find nothing new.
 */
export interface Keeper {
  /** Notes a record for later: who reads it is not kept waiting. */
  saw(record: AgencyRecord, at: Date): void;
  /** Writes what is waiting. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

export function createKeeper(crosswalk: Pick<Crosswalk, 'remember'>, options: KeeperOptions = {}): Keeper {
  const resaveMs = options.resaveMs ?? 600_000;
  const saved = new LRUCache<string, { mark: string; at: number }>({ max: 200_000 });
  /** What was seen in this turn of the event loop, and not looked at yet. */
  let seen: { readonly record: AgencyRecord; readonly at: Date }[] = [];
  /** By key; what was seen last, which may be what is saved already. */
  let waiting = new Map<string, { record: AgencyRecord; at: Date }>();
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();

  /** Whether the record, seen at that time, says what is saved already. */
  function isSaved(key: string, mark: string, at: Date): boolean {
    // Without moving it to the front: what was saved longest ago leaves first, and is saved again soon in any case.
    const last = saved.peek(key);
    return last !== undefined && last.mark === mark && at.getTime() - last.at < resaveMs;
  }

  /** Takes out of what waits that which is to be written. */
  function news(): Map<string, { record: AgencyRecord; at: Date }> {
    const batch = waiting;
    waiting = new Map();
    for (const [key, { record, at }] of batch) {
      const mark = record.asOf ?? hash('sha1', JSON.stringify(record));
      if (isSaved(key, mark, at)) batch.delete(key);
      else saved.set(key, { mark, at: at.getTime() });
    }
    return batch;
  }

  async function write(): Promise<void> {
    const batch = news();
    if (batch.size === 0) return;
    const entries = [...batch.values()];
    try {
      // One time for the batch: the earliest, so that no record seems fresher than it is.
      const at = new Date(Math.min(...entries.map((entry) => entry.at.getTime())));
      await crosswalk.remember(entries.map((entry) => entry.record), at);
    } catch (error) {
      for (const key of batch.keys()) saved.delete(key);
      options.onFault?.(error);
    }
  }

  /** Puts by what may have to be written of what was seen. */
  function look(): void {
    const all = seen;
    seen = [];
    for (const { record, at } of all) {
      const key = recordKey(record.agency, record.recordId);
      // An agency that dates its records says itself whether one changed. Else the content does, which is looked at once for all who read the record meanwhile.
      if (record.asOf === null || !isSaved(key, record.asOf, at)) waiting.set(key, { record, at });
    }
    if (waiting.size === 0) return;
    timer ??= setTimeout(() => {
      timer = null;
      void flush();
    }, options.delayMs ?? 200);
  }

  function flush(): Promise<void> {
    look();
    return (writing = writing.then(write));
  }

  return {
    saw(record, at) {
      // Behind the answer, which by then waits for its row in the audit log.
      if (seen.length === 0) setImmediate(look);
      seen.push({ record, at });
    },
    flush,
    async close() {
      const last = flush();
      if (timer) clearTimeout(timer);
      timer = null;
      await last;
    },
  };
}
