import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { Provider } from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStaff, type Staff } from '../../src/access/staff.ts';
import { startTestHub } from '../support/hub.ts';

const audience = 'https://payung.example';
type PrivateKey = Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];
let provider: Server;
let issuer: string;
let signing: PrivateKey;
/** Requests for the provider's keys. */
let keyReadings = 0;

/** A key pair as the provider wants it. */
async function pair(kid: string): Promise<{ jwk: JWK; privateKey: PrivateKey }> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { jwk: { ...(await exportJWK(privateKey)), kid, use: 'sig', alg: 'RS256' }, privateKey };
}

beforeAll(async () => {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  provider = server;
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { jwk, privateKey } = await pair('first');
  signing = privateKey;
  const oidc = new Provider(issuer, {
    jwks: { keys: [jwk] },
    clients: [{ client_id: 'desk-kl', client_secret: 'only-for-this-test', grant_types: ['client_credentials'], redirect_uris: [], response_types: [] }],
    scopes: ['placement:read', 'case:read'],
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({ scope: 'placement:read case:read', audience, accessTokenFormat: 'jwt', accessTokenTTL: 300, jwt: { sign: { alg: 'RS256' } } }),
      },
    },
    extraTokenClaims: () => ({ payung_bounds: { missions: ['KBRI_KUALA_LUMPUR'] }, payung_purposes: ['SERVICE', 'PROTECTION'] }),
  });
  const answer = oidc.callback();
  server.on('request', (request, response) => {
    if (request.url === '/jwks') keyReadings += 1;
    void answer(request, response);
  });
});
afterAll(() => provider.close());

async function tokenOfProvider(): Promise<string> {
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from('desk-kl:only-for-this-test').toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', resource: audience, scope: 'placement:read case:read' }),
  });
  return ((await response.json()) as { access_token: string }).access_token;
}

interface Forgery {
  readonly payload?: JWTPayload;
  readonly header?: { readonly alg?: string; readonly kid?: string };
  readonly key?: PrivateKey | Uint8Array;
}
const seconds = () => Math.floor(Date.now() / 1000);
function sign({ payload = {}, header = {}, key = signing }: Forgery = {}): Promise<string> {
  const claims = { iss: issuer, aud: audience, sub: 'officer-7', exp: seconds() + 300, scope: 'placement:read', payung_bounds: {}, ...payload };
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'first', ...header }).sign(key);
}

describe('staff with tokens of a provider', () => {
  let staff: Staff;
  beforeAll(() => {
    staff = createStaff({ issuer, audience });
  });

  it('are known by scopes, bounds and purposes of their claims', async () => {
    expect(await staff.identify(await tokenOfProvider())).toEqual({
      kind: 'STAFF', id: 'desk-kl', name: 'staff', scopes: new Set(['placement:read', 'case:read']), bounds: { missions: ['KBRI_KUALA_LUMPUR'] }, purposes: new Set(['SERVICE', 'PROTECTION']), environment: 'live', documents: 'any', limits: {},
    });
  });

  it.each([
    ['a list of scopes', { scope: undefined, scp: ['placement:read', 'everything'] }, ['placement:read'], {}],
    ['bounds of every kind', { payung_bounds: { areas: ['35.07'], p3mis: ['P3MI-017'], agencies: ['PERWAKILAN'] } }, ['placement:read'], { areas: ['35.07'], p3mis: ['P3MI-017'], agencies: ['PERWAKILAN'] }],
    ['no word on bounds, which gives nothing', { payung_bounds: undefined }, [], {}],
    ['no scopes', { scope: undefined }, [], {}],
  ])('with %s', async (_what, payload, scopes, bounds) => {
    expect(await staff.identify(await sign({ payload }))).toMatchObject({ scopes: new Set(scopes), bounds });
  });

  it('may have a clock that is half a minute off', async () => {
    expect(await staff.identify(await sign({ payload: { exp: seconds() - 20, nbf: seconds() - 60 } }))).not.toBeNull();
    expect(await staff.identify(await sign({ payload: { nbf: seconds() + 20 } }))).not.toBeNull();
  });

  const wrong: [string, () => Promise<string> | string][] = [
    ['nothing', () => ''],
    ['no token', () => 'a.b.c'],
    ['an expired one', () => sign({ payload: { exp: seconds() - 120 } })],
    ['one that never expires', () => sign({ payload: { exp: undefined } })],
    ['one not valid yet', () => sign({ payload: { nbf: seconds() + 120 } })],
    ['another audience', () => sign({ payload: { aud: 'https://elsewhere.example' } })],
    ['another issuer', () => sign({ payload: { iss: 'https://elsewhere.example' } })],
    ['nobody', () => sign({ payload: { sub: undefined } })],
    ['alg none', () => new UnsecuredJWT({ iss: issuer, aud: audience, sub: 'x', exp: seconds() + 300, payung_bounds: {} }).encode()],
    ['a shared secret', () => sign({ header: { alg: 'HS256' }, key: new TextEncoder().encode('x'.repeat(32)) })],
    ['an unknown key id', () => sign({ header: { kid: 'nobodys' } })],
    ['another key under the same id', async () => sign({ key: (await pair('first')).privateKey })],
    ['claims that were changed', async () => {
      const [head, , signature] = (await sign()).split('.');
      const body = Buffer.from(JSON.stringify({ iss: issuer, aud: audience, sub: 'x', exp: seconds() + 300, scope: 'health:read', payung_bounds: {} })).toString('base64url');
      return `${head}.${body}.${signature}`;
    }],
    ['bounds of another form', () => sign({ payload: { payung_bounds: { mission: 'KBRI_KUALA_LUMPUR' } } })],
    ['bounds that are a text', () => sign({ payload: { payung_bounds: 'everywhere' } })],
  ];
  it.each(wrong)('are not: %s', async (_what, token) => {
    expect(await staff.identify(await token())).toBeNull();
  });

  it('make the hub ask for an unknown key id once, not at every token', async () => {
    const before = keyReadings;
    for (let i = 0; i < 5; i += 1) await staff.identify(await sign({ header: { kid: `unknown-${i}` } }));
    expect(keyReadings - before).toBeLessThanOrEqual(1);
  });
});

