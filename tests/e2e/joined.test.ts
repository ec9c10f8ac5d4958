import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { agencies } from '../../src/agencies/index.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';
import { AgenciesDocument, CoverDocument, NodeDocument, ViewerDocument, WorkerDocument, type WorkerKey, WorkersDocument } from '../support/operations.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ people: 1_000 });
});
afterAll(() => hub[Symbol.asyncDispose]());
beforeEach(() => hub.reset());

const nikOf = (index: number) => hub.world.person(index).truth.nik;
/** People whom the placement register knows by their true NIK, so that each is one worker of the hub. */
function placedPeople(count: number): number[] {
  const found: number[] = [];
  for (let index = hub.world.cast.length; found.length < count; index += 1) {
    const { records, truth } = hub.world.person(index);
    if (records.some((record) => record.agency === 'BP2MI' && record.person.identifiers.some((id) => id.kind === 'NIK' && id.value === truth.nik))) found.push(index);
  }
  return found;
}

/** People whom all four agencies know without a mistake, with a case. */
function everywhere(): number[] {
  return Array.from({ length: 1_000 }, (_, i) => i).filter((i) => {
    const { records, mismatches } = hub.world.person(i);
    return mismatches.length === 0 && new Set(records.map((record) => record.agency)).size === 4 && records.some((record) => record.cases.length > 0);
  });
}

describe('one query, four agencies', () => {
  it('gives identity, placements, insurance and cases of one worker in one answer', async () => {
    const [index] = everywhere();
    const { data, errors, status } = await hub.ask(WorkerDocument, { by: { nik: nikOf(index!) } });
    expect({ status, errors }).toEqual({ status: 200, errors: [] });
    const worker = data!.worker!;
    const { truth, records } = hub.world.person(index!);
    expect(worker).toMatchObject({ name: records.find((record) => record.agency === 'BP2MI')!.person.name, nik: truth.nik, sex: truth.sex, dateOfBirth: truth.dateOfBirth });
    expect(worker.origin!.province!.code).toBe(truth.area.slice(0, 2));
    expect(worker.placements!.length).toBe(records.flatMap((record) => record.placements).length);
    expect(worker.socialSecurity!.coverages!.length).toBe(records.flatMap((record) => record.coverages).length);
    expect(worker.cases!.map((c) => c.number).toSorted()).toEqual(records.flatMap((record) => record.cases.map((c) => c.number)).toSorted());
    expect(worker.sources.map((source) => source.agency)).toEqual(agencies.map(({ name }) => name));
    expect(worker.placements!.every(({ provenance }) => provenance.agency === 'BP2MI' && provenance.freshness === 'LIVE')).toBe(true);
  });

  it('finds the same worker by each of her numbers', async () => {
    const [index] = everywhere();
    const first = await hub.ask(WorkerDocument, { by: { nik: nikOf(index!) } });
    const worker = first.data!.worker!;
    const fields = { PASSPORT: 'passport', PMI_ID: 'pmiId', KPJ: 'kpj', JKN_CARD: 'jknCard', CASE_NUMBER: 'caseNumber' } as const;
    const numbers = worker.identifiers!.flatMap(({ kind, value }) => (kind in fields ? [{ [fields[kind as keyof typeof fields]]: value } as unknown as WorkerKey] : []));
    expect(numbers.length).toBeGreaterThanOrEqual(4);
    for (const by of [{ id: worker.id } as WorkerKey, ...numbers]) {
      const { data } = await hub.ask(WorkerDocument, { by });
      expect(data!.worker?.id, JSON.stringify(Object.keys(by))).toBe(worker.id);
    }
  });

  it('answers many workers in the order asked, null where nobody knows the number', async () => {
    const people = placedPeople(5);
    const unknown = '3507104101909999';
    const { data } = await hub.ask(WorkersDocument, { by: [...people.map((i) => ({ nik: nikOf(i) })), { nik: unknown }, { nik: nikOf(people[0]!) }] });
    expect(data!.workers.map((worker) => worker?.nik ?? null)).toEqual([...people.map(nikOf), null, nikOf(people[0]!)]);
  });

  it('gives every object back by its id, and no id tells a number', async () => {
    const { data } = await hub.ask(WorkerDocument, { by: { nik: nikOf(everywhere()[0]!) } });
    const worker = data!.worker!;
    const objects = [...worker.placements!, ...worker.socialSecurity!.coverages!, ...worker.healthInsurance!, ...worker.cases!, ...worker.stays!];
    expect(objects.length).toBeGreaterThan(3);
    expect(new Set(objects.map(({ id }) => id)).size).toBe(objects.length);
    const numbers = worker.identifiers!.map(({ value }) => value);
    for (const { id } of [worker, ...objects]) {
      const node = await hub.ask(NodeDocument, { id });
      expect(node.data!.node?.id).toBe(id);
      const decoded = id + Buffer.from(id, 'base64').toString('latin1');
      expect(numbers.filter((number) => decoded.includes(number))).toEqual([]);
    }
  });
});

