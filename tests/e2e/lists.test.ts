import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Bounds } from '../../src/access/bounds.ts';
import type { Scope } from '../../src/access/scopes.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ people: 200 });
});
afterAll(() => hub[Symbol.asyncDispose]());

interface PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly endCursor: string | null;
}
interface List<N> {
  readonly edges: readonly { readonly cursor: string; readonly node: N }[];
  readonly pageInfo: PageInfo;
  readonly totalCount: number | null;
  readonly indexedThrough: string | null;
}
interface PlacementNode {
  readonly id: string;
  readonly number: string;
  readonly contract: { readonly end: string | null } | null;
  readonly provenance: { readonly freshness: string };
}
type Placements = { placements: List<PlacementNode> | null };

const listOf = (arguments_: string, fields = 'id number contract { end } provenance { freshness }') => `query ($after: String, $first: Int! = 100) {
  placements(first: $first, after: $after${arguments_}) { totalCount indexedThrough pageInfo { hasNextPage hasPreviousPage endCursor } edges { cursor node { ${fields} } } }
}`;
async function keyOf(scopes: readonly Scope[], bounds: Bounds = {}): Promise<Record<string, string>> {
  const { key } = await hub.hub.keys.create({ name: 'lister', scopes: [...scopes], bounds, expiresAt: new Date(Date.now() + 3_600_000), environment: 'test' });
  return { 'x-api-key': key };
}
const callsOf = async (work: () => Promise<unknown>) => {
  hub.reset();
  await work();
  return hub.calls();
};
const count = async (what: ReturnType<typeof sql>) => (await hub.hub.database.run((q) => q.execute<{ n: number }>(what)))[0]!.n;

