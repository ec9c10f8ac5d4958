import { array, assert, asyncProperty, constantFrom, integer, oneof, option, record, subarray } from 'fast-check';
import { and, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allScopes, type Grant } from '../../src/access/scopes.ts';
import { isParty, maySeeCase } from '../../src/access/sight.ts';
import { caseCategories } from '../../src/domain/case.ts';
import type { ReferralFault } from '../../src/referrals/fault.ts';
import { visibleTo, withId } from '../../src/referrals/read.ts';
import { createReferrals, type Referrals } from '../../src/referrals/referrals.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { testDatabase } from '../support/database.ts';
import { addWorker, caseNumber, wanted, workerId } from './kit.ts';

const agencies = ['BP2MI', 'BPJS_KETENAGAKERJAAN', 'PERWAKILAN'] as const;
let parts: AsyncDisposableStack;
let database: Database;
/** Two instances of the hub. */
let instances: readonly [Referrals, Referrals];
beforeAll(async () => {
  parts = new AsyncDisposableStack();
  const { url } = parts.use(await testDatabase());
  database = parts.adopt(await openDatabase({ url }), (d) => d.close());
  const other = parts.adopt(await openDatabase({ url }), (d) => d.close());
  instances = [createReferrals(database), createReferrals(other)];
});
afterAll(() => parts.disposeAsync());

const callers = constantFrom('KEY:a', 'KEY:b');
const steps = array(
  oneof(
    record({ kind: constantFrom('refer' as const), by: callers, person: integer({ min: 0, max: 1 }), to: constantFrom('BP2MI', 'BPJS_KETENAGAKERJAAN'), benefit: constantFrom(null, 'JKK_DISMISSAL'), note: constantFrom(null, 'x'), key: integer({ min: 0, max: 3 }) }),
    record({ kind: constantFrom('accept' as const), by: callers, which: integer({ min: 0, max: 5 }) }),
    record({ kind: constantFrom('answer' as const), by: callers, which: integer({ min: 0, max: 5 }), text: constantFrom('Ya.', 'Tidak.') }),
  ),
  { minLength: 1, maxLength: 30 },
);

interface Modelled {
  readonly content: string;
  readonly place: string;
  readonly sent: string;
  readonly taken: { state: string; by: string; text: string | null }[];
}

