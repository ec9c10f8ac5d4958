import DataLoader from 'dataloader';
import { LRUCache } from 'lru-cache';
import type { Agency, CallTracer, Failure, PersonKey, Result } from '../agencies/agency.ts';
import { type Identifier, identifierKey, isPlaceholder } from '../domain/identifier.ts';
import { type AgencyName, type AgencyRecord, type Facet, type Freshness, type Need, facets as allFacets, recordKey } from '../domain/record.ts';
import type { Instant } from '../domain/time.ts';
import type { Crosswalk, KnownWorker } from '../identity/crosswalk.ts';
import { type AgencyAnswer, type SourcedRecord, WorkerRecord } from './answer.ts';
import type { Keeper } from './keeper.ts';
import { keyFor } from './keys.ts';
import { createGathering } from './gathering.ts';
import { createSeeing, type Seen } from './seeing.ts';
import type { Sight } from './sight.ts';

/** How a caller names a worker: by the hub's id or by one of her numbers. */
export type WorkerKey = { readonly kind: 'ID'; readonly value: string } | Identifier;

export interface RecordsOptions {
  /** In order of authority on who a person is. */
  readonly agencies: readonly Agency[];
  readonly crosswalk: Crosswalk;
  readonly keeper: Keeper;
  /** How long an agency's answer may be used again, milliseconds; 0 asks every time. */
  readonly cacheMs: number;
  /** Most answers (one per worker and agency) kept. Default 100000. */
  readonly cacheEntries?: number;
  /** Told where each answer came from, for metrics. */
  readonly onCache?: (agency: AgencyName, outcome: 'hit' | 'miss' | 'stale') => void;
  /** Default: the system clock. */
  readonly now?: () => Date;
}

export interface RequestOptions {
  readonly requestId: string;
  readonly signal?: AbortSignal;
  /** Whether the caller may read the facet. Asked before any agency is called. */
  readonly may: (facet: Facet) => boolean;
  /** What of people's records the caller may see; null: everything. Default null. */
  readonly sight?: Sight | null;
  /** Told of each call to an agency, before it is made, and about how many persons it asks. */
  readonly onCall?: (agency: AgencyName, persons: number) => void;
  /** Where the request is traced. */
  readonly trace?: CallTracer;
  /** True: do not answer from the short cache. Default false. */
  readonly noCache?: boolean;
}

/** Reads workers for one request. Its loaders live as long as the request, so that nothing of one caller reaches another. */
export interface RecordReader {
  /**
   * The workers of these keys, in the order asked, with what the facets need from the agencies; null for a key that nobody knows. `onKnown` is told whom all of the keys
   * lead to, right before the agencies are asked, where the hub knows that by itself.
   */
  read(keys: readonly WorkerKey[], facets: ReadonlySet<Need>, onKnown?: (workerIds: readonly string[]) => void): Promise<(WorkerRecord | null)[]>;
  /** Lets go of all that was read, at the request's end: thousands of objects, which would be moved about by the garbage collector while the answer waits to leave. */
  forget(): void;
  /** The agencies that failed in this request, each with its first fault, whatever the number of workers. */
  readonly failures: ReadonlyMap<AgencyName, Failure>;
}

export interface Records {
  forRequest(request: RequestOptions): RecordReader;
}

/** A worker to be read. */
interface Sought {
  readonly seen: Seen;
  /** What each agency said of the number that led to her, where she was unknown before. */
  readonly first: readonly (Timed | null)[];
}

/** A cached answer; it holds only for the links it was filtered by, so it carries them. */
interface CacheEntry {
  readonly known: KnownWorker | null;
  readonly answer: AgencyAnswer;
}

/** An agency's result for one person with the time it took. */
interface Timed {
  readonly result: Result;
  readonly latencyMs: number;
  readonly at: Date;
  readonly fetchedAt: Instant;
}