describe('a provider that goes down', () => {
  it('does not stop the tokens that it has signed; one that changes its keys is followed', async () => {
    const [first, second] = [await pair('first'), await pair('second')];
    const publicOnly = ({ jwk: { kty, n, e, kid, use, alg } }: { jwk: JWK }) => ({ kty, n, e, kid, use, alg });
    let [answers, published] = [true, [publicOnly(first)]];
    const keys = createServer((_request, response) => {
      if (answers) response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: published }));
      else response.socket!.destroy();
    });
    await new Promise<void>((listening) => keys.listen(0, '127.0.0.1', listening));
    let clock = new Date();
    let faults = 0;
    const staff = createStaff({ issuer, audience, jwksUrl: `http://127.0.0.1:${(keys.address() as AddressInfo).port}/jwks`, refreshMs: 60_000, cooldownMs: 0, onFault: () => (faults += 1), now: () => clock });
    const token = await sign({ key: first.privateKey, payload: { exp: seconds() + 3_600 } });
    const later = await sign({ key: second.privateKey, header: { kid: 'second' }, payload: { exp: seconds() + 3_600 } });
    expect(await staff.identify(token)).not.toBeNull();
    answers = false;
    clock = new Date(clock.getTime() + 61_000);
    expect(await staff.identify(token)).not.toBeNull();
    await expect.poll(() => faults, { timeout: 5_000 }).toBe(1);
    expect(await staff.identify(token)).not.toBeNull();
    expect(await staff.identify(later)).toBeNull();
    [answers, published] = [true, [publicOnly(second)]];
    expect(await staff.identify(later)).not.toBeNull();
    expect(await staff.identify(token)).toBeNull();
    keys.close();
  });

  it('before its keys were ever read lets nobody in, and everybody once it is up', async () => {
    const port = await new Promise<number>((free) => {
      const probe = createServer().listen(0, '127.0.0.1', () => {
        const { port: found } = probe.address() as AddressInfo;
        probe.close(() => free(found));
      });
    });
    let faults = 0;
    const staff = createStaff({ issuer: `http://127.0.0.1:${port}`, audience, onFault: () => (faults += 1) });
    expect([await staff.identify(await sign()), faults]).toEqual([null, 1]);
  });
});

describe('staff at the hub', () => {
  it('ask like any other caller, and every wrong token gets the 401 of a wrong key', async () => {
    await using hub = await startTestHub({ people: 60, settings: { OIDC_ISSUER: issuer, OIDC_AUDIENCE: audience } });
    const ask = (token: string, query = '{ viewer { kind name keyId scopes { name } bounds { missions } } }') => hub.ask<{ viewer: object; worker: object | null }, object>(query, {}, { as: null, headers: { authorization: `Bearer ${token}` } });
    const { data } = await ask(await tokenOfProvider());
    expect(data!.viewer).toEqual({ kind: 'STAFF', name: 'staff', keyId: null, scopes: [{ name: 'placement:read' }, { name: 'case:read' }], bounds: { missions: ['KBRI_KUALA_LUMPUR'] } });
    // The first of the cast works in Selangor, which is Kuala Lumpur's; the second in Taiwan.
    const seen = await Promise.all([0, 1].map(async (i) => (await ask(await tokenOfProvider(), `{ worker(by: { nik: "${hub.world.person(i).truth.nik}" }) { placements { job } } }`)).data!.worker !== null));
    expect(seen).toEqual([true, false]);
    const refusals = await Promise.all(['payung_test_nonsense', 'a.b.c', await sign({ payload: { exp: seconds() - 120 } }), await sign({ header: { kid: 'nobodys' } })].map((token) => ask(token)));
    for (const { status, errors } of refusals) expect([status, errors.map(({ message, extensions }) => [message, extensions.code])]).toEqual([401, refusals[0]!.errors.map(({ message, extensions }) => [message, extensions.code])]);
    expect((await hub.ask('{ viewer { name } }', {}, { as: 'desk' })).status).toBe(200);
  });
});