describe('ids of nothing', () => {
  it.each(['abc', '', '3507104101909001', btoa('Worker:123'), btoa('Foo:1'), btoa(`Placement:${crypto.randomUUID()}`), btoa(`Worker:${crypto.randomUUID()}`), btoa(`Worker:${crypto.randomUUID()}.x`)])(
    '%s is an object that does not exist',
    async (id) => {
      expect(await hub.ask(NodeDocument, { id })).toMatchObject({ status: 200, data: { node: null }, errors: [] });
    },
  );

  it('more than 100 of them are refused', async () => {
    const { errors } = await hub.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: Array.from({ length: 101 }, () => 'x') });
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
  });
});

describe('calls to the agencies', () => {
  it('are ⌈N / limit⌉ for N workers, and one per member at BPJS Kesehatan', async () => {
    const people = placedPeople(60);
    const { data, errors } = await hub.ask(
      `query ($by: [WorkerKey!]!) { workers(by: $by) { name placements { job } socialSecurity { covered(programme: JKK) } healthInsurance { status } cases { status } sources { agency state } } }`,
      { by: people.map((i) => ({ nik: nikOf(i) })) },
    );
    expect(errors).toEqual([]);
    const workers = (data as { workers: { sources: { agency: string; state: string }[] }[] }).workers;
    const asked = (agency: string) => workers.filter((worker) => worker.sources.some((source) => source.agency === agency && source.state !== 'SKIPPED')).length;
    const calls = hub.calls();
    expect(calls.BP2MI).toBe(1);
    expect(calls.BPJS_KETENAGAKERJAAN).toBe(2);
    expect(hub.mocks.PERWAKILAN!.calls.of('lookUp')).toBe(3);
    expect(calls.BPJS_KESEHATAN).toBe(asked('BPJS_KESEHATAN'));
  });

  it.each([
    ['placements { job }', ['BP2MI']],
    ['socialSecurity { kpjs }', ['BPJS_KETENAGAKERJAAN']],
    ['healthInsurance { status }', ['BPJS_KESEHATAN']],
    ['cases { status }', ['PERWAKILAN']],
    ['id identifiers { value }', []],
    ['name', ['BP2MI']],
    ['...F @skip(if: true)', []],
    ['...F @include(if: true)', ['BPJS_KESEHATAN']],
  ])('for { %s } go to %o only', async (selection, expected) => {
    const [index] = placedPeople(1);
    const fragment = selection.includes('...F') ? 'fragment F on Worker { healthInsurance { status } }' : '';
    await hub.ask(`query ($nik: NIK!) { worker(by: { nik: $nik }) { __typename ${selection} } } ${fragment}`, { nik: nikOf(index!) });
    expect(Object.entries(hub.calls()).filter(([, calls]) => calls > 0).map(([agency]) => agency)).toEqual(expected);
  });

  it('are shared between fields and aliases of one request', async () => {
    const [a, b] = placedPeople(2);
    await hub.ask(`query ($a: NIK!, $b: NIK!) { one: worker(by: { nik: $a }) { placements { job } } two: worker(by: { nik: $b }) { placements { job } } again: worker(by: { nik: $a }) { currentPlacement { job } } }`, { a: nikOf(a!), b: nikOf(b!) });
    expect(hub.calls().BP2MI).toBe(1);
  });

  it('carry the request id', async () => {
    const [index] = placedPeople(1);
    const answer = await hub.ask(CoverDocument, { by: [{ nik: nikOf(index!) }] }, { headers: { 'x-request-id': 'desk-7.42' } });
    expect(answer.headers.get('x-request-id')).toBe('desk-7.42');
    expect(hub.mocks.BPJS_KETENAGAKERJAAN!.calls.requestIds).toContain('desk-7.42');
  });

  it('are not made for what the caller may not read', async () => {
    // The first of the cast was placed by the partner.
    const { data, errors } = await hub.ask(WorkerDocument, { by: { nik: nikOf(0) } }, { as: 'partner' });
    expect(data!.worker!.name).toBeNull();
    expect(data!.worker!.placements).not.toBeNull();
    expect(errors.map(({ extensions }) => [extensions.code, extensions.scope])).toEqual(
      expect.arrayContaining([['FORBIDDEN', 'identity:read'], ['FORBIDDEN', 'health:read'], ['FORBIDDEN', 'case:read']]),
    );
    expect(errors).toHaveLength(3);
    expect(hub.calls()).toMatchObject({ BPJS_KESEHATAN: 0, PERWAKILAN: 0 });
    expect(data!.worker!.sources.filter(({ state }) => state === 'DENIED').map(({ agency }) => agency)).toEqual(['BPJS_KESEHATAN', 'PERWAKILAN']);
  });
});

