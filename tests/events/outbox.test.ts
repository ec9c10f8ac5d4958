import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventKind, NewEvent } from '../../src/domain/event.ts';
import { fileEvents, logEnds, readEvents, sweepEvents, writeEvents } from '../../src/events/outbox.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { testDatabase } from '../support/database.ts';

const worker = (n: number) => `${String(n).padStart(8, '0')}-0000-4000-8000-000000000000`;
const at = new Date('2026-11-22T03:00:00.000Z');
const about = (workerId: string, kind: EventKind = 'LINK_CHANGED', ref: string | null = null): NewEvent => ({ kind, workerId, subject: null, rule: null, ref, reach: { facets: ['IDENTITY'] }, occurredAt: at });

describe('the log of events', () => {
  let drop: () => Promise<void>;
  let database: Database;
  beforeEach(async () => {
    const { url, drop: end } = await testDatabase();
    drop = end;
    database = await openDatabase({ url });
  });
  afterEach(async () => {
    await database.close();
    await drop();
  });
  const refs = async (after = 0) => (await readEvents(database, { after, limit: 1_000 })).map(({ ref }) => ref);

  it('tells what was committed, and nothing that was not', async () => {
    await database.transaction((q) => writeEvents(q, [about(worker(1), 'LINK_CHANGED', 'kept')], at));
    await database.transaction(async (q) => {
      await writeEvents(q, [about(worker(1), 'LINK_CHANGED', 'undone')], at);
      throw new Error('the change failed');
    }).catch(() => {});
    expect(await fileEvents(database)).toBe(1);
    expect(await refs()).toEqual(['kept']);
  });

  it('has no reader miss an event whose transaction ends after that of a later one', async () => {
    const [early, late] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const slow = database.transaction(async (q) => {
      await writeEvents(q, [about(worker(1), 'LINK_CHANGED', 'begun first')], at);
      early.resolve();
      await late.promise;
    });
    await early.promise;
    await database.transaction((q) => writeEvents(q, [about(worker(2), 'LINK_CHANGED', 'ended first')], at));
    await fileEvents(database);
    const [seen] = await readEvents(database, { after: 0, limit: 10 });
    expect(seen!.ref).toBe('ended first');
    late.resolve();
    await slow;
    await fileEvents(database);
    expect(await refs(seen!.id)).toEqual(['begun first']);
  });

  it('gives a reader each event once and in the order of each person, whoever writes and files meanwhile', async () => {
    const writers = Array.from({ length: 4 }, async (_, w) => {
      for (let n = 0; n < 25; n += 1) await database.transaction((q) => writeEvents(q, [about(worker(w), 'LINK_CHANGED', `${n} a`), about(worker(w), 'LINK_CHANGED', `${n} b`)], at));
    });
    const writing = { done: false };
    const filers = Array.from({ length: 2 }, async () => {
      while (!writing.done) await fileEvents(database);
    });
    const read: { workerId: string; ref: string | null }[] = [];
    let after = 0;
    const follow = async () => {
      const found = await readEvents(database, { after, limit: 7 });
      read.push(...found);
      after = found.at(-1)?.id ?? after;
      return found.length;
    };
    const reader = (async () => {
      while (!writing.done) await follow();
    })();
    await Promise.all(writers);
    writing.done = true;
    await Promise.all([...filers, reader]);
    await fileEvents(database);
    let more = true;
    while (more) more = (await follow()) > 0;
    const expected = Array.from({ length: 25 }, (_, n) => [`${n} a`, `${n} b`]).flat();
    for (let w = 0; w < 4; w += 1) expect(read.filter(({ workerId }) => workerId === worker(w)).map(({ ref }) => ref)).toEqual(expected);
    expect(read).toHaveLength(200);
  });

  it('forgets what is older than it is kept, and still knows its end', async () => {
    await database.transaction((q) => writeEvents(q, [about(worker(1)), about(worker(1))], new Date('2026-01-01T00:00:00Z')));
    await fileEvents(database);
    const { last } = await logEnds(database);
    await sweepEvents(database, at);
    expect(await logEnds(database)).toEqual({ before: last - 1, last });
  });

  it('reads some kinds and some people only', async () => {
    await database.transaction((q) => writeEvents(q, [about(worker(1), 'CASE_OPENED', 'a'), about(worker(2), 'CASE_OPENED', 'b'), about(worker(1), 'LINK_CHANGED', 'c')], at));
    await fileEvents(database);
    const told = async (query: { kinds?: EventKind[]; workers?: string[] }) => (await readEvents(database, { after: 0, limit: 10, ...query })).map(({ ref }) => ref);
    expect(await told({ kinds: ['CASE_OPENED'] })).toEqual(['a', 'b']);
    expect(await told({ workers: [worker(1)] })).toEqual(['a', 'c']);
  });
});
