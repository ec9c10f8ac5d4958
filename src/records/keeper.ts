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
  saw(record: AgencyRecord, at: Date): void;
  /** Writes what is waiting. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

export function createKeeper(crosswalk: Crosswalk, options: KeeperOptions = {}): Keeper {
  const resaveMs = options.resaveMs ?? 600_000;
  const saved = new LRUCache<string, { mark: string; at: number }>({ max: 200_000 });
  let waiting = new Map<string, { record: AgencyRecord; at: Date }>();
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();

  async function write(): Promise<void> {
    const batch = waiting;
    if (batch.size === 0) return;
    waiting = new Map();
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
  const flush = () => (writing = writing.then(write));

  return {
    saw(record, at) {
      const key = recordKey(record.agency, record.recordId);
      // An agency that dates its records says itself whether one changed; else the content does.
      const mark = record.asOf ?? hash('sha1', JSON.stringify(record));
      const last = saved.get(key);
      if (last && last.mark === mark && at.getTime() - last.at < resaveMs) return;
      saved.set(key, { mark, at: at.getTime() });
      waiting.set(key, { record, at });
      timer ??= setTimeout(() => {
        timer = null;
        void flush();
      }, options.delayMs ?? 200);
    },
    flush,
    async close() {
      if (timer) clearTimeout(timer);
      timer = null;
      await flush();
    },
  };
}
