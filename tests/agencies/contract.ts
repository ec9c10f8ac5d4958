import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Agency, Failure, PersonKey, Result } from '../../src/agencies/agency.ts';
import type { AgencyDefinition } from '../../src/agencies/definition.ts';
import type { Faults } from '../../src/agencies/mocking/faults.ts';
import type { MockServer } from '../../src/agencies/mocking/server.ts';
import type { CallEvent, TransportLimits } from '../../src/agencies/transport/transport.ts';
import { defaultLimits } from '../../src/agencies/transport/transport.ts';
import type { World } from '../../src/agencies/world/world.ts';
import { errorCodes } from '../../src/domain/failure.ts';
import type { FailureCode } from '../../src/domain/failure.ts';
import type { Identifier } from '../../src/domain/identifier.ts';
import { identifierKey, isPlaceholder } from '../../src/domain/identifier.ts';
import { facets } from '../../src/domain/record.ts';
import type { AgencyRecord } from '../../src/domain/record.ts';
import { inOrder } from './arbitrary.ts';

export interface ContractOptions {
  readonly definition: AgencyDefinition;
  /** People behind the mock, some of whom the agency knows. */
  readonly world: World;
  /**
   * What must come of a record over the wire. Default: the record itself. An agency whose wire form holds less says here what is left.
   */
  readonly expected?: (record: AgencyRecord) => AgencyRecord;
}

/** Mock and adapter of an agency, talking over HTTP. */
export interface Bench extends AsyncDisposable {
  readonly mock: MockServer;
  readonly agency: Agency;
  /** What the adapter's transport told its observer, oldest first. */
  readonly events: readonly CallEvent[];
}

/** Tries once, never opens the breaker, and has time enough even on a busy machine. */
const patient: TransportLimits = { ...defaultLimits, attemptTimeoutMs: 20_000, callTimeoutMs: 20_000, attempts: 1, breakerThreshold: 10_000, bodyLimit: 2 * 1024 * 1024 };

export async function openBench({ definition, world }: ContractOptions, limits: TransportLimits = patient): Promise<Bench> {
  const settings = z.object(definition.settings).parse({});
  const now = clockOf(world);
  const mock = await definition.startMock({ world, settings, port: 0, now });
  const events: CallEvent[] = [];
  const agency = definition.open({ url: mock.url, mock: true, settings, limits, now, observe: (event) => events.push(event) });
  return {
    mock,
    agency,
    events,
    async [Symbol.asyncDispose]() {
      await agency.close();
      await mock.close();
    },
  };
}

/** Ten in the morning, in Jakarta, on the day on which the world is seen. */
function clockOf(world: World): () => Date {
  return () => new Date(`${world.today}T03:00:00Z`);
}

const context = { requestId: 'contract' };

