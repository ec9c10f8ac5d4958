import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assert, constantFrom, integer, property } from 'fast-check';
import { createKeys, type Keys, type NewKey } from '../../src/access/keys.ts';
import { digest, keyOf, readKey, writeKey } from '../../src/access/keyText.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { apiKey } from '../../src/store/tables.ts';
import { testDatabase } from '../support/database.ts';

const day = 86_400_000;

describe('the text of a key', () => {
  it('shows kind, environment and id, and holds a secret of over 160 bits', () => {
    const { key, id } = writeKey('test');
    expect(key).toMatch(/^payung_test_[0-9A-Za-z]{8}_[0-9A-Za-z]{33}$/);
    expect(readKey(key)).toEqual({ environment: 'test', id });
    expect(27 * Math.log2(62)).toBeGreaterThan(160);
  });

  it('is none any more after one typing error', () => {
    const { key } = writeKey('live');
    assert(
      property(integer({ min: 0, max: key.length - 1 }), constantFrom(...'0aZ_#'), (position, typed) => {
        const typo = key.slice(0, position) + typed + key.slice(position + 1);
        expect(readKey(typo) === null).toBe(typo !== key);
      }),
    );
  });
});

describe('keys', () => {
  let url: string;
  let drop: () => Promise<void>;
  let databases: Database[];
  let opened: Keys[];
  let clock: Date;

  beforeEach(async () => {
    ({ url, drop } = await testDatabase());
    [databases, opened, clock] = [[], [], new Date()];
  });
  afterEach(async () => {
    for (const keys of opened) await keys.close();
    for (const database of databases) await database.close();
    await drop();
  });

  /** Another instance of the hub on the same database. */
  async function instance(options: { acceptTest?: boolean; rememberedMs?: number } = {}): Promise<Keys> {
    const database = await openDatabase({ url, connections: 2 });
    databases.push(database);
    const keys = await createKeys(database, { acceptTest: true, now: () => clock, ...options });
    opened.push(keys);
    return keys;
  }
  const wanted = (extra: Partial<NewKey> = {}): NewKey => ({ name: 'desk', scopes: ['placement:read'], environment: 'test', expiresAt: new Date(clock.getTime() + 90 * day), ...extra });

  it('keep their terms through a rotation, and take new ones', async () => {
    const keys = await instance();
    const { info } = await keys.create(wanted({ documents: 'log', limits: { concurrent: 3, personsPerDay: 10 } }));
    const next = await keys.rotate(info.id);
    expect(next.info).toMatchObject({ documents: 'log', limits: { concurrent: 3, personsPerDay: 10 } });
    expect(await keys.identify(next.key)).toMatchObject({ documents: 'log', limits: { concurrent: 3, personsPerDay: 10 } });
    expect(await keys.change(next.info.id, { documents: 'listed', limits: { concurrent: null, costPerMinute: 7 } })).toMatchObject({ documents: 'listed', limits: { personsPerDay: 10, costPerMinute: 7 } });
    expect((await keys.identify(next.key))!.limits).toEqual({ personsPerDay: 10, costPerMinute: 7 });
    await expect(keys.change(next.info.id, { limits: { concurrent: 1.5 } })).rejects.toMatchObject({ name: 'KeyFault', code: 'LIMIT' });
    await expect(keys.create(wanted({ limits: { concurrent: 0 } }))).rejects.toMatchObject({ code: 'LIMIT' });
    await expect(keys.change('unknown1', { documents: 'any' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('of terms that this version does not know may do nothing rather than everything', async () => {
    const keys = await instance({ rememberedMs: 1 });
    const { key, info } = await keys.create(wanted());
    await databases[0]!.run((q) => q.execute(`update api_key set limits = '{"perHour": 3}', documents = 'signed' where id = '${info.id}'`));
    await expect.poll(async () => (await keys.identify(key))!.documents).toBe('listed');
    expect([...(await keys.identify(key))!.scopes]).toEqual([]);
  });

  it('are known by their scopes, bounds and purposes', async () => {
    const keys = await instance();
    const { key, info } = await keys.create(wanted({ bounds: { missions: ['KJRI_HONG_KONG'], areas: ['35.07'] }, purposes: ['SERVICE'] }));
    expect(await keys.identify(key)).toEqual({
      kind: 'KEY', id: info.id, name: 'desk', scopes: new Set(['placement:read']), bounds: { missions: ['KJRI_HONG_KONG'], areas: ['35.07'] }, purposes: new Set(['SERVICE']), environment: 'test', documents: 'any', limits: {},
    });
  });

  it('are stored as a hash only', async () => {
    const keys = await instance();
    const { key } = await keys.create(wanted());
    const [row] = await databases[0]!.run((q) => q.select().from(apiKey));
    expect(Buffer.from(row!.secretHash)).toEqual(digest(key));
    expect(JSON.stringify(row)).not.toContain(key.slice(-33));
  });

  it('of every wrong kind get one answer', async () => {
    const keys = await instance();
    const { key, info } = await keys.create(wanted());
    const { key: ended } = await keys.create(wanted({ expiresAt: new Date(clock.getTime() + 1_000) }));
    const { key: elsewhere } = await keys.create(wanted({ networks: ['203.0.113.0/24'] }));
    const revoked = await keys.create(wanted());
    await keys.revoke(revoked.info.id);
    clock = new Date(clock.getTime() + 2_000);
    // The right id with another secret, checksum and all.
    const forged = keyOf('test', info.id, 'A'.repeat(27));
    for (const wrong of ['', 'nonsense', `${key}x`, key.slice(0, -1), writeKey('test').key, forged, ended, revoked.key]) expect(await keys.identify(wrong, '203.0.113.7')).toBeNull();
    expect(await keys.identify(elsewhere, '198.51.100.7')).toBeNull();
    expect(await keys.identify(elsewhere)).toBeNull();
    expect(await keys.identify(elsewhere, '203.0.113.7')).not.toBeNull();
    expect(await keys.identify(elsewhere, '::ffff:203.0.113.7')).not.toBeNull();
  });

  it('of the test kind are refused where an agency is real', async () => {
    const [mocks, real] = [await instance(), await instance({ acceptTest: false })];
    const { key } = await mocks.create(wanted());
    const { key: live } = await mocks.create(wanted({ environment: 'live' }));
    expect([await mocks.identify(key), await real.identify(key)].map((caller) => caller !== null)).toEqual([true, false]);
    expect([await mocks.identify(live), await real.identify(live)].map((caller) => caller !== null)).toEqual([true, true]);
  });

  it.each([
    ['EXPIRY', { expiresAt: new Date(Date.now() + 400 * day) }],
    ['EXPIRY', { expiresAt: new Date(Date.now() - day) }],
    ['EXPIRY', { expiresAt: new Date(Number.NaN) }],
    ['NAME', { name: '' }],
    ['NAME', { name: 'a\u0000b' }],
    ['SCOPE', { scopes: ['everything' as never] }],
    ['BOUNDS', { bounds: { areas: ['35%'] } }],
    ['BOUNDS', { bounds: { mission: ['KJRI_HONG_KONG'] } as never }],
    ['NETWORK', { networks: ['203.0.113.0/33'] }],
    ['NETWORK', { networks: [] }],
    ['PURPOSE', { purposes: ['FUN' as never] }],
  ] as const)('are not made with a wrong %s', async (code, extra) => {
    const keys = await instance();
    await expect(keys.create(wanted(extra))).rejects.toMatchObject({ name: 'KeyFault', code });
    expect(await keys.list()).toEqual([]);
  });

  it('revoked on one instance are refused by another as soon as it hears of it', async () => {
    const [one, other] = [await instance(), await instance({ rememberedMs: 600_000 })];
    const { key, info } = await one.create(wanted());
    expect(await other.identify(key)).not.toBeNull();
    await one.revoke(info.id);
    await expect.poll(() => other.identify(key), { timeout: 5_000, interval: 20 }).toBeNull();
  });

  it('revoked are refused within five seconds even if no message comes', async () => {
    const keys = await instance();
    const { key, info } = await keys.create(wanted());
    expect(await keys.identify(key)).not.toBeNull();
    await databases[0]!.run((q) => q.update(apiKey).set({ revokedAt: clock }));
    await expect.poll(() => keys.identify(key), { timeout: 5_000, interval: 100 }).toBeNull();
    expect((await keys.list())[0]).toMatchObject({ id: info.id, revokedAt: clock });
  });

  it('rotate with an overlap in which both work', async () => {
    const [keys, other] = [await instance(), await instance()];
    const first = await keys.create(wanted({ bounds: { p3mis: ['P3MI-001'] } }));
    expect(await other.identify(first.key)).not.toBeNull();
    const second = await keys.rotate(first.info.id, { overlapMs: 60_000 });
    expect(second.info).toMatchObject({ name: 'desk', bounds: { p3mis: ['P3MI-001'] }, replacedBy: null });
    expect(second.info.expiresAt.getTime() - clock.getTime()).toBe(90 * day);
    expect([await keys.identify(first.key), await keys.identify(second.key)].every(Boolean)).toBe(true);
    await expect(keys.rotate(first.info.id)).rejects.toMatchObject({ name: 'KeyFault', code: 'ALREADY_ROTATED' });
    clock = new Date(clock.getTime() + 61_000);
    await expect.poll(async () => [await keys.identify(first.key), await other.identify(first.key)], { timeout: 5_000, interval: 20 }).toEqual([null, null]);
    expect(await other.identify(second.key)).not.toBeNull();
    await expect(keys.rotate(first.info.id)).rejects.toMatchObject({ code: 'ENDED' });
  });

  it('rotated twice at the same time get one successor', async () => {
    const [one, other] = [await instance(), await instance()];
    const { info } = await one.create(wanted());
    const results = await Promise.allSettled([one.rotate(info.id), other.rotate(info.id)]);
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await one.list()).toHaveLength(2);
  });

  it('outside a manager’s own rights are as if they did not exist', async () => {
    const keys = await instance();
    const { info } = await keys.create(wanted({ scopes: ['health:read'] }));
    const manager = { scopes: new Set(['keys:manage', 'placement:read'] as const), bounds: {}, purposes: null };
    expect(await keys.list(manager)).toEqual([]);
    for (const id of [info.id, 'unknown1']) {
      await expect(keys.revoke(id, manager)).rejects.toMatchObject({ code: 'NOT_FOUND', message: 'There is no such key.' });
      await expect(keys.rotate(id, {}, manager)).rejects.toMatchObject({ code: 'NOT_FOUND', message: 'There is no such key.' });
    }
  });

  it('asks the database once for all who come with the same key at once', async () => {
    const { key } = await (await instance()).create({ name: 'busy', scopes: [], environment: 'test', expiresAt: new Date(clock.getTime() + day) });
    const database = await openDatabase({ url, connections: 2 });
    databases.push(database);
    let runs = 0;
    const counting: Database = { ...database, run: (work) => ((runs += 1), database.run(work)) };
    const keys = await createKeys(counting, { acceptTest: true, now: () => clock });
    opened.push(keys);
    runs = 0;
    const asked = Array.from({ length: 32 }, () => keys.identify(key));
    expect(runs).toBe(1);
    expect((await Promise.all(asked)).map((caller) => caller?.name)).toEqual(asked.map(() => 'busy'));
  });

  it('keep when, from where and how often they were used, written once a minute', async () => {
    const keys = await instance();
    const { key } = await keys.create(wanted());
    for (let i = 0; i < 5; i += 1) await keys.identify(key, '203.0.113.7');
    const stored = async () => (await keys.list())[0]!.uses;
    await expect.poll(stored, { timeout: 5_000, interval: 20 }).toBe(1);
    await keys.close();
    expect((await keys.list())[0]).toMatchObject({ uses: 5, lastUsedAt: clock, lastUsedFrom: '203.0.113.7' });
  });
});
