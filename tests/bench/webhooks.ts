// 10,000 events to 100 webhooks, of which 10 are dead and 10 slow: `npm run bench -- webhooks`.
import { chmodSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createNetworks } from '../../src/access/addresses.ts';
import { createHearing } from '../../src/access/hearing.ts';
import type { Grant } from '../../src/access/scopes.ts';
import type { NewEvent } from '../../src/domain/event.ts';
import { createEventLog } from '../../src/events/log.ts';
import { writeEvents } from '../../src/events/outbox.ts';
import { messageOf } from '../../src/graph/events/message.ts';
import { createOpaque } from '../../src/graph/opaque.ts';
import { openDatabase } from '../../src/store/database.ts';
import { startEmbedded } from '../../src/store/embedded.ts';
import { createReceivers } from '../../src/webhooks/receiver.ts';
import { createSending } from '../../src/webhooks/sending.ts';
import { createWebhooks } from '../../src/webhooks/webhooks.ts';
import { bareRecord } from '../agencies/fakeWorld.ts';
import { placement } from '../protection/kit.ts';
import { startProcess, tell } from './measure.ts';

const hooks = 100;
const [dead, silent, slow] = [5, 5, 10];

/** The company of a person, by whose number one webhook hears of her. */
const companyOf = (workerId: string) => `P3MI-${Number.parseInt(workerId.slice(0, 8), 16) % hooks}`;
const workerId = (n: number) => `${n.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;

export async function webhooksBench(quick: boolean): Promise<string> {
  const count = quick ? 1_000 : 10_000;
  await using parts = new AsyncDisposableStack();
  const folder = parts.adopt(await mkdtemp(join(tmpdir(), 'payung-bench-')), (path) => rm(path, { recursive: true, force: true }));
  chmodSync(folder, 0o711);
  const server = parts.adopt(await startEmbedded({ dataDir: join(folder, 'data') }), (s) => s.stop());
  const database = parts.adopt(await openDatabase({ url: server.url }), (d) => d.close());
  const onFault = (error: unknown) => process.stderr.write(`${String(error)}\n`);
  const log = parts.adopt(await createEventLog(database, { keepDays: 30, onFault }), (l) => l.close());
  const allowed = createNetworks(['127.0.0.0/8']);
  const receivers = parts.adopt(createReceivers({ allowed, timeoutMs: 10_000 }), (r) => r.close());
  const webhooks = createWebhooks({ database, log, receivers, allowed });
  const { child, ready } = await startProcess<{ port: number }>('receivers.ts', 1, {});
  parts.defer(() => void child.disconnect());
  for (let n = 0; n < hooks; n += 1) {
    const url = n < dead ? 'http://127.0.0.1:9/' : `http://127.0.0.1:${ready.port}/${n < dead + silent ? 'silent' : n < dead + silent + slow ? 'slow' : 'take'}/${n}`;
    await webhooks.create(`P3MI-${n}`, { url, description: null, kinds: null, purpose: 'SERVICE', after: null });
  }
  const hearing = createHearing({
    read: async (ids) => ids.map((id) => ({ workerId: id, records: [{ ...bareRecord('BP2MI', id, []), placements: [placement({ p3mi: { id: companyOf(id), name: 'X' } })] }] })),
    restricted: new Set(),
    last: () => log.last,
  });
  const grant = (owner: string): Grant => ({ scopes: new Set(['events:read', 'placement:read']), bounds: { p3mis: [owner] }, purposes: null });
  const opaque = createOpaque(new Uint8Array(32));
  const sending = parts.adopt(
    createSending({ database, log, receivers, hears: (owner, events) => hearing.of(grant(owner), events), leaving: async () => null, message: (event) => messageOf(event, opaque), onFault }),
    (s) => s.close(),
  );
  sending.start();
  const event = (n: number): NewEvent => ({ kind: 'PLACEMENT_CHANGED', workerId: workerId(n), subject: null, rule: null, ref: null, reach: { facets: ['PLACEMENT'], placement: { p3mi: companyOf(workerId(n)), mission: null } }, occurredAt: new Date() });

  const rounds: string[] = [];
  for (let round = 1; round <= 3; round += 1) {
    globalThis.gc?.();
    const before = process.memoryUsage();
    const began = performance.now();
    const cpu = process.cpuUsage();
    for (let n = 0; n < count; n += 100) await database.transaction((q) => writeEvents(q, Array.from({ length: 100 }, (_, i) => event(n + i)), new Date()));
    const wrote = performance.now();
    const expected = (count / hooks) * (hooks - dead - silent - slow);
    const delays: number[] = [];
    while (delays.length < expected && performance.now() - began < 120_000) {
      await pause(50);
      delays.push(...(await tell<{ delays: number[] }>(child, {})).delays);
    }
    const used = process.cpuUsage(cpu);
    const took = performance.now() - began;
    delays.sort((a, b) => a - b);
    const at = (share: number) => ((delays[Math.min(delays.length - 1, Math.floor(delays.length * share))] ?? Number.NaN) / 1_000).toFixed(2);
    const after = process.memoryUsage();
    const mb = (bytes: number) => Math.round(bytes / 1_048_576);
    rounds.push(`| ${round} | ${delays.length} of ${expected} | ${((wrote - began) / 1_000).toFixed(1)} | ${at(0.5)} | ${at(0.95)} | ${at(1)} | ${(took / 1_000).toFixed(1)} | ${((used.user + used.system) / 1e6).toFixed(1)} | ${mb(before.heapUsed)} / ${mb(after.heapUsed)} | ${mb(before.rss)} / ${mb(after.rss)} |`);
  }
  return `${count} events a round, each for one of ${hooks} webhooks: ${dead} refuse the connection, ${silent} never answer, ${slow} take two seconds. Delay from the writing of an event to its receipt.\n\n| Round | Healthy ones got | Writing, s | p50, s | p95, s | longest, s | All, s | Processor, s | Heap before / after, MB | Memory before / after, MB |\n|---|---|---|---|---|---|---|---|---|---|\n${rounds.join('\n')}\n`;
}

if (import.meta.main) {
  process.stdout.write(await webhooksBench(process.argv.includes('--quick')));
  process.exit(0);
}