/** What must be true of every agency's mock and adapter. Run for each registered agency, and by whoever adds one (docs/agencies.md). */
export function agencyContract(options: ContractOptions): void {
  const { definition, world } = options;
  const expected = (record: AgencyRecord) => inOrder((options.expected ?? ((same) => same))(record));
  const people = Array.from({ length: world.size }, (_, i) => world.person(i).records.filter((record) => record.agency === definition.name));
  /** One key for each person whom the agency knows by a number of hers that it can look up by; no two share a number. */
  const keys = distinctKeys(people, definition);
  const batch = keys.slice(0, definition.batchLimit);
  const strangers = definition.looksUpBy.map((kind): PersonKey => ({ ref: `nobody by ${kind}`, identifiers: [unknownNumber(kind)] }));
  /** Her records that carry one of the identifiers: an agency need not find more. */
  const recordsFor = (key: PersonKey) => {
    const asked = new Set(key.identifiers.map(identifierKey));
    return people.flat().filter((record) => record.person.identifiers.some((own) => asked.has(identifierKey(own))));
  };
  const open = (limits?: TransportLimits) => openBench(options, limits);

  function expectOwn(key: PersonKey, result: Result | undefined): void {
    expect(sorted(foundIn(result).map(inOrder)), key.ref).toEqual(sorted(recordsFor(key).map(expected)));
  }

  function expectFailure(failure: Failure, code: FailureCode): void {
    expect(failure.code, failure.message).toBe(code);
    expect(!failure.retryable || errorCodes[failure.code].retryable, 'a code that is never retryable').toBe(true);
    for (const { value } of batch.flatMap((key) => key.identifiers)) expect(failure.message).not.toContain(value);
  }

  async function expectAllFail(bench: Bench, code: FailureCode): Promise<void> {
    const results = await bench.agency.fetch(batch, context);
    expect([...results.keys()].toSorted()).toEqual(batch.map((key) => key.ref).toSorted());
    for (const result of results.values()) expectFailure(failureIn(result), code);
    expectFailure(failureIn({ status: 'failed', failure: await bench.agency.ping(context) }), code);
    if (bench.agency.changes !== undefined) expectFailure(failureIn(await bench.agency.changes(null, context)), code);
  }

  describe(`${definition.name} keeps the contract of an agency`, () => {
    it('describes itself', async () => {
      expect(definition.name).toMatch(/^[A-Z][A-Z0-9_]*$/);
      expect(definition.title).not.toBe('');
      expect(definition.description).toMatch(/\.$/);
      expect(facets).toEqual(expect.arrayContaining([...definition.holds]));
      for (const [key, schema] of Object.entries(definition.settings)) {
        expect(key).toMatch(/^[A-Z][A-Z0-9_]*$/);
        expect(schema.description, `${key} needs .describe()`).toBeTruthy();
      }
      expect(keys.length, 'the world has nobody whom the agency knows').toBeGreaterThan(Math.min(3, definition.batchLimit));
      await using bench = await open();
      const { name, title, holds, looksUpBy, batchLimit } = bench.agency;
      expect({ name, title, holds, looksUpBy, batchLimit }).toEqual({
        name: definition.name, title: definition.title, holds: definition.holds, looksUpBy: definition.looksUpBy, batchLimit: definition.batchLimit,
      });
    });

    it('answers everybody whom the agency knows with all of her records and nobody else’s', async () => {
      await using bench = await open();
      for (let start = 0; start < keys.length; start += definition.batchLimit) {
        const asked = keys.slice(start, start + definition.batchLimit);
        const results = await bench.agency.fetch(asked, context);
        for (const key of asked) expectOwn(key, results.get(key.ref));
      }
    });

    it('takes one call for a full batch, and sends the request’s id with it', async () => {
      await using bench = await open();
      await bench.agency.ping(context);
      bench.mock.calls.reset();
      const results = await bench.agency.fetch(batch, { requestId: 'contract-batch' });
      expect(results.size).toBe(batch.length);
      expect(bench.mock.calls.total).toBe(1);
      expect(bench.mock.calls.requestIds).toContain('contract-batch');
    });

    it('finds by each kind of number that it looks up by', async () => {
      await using bench = await open();
      for (const kind of definition.looksUpBy) {
        const owner = people.flat().flatMap((record) => record.person.identifiers).find((own) => own.kind === kind && !isPlaceholder(own));
        if (owner === undefined) throw new Error(`nobody in the world has a ${kind}`);
        const key: PersonKey = { ref: kind, identifiers: [owner] };
        expectOwn(key, (await bench.agency.fetch([key], context)).get(kind));
      }
    });

    it('answers absent for unknown people, and without a call for those whom it cannot ask for', async () => {
      await using bench = await open();
      for (const stranger of strangers) expect(await bench.agency.fetch([stranger], context)).toEqual(new Map([[stranger.ref, { status: 'absent' }]]));
      bench.mock.calls.reset();
      const unusable: PersonKey[] = [
        { ref: 'no number', identifiers: [] },
        { ref: 'placeholder', identifiers: [{ kind: 'NIK', value: '0000000000000000' }] },
      ].slice(0, definition.batchLimit) as PersonKey[];
      for (const result of (await bench.agency.fetch(unusable, context)).values()) expect(result).toEqual({ status: 'absent' });
      expect(await bench.agency.fetch([], context)).toEqual(new Map());
      expect(bench.mock.calls.total).toBe(0);
    });

    it('tells its observer of each call, with the request’s id and no personal data', async () => {
      await using bench = await open();
      await bench.agency.fetch(batch, { requestId: 'contract-observer' });
      expect(bench.events.length).toBeGreaterThan(0);
      for (const event of bench.events) {
        expect(event).toMatchObject({ agency: definition.name, outcome: 'OK', requestId: 'contract-observer' });
        expect(event.operation).toMatch(/^[a-zA-Z]+$/);
      }
    });

    it('takes more keys than its limit for a fault of the caller', async () => {
      await using bench = await open();
      const many = Array.from({ length: definition.batchLimit + 1 }, (_, i): PersonKey => ({ ref: String(i), identifiers: strangers[0]!.identifiers }));
      await expect(bench.agency.fetch(many, context)).rejects.toThrow(RangeError);
      expect(bench.mock.calls.total).toBe(0);
    });

    const deadly: readonly (readonly [string, Partial<Faults>, FailureCode])[] = [
      ['is down', { down: true }, 'AGENCY_UNREACHABLE'],
      ['answers errors', { errorRate: 1 }, 'AGENCY_ERROR'],
      ['answers garbage', { garbage: true }, 'AGENCY_INVALID_ANSWER'],
      ['cuts its answer', { truncated: true }, 'AGENCY_INVALID_ANSWER'],
      ['mistypes its answer', { wrongContentType: true }, 'AGENCY_INVALID_ANSWER'],
      ['never ends its answer', { huge: true }, 'AGENCY_INVALID_ANSWER'],
      ['has no quota left', { quotaSpent: true }, 'AGENCY_QUOTA_EXCEEDED'],
    ];
    it.each(deadly)('fails as a value, and recovers, when the agency %s', async (_, faults, code) => {
      await using bench = await open();
      bench.mock.faults.set(faults);
      await expectAllFail(bench, code);
      bench.mock.faults.reset();
      expect(await bench.agency.ping(context)).toBeNull();
      const results = await bench.agency.fetch(batch.slice(0, 5), context);
      for (const key of batch.slice(0, 5)) expectOwn(key, results.get(key.ref));
    });

    it('fails as a value when the agency is too slow', async () => {
      await using bench = await open({ ...patient, attemptTimeoutMs: 100, callTimeoutMs: 300 });
      bench.mock.faults.set({ slowMs: 60_000 });
      await expectAllFail(bench, 'AGENCY_TIMEOUT');
    });

    it('survives answers that are reordered or doubled', async () => {
      await using bench = await open();
      bench.mock.faults.set({ reordered: true, duplicated: true });
      const results = await bench.agency.fetch(batch, context);
      for (const key of batch) expectOwn(key, results.get(key.ref));
    });

    it('leaves out what the agency leaves out, and nothing more', async () => {
      await using bench = await open();
      bench.mock.faults.set({ missing: true });
      const results = await bench.agency.fetch(batch, context);
      for (const key of batch) {
        const result = results.get(key.ref);
        const found = result?.status === 'found' ? result.records.map(inOrder) : [];
        expect(['found', 'absent']).toContain(result?.status);
        expect(recordsFor(key).map(expected)).toEqual(expect.arrayContaining(found));
      }
    });

    it('drops records of people who were not asked for, and does not take silence for absence then', async () => {
      await using bench = await open();
      bench.mock.faults.set({ extra: true });
      const asked = [...batch.slice(0, definition.batchLimit - 1), strangers[0]!];
      const results = await bench.agency.fetch(asked, context);
      for (const key of asked.slice(0, -1)) expectOwn(key, results.get(key.ref));
      expectFailure(failureIn(results.get(strangers[0]!.ref)), 'AGENCY_MISATTRIBUTED');
      expect(bench.events.map((event) => event.outcome)).toContain('AGENCY_MISATTRIBUTED');
    });

    it('answers rightly or not at all when the agency’s clock is off', async () => {
      await using bench = await open();
      for (const hours of [-20, 20]) {
        bench.mock.faults.set({ clockOffsetMs: hours * 3_600_000 });
        const results = await bench.agency.fetch(batch, context);
        for (const key of batch) {
          const result = results.get(key.ref);
          if (result?.status === 'failed') expectFailure(result.failure, 'AGENCY_REFUSED');
          else expectOwn(key, result);
        }
      }
    });

    it('is refused with wrong credentials', async () => {
      await using bench = await open();
      const settings = z.object(definition.settings).parse({});
      const wrong = Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, typeof value === 'string' ? 'wrong' : value]));
      const agency = definition.open({ url: bench.mock.url, mock: true, settings: wrong, limits: patient, now: clockOf(world) });
      try {
        await expectAllFail({ ...bench, agency }, 'AGENCY_REFUSED');
      } finally {
        await agency.close();
      }
    });

    it('fails as a value when the caller gives up', async () => {
      await using bench = await open();
      const key = batch[0]!;
      bench.mock.faults.set({ slowMs: 60_000 });
      const leaving = new AbortController();
      const answer = bench.agency.fetch([key], { ...context, signal: leaving.signal });
      leaving.abort();
      expectFailure(failureIn((await answer).get(key.ref)), 'AGENCY_TIMEOUT');
    });

    it('fails only the person whose record cannot be read', async () => {
      await using bench = await open();
      const bad = recordsFor(batch[0]!)[0]!;
      bench.mock.book.upsert(unreadable(bad));
      const results = await bench.agency.fetch(batch, context);
      for (const key of batch) {
        const result = results.get(key.ref);
        if (recordsFor(key).includes(bad)) expectFailure(failureIn(result), 'AGENCY_INVALID_ANSWER');
        else expectOwn(key, result);
      }
    });

    it('shows an edit at once', async () => {
      await using bench = await open();
      const key = batch[0]!;
      const old = recordsFor(key)[0]!;
      const edited = { ...old, person: { ...old.person, name: 'NAMA BARU' } };
      bench.mock.book.upsert(edited);
      const result = (await bench.agency.fetch([key], context)).get(key.ref);
      expect(foundIn(result).map(inOrder)).toContainEqual(expected(edited));
      bench.mock.book.remove(old.recordId);
      const after = (await bench.agency.fetch([key], context)).get(key.ref);
      expect(after?.status === 'found' ? after.records.map((record) => record.recordId) : []).not.toContain(old.recordId);
    });
  });

  if (!hasFeed(definition)) return;
  describe(`the change feed of ${definition.name}`, () => {
    it('has each record once, in pages, and can be taken up again from any of them', async () => {
      await using bench = await open();
      const pages = await walk(bench.agency, null);
      const records = pages.flatMap((page) => page.records);
      expect(sorted(records.map(inOrder))).toEqual(sorted(people.flat().map(expected)));
      const middle = pages[Math.floor(pages.length / 2)]!;
      const rest = await walk(bench.agency, middle.cursorBefore);
      const ids = (list: readonly Walked[]) => list.flatMap((page) => page.records.map((record) => record.recordId));
      expect(ids(rest)).toEqual(ids(pages.slice(Math.floor(pages.length / 2))));
    });

    it('goes on with edits and removals after its end', async () => {
      await using bench = await open();
      const pages = await walk(bench.agency, null);
      const end = pages.at(-1)!.cursorAfter;
      const [first, second] = people.flat();
      const edited = { ...first!, person: { ...first!.person, name: 'NAMA BARU' } };
      bench.mock.book.upsert(edited);
      bench.mock.book.remove(second!.recordId);
      const news = await walk(bench.agency, end);
      expect(news.flatMap((page) => page.records).map(inOrder)).toEqual([expected(edited)]);
      expect(news.flatMap((page) => page.removed)).toEqual([second!.recordId]);
      expect((await walk(bench.agency, news.at(-1)!.cursorAfter)).flatMap((page) => [...page.records, ...page.removed])).toEqual([]);
    });

    it('says so when the cursor is none that it knows', async () => {
      await using bench = await open();
      const stranger = Buffer.from('edits.99.0').toString('base64url');
      expect(await bench.agency.changes!(stranger, context)).toEqual({ status: 'expired' });
    });

    it('counts an entry that cannot be read and goes on', async () => {
      await using bench = await open();
      const pages = await walk(bench.agency, null);
      bench.mock.book.upsert(unreadable(people.flat()[0]!));
      bench.mock.book.upsert(people.flat()[1]!);
      const news = await walk(bench.agency, pages.at(-1)!.cursorAfter);
      expect(news.reduce((sum, page) => sum + page.rejected, 0)).toBe(1);
      expect(news.flatMap((page) => page.records.map((record) => record.recordId))).toEqual([people.flat()[1]!.recordId]);
    });
  });
}

