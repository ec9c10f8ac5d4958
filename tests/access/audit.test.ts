import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sql } from 'drizzle-orm';
import { createAudit } from '../../src/access/audit.ts';
import type { AuditEntry } from '../../src/access/auditEntry.ts';
import { pruneAudit } from '../../src/access/auditPrune.ts';
import { verifyAudit } from '../../src/access/auditVerify.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { testDatabase } from '../support/database.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ people: 60 });
});
afterAll(() => hub[Symbol.asyncDispose]());
beforeEach(() => hub.reset());

const nikOf = (index: number) => hub.world.person(index).truth.nik;
const read = 'query Look($nik: NIK!) { worker(by: { nik: $nik }) { id placements { job } } }';
interface Read {
  readonly worker: { readonly id: string } | null;
}
const idOf = async (index: number) => (await hub.ask<Read, object>('query ($nik: NIK!) { worker(by: { nik: $nik }) { id } }', { nik: nikOf(index) })).data!.worker!.id;
const plainId = (globalId: string) => Buffer.from(globalId, 'base64').toString().split(':')[1]!;
const rowsOf = async (globalId: string) => hub.hub.audit.about(plainId(globalId), { first: 100 });

describe('the audit log', () => {
  it('has a row for each request that touched personal data, before the answer leaves', async () => {
    const headers = { 'x-purpose': 'SERVICE', 'x-request-id': 'desk-1', 'apollographql-client-name': 'desk 3507104101909001', 'apollographql-client-version': '2.1' };
    const { data } = await hub.ask<Read, object>(read, { nik: nikOf(0) }, { headers });
    const [row] = await rowsOf(data!.worker!.id);
    expect(row).toMatchObject({ requestId: 'desk-1', callerName: 'desk', callerKind: 'KEY', purpose: 'SERVICE', operation: 'query', operationName: 'Look', clientName: 'desk', clientVersion: '2.1', outcome: 'ANSWERED', codes: [], classes: ['placement:read'], denied: [], agencies: ['BP2MI'], notFound: 0 });
    expect(row!.documentHash).toMatch(/^[0-9a-f]{64}$/);
    expect(row!.workers).toEqual([plainId(data!.worker!.id)]);
  });

  it('has rows for what was refused and for numbers that lead to nobody, and none for what is not personal', async () => {
    const before = (await hub.hub.audit.head())!.seq;
    await hub.ask('{ agencies { name } viewer { name } }', {});
    expect((await hub.hub.audit.head())!.seq).toBe(before);
    await hub.ask(read, { nik: '3507104101909999' });
    await hub.ask('query ($nik: NIK!) { worker(by: { nik: $nik }) { name } }', { nik: nikOf(0) }, { as: 'partner' });
    expect((await hub.hub.audit.head())!.seq).toBe(before + 2);
    const [row] = await rowsOf(await idOf(0)).then((rows) => rows.filter(({ callerName }) => callerName === 'partner'));
    expect(row).toMatchObject({ outcome: 'PARTIAL', codes: ['FORBIDDEN'], denied: ['identity:read'], classes: [] });
  });

  it('lets no answer leave that it does not hold', async () => {
    const { database } = hub.hub;
    await database.run((q) => q.execute(sql`alter table audit_entry rename to audit_entry_gone`));
    try {
      const answer = await hub.ask(read, { nik: nikOf(0) });
      expect([answer.status, answer.data, answer.errors.map(({ extensions }) => extensions.code)]).toEqual([503, undefined, ['SERVICE_UNAVAILABLE']]);
      expect((await hub.ask('{ viewer { name } }', {})).status).toBe(200);
    } finally {
      await database.run((q) => q.execute(sql`alter table audit_entry_gone rename to audit_entry`));
    }
    expect((await hub.ask(read, { nik: nikOf(0) })).status).toBe(200);
  });

  it('is shown as Worker.accessLog to those with audit:read, which is itself a row; others get FORBIDDEN', async () => {
    const id = await idOf(3);
    await hub.ask(read, { nik: nikOf(3) }, { headers: { 'x-purpose': 'PROTECTION' } });
    const ask = (before: string | null, as: 'admin' | 'desk') =>
      hub.ask<{ node: { accessLog: { id: string; callerName: string; purpose: string | null; classes: string[]; workers: number }[] | null } }, object>(
        'query ($id: ID!, $before: ID) { node(id: $id) { ... on Worker { accessLog(first: 1, before: $before) { id callerName purpose classes workers } } } }',
        { id, before },
        { as },
      );
    const first = (await ask(null, 'admin')).data!.node.accessLog!;
    expect(first).toMatchObject([{ callerName: 'desk', purpose: 'PROTECTION', classes: ['placement:read'], workers: 1 }]);
    expect((await ask(first[0]!.id, 'admin')).data!.node.accessLog).toMatchObject([{ callerName: 'desk', purpose: 'SERVICE', classes: [] }]);
    expect((await rowsOf(id))[0]).toMatchObject({ callerName: 'admin', classes: ['audit:read'] });
    const denied = await ask(null, 'desk');
    expect([denied.data!.node.accessLog, denied.errors.map(({ extensions }) => extensions.scope)]).toEqual([null, ['audit:read']]);
  });
});

