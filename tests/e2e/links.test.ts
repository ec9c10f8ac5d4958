import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redirect } from '../../src/identity/hub/ledger.ts';
import { relinkAll } from '../../src/identity/hub/relink.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ people: 250 });
  await relinkAll({ database: hub.hub.database, crosswalk: hub.hub.crosswalk });
});
afterAll(() => hub[Symbol.asyncDispose]());

interface Outcome {
  readonly decision: { readonly id: string; readonly kind: string; readonly workerIds: string[] } | null;
  readonly errors: readonly { readonly code: string; readonly field: string }[];
}
interface Review {
  readonly id: string;
  readonly version: string;
  readonly left: { readonly worker: { readonly id: string } };
  readonly right: { readonly worker: { readonly id: string } };
}
const queue = `query ($first: Int!, $after: String) { linkReviews(first: $first, after: $after) { totalCount hasNextPage endCursor edges { node {
  id version probability veto width left { agency recordId worker { id name } } right { agency worker { id } } weighing { prior score probability steps { attribute level left right weight total } } } } } }`;
const outcome = '{ decision { id kind workerIds } errors { code field } }';
async function reviews(first = 50, after: string | null = null) {
  const { data, errors } = await hub.ask<{ linkReviews: { totalCount: number; hasNextPage: boolean; endCursor: string; edges: { node: Review }[] } }, object>(queue, { first, after }, { as: 'steward' });
  expect(errors).toEqual([]);
  return data!.linkReviews;
}
async function change(name: string, type: string, input: object): Promise<Outcome> {
  const { data, errors } = await hub.ask<Record<string, Outcome>, object>(`mutation ($input: ${type}!) { ${name}(input: $input) ${outcome} }`, { input }, { as: 'steward' });
  expect(errors).toEqual([]);
  return data![name]!;
}
const workerOf = async (id: string) => (await hub.ask<{ worker: { id: string; linksVersion: string; links: { id: string; agency: string; evidence: { rule: string; weighing: { prior: number; score: number; steps: { weight: number; total: number }[] } | null } }[] } }, object>(
  'query ($id: ID!) { worker(by: { id: $id }) { id linksVersion links { id agency recordId decidedBy evidence { rule against { agency } weighing { prior score steps { attribute level left right weight total } } } } } }', { id }, { as: 'steward' })).data!.worker;

