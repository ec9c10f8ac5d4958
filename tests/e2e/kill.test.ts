import { asc, sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import type { AgencyRecord } from '../../src/domain/record.ts';
import { decodeId, encodeId } from '../../src/graph/ids.ts';
import { event } from '../../src/store/eventTables.ts';
import { referral } from '../../src/store/referralTables.ts';
import { type HubProcess, prepareHubProcess } from '../support/hubProcess.ts';
import { startReceiver, type TestReceiver } from '../support/receiver.ts';

const later = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** Starts a hub that was killed anew. Who is dead sends no more: that its lease on a webhook ends at once, and not after fifteen seconds, saves the time alone. */
async function again(hub: HubProcess): Promise<void> {
  await hub.kill();
  await hub.database.run((q) => q.execute(sql`update webhook set leased_until = now() where leased_by is not null`));
  await hub.start();
}

/** The log, once nothing waits to be filed. */
async function logOf(hub: HubProcess) {
  await expect.poll(async () => (await hub.database.run((q) => q.execute(sql`select 1 from event_inbox limit 1`))).length, { timeout: 20_000 }).toBe(0);
  return hub.database.run((q) => q.select().from(event).orderBy(asc(event.id)));
}

/** What a receiver took, each message at its first coming; that messages that came twice were the same is seen to. */
function firsts(receiver: TestReceiver) {
  const byId = Map.groupBy(receiver.taken, ({ id }) => id);
  for (const messages of byId.values()) expect(new Set(messages.map(({ text }) => text)).size).toBe(1);
  return [...byId.values()].map(([first]) => first!);
}

const createWebhook = 'mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { webhook { cursor } errors { code } } }';
interface Created {
  readonly createWebhook: { readonly webhook: { readonly cursor: string } };
}

it('a hub that is killed at any moment tells of every change, in order for each person', { timeout: 300_000 }, async () => {
  await using parts = new AsyncDisposableStack();
  const hub = parts.use(await prepareHubProcess({ people: 40 }));
  let [attempts, killAt] = [0, Infinity];
  let killed = Promise.withResolvers<void>();
  // Killed while it sends: the message is taken or refused, and nobody is left to note which.
  const receiver = parts.use(await startReceiver({
    answer: async () => {
      attempts += 1;
      if (attempts === killAt) await hub.kill().then(killed.resolve);
      return attempts % 7 === 0 ? 500 : 204;
    },
  }));
  await hub.start();
  const key = await hub.key(['identity:read', 'placement:read', 'insurance:read', 'health:read', 'case:read', 'case:sensitive', 'events:read']);
  const made = await hub.ask<Created>(createWebhook, { input: { url: receiver.url } }, key);
  const beginning = made!.createWebhook.webhook.cursor;

  const book = hub.mocks['PERWAKILAN']!.book;
  const files = Array.from({ length: 40 }, (_, n) => hub.world.person(n).records).flat().filter(({ agency, cases }) => agency === 'PERWAKILAN' && cases.length > 0).slice(0, 8);
  const moved = (record: AgencyRecord, round: number): AgencyRecord => {
    const [first, ...rest] = record.cases;
    const events = [...first!.events, ...Array.from({ length: round }, (_, n) => ({ at: new Date(Date.UTC(2026, 10, 20, n)).toISOString(), status: 'IN_PROCESS' as const, note: `Langkah ${n}` }))];
    return { ...record, cases: [{ ...first!, events }, ...rest] };
  };
  const told = async () => {
    const rows = await hub.database.run((q) => q.execute<{ count: number }>(sql`select (select count(*) from event where kind = 'CASE_MOVED')::int + (select count(*) from event_inbox where kind = 'CASE_MOVED')::int as count`));
    return rows[0]!.count;
  };
  const rounds = 4;
  for (let round = 1; round <= rounds; round += 1) {
    // Killed by turns while it sends, and while it reads the changes.
    const sends = round % 2 === 0;
    killed = Promise.withResolvers();
    killAt = sends ? attempts + 1 + round * 2 : Infinity;
    for (const record of files) book.upsert(moved(record, round));
    await (sends ? killed.promise : later(round * 60).then(hub.kill));
    await again(hub);
    await expect.poll(told, { timeout: 30_000 }).toBe(round * files.length);
  }
  // Everything that happened since the webhook was made: it hears of everybody.
  const log = (await logOf(hub)).filter(({ id }) => id > Number(decodeId(beginning).id));
  await expect.poll(() => new Set(receiver.taken.map(({ id }) => id)).size, { timeout: 60_000 }).toBe(log.length);
  expect(log.filter(({ kind }) => kind === 'CASE_MOVED')).toHaveLength(rounds * files.length);
  const byWorker = Map.groupBy(firsts(receiver), ({ data }) => data.worker!);
  for (const [worker, events] of Map.groupBy(log, ({ workerId }) => workerId)) {
    expect(byWorker.get(encodeId('Worker', worker))?.map(({ id }) => id)).toEqual(events.map(({ id }) => encodeId('Event', id)));
  }
});

it('a hub that is killed around handing cases over loses and doubles none', { timeout: 300_000 }, async () => {
  await using parts = new AsyncDisposableStack();
  const hub = parts.use(await prepareHubProcess({ people: 40 }));
  const [there, back] = [parts.use(await startReceiver()), parts.use(await startReceiver())];
  await hub.start();
  const sender = await hub.key(['case:read', 'case:sensitive', 'referral:send', 'events:read'], { agencies: ['PERWAKILAN'] });
  const counter = await hub.key(['case:sensitive', 'referral:handle', 'events:read'], { agencies: ['BPJS_KETENAGAKERJAAN'] });
  const kinds = ['REFERRAL_SENT', 'REFERRAL_ACCEPTED', 'REFERRAL_ANSWERED'];
  await hub.ask(createWebhook, { input: { url: there.url, kinds } }, counter);
  await hub.ask(createWebhook, { input: { url: back.url, kinds } }, sender);

  let [requests, kills] = [0, 0];
  /** Asks until there is an answer, as a program does that has lost one. Every fourth request has the hub killed while it is under way. */
  async function insist(field: string, query: string, input: object, key: string): Promise<string> {
    for (let first = true; ; first = false) {
      const asked = hub.ask<Record<string, { referral: { id: string } | null }>>(query, { input }, key);
      requests += 1;
      if (first && requests % 4 === 0) {
        // Before it has come, in the midst of it, and when it has just been done.
        await later([0, 16, 40, 80][kills % 4]!);
        kills += 1;
        await hub.kill();
      }
      const answer = await asked;
      // What was refused has no referral, and the test ends here.
      if (answer) return answer[field]!.referral!.id;
      await again(hub);
    }
  }
  const payload = '{ referral { id } }';
  const cases = ['nur-dismissed', 'siti-selangor', 'hasan-overstay', 'lina-trafficked', 'joko-fisherman', 'dewi-other-work'].map((slug) => hub.world.person(hub.world.cast.find((one) => one.slug === slug)!.index).records.flatMap((record) => record.cases)[0]!.number);
  const made: string[] = [];
  for (const [n, number] of cases.entries()) {
    made.push(await insist('referCase', `mutation ($input: ReferCaseInput!) { referCase(input: $input) ${payload} }`, { case: { number }, to: 'BPJS_KETENAGAKERJAAN', idempotencyKey: `referral-${n}` }, sender));
  }
  for (const id of made) await insist('acceptReferral', `mutation ($input: AcceptReferralInput!) { acceptReferral(input: $input) ${payload} }`, { id }, counter);
  for (const id of made) await insist('answerReferral', `mutation ($input: AnswerReferralInput!) { answerReferral(input: $input) ${payload} }`, { id, outcome: 'GRANTED', answer: 'Disetujui.' }, counter);
  await again(hub);
  expect(kills).toBeGreaterThan(3);
  expect(new Set(made).size).toBe(cases.length);
  expect(await hub.database.run((q) => q.select({ id: referral.id }).from(referral))).toHaveLength(cases.length);
  const log = (await logOf(hub)).filter(({ kind }) => kind.startsWith('REFERRAL_'));
  expect(log).toHaveLength(3 * cases.length);
  for (const receiver of [there, back]) {
    await expect.poll(() => new Set(receiver.taken.map(({ id }) => id)).size, { timeout: 30_000 }).toBe(log.length);
    const steps = Map.groupBy(firsts(receiver), ({ data }) => (data as { referral?: string }).referral!);
    expect([...steps.keys()].toSorted()).toEqual(made.toSorted());
    for (const messages of steps.values()) expect(messages.map(({ type }) => type)).toEqual(['referral.sent', 'referral.accepted', 'referral.answered']);
  }
});
