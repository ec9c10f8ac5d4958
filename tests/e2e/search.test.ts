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

interface Found {
  readonly cursor: string;
  readonly score: number | null;
  readonly matchedOn: readonly { readonly on: string; readonly how: string; readonly agencies: readonly string[] }[] | null;
  readonly node: { readonly id: string; readonly name: string | null; readonly sources: readonly { readonly state: string }[] };
}
interface Answer {
  readonly searchWorkers: { readonly edges: readonly Found[]; readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null } } | null;
}
const query = `query ($text: String, $where: WorkerWhere, $first: Int! = 20, $after: String) {
  searchWorkers(text: $text, where: $where, first: $first, after: $after) {
    pageInfo { hasNextPage endCursor }
    edges { cursor score matchedOn { on how agencies } node { id name sources { state } } }
  }
}`;
const search = async (variables: object, as: { as: null; headers: Record<string, string> } | undefined = undefined) => hub.ask<Answer, object>(query, variables, as);
async function edges(variables: object): Promise<readonly Found[]> {
  const { data, errors } = await search(variables);
  expect(errors).toEqual([]);
  return data!.searchWorkers!.edges;
}
async function keyOf(scopes: readonly Scope[], bounds: Bounds = {}): Promise<{ as: null; headers: Record<string, string> }> {
  const { key } = await hub.hub.keys.create({ name: 'searcher', scopes: [...scopes], bounds, expiresAt: new Date(Date.now() + 3_600_000), environment: 'test' });
  return { as: null, headers: { 'x-api-key': key } };
}
const uuid = (id: string) => Buffer.from(id, 'base64').toString().split(':')[1]!;
const rows = async <T extends Record<string, unknown>>(statement: ReturnType<typeof sql>) => hub.hub.database.run((q) => q.execute<T>(statement));

/** A made-up person whom no other is like. */
async function invent(name: string): Promise<string> {
  const [record] = await rows<{ worker_id: string }>(sql`
    update agency_record set body = jsonb_set(body, '{person,name}', ${JSON.stringify(name)}::text::jsonb)
    where (agency, record_id) = (select agency, record_id from agency_record where agency = 'BP2MI' and body->'person'->>'name' not like '%Q%' order by record_id limit 1) returning worker_id`);
  await hub.hub.following.drain();
  return record!.worker_id;
}

describe('searching by name', () => {
  it.each([
    ['as written', 'Qomariyah Tjoeandari'],
    ['small, with a title', 'hj. qomariyah tjoeandari'],
    ['in new spelling', 'Qomariyah Cuandari'],
    ['with a letter too few', 'Qomaryah Cuandari'],
    ['with letters that changed places', 'Qomairyah Cuandari'],
    ['with two slips in a long word', 'Qumarijah Cuandari'],
    ['by one of its words', 'cuandari'],
    ['by the beginning of a word', 'qomar'],
    ['with a father’s name that the record lacks', 'Qomariyah Cuandari binti Kasdi'],
    ['in another order', 'Cuandari Qomariyah'],
  ])('finds a name %s', async (_how, text) => {
    const her = await invent('QOMARIYAH TJOEANDARI');
    const found = await edges({ text });
    expect(found.map(({ node }) => uuid(node.id))).toContain(her);
    const hit = found.find(({ node }) => uuid(node.id) === her)!;
    expect(hit.matchedOn).toEqual([{ on: 'NAME', how: 'SIMILAR', agencies: ['BP2MI'] }]);
    expect(found.map(({ score }) => score)).toEqual(found.map(({ score }) => score).toSorted((a, b) => b! - a!));
  });

  it.each([
    ['BT for binti', 'QURROTA BINTI QASDAN', 'Qurrota bt Qasdan'],
    ['a mononym doubled on papers that want two words', 'QUSTINI QUSTINI', 'Qustini'],
    ['the many ways to write Muhammad', 'MOCH. QODARI', 'Muhammad Qodari'],
  ])('takes %s', async (_what, name, text) => {
    const him = await invent(name);
    const [first] = await edges({ text });
    expect([uuid(first!.node.id), first!.score]).toEqual([him, 1]);
  });

  it('puts the exact spelling first, shows everybody once, and goes on page by page', async () => {
    const [common] = await rows<{ name: string }>(sql`select word as name from indexed_record, unnest(string_to_array(name_search, ' ')) word where recorded_to is null and length(word) > 4 group by 1 order by count(distinct worker_id) desc limit 1`);
    const everybody: string[] = [];
    const scores: number[] = [];
    let after: string | null = null;
    do {
      const { data }: { data: Answer | null | undefined } = await search({ text: common!.name, first: 3, after });
      for (const edge of data!.searchWorkers!.edges) {
        everybody.push(uuid(edge.node.id));
        scores.push(edge.score!);
      }
      after = data!.searchWorkers!.pageInfo.hasNextPage ? data!.searchWorkers!.pageInfo.endCursor : null;
    } while (after !== null);
        expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(new Set(everybody).size).toBe(everybody.length);
    const holders = await rows<{ worker_id: string }>(sql`select distinct worker_id from indexed_record where recorded_to is null and ${common!.name} = any(string_to_array(name_search, ' '))`);
    expect(holders.length).toBeGreaterThan(5);
    expect(holders.map(({ worker_id }) => worker_id).filter((id) => !everybody.includes(id))).toEqual([]);
  });

  it('takes whatever is typed for plain text', async () => {
    for (const text of ["'; drop table worker; --", '%', '_', 'a%b_', '\\', '"', '$1', ')', '()', '  ', 'ā͜͡', '𠜎', '{"a":1}', 'NULL', '-'.repeat(200), `x' or '1'='1`, '%%%12345', "1' or 1=1"]) {
      const { status, errors } = await search({ text });
      expect([status, errors]).toEqual([200, []]);
    }
    expect((await edges({ text: '%' })).length).toBe(0);
    expect((await search({ text: 'x'.repeat(201) })).errors.map(({ message }) => message)).toEqual(['text has more than 200 characters.']);
  });

  it('calls no agency until it is asked to', async () => {
    hub.reset();
    const found = await edges({ text: 'wati', first: 50 });
    expect(found.every(({ node }) => node.sources.every(({ state }) => state === 'INDEXED'))).toBe(true);
    expect(hub.calls()).toEqual({ BP2MI: 0, BPJS_KETENAGAKERJAAN: 0, BPJS_KESEHATAN: 0, PERWAKILAN: 0 });
  });
});