describe('a list of placements', () => {
  it('shows every placement once over its pages, in order, and calls no agency', async () => {
    const ends: (string | null)[] = [];
    const ids = new Set<string>();
    let pages = 0;
    const calls = await callsOf(async () => {
      let after: string | null = null;
      for (;;) {
        const { data, errors }: { data: Placements | null | undefined; errors: readonly object[] } = await hub.ask<Placements, object>(listOf(', orderBy: [{field: CONTRACT_END, direction: DESC}]'), { after, first: 17 });
        expect(errors).toEqual([]);
        const list: List<PlacementNode> = data!.placements!;
        expect(list.totalCount).toBe(await count(sql`select count(*)::int as n from indexed_placement where recorded_to is null`));
        for (const { node } of list.edges) {
          expect(node.provenance.freshness).toBe('INDEXED');
          ends.push(node.contract?.end ?? null);
          ids.add(node.id);
        }
        expect(list.pageInfo.hasPreviousPage).toBe(after !== null);
        pages += 1;
        if (!list.pageInfo.hasNextPage) break;
        after = list.pageInfo.endCursor;
      }
    });
    expect(calls).toEqual({ BP2MI: 0, BPJS_KETENAGAKERJAAN: 0, BPJS_KESEHATAN: 0, PERWAKILAN: 0 });
    expect(ids.size).toBe(await count(sql`select count(*)::int as n from indexed_placement where recorded_to is null`));
    expect(ids.size).toBe(ends.length);
    expect(pages).toBe(Math.ceil(ends.length / 17));
    const dated = ends.filter((end) => end !== null);
    expect(dated).toEqual(dated.toSorted().toReversed());
    // Those without come last.
    expect(ends.slice(dated.length).every((end) => end === null)).toBe(true);
  });

  it('gives objects the ids that they have when they are read live, and expands them live with one call for many', async () => {
    const first = await hub.ask<{ placements: List<PlacementNode & { worker: { id: string } }> }, object>(listOf('', 'id number worker { id }'), { first: 50 });
    const listed = first.data!.placements.edges.map(({ node }) => node);
    const { data } = await hub.ask<{ nodes: ({ id: string; number: string } | null)[] }, object>('query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Placement { number } } }', { ids: listed.map(({ id }) => id) });
    expect(data!.nodes).toEqual(listed.map(({ id, number }) => ({ id, number })));

    const workers = new Set(listed.map(({ worker }) => worker.id)).size;
    const expanded = await callsOf(async () => {
      const answer = await hub.ask<{ placements: List<{ worker: { live: { socialSecurity: object | null } } }> }, object>(listOf('', 'worker { live { socialSecurity { kpjs } } }'), { first: 50 });
      expect(answer.errors).toEqual([]);
      expect(answer.data!.placements.edges.filter(({ node }) => node.worker.live.socialSecurity !== null).length).toBeGreaterThan(15);
    });
    // Which fifty come first is drawn anew with the ids of the workers: some thirty have a placement among them.
    expect(workers).toBeGreaterThan(15);
    expect(expanded).toEqual({ BP2MI: 0, BPJS_KETENAGAKERJAAN: Math.ceil(workers / 50), BPJS_KESEHATAN: 0, PERWAKILAN: 0 });
  });

  it('finds by conditions across entities what the world says', async () => {
    const where = ', where: {stage: {in: [DEPARTED, ARRIVED, RENEWED]}, worker: {coverages: {none: {programme: {eq: JKK}, activeOn: "2026-06-01"}}}}';
    const { data, errors } = await hub.ask<Placements, object>(listOf(where), {});
    expect(errors).toEqual([]);
    const expected = await hub.hub.database.run((q) =>
      q.execute<{ key: string }>(sql`
        select p.key from indexed_placement p where p.recorded_to is null and p.stage in ('DEPARTED', 'ARRIVED', 'RENEWED') and p.worker_id not in (
          select worker_id from indexed_coverage where recorded_to is null and programme = 'JKK' and covers_from <= '2026-06-01' and coalesce(covers_to, '9999-12-31') >= '2026-06-01')`),
    );
    expect(expected.length).toBeGreaterThan(3);
    expect(expected.length).toBeLessThanOrEqual(100);
    expect(data!.placements!.edges.map(({ node }) => node.number).toSorted()).toEqual(expected.map(({ key }) => key).toSorted());
  });

  it('goes on behind a cursor whatever was changed, added or removed meanwhile', async () => {
    const args = ', orderBy: [{field: CONTRACT_START}]';
    const all = (await hub.ask<Placements, object>(listOf(args), {})).data!.placements!.edges;
    const stop = all[4]!;
    const number = stop.node.number;
    // The row that the cursor stands on goes; one behind it moves before it.
    await hub.hub.database.run((q) => q.execute(sql`update indexed_placement set recorded_to = now() where key = ${number}`));
    const moved = all[8]!.node.number;
    await hub.hub.database.run((q) => q.execute(sql`update indexed_placement set contract_start = '1990-01-01' where key = ${moved}`));
    const rest = (await hub.ask<Placements, object>(listOf(args), { after: stop.cursor })).data!.placements!.edges;
    const expected = all.slice(5).map(({ node }) => node.number).filter((other) => other !== moved);
    expect(rest.map(({ node }) => node.number).slice(0, expected.length)).toEqual(expected);
    await hub.hub.database.run((q) => q.execute(sql`insert into changed_worker (worker_id) select distinct worker_id from indexed_placement where key in (${number}, ${moved})`));
    await hub.hub.database.run((q) => q.execute(sql`update indexed_placement set content = 'stale' where key = ${moved}`));
    await hub.hub.following.drain();
  });

  it('refuses a cursor that was altered, or is of another list, in plain words', async () => {
    const { data } = await hub.ask<Placements, object>(listOf(''), { first: 3 });
    const cursor = data!.placements!.pageInfo.endCursor!;
    expect(Buffer.from(cursor, 'base64url').toString('latin1')).not.toMatch(/[0-9a-f]{8}-/);
    const altered = `${cursor.slice(0, 20)}${cursor[20] === 'A' ? 'B' : 'A'}${cursor.slice(21)}`;
    for (const [args, after] of [['', altered], ['', 'abc'], ['', ''], [', orderBy: [{field: CONTRACT_END}]', cursor], [', where: {country: {eq: "MY"}}', cursor]] as const) {
      const answer = await hub.ask<Placements, object>(listOf(args), { after });
      expect(answer.data!.placements).toBeNull();
      expect(answer.errors.map(({ message, extensions }) => [message, extensions['code']])).toEqual([['after must be a cursor that this list gave, unaltered, with the same text, where and orderBy.', 'BAD_USER_INPUT']]);
    }
  });
});

