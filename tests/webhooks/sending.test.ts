import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createNetworks } from '../../src/access/addresses.ts';
import { createEventLog, type EventLog } from '../../src/events/log.ts';
import { writeEvents } from '../../src/events/outbox.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { takeWebhooks } from '../../src/webhooks/endpoint.ts';
import { createReceivers, type Receivers } from '../../src/webhooks/receiver.ts';
import { mostAttempts } from '../../src/webhooks/retry.ts';
import { createSending, type SendingOptions } from '../../src/webhooks/sending.ts';
import { createWebhooks, type Webhooks } from '../../src/webhooks/webhooks.ts';
import { testDatabase } from '../support/database.ts';
import { type ReceiverOptions, startReceiver, type TestReceiver } from '../support/receiver.ts';

const here = createNetworks(['127.0.0.0/8']);
const worker = (n: number) => `${String(n).padStart(8, '0')}-0000-4000-8000-000000000000`;

describe('sending events to webhooks', () => {
  let database: Database;
  let log: EventLog;
  let receivers: Receivers;
  let webhooks: Webhooks;
  let parts: AsyncDisposableStack;
  let faults: unknown[];
  beforeEach(async () => {
    parts = new AsyncDisposableStack();
    const { url } = parts.use(await testDatabase());
    database = parts.adopt(await openDatabase({ url }), (d) => d.close());
    faults = [];
    log = parts.adopt(await createEventLog(database, { keepDays: 30, onFault: (error) => faults.push(error) }), (l) => l.close());
    receivers = parts.adopt(createReceivers({ allowed: here, timeoutMs: 5_000 }), (r) => r.close());
    webhooks = createWebhooks({ database, log, receivers, allowed: here });
  });
  afterEach(async () => {
    await parts.disposeAsync();
    if (faults.length > 0) throw new AggregateError(faults, 'sending met faults');
  });

  const open = async (options?: Parameters<typeof startReceiver>[0]) => parts.use(await startReceiver(options));
  const hook = (receiver: { readonly url: string }, owner = 'key') => webhooks.create(owner, { url: receiver.url, description: null, kinds: null, purpose: 'SERVICE', after: null });
  function sending(options: Partial<SendingOptions> = {}) {
    return parts.adopt(
      createSending({
        database, log, receivers, hears: async (_owner, events) => events, leaving: async () => null, haste: 1e-6, lingerMs: 0, lookMs: 20, onFault: (error) => faults.push(error),
        message: (event) => ({ id: String(event.id), payload: JSON.stringify({ type: 'x', data: { worker: event.workerId, rule: event.ref } }) }), ...options,
      }),
      (s) => s.close(),
    );
  }
  /** One event for each pair of a person and a word. */
  async function happens(...events: (readonly [number, string])[]): Promise<void> {
    const at = new Date();
    await database.transaction((q) => writeEvents(q, events.map(([n, ref]) => ({ kind: 'LINK_CHANGED', workerId: worker(n), subject: null, rule: null, ref, reach: { facets: [] }, occurredAt: at })), at));
    await log.file();
  }
  const words = (receiver: TestReceiver, n?: number) => receiver.taken.filter(({ data }) => n === undefined || data.worker === worker(n)).map(({ data }) => data.rule);

  it('sends each event once to each, in the order of each person', async () => {
    const [a, b] = [await open(), await open()];
    await hook(a);
    await hook(b);
    sending().start();
    await happens([1, 'a'], [2, 'b'], [1, 'c'], [3, 'd'], [1, 'e']);
    await Promise.all([a.took(5), b.took(5)]);
    for (const receiver of [a, b]) {
      expect(words(receiver, 1)).toEqual(['a', 'c', 'e']);
      expect(words(receiver).toSorted()).toEqual(['a', 'b', 'c', 'd', 'e']);
    }
  });

  it('has what follows of a person wait behind what is not taken, and others not', async () => {
    let broken = true;
    const receiver = await open({ answer: ({ data }) => (data.rule === 'poison' && broken ? 500 : 204) });
    await hook(receiver);
    const sender = sending({ haste: 0.05 });
    await happens([1, 'poison'], [1, 'after'], [2, 'x'], [3, 'y']);
    await sender.run();
    expect(words(receiver).filter((word) => word !== 'after')).toEqual(expect.arrayContaining(['x', 'y']));
    expect(words(receiver)).not.toContain('after');
    await happens([1, 'later'], [2, 'z']);
    await sender.run();
    expect(words(receiver, 2)).toEqual(['x', 'z']);
    expect(words(receiver, 1)).toEqual([]);
    broken = false;
    sender.start();
    await receiver.took(6);
    expect(words(receiver, 1)).toEqual(['poison', 'after', 'later']);
  });

  it('gives an event up after many attempts, keeps it as a dead letter, and goes on with what waited behind it', async () => {
    const receiver = await open({ answer: ({ data }) => (data.rule === 'poison' ? 500 : 204) });
    const { info } = await hook(receiver);
    sending().start();
    await happens([1, 'poison'], [1, 'after'], [2, 'x']);
    await receiver.took(2);
    expect(words(receiver).toSorted()).toEqual(['after', 'x']);
    const letters = await webhooks.deadLetters(info.id, 10);
    expect(letters.map(({ event, attempts, failure }) => [event.ref, attempts, failure])).toEqual([['poison', mostAttempts, 'HTTP_500']]);
  });

  it('gives up an event that alone is not taken, though there is nothing else to send', async () => {
    const receiver = await open({ answer: ({ data }) => (data.rule === 'poison' ? 400 : 204) });
    const { info } = await hook(receiver);
    sending().start();
    await happens([1, 'poison']);
    await expect.poll(() => webhooks.deadLetters(info.id, 10), { timeout: 20_000 }).toHaveLength(1);
    await happens([1, 'next']);
    await receiver.took(1);
    expect(words(receiver)).toEqual(['next']);
    expect((await webhooks.list('key'))[0]!.state).toBe('ACTIVE');
  });

  it('loses nothing while a receiver is down, and disables one that never comes back', async () => {
    let gone = true;
    const drop: ReceiverOptions['answer'] = (_message, response) => (gone ? void response.destroy() : 204);
    const [down, well] = [await open({ answer: drop }), await open()];
    const { info } = await hook(down);
    await hook(well);
    const sender = sending();
    await happens([1, 'a'], [2, 'b'], [1, 'c']);
    await sender.run();
    expect(words(well)).toHaveLength(3);
    sender.start();
    await expect.poll(async () => (await webhooks.list('key')).find(({ id }) => id === info.id)!.state, { timeout: 20_000 }).toBe('DISABLED');
    gone = false;
    await webhooks.resume('key', info.id);
    await down.took(3);
    expect(words(down, 1)).toEqual(['a', 'c']);
  });

  it('is not held up by one that does not answer', async () => {
    const [silent, well] = [await open({ answer: () => undefined }), await open()];
    await hook(silent);
    await hook(well);
    sending({ haste: 1 }).start();
    await happens([1, 'a']);
    await well.took(1);
    await happens([1, 'b']);
    await well.took(2);
    expect(silent.taken).toEqual([]);
  });

  it('is not held up by another at the same host that does not answer', async () => {
    const receiver = await open({ answer: ({ path }) => (path === '/silent' ? undefined : 204) });
    await hook({ url: new URL('/silent', receiver.url).href });
    await hook(receiver);
    const sender = sending({ haste: 1 });
    await happens(...Array.from({ length: 10 }, (_, n) => [n, 'a'] as const));
    sender.start();
    await receiver.took(10);
    expect(new Set(receiver.taken.map(({ path }) => path))).toEqual(new Set(['/hook']));
  });

  it('stops at once for one that wants no more', async () => {
    const receiver = await open({ answer: () => 410 });
    await hook(receiver);
    await happens([1, 'a'], [2, 'b']);
    await sending({ lanes: 1 }).run();
    expect(receiver.attempts).toBe(1);
    expect((await webhooks.list('key'))[0]).toMatchObject({ state: 'DISABLED', lastFailure: 'HTTP_410' });
  });

  it('signs with both secrets while its owner goes over, then with the new one', async () => {
    const receiver = await open();
    const { info, secret: old } = await hook(receiver);
    const sender = sending();
    const { secret } = await webhooks.rotateSecret('key', info.id, 60_000);
    await happens([1, 'a']);
    await sender.run();
    expect([old, secret].map((one) => receiver.verifies(receiver.taken[0]!, one))).toEqual([true, true]);
    const { secret: newest } = await webhooks.rotateSecret('key', info.id, 0);
    await happens([1, 'b']);
    await sender.run();
    expect([old, secret, newest].map((one) => receiver.verifies(receiver.taken[1]!, one))).toEqual([false, false, true]);
  });

  it('pauses, resumes, replays from a cursor and ends', async () => {
    const receiver = await open();
    const { info } = await hook(receiver);
    const sender = sending();
    await happens([1, 'a'], [1, 'b']);
    await sender.run();
    await webhooks.pause('key', info.id);
    await happens([1, 'c']);
    await sender.run();
    expect(words(receiver)).toEqual(['a', 'b']);
    await webhooks.resume('key', info.id);
    await sender.run();
    await webhooks.replay('key', info.id, Number(receiver.taken[0]!.id));
    await sender.run();
    expect(words(receiver)).toEqual(['a', 'b', 'c', 'b', 'c']);
    await expect(webhooks.pause('another', info.id)).rejects.toThrow('There is no such webhook.');
    await webhooks.remove('key', info.id);
    await happens([1, 'd']);
    await sender.run();
    expect(receiver.taken).toHaveLength(5);
  });

  it('goes on where another instance died', async () => {
    const receiver = await open();
    await hook(receiver);
    await happens([1, 'a']);
    expect(await takeWebhooks(database, { instance: crypto.randomUUID(), leaseMs: 60_000, count: 10, last: log.last })).toHaveLength(1);
    const sender = sending();
    await sender.run();
    expect(receiver.attempts).toBe(0);
    await database.run((q) => q.execute('update webhook set leased_until = now()'));
    sender.start();
    await receiver.took(1);
  });

  it('divides the work between instances without sending twice', async () => {
    const all = await Promise.all(Array.from({ length: 6 }, () => open()));
    for (const receiver of all) await hook(receiver);
    for (let n = 0; n < 2; n += 1) sending().start();
    for (let n = 0; n < 5; n += 1) await happens([1, `a${n}`], [2, `b${n}`]);
    await Promise.all(all.map((receiver) => receiver.took(10)));
    for (const receiver of all) expect(words(receiver, 1)).toEqual(['a0', 'a1', 'a2', 'a3', 'a4']);
    expect(all.map(({ attempts }) => attempts)).toEqual(all.map(() => 10));
  });

  it('ends with the key of its owner', async () => {
    const receiver = await open();
    await hook(receiver);
    await happens([1, 'a']);
    await sending({ hears: async () => null }).run();
    expect((await webhooks.list('key'))[0]).toMatchObject({ state: 'DISABLED', lastFailure: 'NO_OWNER' });
    expect(receiver.attempts).toBe(0);
  });
});
