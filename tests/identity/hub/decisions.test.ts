import * as fc from 'fast-check';
import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordKey } from '../../../src/domain/record.ts';
import { createLinks, type Links } from '../../../src/identity/hub/links.ts';
import { relinkAll } from '../../../src/identity/hub/relink.ts';
import { bareRecord } from '../../agencies/fakeWorld.ts';
import { at, emptyIndex, filledIndex, type Index, worldRecords } from './world.ts';

const because = { by: 'KEY:test', reason: 'papers seen', at };
const person = (i: number) => ({ name: `${['SITI', 'DEWI', 'RINA', 'YANTI', 'JOKO', 'BUDI'][i]} ${['AMINAH', 'LESTARI', 'WATI', 'RAHAYU', 'WIBOWO', 'SANTOSO'][i]}`, dateOfBirth: `199${i}-0${i + 1}-1${i}` });
const nikOf = (i: number) => ({ kind: 'NIK' as const, value: `350410${41 + i}019${i}900${i}` });
const recordOf = (agency: string, id: string, i: number) => bareRecord(agency, id, [nikOf(i)], person(i));

let index: Index;
let links: Links;
beforeEach(async () => {
  index = await emptyIndex();
  links = createLinks(index.database, index.crosswalk);
});
afterEach(() => index[Symbol.asyncDispose]());

/** Who is who, without the clocks: where records are, what ids lead to, what stewards have said. */
async function state({ database }: Index): Promise<unknown> {
  return database.run(async (q) => ({
    records: [...(await q.execute(sql`select agency, record_id, worker_id from agency_record order by agency, record_id`))],
    identifiers: [...(await q.execute(sql`select worker_id, agency, record_id, value from identifier order by 2, 3, 4`))],
    links: [...(await q.execute(sql`select agency, record_id, worker_id, evidence, decided_by, reason from link where valid_to is null order by agency, record_id`))],
    verdicts: [...(await q.execute(sql`select left_agency, left_record, right_agency, right_record, verdict from link_verdict order by 1, 2, 3, 4`))],
  }));
}
const redirects = async () => index.database.run(async (q) => [...(await q.execute(sql`select id, merged_into from worker order by id`))]);
const seen = async (id: string) => ({ id, version: (await links.of([id])).get(id)!.version });
async function people(count: number): Promise<string[]> {
  const linked = await index.crosswalk.remember(Array.from({ length: count }, (_, i) => ['A', 'B'].map((agency) => recordOf(agency, `${i}`, i))).flat(), at);
  return Array.from({ length: count }, (_, i) => linked.get(recordKey('A', `${i}`))!);
}
const known = async (id: string) => (await index.crosswalk.byIds([id]))[0]!;
const merge = async (keep: string, gone: string) => links.merge(because, await seen(keep), await seen(gone));
const faultOf = (work: Promise<unknown>) => work.then(() => null, (fault: { code?: string }) => fault.code);

