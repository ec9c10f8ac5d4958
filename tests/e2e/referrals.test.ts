import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { NewKey } from '../../src/access/keys.ts';
import type { Scope } from '../../src/access/scopes.ts';
import { type AskOptions, type TestHub, startTestHub } from '../support/hub.ts';
import { AcceptReferralDocument, AnswerReferralDocument, ReferCaseDocument, ReferralsDocument } from '../support/operations.ts';
import { startReceiver } from '../support/receiver.ts';

let hub: TestHub;
let beside: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ people: 60 });
  beside = await startTestHub({ beside: hub, people: 60 });
});
afterAll(async () => {
  await beside[Symbol.asyncDispose]();
  await hub[Symbol.asyncDispose]();
});
beforeEach(() => hub.reset());

const caseOf = (slug: string) => hub.world.person(hub.world.cast.find((one) => one.slug === slug)!.index).records.flatMap(({ cases }) => cases)[0]!.number;
const nikOf = (slug: string) => hub.world.cast.find((one) => one.slug === slug)!.nik;
const workerOf = async (slug: string) => (await hub.hub.crosswalk.byIdentifiers([{ kind: 'CASE_NUMBER', value: caseOf(slug) }]))[0]!.id;
async function keyFor(scopes: readonly Scope[], bounds: NewKey['bounds'] = {}): Promise<AskOptions> {
  const { key } = await hub.hub.keys.create({ name: 'somebody', scopes, bounds, expiresAt: new Date(Date.now() + 3_600_000), environment: 'test' });
  return { as: null, headers: { authorization: `Bearer ${key}` } };
}
/** A counter of BPJS Ketenagakerjaan. */
const counter = () => keyFor(['referral:handle', 'events:read'], { agencies: ['BPJS_KETENAGAKERJAAN'] });

let made = 0;
const input = (slug: string, more: object = {}) => ({ case: { number: caseOf(slug) }, to: 'BPJS_KETENAGAKERJAAN' as const, idempotencyKey: `key-of-test-${made++}`, ...more });
async function refer(given: ReturnType<typeof input>, options: AskOptions = {}, at: TestHub = hub) {
  const answer = await at.ask(ReferCaseDocument, { input: given }, options);
  return { ...answer.data?.referCase, denied: answer.errors.map(({ extensions }) => extensions['scope'] ?? extensions['code']) };
}
const codes = (payload: { errors?: readonly { code: string; field: string }[] | undefined } | null | undefined) => payload?.errors?.map(({ code, field }) => `${code} ${field}`);
async function accept(id: string, options: AskOptions, at: TestHub = hub) {
  return (await at.ask(AcceptReferralDocument, { input: { id } }, options)).data?.acceptReferral;
}
async function answered(id: string, options: AskOptions, answer = 'Disetujui.') {
  return (await hub.ask(AnswerReferralDocument, { input: { id, outcome: 'GRANTED', answer } }, options)).data?.answerReferral;
}
const listed = async (variables: object, options: AskOptions = {}) => (await hub.ask(ReferralsDocument, { first: 100, ...variables }, options)).data?.referrals?.edges.map(({ node }) => node) ?? null;
const end = async (id: string) => {
  await accept(id, { as: 'admin' });
  await answered(id, { as: 'admin' });
};