describe('a restriction of processing', () => {
  const change = (field: 'restrictWorker' | 'liftRestriction', id: string, as: 'admin' | 'desk' = 'admin') =>
    hub.ask<Record<string, { done: boolean } | null>, object>(`mutation ($id: ID!) { ${field}(input: { id: $id${field === 'restrictWorker' ? ', reason: SUBJECT_REQUEST' : ''} }) { done } }`, { id }, { as });

  it('is honoured by every path before any agency is called, and lifted again', async () => {
    const id = await idOf(5);
    expect((await change('restrictWorker', id, 'desk')).errors.map(({ extensions }) => extensions.scope)).toEqual(['restriction:manage']);
    expect((await change('restrictWorker', id)).data!.restrictWorker).toEqual({ done: true });
    hub.reset();
    const both = await hub.ask<{ one: null; many: (object | null)[]; node: null }, object>(
      'query ($nik: NIK!, $other: NIK!, $id: ID!) { one: worker(by: { nik: $nik }) { name } many: workers(by: [{ nik: $nik }, { nik: $other }]) { id } node(id: $id) { id } }',
      { nik: nikOf(5), other: nikOf(6), id },
    );
    expect(both.data).toEqual({ one: null, many: [null, { id: expect.any(String) }], node: null });
    expect(both.errors.map(({ extensions }) => extensions.code)).toEqual(['PROCESSING_RESTRICTED']);
    expect(Object.values(hub.calls())).toEqual([0, 0, 0, 0]);
    expect((await rowsOf(id))[0]).toMatchObject({ callerName: 'desk', outcome: 'PARTIAL', codes: ['PROCESSING_RESTRICTED'] });
    expect((await hub.ask<{ restrictions: object[] }, object>('{ restrictions { workerId reason } }', {}, { as: 'admin' })).data!.restrictions).toEqual([{ workerId: id, reason: 'SUBJECT_REQUEST' }]);
    expect((await change('liftRestriction', id)).data!.liftRestriction).toEqual({ done: true });
    expect((await change('liftRestriction', id)).data!.liftRestriction).toEqual({ done: false });
    expect((await hub.ask<Read, object>(read, { nik: nikOf(5) })).data!.worker!.id).toBe(id);
  });

  it('is not told to callers with bounds, to whom she is as if she did not exist', async () => {
    const id = await idOf(0);
    await change('restrictWorker', id);
    const { data, errors } = await hub.ask(read, { nik: nikOf(0) }, { as: 'partner' });
    expect([data, errors]).toEqual([{ worker: null }, []]);
    await change('liftRestriction', id);
  });
});