describe('keys that are not in order', () => {
  it.each([
    ['no field', {}],
    ['two fields', { nik: '3507104101909001', kpj: '19000000001' }],
    ['a NIK of 15 digits', { nik: '350710410190900' }],
    ['a placeholder', { nik: '0000000000000000' }],
    ['an id of nothing', { id: 'nonsense' }],
    ['a passport of digits', { passport: '12345678' }],
  ])('%s is refused without echoing it', async (_what, by) => {
    const { errors, status, data } = await hub.ask(WorkerDocument, { by } as never);
    expect(status === 400 || data?.worker === null).toBe(true);
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
    for (const value of Object.values(by)) expect(JSON.stringify(errors)).not.toContain(value);
    expect(Object.values(hub.calls())).toEqual([0, 0, 0, 0]);
  });

  it('more than 100 keys are refused, and none', async () => {
    for (const count of [0, 101]) {
      const { errors } = await hub.ask(WorkersDocument, { by: Array.from({ length: count }, () => ({ nik: nikOf(30) })) });
      expect(errors.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
    }
    expect(hub.calls().BP2MI).toBe(0);
  });
});

describe('who is asking', () => {
  it('is refused without a key, or with one that is none, before anything is done', async () => {
    const wrong: Record<string, string>[] = [{}, { authorization: 'Bearer payung_test_nonsense' }, { 'x-api-key': `${hub.keys.desk.slice(0, -1)}#` }];
    for (const headers of wrong) {
      const { status, errors } = await hub.ask(AgenciesDocument, {}, { as: null, headers });
      expect(status).toBe(401);
      expect(errors[0]!.extensions.code).toBe('UNAUTHENTICATED');
    }
  });

  it('is told by viewer, by either header', async () => {
    const { data } = await hub.ask(ViewerDocument, {}, { as: null, headers: { 'x-api-key': hub.keys.partner } });
    expect(data!.viewer).toMatchObject({ name: 'partner', scopes: ['placement:read', 'insurance:read', 'workers:list', 'events:read'].map((name) => ({ name })) });
  });
});

describe('agencies', () => {
  it('tells how each is doing without calling any', async () => {
    const { data } = await hub.ask(AgenciesDocument, {});
    expect(data!.agencies.map(({ name, mock, batchLimit }) => ({ name, mock, batchLimit }))).toEqual(agencies.map(({ name, batchLimit }) => ({ name, mock: true, batchLimit })));
    expect(Object.values(hub.calls())).toEqual([0, 0, 0, 0]);
  });
});

describe('the ready-made operations', () => {
  it('each begin with a comment that says what they are for', () => {
    for (const name of ['worker', 'workers', 'cover', 'agencies', 'viewer', 'node']) {
      expect(readFileSync(new URL(`../../schema/operations/${name}.graphql`, import.meta.url), 'utf8')).toMatch(/^# .{20,}/);
    }
  });
});