describe('handing a case over', () => {
  it('goes from the mission’s desk to the agency’s and back, and each side sees all of it', async () => {
    const given = input('nur-dismissed', { benefit: 'JKK_DISMISSAL', note: 'Surat keterangan ada di berkas.' });
    const { referral, errors } = await refer(given);
    expect(errors).toEqual([]);
    expect(referral).toMatchObject({ state: 'SENT', from: 'PERWAKILAN', to: 'BPJS_KETENAGAKERJAAN', benefitTitle: { english: 'Dismissal' }, reference: expect.stringMatching(/^RJK-[0-9A-Z]{4}-[0-9A-Z]{4}$/) });
    const there = await counter();
    // The counter has no other scope: it sees what was handed over, and neither who she is nor the mission's file.
    expect(await listed({}, there)).toEqual([expect.objectContaining({ id: referral!.id, benefit: 'JKK_DISMISSAL', note: given['note' as never], mission: { code: 'KJRI_HONG_KONG' }, worker: { id: referral!.worker!.id, name: null }, case: null })]);
    expect(await accept(referral!.id, there)).toMatchObject({ referral: { state: 'ACCEPTED' }, errors: [] });
    expect(await answered(referral!.id, there, ' Disetujui. ')).toMatchObject({ referral: { state: 'ANSWERED', outcome: 'GRANTED', answer: 'Disetujui.', steps: [{ state: 'SENT' }, { state: 'ACCEPTED' }, { state: 'ANSWERED' }] }, errors: [] });
    expect(Object.values(hub.calls()).reduce((all, count) => all + count, 0)).toBe(1);
    const back = await hub.ask<{ worker: { referrals: { id: string }[]; cases: { number: string; referrals: { reference: string; answer: string }[] }[] } }, object>(
      'query ($by: WorkerKey!) { worker(by: $by) { referrals { id } cases { number referrals { reference answer } } } }', { by: { nik: nikOf('nur-dismissed') } });
    expect(back.errors).toEqual([]);
    expect(back.data!.worker).toEqual({ referrals: [{ id: referral!.id }], cases: [{ number: caseOf('nur-dismissed'), referrals: [{ reference: referral!.reference, answer: 'Disetujui.' }] }] });
    const said = referral!.reference.toLowerCase().replaceAll('-', '');
    expect(await listed({ reference: said, states: null })).toMatchObject([{ id: referral!.id, case: { number: caseOf('nur-dismissed') } }]);
    expect((await hub.ask(ReferralsDocument, { reference: 'RJK-UUUU-1' })).errors[0]!.extensions['code']).toBe('BAD_USER_INPUT');
  });

  it('takes the case by its id too, and the same request again makes no second referral, on whichever instance', async () => {
    const found = await hub.ask<{ worker: { cases: { id: string }[] } }, object>('query ($by: WorkerKey!) { worker(by: $by) { cases { id } } }', { by: { nik: nikOf('siti-selangor') } });
    const given = { ...input('siti-selangor', { note: 'Mohon diperiksa.' }), case: { id: found.data!.worker.cases[0]!.id } };
    const all = await Promise.all(Array.from({ length: 8 }, (_, n) => refer(given as never, {}, n % 2 ? hub : beside)));
    expect(new Set(all.map(({ referral }) => referral?.id)).size).toBe(1);
    expect(all.flatMap(({ errors }) => errors)).toEqual([]);
    expect(codes(await refer({ ...given, note: 'Lain.' } as never))).toEqual(['KEY_REUSED idempotencyKey']);
    // Another sender's key of the same text is another key; but the case is there already.
    expect(codes(await refer(given as never, { as: 'admin' }))).toEqual(['ALREADY_OPEN case']);
    await end(all[0]!.referral!.id);
    expect((await refer(given as never)).referral).toMatchObject({ id: all[0]!.referral!.id, state: 'ANSWERED' });
    const anew = await refer({ ...given, idempotencyKey: 'another-key' } as never);
    expect(anew.referral?.state).toBe('SENT');
    await end(anew.referral!.id);
  });

  it('has a case with an agency for a benefit once at a time, whoever hands it over at once', async () => {
    const all = await Promise.all(Array.from({ length: 6 }, (_, n) => refer(input('hasan-overstay'), { as: n % 2 ? 'admin' : 'desk' }, n % 2 ? hub : beside)));
    expect(all.filter(({ referral }) => referral)).toHaveLength(1);
    expect(all.flatMap((one) => codes(one)!)).toEqual(Array(5).fill('ALREADY_OPEN case'));
    expect((await refer({ ...input('hasan-overstay'), to: 'BP2MI' as never })).errors).toEqual([]);
  });

  it('lets one of two who accept or answer at once do so', async () => {
    const { referral } = await refer(input('joko-fisherman'));
    const [one, other] = [await counter(), await counter()];
    const taken = await Promise.all([accept(referral!.id, one), accept(referral!.id, other, beside)]);
    expect(taken.map(codes).toSorted()).toEqual([['CONFLICT id'], []].toSorted());
    const [winner, loser] = codes(taken[0])!.length === 0 ? [one, other] : [other, one];
    // Who has lost the answer asks again, and is told.
    expect(codes(await accept(referral!.id, winner))).toEqual([]);
    expect(codes(await accept(referral!.id, loser))).toEqual(['CONFLICT id']);
    const answers = await Promise.all([answered(referral!.id, one, 'Ya.'), answered(referral!.id, other, 'Tidak.')]);
    expect(answers.map(codes).toSorted()).toEqual([['CONFLICT id'], []].toSorted());
    expect(codes(await answered(referral!.id, one, 'Lain.'))).toEqual(['CONFLICT id']);
  });

  it('says what is wrong with a request', async () => {
    const wrong = async (more: object, options: AskOptions = {}) => codes(await refer(input('rizal-cambodia', more), options));
    expect(await wrong({ case: { number: 'NOBODY/0000' } })).toEqual(['NOT_FOUND case']);
    expect(await wrong({ case: { number: '!' } })).toEqual(['NOT_FOUND case']);
    expect(await wrong({ case: { id: 'QQ==' } })).toEqual(['NOT_FOUND case']);
    expect(await wrong({ to: 'PERWAKILAN' })).toEqual(['TO to']);
    expect(await wrong({ from: 'BP2MI' })).toEqual(['FROM from']);
    expect(await wrong({}, await keyFor(['referral:send', 'case:read'], { agencies: ['BP2MI', 'BPJS_KESEHATAN'] }))).toEqual(['FROM from']);
    expect(await wrong({ benefit: 'JKK_NOTHING' })).toEqual(['BENEFIT benefit']);
    expect(await wrong({ benefit: 'JKK_DEATH' })).toEqual(['BENEFIT benefit']);
    expect(await wrong({ note: 'x'.repeat(1_001) })).toEqual(['NOTE note']);
    expect(await wrong({ note: 'a\u0007b' })).toEqual(['NOTE note']);
    expect(await wrong({ idempotencyKey: 'short' })).toEqual(['IDEMPOTENCY_KEY idempotencyKey']);
    const { referral } = await refer(input('rizal-cambodia', { from: 'BP2MI', note: '  ' }), { as: 'admin' });
    expect(referral).toMatchObject({ from: 'BP2MI' });
    expect(codes(await answered(referral!.id, { as: 'admin' }))).toEqual(['CONFLICT id']);
    await accept(referral!.id, { as: 'admin' });
    expect(codes(await answered(referral!.id, { as: 'admin' }, ' '))).toEqual(['ANSWER answer']);
    expect(codes(await accept('QQ==', { as: 'admin' }))).toEqual(['NOT_FOUND id']);
  });
});

