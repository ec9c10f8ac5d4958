import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { earlyInTheMinute } from '../support/minute.ts';

/** Two whole hubs on one database, as behind a balancer. */
let one: TestHub;
let two: TestHub;
beforeAll(async () => {
  // Few connections each: both together, with what other tests hold, are not to use up the server's.
  const settings = { LIMIT_WRONG_KEYS_PER_MINUTE: '6', DATABASE_CONNECTIONS: '5', LIST_CONNECTIONS: '2' };
  one = await startTestHub({ people: 40, settings });
  two = await startTestHub({ people: 40, settings, beside: one });
});
afterAll(async () => {
  await two[Symbol.asyncDispose]();
  await one[Symbol.asyncDispose]();
});

const expiresAt = new Date(Date.now() + 3_600_000);
const make = (limits: object) => one.hub.keys.create({ name: 'shared', scopes: ['identity:read', 'health:read', 'keys:manage'], limits, environment: 'test', expiresAt });
const ask = (at: TestHub, key: string, query = '{ viewer { name } }', variables: object = {}) => at.ask<Record<string, never>, object>(query, variables, { as: null, headers: { 'x-api-key': key } });
const alternate = (i: number) => (i % 2 ? one : two);

describe('two instances on one database', { timeout: 60_000 }, () => {
  it('give out no more requests a minute than a key has', async () => {
    await earlyInTheMinute();
    const { key } = await make({ requestsPerMinute: 40 });
    const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => ask(alternate(i), key)));
    const counted = Map.groupBy(answers, ({ status }) => status);
    expect(counted.get(200)!.length).toBe(40);
    expect(counted.get(429)!.length).toBe(60);
  });

  it('give out no more points a minute than a key has', async () => {
    await earlyInTheMinute();
    const { key } = await make({ costPerMinute: 100 });
    const by = Array.from({ length: 4 }, (_, i) => ({ nik: one.world.person(i).truth.nik }));
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => ask(alternate(i), key, 'query ($by: [WorkerKey!]!) { workers(by: $by) { name } }', { by })));
    // By estimates: what a read costs beyond its own is owed, and is told in docs/access.md.
    const spent = answers.filter(({ status }) => status === 200).reduce((sum, { extensions }) => sum + (extensions!['cost'] as { requested: number }).requested, 0);
    expect(spent).toBeGreaterThan(0);
    expect(spent).toBeLessThanOrEqual(100);
    expect(answers.some(({ status }) => status === 429)).toBe(true);
  });

  it('let no more in at the same time than a key may have under way', async () => {
    const { key } = await make({ concurrent: 5 });
    one.mocks['BPJS_KESEHATAN']!.faults.set({ slowMs: 1_500 });
    const nik = one.world.person(0).truth.nik;
    const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => ask(alternate(i), key, 'query ($nik: NIK!) { worker(by: { nik: $nik }) { healthInsurance { status } } }', { nik })));
    one.reset();
    expect(answers.filter(({ status }) => status === 200).length).toBe(5);
    expect(answers.filter(({ status }) => status === 429).length).toBe(25);
    expect((await ask(one, key)).status).toBe(200);
  });

  it('count each person once, and stop a key that has read as many as a day allows', async () => {
    const { key } = await make({ personsPerDay: 3 });
    const read = (at: TestHub, i: number) => ask(at, key, 'query ($nik: NIK!) { worker(by: { nik: $nik }) { name } }', { nik: one.world.person(i).truth.nik });
    expect((await read(one, 0)).status).toBe(200);
    expect((await read(one, 1)).status).toBe(200);
    expect((await read(two, 1)).status).toBe(200);
    expect((await read(two, 2)).status).toBe(200);
    // Counted behind the answer's back.
    await expect.poll(async () => (await read(two, 0)).status, { timeout: 5_000 }).toBe(429);
  });

  it('refuse a key within five seconds after either was told to revoke it', async () => {
    const { key, info } = await make({});
    expect([(await ask(one, key)).status, (await ask(two, key)).status]).toEqual([200, 200]);
    const { data } = await one.ask<{ revokeApiKey: { errors: object[] } }, object>('mutation ($id: ID!) { revokeApiKey(input: { id: $id }) { errors { code } } }', { id: info.id }, { as: 'admin' });
    expect(data!.revokeApiKey.errors).toEqual([]);
    expect((await ask(one, key)).status).toBe(401);
    await expect.poll(async () => (await ask(two, key)).status, { timeout: 5_000 }).toBe(401);
  });

  it('follow a change of a key’s terms', async () => {
    const { key, info } = await make({});
    await ask(two, key);
    const change = `mutation ($id: ID!, $limits: ApiKeyLimitsInput, $documents: DocumentPolicy) {
      updateApiKey(input: { id: $id, limits: $limits, documents: $documents }) { apiKey { documents limits { requestsPerMinute concurrent } } errors { code field } }
    }`;
    const changed = async (variables: object) => (await one.ask<{ updateApiKey: object }, object>(change, { id: info.id, ...variables }, { as: 'admin' })).data!.updateApiKey;
    expect(await changed({ limits: { requestsPerMinute: 777 }, documents: 'LOG' })).toEqual({ apiKey: { documents: 'LOG', limits: { requestsPerMinute: 777, concurrent: null } }, errors: [] });
    const limit = async () => (await ask(two, key)).headers.get('ratelimit-policy');
    await expect.poll(limit, { timeout: 5_000 }).toContain('"requests";q=777;');
    expect(await changed({ limits: { requestsPerMinute: null, concurrent: 3 } })).toEqual({ apiKey: { documents: 'LOG', limits: { requestsPerMinute: null, concurrent: 3 } }, errors: [] });
    await expect.poll(limit, { timeout: 5_000 }).toContain('"requests";q=6000;');
    // More than the one who changes it has.
    expect(await changed({ limits: { personsPerDay: 50_001 } })).toEqual({ apiKey: null, errors: [{ code: 'NOT_HELD', field: 'limits' }] });
    expect(await changed({ limits: { personsPerDay: 0 } })).toEqual({ apiKey: null, errors: [{ code: 'LIMIT', field: 'limits' }] });
  });

  it('block an address that guesses at either, once it has sent too many to both', async () => {
    await earlyInTheMinute();
    const guess = (at: TestHub, i: number) => ask(at, `wrong-${i}`);
    expect((await ask(one, one.keys.desk)).status).toBe(200);
    const statuses = [];
    for (let i = 0; i < 8; i += 1) statuses.push((await guess(i < 2 ? two : one, i)).status);
    // The two together take as many as one would; a key that was revoked a moment ago counts as wrong too.
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(6);
    expect(statuses.slice(6)).toEqual([429, 429]);
    // The other one, which saw the first two only, hears of the block. A key that was let in before goes on, so each try has one of its own.
    for (const at of [one, two]) await expect.poll(async () => (await ask(at, (await make({})).key)).status).toBe(429);
    expect((await ask(one, one.keys.desk)).status).toBe(200);
    await using late = await startTestHub({ people: 40, settings: { LIMIT_WRONG_KEYS_PER_MINUTE: '6' }, beside: one });
    expect((await ask(late, one.keys.partner)).status).toBe(429);
  });
});