function foundIn(result: Result | undefined): readonly AgencyRecord[] {
  if (result?.status !== 'found') throw new Error(`expected records, not ${JSON.stringify(result)}`);
  return result.records;
}

function failureIn(result: { readonly status: string; readonly failure?: Failure | null } | undefined): Failure {
  if (result?.failure === undefined || result.failure === null) throw new Error(`expected a failure, not ${result?.status}`);
  return result.failure;
}

/** The same record with a day that no calendar has. */
function unreadable(record: AgencyRecord): AgencyRecord {
  return { ...record, person: { ...record.person, dateOfBirth: '1990-02-31' } };
}

interface Walked {
  readonly cursorBefore: string | null;
  readonly cursorAfter: string;
  readonly records: readonly AgencyRecord[];
  readonly removed: readonly string[];
  readonly rejected: number;
}

function hasFeed(definition: AgencyDefinition): boolean {
  const agency = definition.open({ url: 'http://127.0.0.1:1', mock: true, settings: z.object(definition.settings).parse({}), limits: patient });
  void agency.close();
  return agency.changes !== undefined;
}

/** Follows a feed to its end. */
async function walk(agency: Agency, start: string | null): Promise<Walked[]> {
  const pages: Walked[] = [];
  let cursor = start;
  for (;;) {
    const page = await agency.changes!(cursor, context);
    if (page.status !== 'page') throw new Error(page.status === 'failed' ? page.failure.message : page.status);
    pages.push({
      cursorBefore: cursor,
      cursorAfter: page.cursor,
      records: page.changes.flatMap((change) => (change.kind === 'upsert' ? [change.record] : [])),
      removed: page.changes.flatMap((change) => (change.kind === 'delete' ? [change.recordId] : [])),
      rejected: page.rejected,
    });
    cursor = page.cursor;
    if (!page.more) return pages;
  }
}