describe('who may', () => {
  it('needs scopes, a purpose and an agency to act for; what is refused asks no agency', async () => {
    expect(await refer(input('nur-dismissed'), { as: 'partner' })).toMatchObject({ denied: ['referral:send', 'case:read'] });
    expect(await refer(input('nur-dismissed'), await keyFor(['referral:send']))).toMatchObject({ denied: ['case:read'] });
    expect(codes(await refer(input('nur-dismissed', { from: 'BP2MI' })))).toEqual(['FROM from']);
    expect((await hub.ask(ReferCaseDocument, { input: input('nur-dismissed') }, { headers: { 'x-purpose': '' } })).errors[0]!.extensions['code']).toBe('PURPOSE_REQUIRED');
    expect((await hub.ask(ReferralsDocument, {}, { as: 'partner' })).errors.map(({ extensions }) => extensions['scope'])).toEqual(['referral:send', 'referral:handle']);
    expect((await hub.ask(AcceptReferralDocument, { input: { id: 'x' } }, { as: 'desk' })).errors.map(({ extensions }) => extensions['scope'])).toEqual(['referral:handle']);
    expect(Object.values(hub.calls())).toEqual([0, 0, 0, 0]);
  });

  it('sees the referrals of its own side alone', async () => {
    const { referral } = await refer(input('nur-dismissed'));
    const node = async (options: AskOptions) => (await hub.ask<{ node: object | null }, object>('query ($id: ID!) { node(id: $id) { id } }', { id: referral!.id }, options)).data!.node;
    const ids = async (options: AskOptions) => (await listed({}, options))!.map(({ id }) => id);
    const sees = async (options: AskOptions) => [(await node(options)) !== null, (await ids(options)).includes(referral!.id), codes(await accept(referral!.id, options))?.[0] !== 'NOT_FOUND id'];
    const health = await keyFor(['referral:handle'], { agencies: ['BPJS_KESEHATAN'] });
    expect(await sees(health)).toEqual([false, false, false]);
    expect(await sees(await keyFor(['referral:handle'], { agencies: [] }))).toEqual([false, false, false]);
    expect(await sees(await keyFor(['referral:send', 'referral:handle'], { agencies: ['PERWAKILAN'] }))).toEqual([true, true, false]);
    // Bounds narrow here as everywhere.
    const seoul = await keyFor(['referral:handle'], { missions: ['KBRI_SEOUL'] });
    expect(await sees(seoul)).toEqual([false, false, false]);
    expect(await sees(await keyFor(['referral:handle'], { areas: ['11'] }))).toEqual([false, false, false]);
    expect(await sees(await keyFor(['referral:handle'], { areas: ['32'] }))).toEqual([true, true, true]);
    expect((await hub.ask(ReferralsDocument, {}, await keyFor(['referral:handle'], { areas: ['11'] }))).data!.referrals).toMatchObject({ totalCount: null, edges: [] });
    await end(referral!.id);
  });

  it('does not see, hand over or take a sensitive case without case:sensitive', async () => {
    const blind = await keyFor(['referral:send', 'referral:handle', 'case:read', 'events:read']);
    const nobody = await refer(input('lina-trafficked', { case: { number: 'KJRI-DUBAI-999999999' } }), blind);
    expect(await refer(input('lina-trafficked'), blind)).toEqual(nobody);
    const { referral } = await refer(input('lina-trafficked'));
    expect((await listed({}, blind))!.map(({ id }) => id)).not.toContain(referral!.id);
    expect(codes(await accept(referral!.id, blind))).toEqual(['NOT_FOUND id']);
    const seeing = await keyFor(['referral:handle', 'case:sensitive']);
    expect(codes(await accept(referral!.id, seeing))).toEqual([]);
  });

  it('is written down with whose it was', async () => {
    const { referral } = await refer(input('nur-dismissed'));
    const there = await counter();
    await listed({}, there);
    await end(referral!.id);
    const rows = (await hub.hub.audit.about(await workerOf('nur-dismissed'), { first: 4 })).map(({ operationName, classes, agencies, purpose }) => ({ operationName, classes, agencies, purpose }));
    expect(rows).toEqual([
      { operationName: 'AnswerReferral', classes: ['referral:handle'], agencies: [], purpose: 'SERVICE' },
      { operationName: 'AcceptReferral', classes: ['referral:handle'], agencies: [], purpose: 'SERVICE' },
      { operationName: 'Referrals', classes: ['referral:handle'], agencies: [], purpose: 'SERVICE' },
      { operationName: 'ReferCase', classes: ['case:read', 'referral:send'], agencies: ['PERWAKILAN'], purpose: 'SERVICE' },
    ]);
  });

  it('may do nothing while the processing of her data is restricted, and go on when it no longer is', async () => {
    const { referral } = await refer(input('nur-dismissed'));
    const workerId = await workerOf('nur-dismissed');
    await hub.hub.restrictions.set({ workerId, reason: 'SUBJECT_REQUEST', since: new Date(), setBy: 'x' });
    const there = await counter();
    hub.reset();
    const told = await hub.ask(AcceptReferralDocument, { input: { id: referral!.id } }, { as: 'admin' });
    expect([codes(told.data!.acceptReferral), told.errors.map(({ extensions }) => extensions['code'])]).toEqual([['NOT_FOUND id'], ['PROCESSING_RESTRICTED']]);
    const bounded = await hub.ask(AcceptReferralDocument, { input: { id: referral!.id } }, there);
    expect([codes(bounded.data!.acceptReferral), bounded.errors]).toEqual([['NOT_FOUND id'], []]);
    expect((await listed({}, { as: 'admin' }))!.map(({ id }) => id)).not.toContain(referral!.id);
    expect(codes(await refer(input('nur-dismissed', { to: 'BP2MI' })))).toEqual(['NOT_FOUND case']);
    expect(Object.values(hub.calls())).toEqual([0, 0, 0, 0]);
    await hub.hub.restrictions.lift(workerId);
    expect(codes(await accept(referral!.id, there))).toEqual([]);
    await end(referral!.id);
  });
});

