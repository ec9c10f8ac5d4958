import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { NewEvent } from '../../src/domain/event.ts';
import { writeEvents } from '../../src/events/outbox.ts';
import { encodeId } from '../../src/graph/ids.ts';
import { type TestHub, startTestHub } from '../support/hub.ts';
import { startReceiver } from '../support/receiver.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ people: 120 });
});
afterAll(() => hub[Symbol.asyncDispose]());

const create = `mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { secret webhook { id url kinds purpose state behind } errors { code field message } } }`;
interface Created {
  createWebhook: { secret: string | null; webhook: { id: string; url: string } | null; errors: { code: string; field: string; message: string }[] };
}
const placedWith = (p3mi: string) => {
  const index = Array.from({ length: 120 }, (_, n) => n).find((n) => hub.world.person(n).records.some(({ placements }) => placements.some((one) => (p3mi === '' ? one.p3mi?.id !== 'P3MI-017' : one.p3mi?.id === p3mi))))!;
  const record = hub.world.person(index).records.find(({ placements }) => placements.length > 0)!;
  return { record, placement: record.placements.find((one) => (p3mi === '' ? one.p3mi?.id !== 'P3MI-017' : one.p3mi?.id === p3mi))! };
};
const workerOf = async (record: ReturnType<typeof placedWith>['record']) => (await hub.hub.crosswalk.byIdentifiers([record.person.identifiers.find(({ kind }) => kind === 'PMI_ID')!]))[0]!.id;

/** The company of the partner's key, and a worker of another. */
let own: string;
let other: string;
beforeEach(async () => {
  own = await workerOf(placedWith('P3MI-017').record);
  other = await workerOf(placedWith('').record);
});
const placed = (workerId: string, p3mi: string): NewEvent => ({
  kind: 'PLACEMENT_CHANGED', workerId, subject: { facet: 'PLACEMENT', agency: 'BP2MI', recordId: 'R-1', fact: 'PENEMPATAN-0001' }, rule: null, ref: null, reach: { facets: ['PLACEMENT'], placement: { p3mi, mission: null } }, occurredAt: new Date(),
});
const file = (workerId: string, category: 'KETENAGAKERJAAN' | 'TPPO'): NewEvent => ({
  kind: 'CASE_OPENED', workerId, subject: { facet: 'CASE', agency: 'PERWAKILAN', recordId: 'L-1', fact: 'KASUS-123456' }, rule: null, ref: null, reach: { facets: ['CASE'], case: { mission: 'KJRI_HONG_KONG', category } }, occurredAt: new Date(),
});
const happens = (...events: NewEvent[]) => hub.hub.database.transaction((q) => writeEvents(q, events, new Date()));