describe('restrictions', () => {
  it('are not for callers with bounds: what is outside does not exist to them', async () => {
    const id = await idOf(0);
    const { key } = await hub.hub.keys.create({ name: 'bound', scopes: ['restriction:manage'], bounds: { areas: ['35'] }, environment: 'test', expiresAt: new Date(Date.now() + 60_000) });
    const as = { as: null, headers: { 'x-api-key': key } };
    await hub.ask('mutation ($id: ID!) { restrictWorker(input: { id: $id, reason: SUBJECT_REQUEST }) { done } }', { id }, { as: 'admin' });
    const listed = await hub.ask('{ restrictions { workerId } }', {}, as);
    const lifted = await hub.ask('mutation ($id: ID!) { liftRestriction(input: { id: $id }) { done } }', { id }, as);
    for (const { data, errors } of [listed, lifted]) {
      expect(Object.values(data as object)).toEqual([null]);
      expect(errors.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
    }
    expect((await hub.ask<{ liftRestriction: { done: boolean } }, object>('mutation ($id: ID!) { liftRestriction(input: { id: $id }) { done } }', { id }, { as: 'admin' })).data!.liftRestriction.done).toBe(true);
  });
});

describe('the chain', () => {
  const entry = (n: number): AuditEntry => ({ at: new Date(1_700_000_000_000 + n), requestId: `r-${n}`, callerKind: 'KEY', callerId: 'k', callerName: 'é "quoted" \\ name', purpose: n % 2 ? 'SERVICE' : null, caseReference: null, operation: 'query', operationName: null, documentHash: null, clientName: null, clientVersion: null, outcome: 'ANSWERED', codes: [], workers: [crypto.randomUUID()], notFound: 0, classes: ['a', 'b'], denied: [], agencies: [] });

  it('holds over rows of several instances written at once, and names the first row that was tampered with', async () => {
    await using own = await testDatabase();
    await using one = await openOwn(own.url);
    await using two = await openOwn(own.url);
    const audits = [createAudit(one.database, { batch: 7 }), createAudit(two.database)];
    await Promise.all(Array.from({ length: 100 }, (_, n) => audits[n % 2]!.append(entry(n))));
    const whole = await verifyAudit(one.database, { page: 30 });
    expect(whole).toEqual({ rows: 100, head: await audits[0]!.head(), pruned: null, bad: null });
    const run = (statement: string) => one.database.run((q) => q.execute(sql.raw(statement)));
    const badAfter = async (statement: string, undo: string) => {
      await run(statement);
      const { bad } = await verifyAudit(one.database, { anchor: whole.head! });
      await run(undo);
      return bad;
    };
    expect(await badAfter(`update audit_entry set caller_name = 'nobody' where seq = 40`, `update audit_entry set caller_name = 'é "quoted" \\ name' where seq = 40`)).toEqual({ seq: 40, why: 'CHANGED' });
    expect((await verifyAudit(one.database)).bad).toBeNull();
    await run('create table kept as select * from audit_entry');
    const restore = 'truncate audit_entry; insert into audit_entry select * from kept';
    expect(await badAfter('delete from audit_entry where seq = 1', restore)).toEqual({ seq: 1, why: 'MISSING' });
    expect(await badAfter('delete from audit_entry where seq = 57', restore)).toEqual({ seq: 57, why: 'MISSING' });
    expect(await badAfter('delete from audit_entry where seq > 90', restore)).toEqual({ seq: 91, why: 'MISSING' });
    // Whoever writes the whole tail anew makes a chain that holds in itself: only the digest kept outside tells.
    await run('delete from audit_entry where seq > 99');
    await audits[0]!.append(entry(1));
    expect((await verifyAudit(one.database)).bad).toBeNull();
    expect((await verifyAudit(one.database, { anchor: whole.head! })).bad).toEqual({ seq: 100, why: 'NOT_THE_ANCHOR' });
  });

  it('shows a row that another corrects no more, whoever else used its request id, and holds over both', async () => {
    await using own = await testDatabase();
    await using one = await openOwn(own.url);
    const audit = createAudit(one.database);
    const [her, other] = [crypto.randomUUID(), crypto.randomUUID()];
    const seqs = await Promise.all([1, 2, 3].map((n) => audit.append({ ...entry(n), requestId: 'the same', workers: [her, other] })));
    expect(seqs).toEqual([1, 2, 3]);
    expect(await audit.append({ ...entry(4), requestId: 'the same', outcome: 'PARTIAL', workers: [her], corrects: 2 })).toBe(4);
    const about = async (worker: string, page = { first: 100 }) => (await audit.about(worker, page)).map(({ seq, corrects }) => [seq, corrects]);
    expect(await about(her)).toEqual([[4, 2], [3, null], [1, null]]);
    expect(await about(her, { first: 2 })).toEqual([[4, 2], [3, null]]);
    // The row that holds is not about the other one any more.
    expect(await about(other)).toEqual([[3, null], [1, null]]);
    const whole = await verifyAudit(one.database);
    expect(whole).toMatchObject({ rows: 4, bad: null });
    await one.database.run((q) => q.execute(sql`update audit_entry set corrects = null where seq = 4`));
    expect((await verifyAudit(one.database)).bad).toEqual({ seq: 4, why: 'CHANGED' });
    await one.database.run((q) => q.execute(sql`update audit_entry set corrects = 2 where seq = 4`));
    await one.database.run((q) => q.execute(sql`update audit_entry set corrects = 1 where seq = 3`));
    expect((await verifyAudit(one.database)).bad).toEqual({ seq: 3, why: 'CHANGED' });
  });

  it('sends a row that comes alone at once, and rows that come together in one commit', async () => {
    await using own = await testDatabase();
    await using one = await openOwn(own.url);
    const commits: number[] = [];
    const counted: Database = { ...one.database, prepared: (statement, parameters) => (commits.push((JSON.parse(parameters[0]!) as object[]).length), one.database.prepared(statement, parameters)) };
    const audit = createAudit(counted);
    const first = audit.append(entry(1));
    expect(commits).toEqual([1]);
    // These come while the first is being written.
    await Promise.all([first, audit.append(entry(2)), audit.append(entry(3))]);
    expect(commits).toEqual([1, 2]);
    // Rows now come several at a time, so the first waits for the others of its turn.
    await Promise.all([4, 5, 6].map((n) => audit.append(entry(n))));
    expect(commits).toEqual([1, 2, 3]);
    await audit.append(entry(7));
    await turn();
    const alone = audit.append(entry(8));
    expect(commits).toEqual([1, 2, 3, 1, 1]);
    await alone;
    expect((await verifyAudit(one.database)).rows).toBe(8);
  });

  it('holds after its oldest rows were pruned, and says through which', async () => {
    await using own = await testDatabase();
    await using one = await openOwn(own.url);
    const audit = createAudit(one.database);
    for (let n = 0; n < 20; n += 1) await audit.append(entry(n));
    const old = (await audit.head())!;
    const cut = { before: entry(12).at, now: new Date(1_700_000_100_000) };
    const rows = async () => (await one.database.run((q) => q.execute(sql`select seq from audit_entry order by seq`))).length;
    expect(await pruneAudit(one.database, { ...cut, dryRun: true })).toMatchObject({ rows: 12, through: { seq: 12 } });
    expect(await rows()).toBe(20);
    const first = await pruneAudit(one.database, cut);
    expect(first).toMatchObject({ rows: 12, through: { seq: 12 } });
    const { through } = first as { through: { seq: number; digest: string } };
    // Eight of the old rows, and the one that tells of it.
    expect(await verifyAudit(one.database, { page: 3 })).toEqual({ rows: 9, head: await audit.head(), pruned: through, bad: null });
    for (const anchor of [old, through]) expect((await verifyAudit(one.database, { anchor })).bad).toBeNull();
    expect((await verifyAudit(one.database, { anchor: { ...through, digest: '0'.repeat(64) } })).bad).toEqual({ seq: 12, why: 'NOT_THE_ANCHOR' });
    expect((await verifyAudit(one.database, { anchor: { seq: 3, digest: through.digest } })).bad).toEqual({ seq: 3, why: 'ANCHOR_PRUNED' });
    expect(await pruneAudit(one.database, cut)).toEqual({ rows: 0, through: null });
    // Once more, with everything old, the row of the first time included.
    await audit.append(entry(200_000));
    expect(await pruneAudit(one.database, { before: new Date(1_700_000_300_000), now: new Date(1_700_000_400_000) })).toMatchObject({ rows: 10, through: { seq: 22 } });
    await audit.append(entry(400_001));
    expect(await verifyAudit(one.database)).toMatchObject({ rows: 2, pruned: { seq: 22 }, bad: null });
  });

  it('tells a beginning that somebody took away from one that was pruned, and is not pruned where it does not hold', async () => {
    await using own = await testDatabase();
    await using one = await openOwn(own.url);
    const audit = createAudit(one.database);
    for (let n = 0; n < 10; n += 1) await audit.append(entry(n));
    const run = (statement: string) => one.database.run((q) => q.execute(sql.raw(statement)));
    await run('create table kept as select * from audit_entry');
    const cut = { before: entry(5).at, now: new Date(1_700_000_100_000) };
    await run('delete from audit_entry where seq <= 5');
    expect((await verifyAudit(one.database)).bad).toEqual({ seq: 1, why: 'MISSING' });
    // A caller's own operation cannot pass for the row of a pruning.
    await audit.append({ ...entry(11), operationName: 'audit:prune 5', documentHash: '0'.repeat(64) });
    expect((await verifyAudit(one.database)).bad).toEqual({ seq: 1, why: 'MISSING' });
    await run('truncate audit_entry; insert into audit_entry select * from kept');
    await pruneAudit(one.database, cut);
    // Whoever goes on taking away is found out by what the row says.
    await run('create table pruned as select * from audit_entry');
    for (const [statement, seq] of [['delete from audit_entry where seq <= 6', 1], ['delete from audit_entry where seq = 8', 8], [`update audit_entry set purpose = 'X' where seq = 6`, 6], [`update audit_entry set document_hash = repeat('0', 64) where seq = 11`, 6]] as const) {
      await run(statement);
      expect((await verifyAudit(one.database)).bad?.seq, statement).toBe(seq);
      expect(await pruneAudit(one.database, { ...cut, before: new Date(1_800_000_000_000) })).toMatchObject({ bad: { seq } });
      await run('truncate audit_entry; insert into audit_entry select * from pruned');
    }
    expect((await verifyAudit(one.database)).bad).toBeNull();
  });

  it('fails an entry that cannot be written in time, and goes on after', async () => {
    await using own = await testDatabase();
    await using one = await openOwn(own.url);
    const audit = createAudit(one.database, { waitMs: 1_000 });
    const held = Promise.withResolvers<void>();
    const locked = Promise.withResolvers<void>();
    const holding = one.database.transaction(async (q) => {
      await q.execute(sql`select pg_advisory_xact_lock(hashtext('payung audit'))`);
      locked.resolve();
      await held.promise;
    });
    await locked.promise;
    await expect(audit.append(entry(1))).rejects.toThrow('could not be written');
    held.resolve();
    await holding;
    await audit.append(entry(2));
    expect((await verifyAudit(one.database)).bad).toBeNull();
  });
});

async function openOwn(url: string) {
  const database = await openDatabase({ url, connections: 4 });
  return { database, [Symbol.asyncDispose]: () => database.close() };
}