describe('stewards’ decisions', () => {
  it('merge two workers: one has all records, the other’s id leads to her', async () => {
    const [a, b] = (await people(2)) as [string, string];
    await merge(a, b);
    expect((await known(a)).records.size).toBe(4);
    expect((await known(b)).id).toBe(a);
  });

  it('split a worker, and no machine brings the parts together again', async () => {
    const [a] = (await people(1)) as [string];
    const [link] = (await links.of([a])).get(a)!.links;
    const { effect } = await links.split(because, await seen(a), [link!.id]);
    const record = recordOf(link!.agency, link!.recordId, 0);
    expect((await index.crosswalk.remember([record], at)).get(recordKey(record.agency, record.recordId))).toBe(effect.split!.id);
    // Not even when its agency deletes it and sends it again.
    await index.database.transaction((q) => index.crosswalk.removeIn(q, record.agency, [record.recordId], at));
    expect((await index.crosswalk.remember([record], at)).get(recordKey(record.agency, record.recordId))).not.toBe(a);
  });

  it('let the first of two stewards win, and tell the other', async () => {
    const [a, b, c] = (await people(3)) as [string, string, string];
    const [va, vb, vc] = await Promise.all([seen(a), seen(b), seen(c)]);
    const outcomes = await Promise.all([faultOf(links.merge(because, va, vb)), faultOf(links.merge(because, va, vc))]);
    expect(outcomes.toSorted()).toEqual(['CONFLICT', null]);
    expect((await links.decisions({ count: 10, before: null, workerId: null, withheld: new Set() })).length).toBe(1);
    expect(await faultOf(links.merge(because, va, vb))).toBe('CONFLICT');
  });

  it('refuse what has no reason, no sense, or was decided otherwise', async () => {
    const [a, b] = (await people(2)) as [string, string];
    const all = (await links.of([a])).get(a)!.links.map(({ id }) => id);
    expect(await faultOf(links.merge({ ...because, reason: ' ' }, await seen(a), await seen(b)))).toBe('REASON');
    expect(await faultOf(links.split(because, await seen(a), all))).toBe('RECORDS');
    expect(await faultOf(links.split(because, await seen(a), []))).toBe('RECORDS');
    expect(await faultOf(links.merge(because, await seen(a), await seen(a)))).toBe('SAME_WORKER');
    const { effect } = await links.split(because, await seen(a), all.slice(0, 1));
    expect(await faultOf(links.merge(because, await seen(a), await seen(effect.split!.id)))).toBe('REJECTED_BEFORE');
  });

  it('undo a merge: each side has what it had, and what came in meanwhile goes where it belongs', async () => {
    const [a, b, c] = (await people(3)) as [string, string, string];
    await merge(b, c);
    const before = [await state(index), await redirects()];
    const { id } = await merge(a, b);
    expect((await known(c)).id).toBe(a);
    await index.crosswalk.remember([recordOf('C', 'late-0', 0), recordOf('C', 'late-1', 1)], at);
    await links.undo(because, id);
    expect([(await known(a)).records.size, (await known(b)).records.size, (await known(c)).id]).toEqual([3, 5, b]);
    expect([...(await known(a)).records.values()].map(({ recordId }) => recordId).toSorted()).toEqual(['0', '0', 'late-0']);
    await index.database.transaction((q) => index.crosswalk.removeIn(q, 'C', ['late-0', 'late-1'], at));
    expect([await state(index), await redirects()]).toEqual(before);
  });

  it('undo once, latest first, and never an undo', async () => {
    const [a, b, c] = (await people(3)) as [string, string, string];
    const one = await merge(a, b);
    const two = await merge(a, c);
    expect(await faultOf(links.undo(because, one.id))).toBe('SUPERSEDED');
    const undone = await links.undo(because, two.id);
    expect(await faultOf(links.undo(because, two.id))).toBe('CONFLICT');
    expect(await faultOf(links.undo(because, undone.id))).toBe('NOT_UNDOABLE');
    await links.undo(because, one.id);
    expect((await Promise.all([a, b, c].map(known))).map(({ id }) => id)).toEqual([a, b, c]);
  });

  it('split, and undo the split: what came to the new worker goes back with her', async () => {
    const [a] = (await people(1)) as [string];
    const { id, effect } = await links.split(because, await seen(a), (await links.of([a])).get(a)!.links.slice(0, 1).map((link) => link.id));
    await links.undo(because, id);
    expect((await known(a)).records.size).toBe(2);
    expect((await known(effect.split!.id)).id).toBe(a);
  });

  it('merge then split is the identity, undo takes any decision back exactly, and no record is ever in two workers', async () => {
    const workers = await people(5);
    const step = fc.record({ what: fc.constantFrom('merge', 'split', 'undo'), x: fc.nat(9), y: fc.nat(9) });
    await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 5 }), async (steps) => {
      const start = await state(index);
      const done: string[] = [];
      for (const { what, x, y } of steps) {
        const now = await Promise.all(workers.map(known));
        const [p, q] = [now[x % 5]!.id, now[y % 5]!.id];
        const own = (await links.of([p])).get(p)!.links;
        const some = own.slice(0, (y % own.length) || 1).map((link) => link.id);
        const last = what === 'undo' ? done.pop() : undefined;
        if (last !== undefined) await links.undo(because, last);
        const work = what === 'merge' ? merge(p, q) : what === 'split' ? links.split(because, await seen(p), some) : null;
        // Refused where it makes no sense: one worker with herself, all of a worker's records, what was split before.
        const decision = await work?.catch((fault: { code?: string }) => fault.code);
        expect([undefined, 'object', 'SAME_WORKER', 'RECORDS', 'REJECTED_BEFORE']).toContain(typeof decision === 'object' ? 'object' : decision);
        if (typeof decision === 'object') done.push(decision.id);
        const twice = await index.database.run((query) => query.execute(sql`select agency, record_id from link where valid_to is null group by 1, 2 having count(*) <> 1 union select agency, record_id from agency_record r where not exists (select 1 from link l where l.valid_to is null and (l.agency, l.record_id, l.worker_id) = (r.agency, r.record_id, r.worker_id))`));
        expect([...twice]).toEqual([]);
        const together = await index.database.run((query) => query.execute(sql`select 1 from link_verdict v join agency_record l on (l.agency, l.record_id) = (left_agency, left_record) join agency_record r on (r.agency, r.record_id) = (right_agency, right_record) where (verdict = 'DIFFERENT') = (l.worker_id = r.worker_id)`));
        expect([...together]).toEqual([]);
      }
      while (done.length > 0) await links.undo(because, done.pop()!);
      expect(await state(index)).toEqual(start);
    }), { numRuns: 6 });
  });

  it('is held by the database: a second live link of a record is refused', async () => {
    const [a, b] = (await people(2)) as [string, string];
    const twice = index.database.run((q) => q.execute(sql`insert into link (worker_id, agency, record_id, evidence, decided_by, valid_from) select ${b}::uuid, agency, record_id, evidence, decided_by, now() from link where worker_id = ${a}::uuid limit 1`));
    expect(await faultOf(twice)).toBe('23505');
  });
});