describe('webhooks', () => {
  it('tell a key of what it may read and of nothing else, signed, by ids and kinds alone', async () => {
    await using receiver = await startReceiver();
    const answer = await hub.ask<Created, object>(create, { input: { url: receiver.url } }, { as: 'partner' });
    expect(answer.errors).toEqual([]);
    const { secret } = answer.data!.createWebhook;
    await happens(placed(other, 'P3MI-001'), file(own, 'KETENAGAKERJAAN'), placed(own, 'P3MI-001'), placed(own, 'P3MI-017'));
    await receiver.took(1);
    const [message] = receiver.taken;
    expect(receiver.verifies(message!, secret!)).toBe(true);
    expect(JSON.parse(message!.text)).toEqual({
      type: 'placement.changed',
      timestamp: expect.any(String),
      data: { id: message!.id, kind: 'PLACEMENT_CHANGED', worker: encodeId('Worker', own), subject: expect.any(String), rule: null, gap: null, referral: null, occurredAt: expect.any(String) },
    });
    expect(Buffer.from((message!.data.subject as string), 'base64').toString()).not.toContain('PENEMPATAN');
    await happens(placed(own, 'P3MI-017'));
    await receiver.took(2);
    expect(receiver.taken.map(({ data }) => data.worker)).toEqual([encodeId('Worker', own), encodeId('Worker', own)]);
    const trail = await hub.hub.audit.about(own, { first: 5 });
    expect(trail[0]).toMatchObject({ operation: 'webhook', callerName: 'partner', purpose: 'SERVICE', outcome: 'ANSWERED' });
    expect(await hub.hub.audit.about(other, { first: 5 })).toEqual([]);
  });

  it('do not tell of sensitive cases without the scope, nor of whom nothing may be done with', async () => {
    await using receiver = await startReceiver();
    const { key } = await hub.hub.keys.create({ name: 'mission', scopes: ['case:read', 'events:read'], expiresAt: new Date(Date.now() + 3_600_000), environment: 'test' });
    await hub.ask(create, { input: { url: receiver.url } }, { as: null, headers: { authorization: `Bearer ${key}` } });
    await hub.hub.restrictions.set({ workerId: other, reason: 'SUBJECT_REQUEST', since: new Date(), setBy: 'x' });
    // Her records show a case that the key may see.
    const index = hub.world.cast.findIndex(({ slug }) => slug === 'siti-selangor');
    const [seen] = await hub.hub.crosswalk.byIdentifiers([{ kind: 'NIK', value: hub.world.cast[index]!.nik }]);
    await happens(file(seen!.id, 'TPPO'), file(other, 'KETENAGAKERJAAN'), file(seen!.id, 'KETENAGAKERJAAN'));
    await receiver.took(1);
    await hub.hub.restrictions.lift(other);
    expect(receiver.taken.map(({ data }) => data.worker)).toEqual([encodeId('Worker', seen!.id)]);
  });

  it('end with their key', async () => {
    await using receiver = await startReceiver();
    const { key, info } = await hub.hub.keys.create({ name: 'short', scopes: ['case:read', 'case:sensitive', 'events:read'], expiresAt: new Date(Date.now() + 3_600_000), environment: 'test' });
    await hub.ask(create, { input: { url: receiver.url } }, { as: null, headers: { authorization: `Bearer ${key}` } });
    await happens(file(own, 'KETENAGAKERJAAN'));
    await receiver.took(1);
    await hub.hub.keys.revoke(info.id);
    await happens(file(own, 'KETENAGAKERJAAN'));
    await expect.poll(async () => (await hub.hub.telling.webhooks.list(info.id))[0]!.state).toBe('DISABLED');
    expect(receiver.taken).toHaveLength(1);
  });

  it('are the key’s own, and say what is wrong with a request', async () => {
    await using receiver = await startReceiver();
    const faults = async (input: object) => (await hub.ask<Created, object>(create, { input })).data!.createWebhook.errors.map(({ code, field }) => `${code} ${field}`);
    expect(await faults({ url: 'http://10.0.0.1/' })).toEqual(['URL url']);
    expect(await faults({ url: receiver.url, kinds: [] })).toEqual(['KINDS kinds']);
    const made = (await hub.ask<Created, object>(create, { input: { url: receiver.url, kinds: ['GAP_OPENED'] } })).data!.createWebhook;
    const list = 'query { webhooks { id kinds state failures cursor behind deadLetters(first: 10) { attempts } } }';
    expect((await hub.ask<{ webhooks: { id: string }[] }, object>(list, {})).data!.webhooks.map(({ id }) => id)).toContain(made.webhook!.id);
    expect((await hub.ask<{ webhooks: { id: string }[] }, object>(list, {}, { as: 'admin' })).data!.webhooks).toEqual([]);
    const pause = 'mutation ($input: PauseWebhookInput!) { pauseWebhook(input: $input) { webhook { state } errors { code } } }';
    expect((await hub.ask<{ pauseWebhook: object }, object>(pause, { input: { id: made.webhook!.id } }, { as: 'admin' })).data!.pauseWebhook).toEqual({ webhook: null, errors: [{ code: 'NOT_FOUND' }] });
    expect((await hub.ask<{ pauseWebhook: object }, object>(pause, { input: { id: made.webhook!.id } })).data!.pauseWebhook).toEqual({ webhook: { state: 'PAUSED' }, errors: [] });
    const test = 'mutation ($input: TestWebhookInput!) { testWebhook(input: $input) { outcome errors { code } } }';
    expect((await hub.ask<{ testWebhook: object }, object>(test, { input: { id: made.webhook!.id } })).data!.testWebhook).toEqual({ outcome: 'TAKEN', errors: [] });
    expect(receiver.verifies(receiver.taken[0]!, made.secret!)).toBe(true);
    expect((await hub.ask(list, {}, { as: 'steward' })).errors.map(({ extensions }) => extensions['scope'])).toEqual(['events:read']);
    expect((await hub.ask(create, { input: { url: receiver.url } }, { headers: { 'x-purpose': '' } })).errors[0]!.extensions['code']).toBe('PURPOSE_REQUIRED');
  });
});

