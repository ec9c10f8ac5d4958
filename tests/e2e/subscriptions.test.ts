import { createClient as createSse } from 'graphql-sse';
import { createClient as createWs } from 'graphql-ws';
import { WebSocket } from 'ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NewEvent } from '../../src/domain/event.ts';
import { writeEvents } from '../../src/events/outbox.ts';
import { encodeId } from '../../src/graph/ids.ts';
import { type TestHub, startTestHub } from '../support/hub.ts';

let hub: TestHub;
let own: string;
let other: string;
beforeAll(async () => {
  hub = await startTestHub({ people: 120 });
  const workers = Array.from({ length: 120 }, (_, n) => hub.world.person(n).records.find(({ agency }) => agency === 'BP2MI')).filter((record) => record !== undefined);
  const idOf = async (inside: boolean) => {
    const record = workers.find(({ placements }) => placements.length > 0 && placements.every(({ p3mi }) => (p3mi?.id === 'P3MI-017') === inside))!;
    return (await hub.hub.crosswalk.byIdentifiers([record.person.identifiers.find(({ kind }) => kind === 'PMI_ID')!]))[0]!.id;
  };
  [own, other] = [await idOf(true), await idOf(false)];
});
afterAll(() => hub[Symbol.asyncDispose]());

const placed = (workerId: string, p3mi: string): NewEvent => ({
  kind: 'PLACEMENT_CHANGED', workerId, subject: { facet: 'PLACEMENT', agency: 'BP2MI', recordId: 'R-1', fact: 'P-1' }, rule: null, ref: null, reach: { facets: ['PLACEMENT'], placement: { p3mi, mission: null } }, occurredAt: new Date(),
});
const happens = (...events: NewEvent[]) => hub.hub.database.transaction((q) => writeEvents(q, events, new Date()));
const query = 'subscription ($after: String) { events(after: $after) { id kind worker } }';
interface Told {
  readonly events: { readonly id: string; readonly kind: string; readonly worker: string };
}
type Way = 'server-sent events' | 'WebSocket';
/** Subscribes; the iterator ends with the connection. */
function subscribe(way: Way, key: string, variables: object = {}, purpose = 'SERVICE'): { readonly told: AsyncIterableIterator<{ data?: Told | null; errors?: readonly { extensions?: Record<string, unknown> }[] }>; end(): void } {
  const url = `${hub.hub.url}/graphql/stream`;
  const headers = { authorization: `Bearer ${key}`, 'x-purpose': purpose };
  const client = way === 'WebSocket' ? createWs({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, connectionParams: headers, retryAttempts: 0 }) : createSse({ url, headers, retryAttempts: 0 });
  return { told: client.iterate({ query, variables: variables as Record<string, unknown> }) as never, end: () => client.dispose() };
}
const key = async (scopes: Parameters<TestHub['hub']['keys']['create']>[0]['scopes'], bounds = {}) => hub.hub.keys.create({ name: 'stream', scopes, bounds, expiresAt: new Date(Date.now() + 3_600_000), environment: 'test' });

describe.each(['server-sent events', 'WebSocket'] as const)('a subscription over %s', (way) => {
  it('tells of what happens to whom its key may see, and goes on behind a cursor', async () => {
    const begin = hub.hub.events.last;
    const { told, end } = subscribe(way, hub.keys.partner, { after: Buffer.from(`Event:${begin}`).toString('base64') });
    await happens(placed(other, 'P3MI-001'), placed(own, 'P3MI-017'));
    const first = (await told.next()).value!.data!.events;
    expect(first).toMatchObject({ kind: 'PLACEMENT_CHANGED', worker: encodeId('Worker', own) });
    await happens(placed(other, 'P3MI-001'), placed(own, 'P3MI-017'));
    const second = (await told.next()).value!.data!.events;
    expect(second.worker).toBe(encodeId('Worker', own));
    end();
    const again = subscribe(way, hub.keys.partner, { after: first.id });
    expect((await again.told.next()).value!.data!.events).toEqual(second);
    again.end();
    const trail = await hub.hub.audit.about(own, { first: 3 });
    expect(trail[0]).toMatchObject({ operation: 'subscription', callerName: 'partner', purpose: 'SERVICE', classes: ['events:read', 'placement:read'] });
  });

  it('ends within five seconds when its key is revoked', { timeout: 20_000 }, async () => {
    const { key: text, info } = await key(['placement:read', 'events:read']);
    const { told } = subscribe(way, text, { after: Buffer.from(`Event:${hub.hub.events.last}`).toString('base64') });
    await happens(placed(own, 'P3MI-017'));
    await told.next();
    const revoked = performance.now();
    await hub.hub.keys.revoke(info.id);
    const ended = await told.next().catch(() => ({ done: true }));
    expect(ended.done).toBe(true);
    expect(performance.now() - revoked).toBeLessThan(5_000);
  });

  it('is refused without a key, a scope or a purpose', async () => {
    const refusal = async (text: string, purpose?: string) => {
      const { told, end } = subscribe(way, text, {}, purpose);
      const answer = await told.next().then(({ value }) => value?.errors?.[0]?.extensions?.['code'] ?? 'told', (error: unknown) => error);
      end();
      return typeof answer === 'string' ? answer : 'refused';
    };
    expect(await refusal('payung_test_wrong')).toBe('refused');
    expect(await refusal(hub.keys.steward)).toMatch(/FORBIDDEN|refused/);
    expect(await refusal(hub.keys.partner, 'NONE')).toMatch(/PURPOSE_REQUIRED|refused/);
  });
});

describe('the path of subscriptions', () => {
  const send = async (body: object, headers: Record<string, string> = {}) => {
    const response = await fetch(`${hub.hub.url}/graphql/stream`, { method: 'POST', headers: { accept: 'text/event-stream', 'content-type': 'application/json', authorization: `Bearer ${hub.keys.desk}`, 'x-purpose': 'SERVICE', ...headers }, body: JSON.stringify(body) });
    return { status: response.status, code: ((await response.json()) as { errors: { extensions: { code: string } }[] }).errors[0]!.extensions.code };
  };
  it.each([
    [{ query: '{ agencies { name } }' }, {}, 400, 'BAD_REQUEST'],
    [{ query: 'subscription { events { name } }' }, {}, 400, 'GRAPHQL_VALIDATION_FAILED'],
    [{ query: 'subscription {' }, {}, 400, 'GRAPHQL_PARSE_FAILED'],
    [{ query }, { authorization: 'Bearer x' }, 401, 'UNAUTHENTICATED'],
    [{ query }, { 'x-purpose': '' }, 403, 'PURPOSE_REQUIRED'],
    [{ query }, { accept: 'application/json' }, 406, 'NOT_ACCEPTABLE'],
  ])('refuses %j with %j', async (body, headers, status, code) => {
    expect(await send(body, headers)).toEqual({ status, code });
  });

  it('is named to who asks for a subscription elsewhere', async () => {
    expect((await hub.ask(query, {})).errors.length).toBeGreaterThan(0);
  });
});