describe('what stewards have said', () => {
  it('holds over every linking of the whole index: pairs rejected stay apart, pairs confirmed stay together', async () => {
    await using big = await filledIndex(worldRecords(250, 9));
    await relinkAll({ ...big });
    const own = createLinks(big.database, big.crosswalk);
    const reviews = await own.reviews(4, null, new Set());
    expect(reviews.length).toBeGreaterThan(1);
    expect(reviews.map(({ priority }) => priority)).toEqual(reviews.map(({ priority }) => priority).toSorted((x, y) => y - x));
    const [yes, no] = reviews as [(typeof reviews)[0], (typeof reviews)[0]];
    await own.confirm(because, yes.id, yes.version);
    const again = (await own.reviews(10, null, new Set())).find(({ id }) => id === no.id)!;
    await own.reject(because, again.id, again.version);
    // A worker whom the machine has joined is split by a steward.
    const [joined] = await big.database.run((q) => q.execute<{ worker_id: string }>(sql`select worker_id from link where valid_to is null and decided_by = 'machine' group by 1 having count(*) > 2 order by count(*) desc, 1 limit 1`));
    const before = (await own.of([joined!.worker_id])).get(joined!.worker_id)!;
    await own.split(because, { id: joined!.worker_id, version: before.version }, [before.links[0]!.id]);
    const settled = await state(big);
    const report = await relinkAll({ ...big });
    expect(report).toMatchObject({ merged: 0, split: 0 });
    expect(((await state(big)) as { verdicts: unknown }).verdicts).toEqual((settled as { verdicts: unknown }).verdicts);
    const broken = await big.database.run((query) => query.execute(sql`select 1 from link_verdict v join agency_record l on (l.agency, l.record_id) = (left_agency, left_record) join agency_record r on (r.agency, r.record_id) = (right_agency, right_record) where (verdict = 'DIFFERENT') = (l.worker_id = r.worker_id)`));
    expect([...broken]).toEqual([]);
    expect((await own.reviews(100, null, new Set())).map(({ id }) => id)).not.toContain(no.id);
  }, 120_000);
});
