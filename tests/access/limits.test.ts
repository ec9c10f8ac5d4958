import { parse } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLimits } from '../../src/access/limits.ts';
import { createMeters, type Quota } from '../../src/access/meters.ts';
import { createPersons } from '../../src/access/persons.ts';
import { createPlaces } from '../../src/access/places.ts';
import { type CallerLimits, type OwnLimits, usualTerms } from '../../src/access/terms.ts';
import { createCosts } from '../../src/graph/cost.ts';
import { schema } from '../../src/graph/schema.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { startTestHub } from '../support/hub.ts';
import { earlyInTheMinute } from '../support/minute.ts';

let own: TestDatabase;
let one: Database;
let two: Database;
beforeAll(async () => {
  own = await testDatabase();
  [one, two] = [await openDatabase({ url: own.url, connections: 3 }), await openDatabase({ url: own.url, connections: 3 })];
});
afterAll(async () => {
  await Promise.all([one.close(), two.close()]);
  await own.drop();
});

/** A clock that stands still until it is told to go on. */
let at = 0;
beforeEach(() => {
  at += 10 * 86_400_000;
});
const now = () => at;

describe('points shared by instances', () => {
  it('are never more than the quota in a window, and all of it is given out', async () => {
    const quota: Quota = { name: 'points', limit: 1_000, windowMs: 60_000 };
    const meters = [createMeters(one, { now }), createMeters(two, { now })];
    const taken = await Promise.all(Array.from({ length: 400 }, (_, i) => meters[i % 2]!.take('a', quota, 7)));
    const granted = taken.filter((result) => result.granted).length;
    expect(granted * 7).toBeLessThanOrEqual(1_000);
    // At most what is too small a rest in each instance's hand is lost.
    expect(granted * 7).toBeGreaterThan(1_000 - 2 * 50);
    expect((await meters[0]!.take('b', quota, 7)).granted).toBe(true);
    at += 60_000;
    expect(await meters[1]!.take('a', quota, 7)).toMatchObject({ granted: true, remaining: 993 });
  });

  it('that were not needed can be taken again in their window', async () => {
    const quota: Quota = { name: 'cost', limit: 100, windowMs: 60_000 };
    const meters = createMeters(one, { now });
    const { resetAt } = await meters.take('c', quota, 100);
    expect((await meters.take('c', quota, 1)).granted).toBe(false);
    meters.giveBack('c', quota, 40, resetAt);
    expect([await meters.take('c', quota, 40), await meters.take('c', quota, 1)].map(({ granted }) => granted)).toEqual([true, false]);
    at += 60_000;
    meters.giveBack('c', quota, 60, resetAt);
    expect(await meters.take('c', quota, 1)).toMatchObject({ granted: true, remaining: 99 });
  });

  it('follow a limit that is changed within the window', async () => {
    const quota = (limit: number): Quota => ({ name: 'changed', limit, windowMs: 60_000 });
    const meters = createMeters(one, { now });
    expect(await meters.take('e', quota(1_000), 1)).toMatchObject({ granted: true });
    // Fifty were set aside: more than there are now.
    expect(await meters.take('e', quota(20), 1)).toMatchObject({ granted: false, remaining: 0 });
    expect(await meters.take('e', quota(200), 1)).toMatchObject({ granted: true });
    expect((await meters.take('e', quota(200), 150)).granted).toBe(false);
  });

  it('are forgotten when their window is over', async () => {
    const meters = createMeters(one, { now });
    await meters.take('d', { name: 'x', limit: 10, windowMs: 60_000 }, 1);
    at += 61_000;
    await meters.sweep();
    expect(await one.run((q) => q.execute<{ count: string }>(`select count(*) from meter where caller = 'd'`))).toMatchObject([{ count: '0' }]);
  });
});

describe('persons a day', () => {
  it('are counted once each over all instances, block when used up, and raise one alarm', async () => {
    const alarms: string[] = [];
    const persons = [one, two].map((database) => createPersons(database, { now, onAlarm: (caller) => alarms.push(caller) }));
    const [a, b, c, d, e] = Array.from({ length: 5 }, () => crypto.randomUUID()) as [string, string, string, string, string];
    persons[0]!.saw('k', new Set([a, b, c]), 5);
    await persons[0]!.flush();
    persons[1]!.saw('k', new Set([b, c, d]), 5);
    await persons[1]!.flush();
    expect(persons[1]!.blockedUntil('k', 5)).toBeNull();
    persons[1]!.saw('k', new Set([e]), 5);
    await persons[1]!.flush();
    expect(persons[1]!.blockedUntil('k', 5)).toBeGreaterThan(at);
    expect(persons[1]!.blockedUntil('other', 5)).toBeNull();
    persons[1]!.saw('k', new Set([crypto.randomUUID()]), 5);
    await persons[1]!.flush();
    expect(alarms).toEqual(['k']);
    at += 86_400_000;
    expect(persons[1]!.blockedUntil('k', 5)).toBeNull();
  });
});