/** Keys of the people none of whose numbers here stands on anybody else's record, with every number that the agency looks up by, best first. */
function distinctKeys(people: readonly (readonly AgencyRecord[])[], definition: AgencyDefinition): PersonKey[] {
  const owners = new Map<string, number>();
  const numbers = people.map((records) => [...new Map(records.flatMap((record) => record.person.identifiers.map((own) => [identifierKey(own), own]))).values()]);
  for (const own of numbers.flat()) owners.set(identifierKey(own), (owners.get(identifierKey(own)) ?? 0) + 1);
  return numbers.flatMap((list, i) => {
    const usable = definition.looksUpBy.flatMap((kind) => list.filter((own) => own.kind === kind && !isPlaceholder(own)));
    if (usable.length === 0 || usable.some((own) => owners.get(identifierKey(own)) !== 1)) return [];
    return [{ ref: `key ${i}`, identifiers: usable }];
  });
}

function unknownNumber(kind: Identifier['kind']): Identifier {
  const value = { NIK: '9971010101909123', PASSPORT: 'X9999998', PMI_ID: 'PMI-0', KPJ: '99999999998', JKN_CARD: '9999999999998', KTKLN: 'KTK-0', CASE_NUMBER: 'TAK-ADA', LAPOR_DIRI: 'TAK-ADA' }[kind];
  return { kind, value };
}

function sorted(records: readonly AgencyRecord[]): AgencyRecord[] {
  return records.toSorted((a, b) => (a.recordId < b.recordId ? -1 : 1));
}