describe('referrals', { timeout: 240_000 }, () => {
  it('do what a plain account of them says, whatever is asked, on whichever instance, one after the other or at once', async () => {
    let run = 0;
    const met = new Set<string>();
    await assert(
      asyncProperty(steps, integer({ min: 1, max: 4 }), async (asked, atOnce) => {
        run += 1;
        const base = run * 10;
        for (const n of [0, 1]) await addWorker(database, base + n);
        const model: Modelled[] = [];
        const ids: string[] = [];
        const open = (place: string) => model.find((one) => one.place === place && one.taken.at(-1)!.state !== 'ANSWERED');
        /** What each step comes to: the referral's place in the list, or a code. */
        function expected(step: (typeof asked)[number]): number | string | null {
          if (step.kind === 'refer') {
            const place = `${step.person} ${step.to} ${step.benefit}`;
            const sent = `${step.by} ${step.key}`;
            const before = model.findIndex((one) => one.sent === sent);
            if (before >= 0) return model[before]!.content === `${place} ${step.note}` ? before : 'KEY_REUSED';
            if (open(place)) return 'ALREADY_OPEN';
            return model.push({ content: `${place} ${step.note}`, place, sent, taken: [{ state: 'SENT', by: step.by, text: step.note }] }) - 1;
          }
          const one = model[step.which];
          if (!one) return null;
          const wantedStep = { state: step.kind === 'accept' ? 'ACCEPTED' : 'ANSWERED', by: step.by, text: step.kind === 'answer' ? step.text : null };
          if (one.taken.at(-1)!.state === (step.kind === 'accept' ? 'SENT' : 'ACCEPTED')) one.taken.push(wantedStep);
          else if (JSON.stringify(one.taken.find(({ state }) => state === wantedStep.state)) !== JSON.stringify(wantedStep)) return 'CONFLICT';
          return step.which;
        }
        async function happens(step: (typeof asked)[number], instance: Referrals): Promise<string | null> {
          try {
            const act = { by: `${step.by}-${run}`, at: new Date() };
            if (step.kind === 'refer') return (await instance.refer(wanted(base + step.person, { to: step.to, benefit: step.benefit, note: step.note, idempotencyKey: `key-${step.key}` }), act)).id;
            const id = ids[step.which];
            if (id === undefined) return null;
            const [of] = await instance.read(withIdOf(id));
            return (await (step.kind === 'accept' ? instance.accept(of!, act) : instance.answer(of!, { outcome: 'GRANTED', text: step.text }, act))).id;
          } catch (error) {
            return (error as ReferralFault).code;
          }
        }
        const withIdOf = (id: string) => sql`referral.id = ${id}::uuid`;
        for (const step of asked) {
          const must = expected(step);
          // The same at once, as from a caller who does not wait for the answer: all of them come to the same.
          const came = await Promise.all(Array.from({ length: atOnce }, (_, n) => happens(step, instances[n % 2]!)));
          met.add(typeof must === 'string' ? must : step.kind);
          if (typeof must === 'number') ids[must] ??= came[0]!;
          expect(new Set(came)).toEqual(new Set([typeof must === 'number' ? ids[must] : must]));
        }
        expect(new Set(ids).size).toBe(model.length);
        for (const [n, one] of model.entries()) {
          const [stored] = await instances[0].read(withIdOf(ids[n]!));
          expect(stored!.steps.map(({ state, by, text }) => ({ state, by, text }))).toEqual(one.taken.map((step) => ({ ...step, by: `${step.by}-${run}` })));
          expect(stored!.state).toBe(one.taken.at(-1)!.state);
          const told = await database.run((q) => q.execute<{ kind: string }>(sql`select kind from event_inbox where ref = ${`${stored!.workerId}.${stored!.id}`} order by seq`));
          expect(told.map(({ kind }) => kind)).toEqual(one.taken.map(({ state }) => `REFERRAL_${state}`));
        }
      }),
      { numRuns: 60 },
    );
    expect([...met].toSorted()).toEqual(['ALREADY_OPEN', 'CONFLICT', 'KEY_REUSED', 'accept', 'answer', 'refer']);
  });

  it('are shown by the database to those whom the rule names, for any caller', async () => {
    const [of] = instances;
    const rows: { readonly id: string; readonly from: string; readonly to: string; readonly mission: string; readonly category: (typeof caseCategories)[number] }[] = [];
    const places = agencies.flatMap((from) => agencies.filter((to) => to !== from).map((to) => ({ from, to })));
    for (const [n, { from, to }] of places.entries()) {
      for (const [k, category] of (['KETENAGAKERJAAN', 'KEKERASAN', 'SAKIT'] as const).entries()) {
        const person = 900_000 + n * 10 + k;
        const file = { number: caseNumber(person), mission: k === 0 ? 'KBRI_SEOUL' : 'KJRI_DUBAI', category };
        await addWorker(database, person, file);
        const { id } = await of.refer(wanted(person, { from, to, file }), { by: 'KEY:c', at: new Date() });
        rows.push({ id, from, to, mission: file.mission, category });
      }
    }
    const grants = record({ scopes: subarray([...allScopes]), agencies: option(subarray([...agencies, 'BPJS_KESEHATAN'])), missions: option(subarray(['KBRI_SEOUL', 'KJRI_DUBAI', 'KRI_TAWAU'])) });
    await assert(
      asyncProperty(grants, async ({ scopes, agencies: own, missions }) => {
        const grant: Grant = { scopes: new Set(scopes), bounds: { ...(own && { agencies: own }), ...(missions && { missions }) }, purposes: null };
        const seen = (await of.read(and(visibleTo(grant), sql`referral.sent_by = 'KEY:c'`))).map(({ id }) => id).toSorted();
        // Written from docs/access.md, apart from the code that decides.
        const has = (scope: (typeof allScopes)[number]) => scopes.includes(scope);
        const acts = (agency: string) => own === null || own.some((name) => name === agency);
        const must = rows.filter(({ from, to, mission, category }) =>
          ((has('referral:send') && acts(from)) || (has('referral:handle') && acts(to))) && (category === 'KETENAGAKERJAAN' || has('case:sensitive')) && (missions === null || missions.includes(mission)));
        expect(seen).toEqual(must.map(({ id }) => id).toSorted());
        expect(rows.filter((one) => isParty(grant, one) && maySeeCase(grant, one))).toEqual(must);
      }),
      { numRuns: 300 },
    );
    expect((await of.read(withId({ workerId: workerId(900_000), id: rows[0]!.id }))).length).toBe(1);
  });
});
