import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { AgencyName, AgencyRecord } from '../domain/record.ts';
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
  /** Notes records for later: who reads them is not kept waiting. */
  saw(records: readonly AgencyRecord[], at: Date): void;
  /** Writes what is waiting. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** Of each agency, how many records are known to be saved. */
const savedRecords = 100_000;

/** A record as an agency answered it. */
interface Sighting {
  readonly record: AgencyRecord;
  readonly at: Date;
}

interface OfAgency {
  /** By record id: as what it was saved last, and when. */
  readonly saved: LRUCache<string, { readonly mark: string; readonly at: number }>;
  /** By record id: what was seen last, which may be what is saved already. */
  readonly waiting: Map<string, Sighting>;
}

export function createKeeper(crosswalk: Pick<Crosswalk, 'remember'>, options: KeeperOptions = {}): Keeper {
  const resaveMs = options.resaveMs ?? 600_000;
  /** What is kept of an agency's records, by their ids: a key made of the agency, too, would cost more than the look. */
  const ofAgencies = new Map<AgencyName, OfAgency>();
  /** What was seen in this turn of the event loop, and not looked at yet. */
  let seen: { readonly records: readonly AgencyRecord[]; readonly at: Date }[] = [];
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();

  function ofAgency(agency: AgencyName): OfAgency {
    let own = ofAgencies.get(agency);
    if (!own) ofAgencies.set(agency, (own = { saved: new LRUCache({ max: savedRecords }), waiting: new Map() }));
    return own;
  }

  /** Whether the record, seen at that time, says what is saved already. */
  function isSaved({ saved }: OfAgency, { recordId }: AgencyRecord, mark: string, at: Date): boolean {
    // Without moving it to the front: what was saved longest ago leaves first, and is saved again soon in any case.
    const last = saved.peek(recordId);
    return last !== undefined && last.mark === mark && at.getTime() - last.at < resaveMs;
  }

  /** Takes out of what waits that which is to be written. */
  function news(): Sighting[] {
    const batch: Sighting[] = [];
    for (const own of ofAgencies.values()) {
      for (const sighting of own.waiting.values()) {
        const { record, at } = sighting;
        const mark = record.asOf ?? hash('sha1', JSON.stringify(record));
        if (isSaved(own, record, mark, at)) continue;
        own.saved.set(record.recordId, { mark, at: at.getTime() });
        batch.push(sighting);
      }
      own.waiting.clear();
    }
    return batch;
  }

  async function write(): Promise<void> {
    const batch = news();
    if (batch.length === 0) return;
    try {
      // One time for the batch: the earliest, so that no record seems fresher than it is.
      const at = new Date(Math.min(...batch.map((sighting) => sighting.at.getTime())));
      await crosswalk.remember(batch.map(({ record }) => record), at);
    } catch (error) {
      for (const { record } of batch) ofAgency(record.agency).saved.delete(record.recordId);
      options.onFault?.(error);
    }
  }

  /** Puts by what may have to be written of what was seen. */
  function look(): void {
    const all = seen;
    seen = [];
    let waits = false;
    for (const { records, at } of all) {
      for (const record of records) {
        const own = ofAgency(record.agency);
        // An agency that dates its records says itself whether one changed. Else the content does, which is looked at once for all who read the record meanwhile.
        if (record.asOf !== null && isSaved(own, record, record.asOf, at)) continue;
        own.waiting.set(record.recordId, { record, at });
        waits = true;
      }
    }
    if (!waits) return;
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
    saw(records, at) {
      if (records.length === 0) return;
      // Behind the answer, which by then waits for its row in the audit log.
      if (seen.length === 0) setImmediate(look);
      seen.push({ records, at });
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
