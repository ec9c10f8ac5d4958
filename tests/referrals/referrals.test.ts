import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ReferralFault } from '../../src/referrals/fault.ts';
import { ofWorkers, withId } from '../../src/referrals/read.ts';
import { createReferrals, type Referrals } from '../../src/referrals/referrals.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { testDatabase } from '../support/database.ts';
import { addWorker, recordOf, wanted, workerId } from './kit.ts';

let parts: AsyncDisposableStack;
let database: Database;
let referrals: Referrals;
let [person, last] = [0, 0];
beforeAll(async () => {
  parts = new AsyncDisposableStack();
  const { url } = parts.use(await testDatabase());
  database = parts.adopt(await openDatabase({ url }), (d) => d.close());
  referrals = createReferrals(database);
});
afterAll(() => parts.disposeAsync());
beforeEach(async () => {
  last += 2;
  person = last - 1;
  await addWorker(database, person);
});

const act = (by = 'KEY:sender') => ({ by, at: new Date() });
const fault = (work: Promise<unknown>) => work.then(() => null, ({ code, field }: ReferralFault) => `${code} ${field}`);
const eventsOf = async (n: number) => database.run((q) => q.execute<{ kind: string; ref: string; worker_id: string; subject: object; reach: object }>(sql`select kind, ref, worker_id, subject, reach from event_inbox where worker_id = ${workerId(n)}::uuid order by seq`));

describe('a referral', () => {
  it('is written with its step and its event, or not at all', async () => {
    const made = await referrals.refer(wanted(person, { note: 'Catatan.', benefit: 'JKK_DISMISSAL' }), act());
    expect(made).toMatchObject({ state: 'SENT', owner: workerId(person), from: 'PERWAKILAN', to: 'BPJS_KETENAGAKERJAAN', steps: [{ state: 'SENT', by: 'KEY:sender', text: 'Catatan.', outcome: null }] });
    expect(await eventsOf(person)).toMatchObject([{
      kind: 'REFERRAL_SENT', ref: `${made.workerId}.${made.id}`, subject: { facet: 'CASE', agency: 'PERWAKILAN', recordId: recordOf(person) },
      reach: { facets: [], case: { mission: 'KJRI_HONG_KONG', category: 'KETENAGAKERJAAN' }, referral: { from: 'PERWAKILAN', to: 'BPJS_KETENAGAKERJAAN' } },
    }]);
    // What the events hold, nobody is known by.
    expect(JSON.stringify(await eventsOf(person))).not.toContain('Catatan');
    // The event cannot be written: neither is the rest.
    const broken = createReferrals({ ...database, transaction: (work) => database.transaction(async (q) => work(Object.assign(Object.create(q) as typeof q, { execute: () => Promise.reject(new Error('no event')) }))) });
    await expect(broken.accept(made, act('KEY:there'))).rejects.toThrow('no event');
    expect((await referrals.read(withId(made)))[0]).toMatchObject({ state: 'SENT', steps: [{ state: 'SENT' }] });
  });

  it('goes from state to state, leaves none out and goes back to none', async () => {
    const made = await referrals.refer(wanted(person), act());
    const answer = { outcome: 'REFUSED' as const, text: 'Tidak.' };
    expect(await fault(referrals.answer(made, answer, act('KEY:there')))).toBe('CONFLICT id');
    await referrals.accept(made, act('KEY:there'));
    const done = await referrals.answer(made, answer, act('KEY:other'));
    expect(done.steps.map(({ state, by, text, outcome }) => [state, by, text, outcome])).toEqual([['SENT', 'KEY:sender', null, null], ['ACCEPTED', 'KEY:there', null, null], ['ANSWERED', 'KEY:other', 'Tidak.', 'REFUSED']]);
    expect(await fault(referrals.answer(made, answer, act('KEY:there')))).toBe('CONFLICT id');
    // Who did it is told the same again; and that it was accepted stays true.
    expect(await referrals.answer(made, answer, act('KEY:other'))).toEqual(done);
    expect((await referrals.accept(made, act('KEY:there'))).state).toBe('ANSWERED');
    expect((await eventsOf(person)).map(({ kind }) => kind)).toEqual(['REFERRAL_SENT', 'REFERRAL_ACCEPTED', 'REFERRAL_ANSWERED']);
  });

  it('tries another reference where one is taken', async () => {
    const made = await referrals.refer(wanted(person), act());
    let tries = 0;
    const again = createReferrals({
      ...database,
      transaction: (work) => database.transaction((q) => work(Object.assign(Object.create(q) as typeof q, {
        insert: (table: never) => {
          const insert = q.insert(table);
          return { values: (values: { reference?: string }) => insert.values((values.reference === undefined || (tries += 1) > 2 ? values : { ...values, reference: made.reference }) as never) };
        },
      }))),
    });
    expect((await again.refer(wanted(person, { to: 'BP2MI' }), act())).reference).not.toBe(made.reference);
    expect(tries).toBe(3);
  });

  it('follows its case: to whom her worker is merged with, and to whom the record goes', async () => {
    await addWorker(database, last);
    const made = await referrals.refer(wanted(person), act());
    const hers = async (n: number) => (await referrals.read(ofWorkers([workerId(n)]))).map(({ id }) => id);
    expect([await hers(person), await hers(last)]).toEqual([[made.id], []]);
    await database.run((q) => q.execute(sql`update agency_record set worker_id = ${workerId(last)}::uuid where record_id = ${recordOf(person)}`));
    expect([await hers(person), await hers(last)]).toEqual([[], [made.id]]);
    expect((await referrals.accept(made, act('KEY:there'))).owner).toBe(workerId(last));
    expect((await eventsOf(last)).map(({ kind, ref }) => [kind, ref])).toEqual([['REFERRAL_ACCEPTED', `${workerId(person)}.${made.id}`]]);
    // The mission has removed the record: her old id tells whose it was.
    await database.run((q) => q.execute(sql`delete from agency_record where record_id = ${recordOf(person)}`));
    expect([await hers(person), await hers(last)]).toEqual([[made.id], []]);
    await database.run((q) => q.execute(sql`update worker set merged_into = ${workerId(last)}::uuid where id = ${workerId(person)}::uuid`));
    expect([await hers(person), await hers(last)]).toEqual([[], [made.id]]);
  });

  it('is of the category that the case has now', async () => {
    const made = await referrals.refer(wanted(person), act());
    await database.run((q) => q.execute(sql`update agency_record set body = jsonb_set(body, '{cases,0,category}', '"TPPO"') where record_id = ${recordOf(person)}`));
    expect((await referrals.accept(made, act('KEY:there'))).category).toBe('TPPO');
    expect((await eventsOf(person)).at(-1)).toMatchObject({ reach: { case: { category: 'TPPO' } } });
  });
});