describe('who may list', () => {
  it('is who has the scope for lists, and that of every class in the conditions: else nothing runs', async () => {
    const plain = listOf('');
    const byName = listOf(', where: {worker: {name: {startsWith: "S"}}}');
    const byCase = listOf(', where: {worker: {cases: {some: {}}}}');
    for (const [scopes, query, missing] of [
      [['placement:read'], plain, ['workers:list']],
      [['workers:list'], plain, ['placement:read']],
      [[], byName, ['identity:read', 'placement:read', 'workers:list']],
      [['workers:list', 'placement:read'], byName, ['identity:read']],
      [['workers:list', 'placement:read', 'identity:read'], byCase, ['case:read']],
      [['workers:list', 'placement:read'], plain, []],
    ] as const) {
      const answer = await hub.ask<Placements, object>(query, {}, { as: null, headers: await keyOf(scopes) });
      expect(answer.errors.map(({ extensions }) => extensions['scope']).toSorted()).toEqual(missing);
      expect(answer.data!.placements === null).toBe(missing.length > 0);
    }
  });

  it('states a purpose', async () => {
    const answer = await hub.ask(listOf(''), {}, { headers: { 'x-purpose': '' } });
    expect([answer.status, answer.errors[0]!.extensions['code']]).toEqual([403, 'PURPOSE_REQUIRED']);
  });

  it('sees what lies inside the bounds, and counts no more', async () => {
    const [most] = await hub.hub.database.run((q) => q.execute<{ mission: string; n: number }>(sql`select mission, count(*)::int as n from indexed_placement where recorded_to is null group by mission order by n desc limit 1`));
    const headers = await keyOf(['workers:list', 'placement:read'], { missions: [most!.mission] });
    const { data } = await hub.ask<Placements, object>(listOf('', 'id number contract { end } provenance { freshness }'), {}, { as: null, headers });
    expect(data!.placements!.totalCount).toBe(most!.n);
    expect(data!.placements!.edges).toHaveLength(most!.n);
  });

  it('never meets a worker whose processing is restricted', async () => {
    const { data } = await hub.ask<{ placements: List<{ id: string; worker: { id: string } }> }, object>(listOf('', 'id worker { id }'), { first: 1 });
    const { worker } = data!.placements.edges[0]!.node;
    const workerId = Buffer.from(worker.id, 'base64').toString().split(':')[1]!;
    const before = data!.placements.totalCount!;
    const hers = await count(sql`select count(*)::int as n from indexed_placement where recorded_to is null and worker_id = ${workerId}`);
    await hub.hub.restrictions.set({ workerId, reason: 'SUBJECT_REQUEST', since: new Date(), setBy: 'test' });
    const after = await hub.ask<{ placements: List<{ worker: { id: string } }> }, object>(listOf('', 'worker { id }'), {});
    expect(after.data!.placements.totalCount).toBe(before - hers);
    expect(after.data!.placements.edges.some(({ node }) => node.worker.id === worker.id)).toBe(false);
    await hub.hub.restrictions.lift(workerId);
  });

  it('leaves a row in the audit log that names every worker shown', async () => {
    const answer = await hub.ask<{ placements: List<{ worker: { id: string } }> }, object>(listOf('', 'worker { id }'), { first: 20 });
    const shown = new Set(answer.data!.placements.edges.map(({ node }) => Buffer.from(node.worker.id, 'base64').toString().split(':')[1]!));
    const [row] = await hub.hub.database.run((q) => q.execute<{ workers: string[]; classes: string[] }>(sql`select workers, classes from audit_entry order by seq desc limit 1`));
    expect(row!.workers.toSorted()).toEqual([...shown].toSorted());
    expect(row!.classes).toEqual(['placement:read', 'workers:list']);
  });
});

describe('what a list refuses', () => {
  it.each([
    ['a text of more than 200 characters', `{job: {contains: "${'x'.repeat(201)}"}}`, 'where.job.contains has more than 200 characters.'],
    ['a list of more than 100', `{country: {in: [${'"MY",'.repeat(101)}]}}`, 'where.country.in has more than 100 items.'],
    ['a null', '{job: {eq: null}}', 'where.job.eq must not be null; leave it out, or use isNull.'],
    ['conditions that are too deep', `${'{not: '.repeat(9)}{}${'}'.repeat(9)}`, 'where has conditions in conditions deeper than 8 levels.'],
    ['too many conditions', `{or: [${'{sector: {eq: FORMAL}},'.repeat(60)}]}`, 'where has more than 100 conditions.'],
    ['a village', '{worker: {origin: {in: ["35.07.10.2001"]}}}', 'origin.in takes provinces, regencies and districts: the index knows no villages.'],
  ])('%s', async (_what, where, message) => {
    const answer = await hub.ask<Placements, object>(listOf(`, where: ${where}`), {});
    expect(answer.errors.map((error) => [error.message, error.extensions['code']])).toEqual([[message, 'BAD_USER_INPUT']]);
  });

  it('a query that the database expects to cost too much, before it runs, and says how to narrow it', async () => {
    await using small = await startTestHub({ people: 30, settings: { LIST_COST_LIMIT: '1' } });
    const answer = await small.ask<Placements, object>(listOf(''), {});
    expect(answer.data!.placements).toBeNull();
    expect(answer.errors[0]!.extensions['code']).toBe('QUERY_TOO_COMPLEX');
    expect(answer.errors[0]!.message).toMatch(/^The list is estimated to cost [\d,]+, and 1 is allowed: narrow it by a condition that few rows meet/);
  });
});