const usual: CallerLimits = { requestsPerMinute: 100, costPerMinute: 1_000, concurrent: 2, personsPerDay: 9 };

/** The limits as an instance of the hub has them. */
function instance(database: Database) {
  const places = createPlaces(database, { tendMs: 3_600_000 });
  const limits = createLimits({ meters: createMeters(database, { now }), persons: createPersons(database, { now }), places, usual });
  return { places, limits, [Symbol.asyncDispose]: () => places.close() };
}
const caller = (id: string, limits: OwnLimits = usualTerms.limits) => ({ id, limits });

describe('requests at the same time', () => {
  it('are as many as allowed, and a settled one makes room', async () => {
    await using here = instance(one);
    const { limits } = here;
    const k = caller('k');
    const first = await limits.admit(k, 10);
    await limits.admit(k, 10);
    expect(await limits.admit(k, 10)).toMatchObject({ what: 'concurrent' });
    limits.settle(k, first as never, 4, new Set());
    expect(await limits.admit(k, 10)).toMatchObject({ points: 10, cost: { remaining: 1_000 - 30 + 6 } });
    expect(await limits.admit(k, 1_001)).toEqual({ what: 'too costly', retryAt: null });
  });

  it('are as many over all instances, whoever asks first, and what one gives back or leaves behind goes to the others', async () => {
    const many = 40;
    await using here = instance(one);
    await using there = instance(two);
    const k = caller('places', { concurrent: many });
    const taken = await Promise.all(Array.from({ length: 3 * many }, async (_, i) => ({ at: i % 2 ? here : there, got: await (i % 2 ? here : there).limits.admit(k, 1) })));
    const got = taken.filter(({ got }) => 'points' in got);
    expect(got.length).toBe(many);
    for (const { at, got: admission } of got) if (at === here) at.limits.settle(k, admission as never, 1, new Set());
    // What was used since the last look is kept through this one, and given back by the next.
    await here.places.tend();
    await here.places.tend();
    await new Promise((resolve) => setTimeout(resolve, 250));
    const more = await Promise.all(Array.from({ length: many }, () => there.limits.admit(k, 1)));
    expect(more.filter((admission) => 'points' in admission).length).toBe(got.filter(({ at }) => at === here).length);
    // An instance that is killed gives nothing back; after its lease the places are anybody's.
    await two.run((q) => q.execute(`update held_places set ends_at = now() - interval '1 second'`));
    expect(await here.limits.admit(k, 1)).toMatchObject({ points: 1 });
    await here.places.sweep();
    expect(await two.run((q) => q.execute(`select caller from held_places where ends_at < now()`))).toHaveLength(0);
  });
});

describe('a caller with limits of its own', () => {
  it('has those, and the usual ones for the rest', async () => {
    await using here = instance(one);
    const own = caller('own', { requestsPerMinute: 3, concurrent: 10, personsPerDay: 1 });
    expect(here.limits.of(own)).toEqual({ ...usual, requestsPerMinute: 3, concurrent: 10, personsPerDay: 1 });
    expect(here.limits.of(caller('other'))).toEqual(usual);
    const admissions = [];
    for (let i = 0; i < 4; i += 1) admissions.push(await here.limits.admit(own, 1));
    expect(admissions.map((admission) => ('what' in admission ? admission.what : admission.requests.limit))).toEqual([3, 3, 3, 'requests']);
  });
});

describe('the cost of an operation', () => {
  const costs = createCosts(schema, [
    { holds: ['IDENTITY', 'PLACEMENT'], batchLimit: 100 },
    { holds: ['HEALTH_INSURANCE'], batchLimit: 1 },
  ]);
  const points = (text: string, variables = {}) => costs.estimate(parse(text), undefined, variables).points;
  const keys = (count: number) => Array.from({ length: count }, () => ({ nik: 'x' }));

  it.each([
    ['{ viewer { name } }', {}, 1],
    ['query ($k: WorkerKey!) { worker(by: $k) { id } }', {}, 1],
    ['query ($k: WorkerKey!) { worker(by: $k) { name placements { job } } }', {}, 1 + 11],
    ['query ($k: WorkerKey!) { worker(by: $k) { ...F } } fragment F on Worker { healthInsurance { status } }', {}, 1 + 11],
    ['query ($by: [WorkerKey!]!) { workers(by: $by) { name healthInsurance { status } } }', { by: keys(50) }, 1 + 3 + 60 + 50 * 10 + 50],
    ['{ a: workers(by: [{ nik: "x" }, { nik: "y" }]) { name } b: workers(by: []) { name } }', {}, 1 + 12],
    ['query ($id: ID!) { node(id: $id) { ... on Worker { name } } }', {}, 1 + 11],
    // A page of 50 pairs reads 50 workers on each side, not as many for each place of a list that is the page itself.
    ['{ linkReviews(first: 50) { edges { node { left { worker { name } } right { worker { name } } } } } }', {}, 1 + 4 + 2 * 60],
    ['query ($n: Int!) { linkReviews(first: $n) { edges { ...E } } } fragment E on LinkReviewEdge { node { left { worker { healthInsurance { status } } } } }', { n: 20 }, 1 + 1 + 20 * 11],
  ])('%s %#', (text, variables, expected) => {
    expect(points(text, variables)).toBe(expected);
  });

  it('has the call in it that a mutation makes', () => {
    const ofMissions = createCosts(schema, [{ holds: ['IDENTITY', 'PLACEMENT'], batchLimit: 100 }, { holds: ['IDENTITY', 'CASE'], batchLimit: 25 }]);
    expect(ofMissions.estimate(parse('mutation ($input: ReferCaseInput!) { referCase(input: $input) { referral { id worker { name } } } }'), undefined, {}).points).toBe(1 + 11);
  });

  it('is refused where fragments make more of an operation than any may be', () => {
    const bomb = (levels: number) => `{ ...F0 } ${Array.from({ length: levels }, (_, i) => `fragment F${i} on Query { ${i + 1 < levels ? `...F${i + 1} ...F${i + 1}` : '__typename'} }`).join(' ')}`;
    expect(points(bomb(5))).toBe(1);
    expect(() => points(bomb(25))).toThrow('more than 5000');
    expect(() => points(bomb(40))).toThrow('deeper than 30');
  });
});