describe('those concerned are told', () => {
  it('both sides by webhooks and events, and nobody else', async () => {
    const create = 'mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { webhook { id } errors { code } } }';
    await using parts = new AsyncDisposableStack();
    const [there, sender, else_] = [parts.use(await startReceiver()), parts.use(await startReceiver()), parts.use(await startReceiver())];
    const [atCounter, atHealth] = [await counter(), await keyFor(['referral:handle', 'events:read', 'case:sensitive'], { agencies: ['BPJS_KESEHATAN'] })];
    const kinds = ['REFERRAL_SENT', 'REFERRAL_ACCEPTED', 'REFERRAL_ANSWERED'];
    // A webhook begins behind what has been filed: what the tests before have left is to be there by then.
    await hub.hub.events.file();
    await hub.ask(create, { input: { url: there.url, kinds } }, atCounter);
    await hub.ask(create, { input: { url: sender.url, kinds } });
    await hub.ask(create, { input: { url: else_.url, kinds } }, atHealth);
    const { referral } = await refer(input('siti-selangor'));
    await end(referral!.id);
    const { referral: last } = await refer(input('siti-selangor', { to: 'BPJS_KESEHATAN' }));
    await Promise.all([there.took(3), sender.took(4), else_.took(1)]);
    expect(there.taken.map(({ type, data }) => [type, (data as { referral?: string }).referral])).toEqual(['referral.sent', 'referral.accepted', 'referral.answered'].map((type) => [type, referral!.id]));
    expect(sender.taken.map(({ type }) => type)).toEqual(['referral.sent', 'referral.accepted', 'referral.answered', 'referral.sent']);
    expect(else_.taken.map(({ data }) => (data as { referral?: string }).referral)).toEqual([last!.id]);
    const events = await hub.ask<{ events: { edges: { node: { referral: string; worker: string; subject: string } }[] } }, object>('query { events(first: 100, kinds: [REFERRAL_ANSWERED]) { edges { node { referral worker subject } } } }', {}, atCounter);
    expect(events.data!.events.edges.at(-1)!.node).toMatchObject({ referral: referral!.id, worker: referral!.worker!.id });
    const subject = await hub.ask<{ node: { number: string } }, object>('query ($id: ID!) { node(id: $id) { ... on Case { number } } }', { id: events.data!.events.edges.at(-1)!.node.subject });
    expect(subject.data!.node.number).toBe(caseOf('siti-selangor'));
    const trail = await hub.hub.audit.about(await workerOf('siti-selangor'), { first: 50 });
    expect(trail.find(({ operation }) => operation === 'webhook')).toMatchObject({ classes: expect.arrayContaining(['events:read']) });
    await end(last!.id);
  });
});

