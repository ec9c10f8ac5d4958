import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestHub, type TestHub } from '../support/hub.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ people: 60 });
});
afterAll(() => hub[Symbol.asyncDispose]());

const info = 'apiKey { id name environment state scopes { name } bounds { missions areas p3mis agencies } purposes networks expiresAt replacedBy }';
const create = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { key ${info} errors { code field message } } }`;
const rotate = `mutation ($input: RotateApiKeyInput!) { rotateApiKey(input: $input) { key ${info} errors { code field } } }`;
const revoke = `mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { ${info} errors { code field } } }`;
const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
const input = { name: 'insurer', scopes: ['insurance:read'], environment: 'TEST', expiresAt };
interface Payload {
  readonly key: string;
  readonly apiKey: { readonly id: string; readonly state: string; readonly replacedBy: string | null };
  readonly errors: readonly { readonly code: string; readonly field: string }[];
}
async function change(mutation: string, wanted: object, headers?: Record<string, string>): Promise<Payload> {
  const { data, errors } = await hub.ask<Record<string, Payload>, object>(mutation, { input: wanted }, headers ? { as: null, headers } : { as: 'admin' });
  expect(errors).toEqual([]);
  return Object.values(data!)[0]!;
}
const works = async (key: string) => (await hub.ask('{ viewer { name } }', {}, { as: null, headers: { 'x-api-key': key } })).status;

describe('keys over GraphQL', () => {
  it('are made, listed, rotated and revoked by who may', async () => {
    const made = await change(create, { ...input, bounds: { p3mis: ['P3MI-017'], agencies: ['BP2MI'] }, networks: ['127.0.0.0/8'], purposes: ['COVER_CHECK'] });
    expect(made).toMatchObject({ errors: [], apiKey: { name: 'insurer', state: 'ACTIVE', bounds: { missions: null, areas: null, p3mis: ['P3MI-017'], agencies: ['BP2MI'] }, purposes: ['COVER_CHECK'], networks: ['127.0.0.0/8'], expiresAt } });
    expect(await works(made.key)).toBe(200);
    const next = await change(rotate, { id: made.apiKey.id, overlapMinutes: 0 });
    expect(next.errors).toEqual([]);
    expect([await works(made.key), await works(next.key)]).toEqual([401, 200]);
    const again = await change(create, { ...input, name: 'again' });
    await change(rotate, { id: again.apiKey.id });
    expect((await change(rotate, { id: again.apiKey.id })).errors).toEqual([{ code: 'ALREADY_ROTATED', field: 'id' }]);
    expect(await change(revoke, { id: next.apiKey.id })).toMatchObject({ apiKey: { state: 'REVOKED' }, errors: [] });
    expect(await works(next.key)).toBe(401);
    const { data } = await hub.ask<{ apiKeys: { id: string }[]; all: { id: string; state: string; replacedBy: string | null }[] }, object>('{ apiKeys { id } all: apiKeys(ended: true) { id state replacedBy } }', {}, { as: 'admin' });
    expect(data!.apiKeys.map(({ id }) => id)).not.toContain(next.apiKey.id);
    expect(data!.all).toEqual(expect.arrayContaining([expect.objectContaining({ id: made.apiKey.id, state: 'EXPIRED', replacedBy: next.apiKey.id })]));
  });

  it.each([
    ['SCOPE', { scopes: ['everything'] }],
    ['EXPIRY', { expiresAt: '2020-01-01T00:00:00Z' }],
    ['NETWORK', { networks: ['home'] }],
    ['BOUNDS', { bounds: { missions: ['Hong Kong'] } }],
  ])('with a wrong %s come back as errors that can be mended', async (code, wrong) => {
    expect((await change(create, { ...input, ...wrong })).errors.map((error) => error.code)).toEqual([code]);
  });

  it('never allow more than whoever makes them', async () => {
    const manager = await change(create, { ...input, scopes: ['keys:manage', 'case:read'], bounds: { missions: ['KJRI_HONG_KONG'] } });
    const headers = { 'x-api-key': manager.key };
    for (const more of [{ scopes: ['health:read'], bounds: { missions: ['KJRI_HONG_KONG'] } }, { scopes: ['case:read'] }, { scopes: ['case:read'], bounds: { missions: ['KJRI_HONG_KONG', 'KJRI_DUBAI'] } }, { scopes: ['case:read'], bounds: { missions: ['KJRI_HONG_KONG'] }, environment: 'LIVE' }]) {
      expect((await change(create, { ...input, ...more }, headers)).errors.map((error) => error.code)).toEqual(['NOT_HELD']);
    }
    expect((await change(create, { ...input, scopes: ['case:read'], bounds: { missions: ['KJRI_HONG_KONG'] } }, headers)).errors).toEqual([]);
    const wider = await change(create, input);
    expect((await change(revoke, { id: wider.apiKey.id }, headers)).errors.map((error) => error.code)).toEqual(['NOT_FOUND']);
  });

  it('are nobody else’s business', async () => {
    for (const [document, variables] of [['{ apiKeys { id } }', {}], [create, { input }], [rotate, { input: { id: 'x' } }], [revoke, { input: { id: 'x' } }]] as const) {
      const { data, errors } = await hub.ask<Record<string, unknown>, object>(document, variables, { as: 'desk' });
      expect(Object.values(data!)).toEqual([null]);
      expect(errors.map(({ extensions }) => [extensions.code, extensions.scope])).toEqual([['FORBIDDEN', 'keys:manage']]);
    }
  });
});
