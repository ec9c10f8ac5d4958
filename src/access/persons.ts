import { sql } from 'drizzle-orm';
import type { Database } from '../store/database.ts';

export interface PersonsOptions {
  /** Told once a day and caller when the limit is reached: it may be somebody who copies the register. */
  readonly onAlarm?: (caller: string) => void;
  /** Told when counting failed; what was not counted is counted with the next read. */
  readonly onFault?: (error: unknown) => void;
  /** Default: the system clock. */
  readonly now?: () => number;
}

/** Different persons that each caller has read today, over all instances. Counted behind the requests' backs, so that the limit can be passed by what one moment's requests read. */
export interface Persons {
  /** When the day ends, if the caller's persons are used up; else null. */
  blockedUntil(caller: string, limit: number): number | null;
  saw(caller: string, workers: ReadonlySet<string>, limit: number): void;
  flush(): Promise<void>;
}

const dayMs = 86_400_000;
/** Days are Jakarta's: UTC+7, without summer time. */
const jakartaMs = 7 * 3_600_000;

interface Day {
  readonly endsAt: number;
  readonly seen: Set<string>;
  waiting: string[];
  count: number;
  /** The caller's limit at its latest read. */
  limit: number;
}

export function createPersons(database: Database, options: PersonsOptions): Persons {
  const { now = Date.now } = options;
  const days = new Map<string, Day>();
  let writing: Promise<void> | null = null;

  function dayOf(caller: string): Day {
    const at = now();
    const known = days.get(caller);
    if (known && known.endsAt > at) return known;
    const day: Day = { endsAt: (Math.floor((at + jakartaMs) / dayMs) + 1) * dayMs - jakartaMs, seen: new Set(), waiting: [], count: 0, limit: 0 };
    days.set(caller, day);
    return day;
  }

  async function write(caller: string, day: Day): Promise<void> {
    const ids = day.waiting;
    day.waiting = [];
    const endsAt = new Date(day.endsAt).toISOString();
    try {
      const [row] = await database.run((q) =>
        q.execute<{ used: string }>(sql`
          with added as (
            insert into person_read (worker_id, caller, ends_at)
            select id::uuid, ${caller}, ${endsAt}::timestamptz from json_array_elements_text(${JSON.stringify(ids)}::json) id
            on conflict do nothing returning 1
          )
          insert into meter (caller, name, ends_at, used) select ${caller}, 'persons', ${endsAt}::timestamptz, count(*) from added
          on conflict (caller, name, ends_at) do update set used = meter.used + excluded.used returning used`),
      );
      const before = day.count;
      day.count = Number(row!.used);
      if (before < day.limit && day.count >= day.limit) options.onAlarm?.(caller);
    } catch (error) {
      for (const id of ids) day.seen.delete(id);
      options.onFault?.(error);
    }
  }

  async function writeAll(): Promise<void> {
    for (const [caller, day] of days) if (day.waiting.length > 0) await write(caller, day);
  }

  return {
    blockedUntil(caller, limit) {
      const day = days.get(caller);
      return day && day.endsAt > now() && day.count >= limit ? day.endsAt : null;
    },
    saw(caller, workers, limit) {
      if (workers.size === 0) return;
      const day = dayOf(caller);
      day.limit = limit;
      for (const id of workers) {
        if (day.seen.has(id)) continue;
        day.seen.add(id);
        day.waiting.push(id);
      }
      if (day.waiting.length > 0) writing ??= writeAll().finally(() => (writing = null));
    },
    async flush() {
      await writing;
      await writeAll();
    },
  };
}
