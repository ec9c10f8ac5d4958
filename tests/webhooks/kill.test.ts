import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { createNetworks } from '../../src/access/addresses.ts';
import { createEventLog } from '../../src/events/log.ts';
import { writeEvents } from '../../src/events/outbox.ts';
import { openDatabase } from '../../src/store/database.ts';
import { createReceivers } from '../../src/webhooks/receiver.ts';
import { createWebhooks } from '../../src/webhooks/webhooks.ts';
import { testDatabase } from '../support/database.ts';
import { startReceiver } from '../support/receiver.ts';

const worker = (n: number) => `${String(n).padStart(8, '0')}-0000-4000-8000-000000000000`;

it('an instance killed at any moment loses no event, and each person’s come in order', { timeout: 120_000 }, async () => {
  await using parts = new AsyncDisposableStack();
  const { url } = parts.use(await testDatabase());
  const database = parts.adopt(await openDatabase({ url, connections: 3 }), (d) => d.close());
  const allowed = createNetworks(['127.0.0.0/8']);
  const receivers = parts.adopt(createReceivers({ allowed, timeoutMs: 1_000 }), (r) => r.close());
  const log = await createEventLog(database, { keepDays: 30, onFault: () => {} });
  await log.close();
  let child: ChildProcess | null = null;
  let [attempts, kills, killAt] = [0, 0, 7];
  // Some are refused, so that kills also meet events that wait apart.
  const receiver = parts.use(await startReceiver({
    answer: () => {
      attempts += 1;
      if (attempts >= killAt && kills < 8) {
        kills += 1;
        killAt = attempts + 5 + kills * 3;
        child?.kill('SIGKILL');
      }
      return attempts % 11 === 0 ? 500 : 204;
    },
  }));
  await createWebhooks({ database, log, receivers, allowed }).create('key', { url: receiver.url, description: null, kinds: null, purpose: 'SERVICE', after: null });
  for (let n = 0; n < 20; n += 1) {
    await database.transaction((q) => writeEvents(q, [0, 1, 2, 3, 4].map((w) => ({ kind: 'LINK_CHANGED', workerId: worker(w), subject: null, rule: null, ref: String(n), reach: { facets: [] }, occurredAt: new Date() })), new Date()));
  }
  const seen = () => new Set(receiver.taken.map(({ data }) => `${data.worker} ${data.rule}`)).size;
  while (seen() < 100) {
    child = fork(fileURLToPath(new URL('sender.ts', import.meta.url)), [], { env: { ...process.env, DATABASE_URL: url }, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    const gone = once(child, 'exit');
    await Promise.race([gone, (async () => { while (seen() < 100) await receiver.took(receiver.taken.length + 1); })()]);
    if (seen() === 100) child.kill('SIGKILL');
    await gone;
  }
  expect(kills).toBeGreaterThan(3);
  for (let w = 0; w < 5; w += 1) {
    const firsts = [...new Set(receiver.taken.filter(({ data }) => data.worker === worker(w)).map(({ data }) => data.rule))];
    expect(firsts).toEqual(Array.from({ length: 20 }, (_, n) => String(n)));
  }
});