describe('stewardship over GraphQL', () => {
  it('shows the queue page by page, with the weighing of each pair', async () => {
    const all = await reviews();
    expect(all.totalCount).toBe(all.edges.length);
    expect(all.totalCount).toBeGreaterThan(1);
    const first = await reviews(1);
    expect(first).toMatchObject({ hasNextPage: true });
    const second = await reviews(1, first.endCursor);
    expect([...first.edges, ...second.edges].map(({ node }) => node.id)).toEqual(all.edges.slice(0, 2).map(({ node }) => node.id));
  });

  it('confirms a pair for one of two stewards; the other is told CONFLICT; the undo opens it again', async () => {
    const { node } = (await reviews()).edges[0]!;
    const input = { reviewId: node.id, version: node.version, reason: 'same mother, same village' };
    const both = await Promise.all([change('confirmLink', 'ConfirmLinkInput', input), change('confirmLink', 'ConfirmLinkInput', input)]);
    expect(both.flatMap(({ errors }) => errors.map(({ code }) => code))).toEqual(['CONFLICT']);
    const { decision } = both.find((one) => one.decision !== null)!;
    expect((await workerOf(node.left.worker.id)).id).toBe((await workerOf(node.right.worker.id)).id);
    expect((await reviews()).edges.map((edge) => edge.node.id)).not.toContain(node.id);
    const undone = await change('undoLinkDecision', 'UndoLinkDecisionInput', { decisionId: decision!.id, reason: 'wrong papers' });
    expect(undone).toMatchObject({ decision: { kind: 'UNDO' }, errors: [] });
    expect((await workerOf(node.left.worker.id)).id).not.toBe((await workerOf(node.right.worker.id)).id);
    expect((await reviews()).edges.map((edge) => edge.node.id)).toContain(node.id);
    const { data } = await hub.ask<{ linkDecisions: { kind: string; undoneBy: string | null }[] }, object>('{ linkDecisions(first: 2) { kind undoneBy } }', {}, { as: 'steward' });
    expect(data!.linkDecisions).toEqual([{ kind: 'UNDO', undoneBy: null }, { kind: 'CONFIRM', undoneBy: undone.decision!.id }]);
  });

  it('rejects a pair, which leaves the queue for good', async () => {
    const node = (await reviews()).edges.at(-1)!.node;
    expect(await change('rejectLink', 'RejectLinkInput', { reviewId: node.id, version: node.version, reason: 'ab' })).toMatchObject({ errors: [{ code: 'REASON', field: 'reason' }] });
    expect((await change('rejectLink', 'RejectLinkInput', { reviewId: node.id, version: node.version, reason: 'two sisters' })).errors).toEqual([]);
    await relinkAll({ database: hub.hub.database, crosswalk: hub.hub.crosswalk });
    expect((await reviews()).edges.map((edge) => edge.node.id)).not.toContain(node.id);
  });

  it('splits a worker and merges her again, as long as nobody was first', async () => {
    const id = (await hub.hub.database.run((q) => q.execute<{ worker_id: string }>('select worker_id from link where valid_to is null group by 1 having count(*) > 2 order by min(record_id) limit 1')))[0]!.worker_id;
    const worker = await workerOf(Buffer.from(`Worker:${id}`).toString('base64'));
    const weighed = worker.links.filter(({ evidence }) => evidence.weighing !== null);
    expect(weighed.length).toBeGreaterThan(0);
    for (const { evidence: { weighing } } of weighed) {
      expect(weighing!.prior + weighing!.steps.reduce((sum, step) => sum + step.weight, 0)).toBeCloseTo(weighing!.score, 6);
      expect(weighing!.steps.at(-1)!.total).toBeCloseTo(weighing!.score, 6);
    }
    const split = { worker: worker.id, version: worker.linksVersion, links: [worker.links[0]!.id], reason: 'not her passport' };
    const done = await change('splitWorker', 'SplitWorkerInput', split);
    expect(done.errors).toEqual([]);
    expect((await change('splitWorker', 'SplitWorkerInput', split)).errors).toMatchObject([{ code: 'CONFLICT' }]);
    const [one, other] = await Promise.all(done.decision!.workerIds.map(workerOf));
    const merge = { keep: one!.id, keepVersion: one!.linksVersion, merge: other!.id, mergeVersion: other!.linksVersion, reason: 'hers after all' };
    expect((await change('mergeWorkers', 'MergeWorkersInput', merge)).errors).toMatchObject([{ code: 'REJECTED_BEFORE' }]);
    await change('undoLinkDecision', 'UndoLinkDecisionInput', { decisionId: done.decision!.id, reason: 'hers after all' });
    expect((await workerOf(worker.id)).links).toHaveLength(worker.links.length);
  });

  it('is for who has the scope, without bounds; values need their own scopes', async () => {
    for (const document of ['{ linkReviews { totalCount } }', '{ linkDecisions { id } }']) {
      const { data, errors } = await hub.ask<Record<string, unknown>, object>(document, {}, { as: 'desk' });
      expect(Object.values(data!)).toEqual([null]);
      expect(errors.map(({ extensions }) => [extensions.code, extensions.scope])).toEqual([['FORBIDDEN', 'links:review']]);
    }
    const { key } = await hub.hub.keys.create({ name: 'blind', scopes: ['links:review'], environment: 'test', expiresAt: new Date(Date.now() + 60_000) });
    const { data } = await hub.ask<{ linkReviews: { edges: { node: { weighing: { steps: { left: string | null }[] }; left: { recordId: string | null } } }[] } }, object>(
      '{ linkReviews { edges { node { left { recordId } weighing { steps { left } } } } } }', {}, { as: null, headers: { 'x-api-key': key } });
    expect(data!.linkReviews.edges.flatMap(({ node }) => [node.left.recordId, ...node.weighing.steps.map((step) => step.left)]).filter((value) => value !== null)).toEqual([]);
    const bound = await hub.hub.keys.create({ name: 'bound', scopes: ['links:review'], bounds: { areas: ['35'] }, environment: 'test', expiresAt: new Date(Date.now() + 60_000) });
    const refused = await hub.ask('{ linkReviews { totalCount } }', {}, { as: null, headers: { 'x-api-key': bound.key } });
    expect(refused.errors.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
  });
});

describe('a worker whose processing is restricted', () => {
  it('is to stewards as if she did not exist: no review, no decision, no undo, in the same bytes', async () => {
    const text = async (document: string, variables: object = {}) => {
      const { data, errors } = await hub.ask<unknown, object>(document, variables, { as: 'steward' });
      return JSON.stringify({ data, errors: errors.map(({ message }) => message) });
    };
    const decisions = '{ linkDecisions(first: 100) { id kind workerIds reason moves { from to } } }';
    const pages = '{ linkReviews(first: 3) { totalCount oldest hasNextPage edges { node { id } } } }';
    const earlier = (await hub.ask<{ linkDecisions: { workerIds: string[] }[] }, object>(decisions, {}, { as: 'steward' })).data!.linkDecisions;
    const { node } = (await reviews()).edges[0]!;
    const { decision } = await change('confirmLink', 'ConfirmLinkInput', { reviewId: node.id, version: node.version, reason: 'same mother' });
    const other = (await reviews()).edges[0]!.node;
    const kept = (await workerOf(node.left.worker.id)).id;
    const [own, version] = await workerOf(other.left.worker.id).then((worker) => [worker.id, worker.linksVersion] as const);
    // What was decided on them before this test goes with them.
    const concerned = new Set([node.left.worker.id, node.right.worker.id, own]);
    const before = JSON.stringify({ data: { linkDecisions: earlier.filter(({ workerIds }) => !workerIds.some((id) => concerned.has(id))) }, errors: [] });
    expect(await text(decisions)).not.toBe(before);
    const without = (await reviews()).edges.filter((edge) => ![edge.node.left.worker.id, edge.node.right.worker.id].some((id) => id === own || id === kept));
    for (const id of [kept, own]) await hub.hub.restrictions.set({ workerId: Buffer.from(id, 'base64').toString().split(':')[1]!, reason: 'SUBJECT_REQUEST', since: new Date(), setBy: 'test' });

    expect(await text(decisions)).toBe(before);
    const { data } = await hub.ask<{ linkReviews: { totalCount: number; edges: { node: { id: string } }[] } }, object>(pages, {}, { as: 'steward' });
    expect(data!.linkReviews).toMatchObject({ totalCount: without.length, edges: without.slice(0, 3).map((edge) => ({ node: { id: edge.node.id } })) });
    const unknown = (typename: string) => Buffer.from(`${typename}:11111111-2222-4333-8444-555555555555`).toString('base64');
    const mutation = (name: string, type: string) => `mutation ($input: ${type}!) { ${name}(input: $input) { decision { id } errors { code field message } } }`;
    const same = async (name: string, type: string, input: object, nobody: object) =>
      expect(await text(mutation(name, type), { input: { reason: 'none left', ...input } })).toBe(await text(mutation(name, type), { input: { reason: 'none left', ...nobody } }));
    await same('undoLinkDecision', 'UndoLinkDecisionInput', { decisionId: decision!.id }, { decisionId: unknown('LinkDecision') });
    await same('confirmLink', 'ConfirmLinkInput', { reviewId: other.id, version: other.version }, { reviewId: unknown('LinkReview'), version: other.version });
    await same('rejectLink', 'RejectLinkInput', { reviewId: other.id, version: other.version }, { reviewId: unknown('LinkReview'), version: other.version });
    await same('splitWorker', 'SplitWorkerInput', { worker: own, version, links: [unknown('Link')] }, { worker: unknown('Worker'), version, links: [unknown('Link')] });
    await same('mergeWorkers', 'MergeWorkersInput', { keep: own, keepVersion: version, merge: kept, mergeVersion: version }, { keep: unknown('Worker'), keepVersion: version, merge: kept, mergeVersion: version });

    for (const id of [kept, own]) await hub.hub.restrictions.lift(Buffer.from(id, 'base64').toString().split(':')[1]!);
    expect((await change('undoLinkDecision', 'UndoLinkDecisionInput', { decisionId: decision!.id, reason: 'only a test' })).errors).toEqual([]);
  });

  it('stays restricted when the machine finds her to be the same as another', async () => {
    const [pair] = await hub.hub.database.run((q) => q.execute<{ a: string; b: string }>('select min(worker_id::text) as a, max(worker_id::text) as b from agency_record'));
    await hub.hub.restrictions.set({ workerId: pair!.a, reason: 'SUBJECT_REQUEST', since: new Date(), setBy: 'test' });
    await hub.hub.database.transaction((q) => redirect(q, pair!.a, pair!.b));
    await expect.poll(() => hub.hub.restrictions.workers.has(pair!.b)).toBe(true);
    await hub.hub.restrictions.lift(pair!.a);
    await hub.hub.database.run((q) => q.execute(`update worker set merged_into = null where id = '${pair!.a}'`));
  });
});

describe('Worker.identity and Worker.conflicts', () => {
  it('choose from what all agencies say, and show every claim', async () => {
    const index = Array.from({ length: 250 }, (_, i) => i).find((i) => new Set(hub.world.person(i).records.map(({ agency }) => agency)).size === 4 && hub.world.person(i).mismatches.length === 0)!;
    const { truth } = hub.world.person(index);
    hub.reset();
    const { data, errors } = await hub.ask<{ worker: { identity: { attribute: string; value: string; rule: string; claims: { value: string; provenance: { agency: string } }[] }[]; conflicts: unknown[] } }, object>(
      'query ($nik: NIK!) { worker(by: { nik: $nik }) { identity { attribute value rule claims { value provenance { agency freshness } } } conflicts { attribute severity } } }', { nik: truth.nik });
    expect(errors).toEqual([]);
    expect(Object.values(hub.calls()).filter((calls) => calls > 0)).toHaveLength(4);
    const nik = data!.worker.identity.find(({ attribute }) => attribute === 'NIK')!;
    expect(nik).toMatchObject({ value: truth.nik, rule: 'AGREED' });
    expect(new Set(nik.claims.map(({ provenance }) => provenance.agency)).size).toBeGreaterThan(1);
    expect(data!.worker.conflicts).toEqual(expect.any(Array));
  });
});

it('the operator sees the queue and how links change', async () => {
  const text = await (await fetch(`${hub.hub.url}/metrics`)).text();
  expect(text).toMatch(/^payung_link_reviews_open [1-9]/m);
  expect(text).toMatch(/^payung_link_review_oldest_seconds \d/m);
  expect(text).toMatch(/^payung_link_score_window \d/m);
  expect(text).toMatch(/^payung_link_score_expected\{le="30"\} 0\.\d/m);
  expect(text).toMatch(/^payung_link_changes_total\{change="created"\} [1-9]/m);
});