export function createRecords(options: RecordsOptions): Records {
  const { agencies } = options;
  const now = options.now ?? (() => new Date());
  const holders = new Map(allFacets.map((facet) => [facet, new Set(agencies.filter((a) => a.holds.includes(facet)).map((a) => a.name))]));
  const cache = options.cacheMs > 0 ? new LRUCache<string, CacheEntry>({ max: options.cacheEntries ?? 100_000, ttl: options.cacheMs }) : null;
  /** The key to ask each agency by, made once per state of a worker's links. */
  const personKeys = new WeakMap<KnownWorker, (PersonKey | null)[]>();

  function personKey(known: KnownWorker, index: number): PersonKey | null {
    let keys = personKeys.get(known);
    if (!keys) personKeys.set(known, (keys = agencies.map((agency) => keyFor(known, agency))));
    return keys[index]!;
  }

  return { forRequest };

  function forRequest(request: RequestOptions): RecordReader {
    const context = { requestId: request.requestId, ...(request.signal ? { signal: request.signal } : {}), ...(request.trace ? { trace: request.trace } : {}) };
    const failures = new Map<AgencyName, Failure>();

    const askings = agencies.map((agency) =>
      createGathering<PersonKey, Timed>({
        nameOf: (key) => key.ref,
        limit: agency.batchLimit,
        call: async (keys) => {
          request.onCall?.(agency.name, keys.length);
          const started = performance.now();
          const results = await agency.fetch(keys, context);
          const [latencyMs, at] = [performance.now() - started, now()];
          const fetchedAt = at.toISOString();
          const timed = new Map<string, Timed>();
          for (const { ref } of keys) timed.set(ref, { result: results.get(ref)!, latencyMs, at, fetchedAt });
          return timed;
        },
      }),
    );
    const byNumber = createGathering<Identifier, KnownWorker | null>({
      nameOf: identifierKey,
      limit: Infinity,
      call: async (ids) => {
        const known = await options.crosswalk.byIdentifiers(ids);
        return new Map(ids.map((id, i) => [identifierKey(id), known[i]!]));
      },
    });
    const byId = createGathering<string, KnownWorker | null>({
      nameOf: (id) => id,
      limit: Infinity,
      call: async (ids) => {
        const known = await options.crosswalk.byIds(ids);
        return new Map(ids.map((id, i) => [id, known[i]!]));
      },
    });
    /** New records of the request are linked together, so that it costs one transaction. */
    const linker = new DataLoader<AgencyRecord, string, string>(
      async (records) => {
        const linked = await options.crosswalk.remember(records, now());
        return records.map((record) => linked.get(recordKey(record.agency, record.recordId))!);
      },
      { cacheKeyFn: (record) => recordKey(record.agency, record.recordId) },
    );
    const sight = request.sight ?? null;
    const seeing = sight && createSeeing(sight, agencies, options.crosswalk, async (id) => (await byId.get([id])).get(id)!);
    const lastKnown = agencies.map(
      (agency) =>
        new DataLoader<string, readonly { record: AgencyRecord; fetchedAt: Date }[]>(async (ids) => {
          const found = await options.crosswalk.lastKnown(ids, agency.name);
          return ids.map((id) => found.get(id) ?? []);
        }),
    );

    const mayAsk = (agency: Agency) => agency.holds.some((facet) => request.may(facet));

    /** Which agencies the facets other than identity need, whoever the worker is, by index. */
    function neededByAll(facets: ReadonlySet<Need>): readonly boolean[] {
      return agencies.map((agency) => agency.holds.some((facet) => facet !== 'IDENTITY' && facets.has(facet) && request.may(facet)));
    }

    /** Which agencies the facets need for a worker, by index. */
    function needed(byAll: readonly boolean[], facets: ReadonlySet<Need>, known: KnownWorker): readonly boolean[] {
      const need = [...byAll];
      if (facets.has('CLAIMS') && request.may('IDENTITY')) agencies.forEach((agency, i) => (need[i] ||= agency.holds.includes('IDENTITY')));
      if (facets.has('IDENTITY') && request.may('IDENTITY')) {
        // One agency speaks for who she is: the first that has a record of her. While none has, each is asked.
        const authority = agencies.findIndex((agency) => agency.holds.includes('IDENTITY') && hasRecordAt(known, agency.name));
        if (authority >= 0) need[authority] = true;
        else agencies.forEach((agency, i) => (need[i] ||= agency.holds.includes('IDENTITY')));
      }
      return need;
    }

    function notAsked(agency: Agency, facets: ReadonlySet<Need>): AgencyAnswer {
      const denied = agency.holds.some((facet) => facet !== 'IDENTITY' && facets.has(facet) && !request.may(facet)) || !mayAsk(agency);
      return unasked(agency, denied ? 'DENIED' : 'SKIPPED');
    }

    /** Her answer, or the result it follows from, where the agency need not be asked now; null where it must be. */
    function standing({ seen: { known, visible }, first }: Sought, index: number, needed: boolean, facets: ReadonlySet<Need>): AgencyAnswer | Timed | null {
      const agency = agencies[index]!;
      const earlier = first[index];
      if (!needed && !earlier) return notAsked(agency, facets);
      // Numbers that stand only where the caller may not look are no reason to ask.
      if (visible !== known && !keyFor(visible, agency)) return unasked(agency, 'SKIPPED');
      const key = personKey(known, index);
      // What the first round found is her answer; what it did not find may be found by the numbers it brought.
      if (earlier && (!needed || earlier.result.status === 'found' || key?.identifiers.length === 1)) return earlier;
      if (!key) return unasked(agency, 'SKIPPED');
      const cached = request.noCache ? undefined : cache?.get(cacheKey(agency, known));
      const hit = cached?.known === known;
      options.onCache?.(agency.name, hit ? 'hit' : 'miss');
      return hit ? cached.answer : null;
    }

    /** One agency's answers for all workers: those about whom it must be asked go together. */
    async function answersOf(index: number, sought: readonly Sought[], facets: ReadonlySet<Need>, needed: (worker: number) => boolean): Promise<readonly AgencyAnswer[]> {
      const known = sought.map((one, i) => standing(one, index, needed(i), facets));
      const open = sought.flatMap(({ seen }, i) => (known[i] ? [] : [personKey(seen.known, index)!]));
      const asked = open.length > 0 ? await askings[index]!.get(open) : null;
      const answers = sought.map(({ seen }, i) => {
        const answer = known[i] ?? asked!.get(seen.known.id)!;
        return 'result' in answer ? settle(seen.known, index, answer) : answer;
      });
      // Seldom must anything be waited for, and a promise for each would cost more than the work.
      return answers.some((answer) => answer instanceof Promise) ? Promise.all(answers) : (answers as AgencyAnswer[]);
    }

    /** Turns an agency's result into the worker's answer: only records that are linked to her, or the last known ones when it failed. */
    function settle(known: KnownWorker, index: number, timed: Timed): AgencyAnswer | Promise<AgencyAnswer> {
      const { result } = timed;
      if (result.status === 'failed') return fallBack(known, index, result.failure, timed.latencyMs);
      const records = result.status === 'found' ? result.records : [];
      const strangers = records.filter((record) => !isHers(known, record));
      if (strangers.length === 0) return answered(known, index, timed, records);
      // New to the crosswalk: hers only if linking says so.
      return linker.loadMany(strangers).then((owners) => {
        const fault = owners.find((owner) => owner instanceof Error);
        if (fault) throw fault;
        const foreign = new Set(strangers.filter((_, i) => owners[i] !== known.id));
        const hers = records.filter((record) => !strangers.includes(record));
        return answered(known, index, timed, records.filter((record) => !foreign.has(record)), hers);
      });
    }

    /** `hers` are those of the records that were linked to her before this answer; linking stores the others itself. */
    function answered(known: KnownWorker, index: number, timed: Timed, records: readonly AgencyRecord[], hers = records): AgencyAnswer {
      const agency = agencies[index]!;
      const { at, fetchedAt, latencyMs } = timed;
      options.keeper.saw(hers, at);
      const answer = (freshness: Freshness): AgencyAnswer => ({
        agency: agency.name,
        state: records.length > 0 ? 'OK' : 'ABSENT',
        failure: null,
        latencyMs: freshness === 'LIVE' ? latencyMs : null,
        at: fetchedAt,
        records: records.map((record) => ({ record, provenance: { agency: record.agency, recordId: record.recordId, asOf: record.asOf, fetchedAt, freshness } })),
      });
      cache?.set(cacheKey(agency, known), { known, answer: answer('CACHED') });
      return answer('LIVE');
    }

    async function fallBack(known: KnownWorker, index: number, failure: Failure, latencyMs: number | null): Promise<AgencyAnswer> {
      const agency = agencies[index]!;
      if (!failures.has(agency.name)) failures.set(agency.name, failure);
      const rows = hasRecordAt(known, agency.name) ? await lastKnown[index]!.load(known.id) : [];
      if (rows.length > 0) options.onCache?.(agency.name, 'stale');
      const records = rows.map(({ record, fetchedAt }): SourcedRecord => ({
        record,
        provenance: { agency: agency.name, recordId: record.recordId, asOf: record.asOf, fetchedAt: fetchedAt.toISOString(), freshness: 'STALE' },
      }));
      return { agency: agency.name, state: records.length > 0 ? 'STALE' : 'FAILED', failure, latencyMs, at: records[0]?.provenance.fetchedAt ?? null, records };
    }

    /** What the agencies say of a number that no linked record carries. */
    async function discover(number: Identifier): Promise<{ known: KnownWorker; first: (Timed | null)[] } | null> {
      if (isPlaceholder(number)) return null;
      const key: PersonKey = { ref: identifierKey(number), identifiers: [number] };
      const first = await Promise.all(agencies.map(async (agency, i) => (agency.looksUpBy.includes(number.kind) && mayAsk(agency) ? (await askings[i]!.get([key])).get(key.ref)! : null)));
      const found: AgencyRecord[] = [];
      first.forEach((timed, i) => {
        if (timed?.result.status === 'found') found.push(...timed.result.records);
        else if (timed?.result.status === 'failed' && !failures.has(agencies[i]!.name)) failures.set(agencies[i]!.name, timed.result.failure);
      });
      if (found.length === 0) return null;
      const linked = await linker.loadMany(found);
      const workerId = linked.find((id) => typeof id === 'string');
      if (workerId === undefined) throw linked[0] as Error;
      const [known] = await options.crosswalk.byIds([workerId]);
      return known ? { known, first } : null;
    }

    /** The workers of keys, as far as the caller may see them; one whom she may not see is treated as one whom nobody knows. */
    async function findAll(keys: readonly WorkerKey[]): Promise<readonly (Seen | null)[]> {
      if (seeing?.bounded) return Promise.all(keys.map((key) => seeing.find(key)));
      const [ids, numbers] = [keys.flatMap((key) => (key.kind === 'ID' ? [key.value] : [])), keys.flatMap((key) => (key.kind === 'ID' ? [] : [key]))];
      const [ofIds, ofNumbers] = await Promise.all([ids.length > 0 ? byId.get(ids) : null, numbers.length > 0 ? byNumber.get(numbers) : null]);
      const known = keys.map((key) => (key.kind === 'ID' ? ofIds!.get(key.value)! : ofNumbers!.get(identifierKey(key))!));
      if (!seeing) return known.map((worker) => worker && { known: worker, visible: worker, records: null });
      return Promise.all(known.map((worker, i) => worker && seeing.look(worker, keys[i]!)));
    }

    /** A worker whom the hub did not know, by asking the agencies for the number. */
    async function seek(key: WorkerKey): Promise<Sought | null> {
      const discovered = key.kind === 'ID' || seeing?.bounded ? null : await discover(key);
      if (!discovered) return null;
      const { known, first } = discovered;
      const seen = seeing ? await seeing.look(known, key) : { known, visible: known, records: null };
      return seen && { seen, first };
    }

    /** Workers with what the facets need from the agencies, all of which are asked at once. */
    async function join(sought: readonly Sought[], facets: ReadonlySet<Need>): Promise<(WorkerRecord | null)[]> {
      const byAll = neededByAll(facets);
      const need = sought.map(({ seen }) => needed(byAll, facets, seen.visible));
      const answers = await Promise.all(agencies.map((_, index) => answersOf(index, sought, facets, (worker) => need[worker]![index]!)));
      return sought.map(({ seen }, worker) => {
        const hers = answers.map((ofAgency) => ofAgency[worker]!);
        if (!seeing) return new WorkerRecord(seen.known, hers, holders);
        const sifted = hers.map((answer) => seeing.sift(answer));
        return seeing.stillIncludes(seen, sifted) ? new WorkerRecord(seen.visible, sifted, holders) : null;
      });
    }

    return {
      failures,
      forget() {
        for (const asking of askings) asking.forget();
        linker.clearAll();
        for (const loader of lastKnown) loader.clearAll();
      },
      async read(keys, facets, onKnown) {
        const found = await findAll(keys);
        if (onKnown && found.every((seen) => seen !== null)) onKnown(found.map((seen) => seen.known.id));
        const known = found.flatMap((seen) => (seen ? [{ seen, first: [] }] : []));
        const unknown = keys.filter((_, i) => !found[i]);
        // Those whom nobody knows yet are asked for in the same calls as the others.
        const [workers, discovered] = await Promise.all([join(known, facets), Promise.all(unknown.map(seek))]);
        const joined = await join(discovered.filter((one) => one !== null), facets);
        const further = discovered.map((one) => one && joined.shift()!);
        return found.map((seen) => (seen ? workers.shift()! : further.shift()!));
      },
    };
  }
}

function isHers(known: KnownWorker, record: AgencyRecord): boolean {
  // She has a handful of records: looking at each costs less than making the key of a map.
  for (const { agency, recordId } of known.records.values()) if (recordId === record.recordId && agency === record.agency) return true;
  return false;
}

function unasked(agency: Agency, state: 'SKIPPED' | 'DENIED'): AgencyAnswer {
  return { agency: agency.name, state, failure: null, latencyMs: null, at: null, records: [] };
}

const cacheKey = (agency: Agency, known: KnownWorker) => `${agency.name}\n${known.id}`;

function hasRecordAt(known: KnownWorker, agency: AgencyName): boolean {
  for (const record of known.records.values()) if (record.agency === agency) return true;
  return false;
}
