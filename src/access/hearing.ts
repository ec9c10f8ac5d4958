import { LRUCache } from 'lru-cache';
import type { LoggedEvent } from '../domain/event.ts';
import type { AgencyRecord } from '../domain/record.ts';
import { mayHearOf, sightOf } from './sight.ts';
import type { Grant } from './scopes.ts';

/** A worker's records at the time of an event, or later. */
interface Known {
  /** The id that hers leads to now. */
  readonly id: string;
  readonly records: readonly AgencyRecord[];
  /** Last event that was in the log when they were read. */
  readonly asOf: number;
}

export interface HearingOptions {
  /** Reads the last known records of workers, in the order asked; of a merged id, those of the worker it leads to; null where there are none. */
  readonly read: (workerIds: readonly string[]) => Promise<readonly ({ readonly workerId: string; readonly records: readonly AgencyRecord[] } | null)[]>;
  /** Workers whose data may not be processed now. */
  readonly restricted: ReadonlySet<string>;
  /** Place of the last event in the log. */
  readonly last: () => number;
  /** Workers kept in memory, for subscribers who hear of the same events. Default 10000. */
  readonly remembered?: number;
}

/** Who may hear of which events: the same rules as for reading. */
export interface Hearing {
  /** The events that the caller may hear of, in their order. */
  of(grant: Grant, events: readonly LoggedEvent[]): Promise<readonly LoggedEvent[]>;
}

/** What of a record decides who may see it. */
function sketch(record: AgencyRecord): AgencyRecord {
  const { person, coverages, healthMemberships, cases } = record;
  const nobody = { ...person, name: null, alias: null, placeOfBirth: null, motherName: null, phone: null, identifiers: [], raw: [] };
  return { ...record, person: nobody, coverages: coverages.slice(0, 1), healthMemberships: healthMemberships.slice(0, 1), cases: cases.map((one) => ({ ...one, parties: [], events: [] })) };
}

/** Events that are weighed at once. */
const eventsAtOnce = 200;

export function createHearing({ read, restricted, last, remembered = 10_000 }: HearingOptions): Hearing {
  const memory = new LRUCache<string, Known>({ max: remembered });
  const underWay = new Map<string, { readonly asOf: number; readonly reading: Promise<ReadonlyMap<string, Known>> }>();

  async function readSketches(ids: readonly string[], asOf: number): Promise<ReadonlyMap<string, Known>> {
    const found = await read(ids);
    const all = new Map(ids.map((id, i) => [id, { id: found[i]?.workerId ?? id, records: (found[i]?.records ?? []).map(sketch), asOf }]));
    for (const [id, known] of all) memory.set(id, known);
    return all;
  }

  function begin(ids: readonly string[]): { readonly asOf: number; readonly reading: Promise<ReadonlyMap<string, Known>> } {
    const asOf = last();
    const reading = readSketches(ids, asOf);
    const entry = { asOf, reading };
    for (const id of ids) underWay.set(id, entry);
    const end = () => {
      for (const id of ids) if (underWay.get(id) === entry) underWay.delete(id);
    };
    reading.then(end, end);
    return entry;
  }

  /** The workers of events, as of the events or later: subscribers who hear of one event share one reading. */
  async function learn(events: readonly LoggedEvent[]): Promise<ReadonlyMap<string, Known>> {
    const newest = new Map<string, number>();
    for (const { workerId, id } of events) newest.set(workerId, Math.max(id, newest.get(workerId) ?? 0));
    const all = new Map<string, Known>();
    const shared = new Map<string, Promise<ReadonlyMap<string, Known>>>();
    const missing: string[] = [];
    for (const [workerId, id] of newest) {
      const known = memory.get(workerId);
      const reading = underWay.get(workerId);
      if (known && known.asOf >= id) all.set(workerId, known);
      else if (reading && reading.asOf >= id) shared.set(workerId, reading.reading);
      else missing.push(workerId);
    }
    const own = missing.length > 0 ? begin(missing).reading : null;
    for (const [workerId, reading] of shared) all.set(workerId, (await reading).get(workerId)!);
    for (const [workerId, known] of (await own) ?? []) all.set(workerId, known);
    return all;
  }

  return {
    async of(grant, events) {
      if (!grant.scopes.has('events:read')) return [];
      const spoken = events.filter(({ reach }) => mayHearOf(grant, reach));
      const sight = sightOf(grant);
      if (spoken.length === 0 || (sight === null && restricted.size === 0)) return spoken;
      const heard: LoggedEvent[] = [];
      for (let from = 0; from < spoken.length; from += eventsAtOnce) {
        const some = spoken.slice(from, from + eventsAtOnce);
        const workers = await learn(some);
        for (const event of some) {
          const { id, records } = workers.get(event.workerId)!;
          if (restricted.has(id) || restricted.has(event.workerId)) continue;
          if (sight === null || sight.includes(records.flatMap((record) => sight.sift(record) ?? []))) heard.push(event);
        }
      }
      return heard;
    },
  };
}