describe('over HTTP', () => {
  it('each answer tells its cost and the limits, gives the unused estimate back, and 429 says when to come again', async () => {
    await using hub = await startTestHub({ people: 40, settings: { LIMIT_COST_PER_MINUTE: '400', LIMIT_REQUESTS_PER_MINUTE: '30' } });
    const by = Array.from({ length: 3 }, () => ({ nik: hub.world.person(0).truth.nik }));
    const query = 'query ($by: [WorkerKey!]!) { workers(by: $by) { placements { job } } viewer { rateLimit { name limit } } }';
    const first = await hub.ask(query, { by });
    const cost = first.extensions!['cost'] as Record<string, number>;
    // Three keys of one worker are one person to the agency.
    expect(cost).toMatchObject({ requested: 1 + 10 + 3, actual: 1 + 10 + 1, limit: 400, remaining: 400 - 12, resetAt: expect.any(String) });
    expect(first.data).toMatchObject({ viewer: { rateLimit: [{ name: 'requests', limit: 30 }, { name: 'cost', limit: 400 }] } });
    expect(first.headers.get('ratelimit-policy')).toBe('"requests";q=30;w=60, "cost";q=400;w=60');
    expect(first.headers.get('ratelimit')).toMatch(/^"requests";r=29;t=\d+, "cost";r=388;t=\d+$/);
    hub.reset();
    // In one minute the thirty-first is one too many; the minute may end on the way once.
    let refused = first;
    for (let i = 0; i < 62 && refused.status !== 429; i += 1) refused = await hub.ask('{ viewer { name } }', {});
    expect([refused.status, refused.errors.map(({ extensions }) => [extensions.code, extensions.retryable])]).toEqual([429, [['RATE_LIMITED', true]]]);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    // Another caller is not concerned.
    expect((await hub.ask('{ viewer { name } }', {}, { as: 'admin' })).status).toBe(200);
    expect((await hub.ask('query ($by: [WorkerKey!]!) { workers(by: $by) { healthInsurance { status } } }', { by: Array.from({ length: 50 }, () => by[0]) }, { as: 'admin' })).errors.map(({ extensions }) => extensions.code)).toEqual(['QUERY_TOO_COMPLEX']);
  });

  it('wrong keys of every kind get one answer, and 429 after twenty a minute, while a key that was right there goes on', { timeout: 60_000 }, async () => {
    await earlyInTheMinute();
    await using hub = await startTestHub({ people: 40, sync: false, settings: { LIMIT_WRONG_KEYS_PER_MINUTE: '5' } });
    const ask = (key: string) => hub.ask('{ viewer { name } }', {}, { as: null, headers: { 'x-api-key': key } });
    expect((await ask(hub.keys.desk)).status).toBe(200);
    const bodies = new Set<string>();
    const wrong = ['nonsense', `${hub.keys.desk.slice(0, -1)}#`, hub.keys.desk.replace(/_test_/, '_live_'), 'x'.repeat(500)];
    for (const key of wrong) {
      const { status, errors } = await ask(key);
      bodies.add(JSON.stringify([status, errors[0]!.message, errors[0]!.extensions['code']]));
    }
    expect([...bodies]).toEqual([expect.stringContaining('UNAUTHENTICATED')]);
    let status = 0;
    for (let i = 0; i < 12 && status !== 429; i += 1) ({ status } = await ask(`wrong-${i}`));
    expect(status).toBe(429);
    // A right key that was not used from there before is not told apart from a wrong one.
    expect((await ask(hub.keys.partner)).status).toBe(429);
    expect((await ask(hub.keys.desk)).status).toBe(200);
  });
});