describe('events, asked for from time to time', () => {
  const query = 'query ($after: String, $kinds: [EventKind!], $workers: [ID!], $first: Int! = 50) { events(after: $after, kinds: $kinds, workers: $workers, first: $first) { edges { cursor node { id kind worker subject } } endCursor hasNextPage latest } }';
  interface Page {
    events: { edges: { cursor: string; node: { id: string; kind: string; worker: string; subject: string | null } }[]; endCursor: string; hasNextPage: boolean; latest: string };
  }
  const ask = async (variables: object, as: 'desk' | 'partner' = 'desk') => (await hub.ask<Page, object>(query, variables, { as })).data!.events;

  it('go on behind a cursor, within what the key may see', async () => {
    const { latest } = await ask({});
    await happens(placed(own, 'P3MI-017'), file(own, 'KETENAGAKERJAAN'), placed(other, 'P3MI-001'));
    await hub.hub.events.file();
    const first = await ask({ after: latest, first: 1 });
    expect(first.edges.map(({ node }) => node.kind)).toEqual(['PLACEMENT_CHANGED']);
    expect(first.hasNextPage).toBe(true);
    expect((await ask({ after: first.endCursor })).edges.map(({ node }) => node.kind)).toEqual(['CASE_OPENED', 'PLACEMENT_CHANGED']);
    expect((await ask({ after: latest, kinds: ['CASE_OPENED'] })).edges).toHaveLength(1);
    expect((await ask({ after: latest, workers: [encodeId('Worker', other)] })).edges.map(({ node }) => node.worker)).toEqual([encodeId('Worker', other)]);
    const bound = await ask({ after: latest }, 'partner');
    expect(bound.edges.map(({ node }) => node.worker)).toEqual([encodeId('Worker', own)]);
    expect(await ask({ after: bound.endCursor }, 'partner')).toMatchObject({ edges: [], hasNextPage: false });
  });

  it('lead to the objects that they are about', async () => {
    const { record, placement } = placedWith('P3MI-017');
    const { latest } = await ask({});
    await happens({ ...placed(own, 'P3MI-017'), subject: { facet: 'PLACEMENT', agency: record.agency, recordId: record.recordId, fact: placement.number } });
    await hub.hub.events.file();
    const [edge] = (await ask({ after: latest })).edges;
    const node = await hub.ask<{ node: { number: string } }, object>('query ($id: ID!) { node(id: $id) { ... on Placement { number } } }', { id: edge!.node.subject });
    expect(node.data!.node.number).toBe(placement.number);
  });

  it('refuse what is no cursor', async () => {
    expect((await hub.ask(query, { after: 'x' })).errors[0]!.extensions['code']).toBe('BAD_USER_INPUT');
    expect((await hub.ask(query, { first: 101 })).errors[0]!.extensions['code']).toBe('BAD_USER_INPUT');
  });
});