describe('searching by number', () => {
  const numberOf = async (kind: string) => (await rows<{ worker_id: string; value: string }>(sql`select worker_id, value from identifier where kind = ${kind} and value ~ '[1-9]{3}' order by value desc limit 1`))[0]!;

  it.each(['NIK', 'PASSPORT', 'PMI_ID', 'KPJ', 'CASE_NUMBER', 'LAPOR_DIRI'])('finds a %s whole, damaged, by its beginning and by a part', async (kind) => {
    const { worker_id, value } = await numberOf(kind);
    const plain = value.replace(/[^A-Z0-9]/g, '');
    for (const [text, how] of [
      [value, 'EXACT'],
      [`${plain.slice(0, 4).toLowerCase()} .${plain.slice(4, 6)}- ${plain.slice(6)}`, 'EXACT'],
      [plain.slice(0, -1), 'BEGINS'],
      [plain.slice(1), 'CONTAINS'],
    ] as const) {
      if (!/\d/.test(text)) continue;
      const hit = (await edges({ text, first: 100 })).find(({ node }) => uuid(node.id) === worker_id);
      expect(hit?.matchedOn?.map((match) => [match.on, match.how])).toContainEqual([kind, how]);
      expect(JSON.stringify(hit?.matchedOn)).not.toContain(plain);
    }
  });

  it('does not find by a number of a class that the caller may not read, or of a fact that is hidden', async () => {
    const kpj = await numberOf('KPJ');
    const without = await keyOf(['workers:list', 'identity:read', 'placement:read']);
    expect((await search({ text: kpj.value }, without)).data!.searchWorkers!.edges).toEqual([]);
    const [secret] = await rows<{ worker_id: string; key: string }>(sql`select worker_id, key from indexed_case where recorded_to is null and category in ('TPPO', 'KEKERASAN', 'PIDANA', 'SAKIT') limit 1`);
    expect((await edges({ text: secret!.key })).map(({ node }) => uuid(node.id))).toContain(secret!.worker_id);
    const unsensitive = await keyOf(['workers:list', 'identity:read', 'case:read']);
    expect((await search({ text: secret!.key }, unsensitive)).data!.searchWorkers!.edges.filter(({ node }) => uuid(node.id) === secret!.worker_id)).toEqual([]);
  });
});

describe('who may search', () => {
  it('is who may list and read who a worker is, within bounds', async () => {
    expect((await search({ text: 'siti' }, await keyOf(['workers:list', 'placement:read']))).errors.map(({ extensions }) => extensions['scope'])).toEqual(['identity:read']);
    expect((await search({ text: 'siti' }, await keyOf(['identity:read']))).errors.map(({ extensions }) => extensions['scope'])).toEqual(['workers:list']);
    const [area] = await rows<{ regency: string }>(sql`select regency from indexed_worker where recorded_to is null and regency is not null group by 1 order by count(*) desc limit 1`);
    const inside = (await search({ text: null, first: 100 }, await keyOf(['workers:list', 'identity:read', 'case:sensitive'], { areas: [area!.regency] }))).data!.searchWorkers!.edges.map(({ node }) => uuid(node.id));
    const all = await rows<{ worker_id: string }>(sql`select distinct worker_id from indexed_record where recorded_to is null and ${area!.regency} = any(areas)`);
    expect(inside.toSorted()).toEqual(all.map(({ worker_id }) => worker_id).toSorted());
    const [name] = await rows<{ name: string }>(sql`select name_search as name from indexed_record where recorded_to is null and not (${area!.regency} = any(areas)) and worker_id not in (select worker_id from indexed_record where ${area!.regency} = any(areas)) order by 1 limit 1`);
    const outside = await search({ text: name!.name, first: 100 }, await keyOf(['workers:list', 'identity:read'], { areas: [area!.regency] }));
    expect(outside.data!.searchWorkers!.edges.map(({ node }) => uuid(node.id)).filter((id) => !inside.includes(id))).toEqual([]);
  });

  it('leaves a row in the audit log, of a search that found nobody too', async () => {
    await search({ text: 'zzzzzzzzzz' });
    const [row] = await rows<{ not_found: number; workers: string[]; classes: string[] }>(sql`select not_found, workers, classes from audit_entry order by seq desc limit 1`);
    expect(row).toEqual({ not_found: 1, workers: [], classes: ['identity:read', 'workers:list'] });
  });
});