describe('a list of referrals', () => {
  it('is paged latest first, within bounds, and counted where nothing has to be weighed', async () => {
    for (let n = 0; n < 3; n += 1) await end((await refer(input('hasan-overstay', { to: 'BPJS_KESEHATAN' }))).referral!.id);
    const page = async (after: string | null, options: AskOptions = { as: 'admin' }) => (await hub.ask(ReferralsDocument, { first: 2, after, states: null }, options)).data!.referrals!;
    const all = (await listed({ states: null }, { as: 'admin' }))!;
    const walked: string[] = [];
    for (let after: string | null = null, more = true; more; ) {
      const { edges, pageInfo, totalCount } = await page(after);
      walked.push(...edges.map(({ node }) => node.id));
      expect(totalCount).toBe(all.length);
      [after, more] = [pageInfo.endCursor, pageInfo.hasNextPage];
    }
    expect(walked).toEqual(all.map(({ id }) => id));
    expect(all.map(({ sentAt }) => sentAt)).toEqual(all.map(({ sentAt }) => sentAt).toSorted().toReversed());
    // Of one company's people: hers is the only one, wherever it stands.
    const company = await keyFor(['referral:handle', 'case:sensitive', 'placement:read'], { areas: ['32.03'] });
    const own: string[] = [];
    for (let after: string | null = null, more = true; more; ) {
      const { edges, pageInfo } = await page(after, company);
      own.push(...edges.map(({ node }) => node.worker!.id));
      [after, more] = [pageInfo.endCursor, pageInfo.hasNextPage];
    }
    const nur = Buffer.from(`Worker:${await workerOf('nur-dismissed')}`).toString('base64');
    expect(new Set(own)).toEqual(new Set([nur]));
    expect((await hub.ask(ReferralsDocument, { after: 'QQ==' })).errors[0]!.extensions['code']).toBe('BAD_USER_INPUT');
  });

  it('weighs so many at most for a page, and goes on behind them', async () => {
    const { referral } = await refer(input('nur-dismissed', { to: 'BPJS_KESEHATAN' }));
    const hidden = await workerOf('hasan-overstay');
    // More than a page weighs, all of them later than hers.
    await hub.hub.database.transaction(async (q) => {
      await q.execute(sql`
        insert into referral (worker_id, reference, agency, record_id, case_number, mission, category, from_agency, to_agency, state, sent_by, idempotency_key, sent_at)
        select ${hidden}::uuid, 'many-' || n, 'PERWAKILAN', 'many-' || n, 'many', 'KJRI_JEDDAH', 'KEIMIGRASIAN', 'PERWAKILAN', 'BPJS_KESEHATAN', 'SENT', 'KEY:many', n::text, now() + n * interval '1 millisecond' from generate_series(1, 1150) n`);
      await q.execute(sql`insert into referral_step (worker_id, referral_id, state, at, by) select worker_id, id, 'SENT', sent_at, sent_by from referral where sent_by = 'KEY:many'`);
    });
    const company = await keyFor(['referral:handle', 'case:sensitive'], { areas: ['32.03'], agencies: ['BPJS_KESEHATAN'] });
    const first = (await hub.ask(ReferralsDocument, { first: 1 }, company)).data!.referrals!;
    expect([first.edges, first.pageInfo.hasNextPage]).toEqual([[], true]);
    const second = (await hub.ask(ReferralsDocument, { first: 1, after: first.pageInfo.endCursor }, company)).data!.referrals!;
    expect(second.edges.map(({ node }) => node.id)).toEqual([referral!.id]);
  });
});
