import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { getNamedType, type GraphQLArgument, GraphQLEnumType, type GraphQLField, GraphQLObjectType, isRequiredArgument } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Faults } from '../../src/agencies/mocking/faults.ts';
import { verifyAudit } from '../../src/access/auditVerify.ts';
import { allScopes } from '../../src/access/scopes.ts';
import { schema } from '../../src/graph/schema.ts';
import { type Answer, type AskOptions, startTestHub, type TestHub } from '../support/hub.ts';

let hub: TestHub;
/** Somebody who may read everything. */
let everything: AskOptions;
/** People whom all agencies know. */
let niks: string[];
beforeAll(async () => {
  // Nothing gives up while an agency is slow, and no breaker opens.
  hub = await startTestHub({ people: 1_000, settings: { AGENCY_ATTEMPT_TIMEOUT_MS: '20000', AGENCY_CALL_TIMEOUT_MS: '20000', REQUEST_TIMEOUT_MS: '30000', AGENCY_ATTEMPTS: '1', AGENCY_BREAKER_THRESHOLD: '100000' } });
  const { key } = await hub.hub.keys.create({ name: 'all', scopes: [...allScopes], bounds: {}, environment: 'test', expiresAt: new Date(Date.now() + 3_600_000) });
  everything = { as: null, headers: { 'x-api-key': key } };
  const known = Array.from({ length: 1_000 }, (_, i) => hub.world.person(i)).filter(({ records, mismatches }) => mismatches.length === 0 && new Set(records.map(({ agency }) => agency)).size === 4);
  niks = known.slice(0, 25).map(({ truth }) => truth.nik);
});
afterAll(() => hub[Symbol.asyncDispose]());
/** Slow enough for a row to be announced meanwhile. */
const slowly = (of: TestHub, faults: Partial<Faults> = {}) => {
  of.reset();
  for (const mock of Object.values(of.mocks)) mock.faults.set({ slowMs: 30, ...faults });
};
beforeEach(() => slowly(hub));

interface Row extends Record<string, unknown> {
  readonly seq: string;
  readonly outcome: string;
  readonly codes: string[];
  readonly workers: string[];
  readonly classes: string[];
  readonly agencies: string[];
  readonly corrects: string | null;
}
const rowsOf = async (requestId: string): Promise<Row[]> => [...(await hub.hub.database.run((q) => q.execute<Row>(sql`select * from audit_entry where request_id = ${requestId} order by seq`)))];

/** Asks under a request id of its own. */
function ask<T>(document: string, variables: object, options: AskOptions = everything): { id: string; answer: Promise<Answer<T>> } {
  const id = crypto.randomUUID();
  return { id, answer: hub.ask<T, object>(document, variables, { ...options, headers: { ...options.headers, 'x-request-id': id } }) };
}

const keys = () => ({ by: niks.map((nik) => ({ nik })) });
const workers = 'query Together($by: [WorkerKey!]!) { workers(by: $by) { id name placements { job } cases { number } } }';
interface Workers {
  readonly workers: readonly ({ readonly id: string } | null)[];
}

describe('the row of a read by key', () => {
  it('is durable before the agencies have answered, and stays the only one where they do', async () => {
    slowly(hub, { slowMs: 1_500 });
    const { id, answer } = ask<Workers>(workers, keys(), { as: 'desk' });
    const answered = (within: number) => Promise.race([answer.then(() => true), pause(within, false)]);
    let rows: Row[] = [];
    while (rows.length === 0 && !(await answered(20))) rows = await rowsOf(id);
    expect([rows.length, await answered(0)]).toEqual([1, false]);
    const { data, errors } = await answer;
    expect(errors).toEqual([]);
    const ids = data!.workers.map((worker) => Buffer.from(worker!.id, 'base64').toString().split(':')[1]!);
    expect(rows).toMatchObject([{ caller_name: 'desk', operation: 'query', operation_name: 'Together', outcome: 'ANSWERED', codes: [], classes: ['case:read', 'identity:read', 'placement:read'], denied: [], agencies: ['BP2MI', 'PERWAKILAN'], corrects: null }]);
    expect(rows[0]!.workers.toSorted()).toEqual(ids.toSorted());
    expect(await rowsOf(id)).toEqual(rows);
  });

  it('is corrected where an agency fails, and shown once, as it ended', async () => {
    hub.mocks['PERWAKILAN']!.faults.set({ garbage: true });
    const { id, answer } = ask<Workers>(workers, keys());
    const { data, errors } = await answer;
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['AGENCY_INVALID_ANSWER']);
    const rows = await rowsOf(id);
    expect(rows).toMatchObject([
      { outcome: 'ANSWERED', codes: [], corrects: null },
      { outcome: 'PARTIAL', codes: ['AGENCY_INVALID_ANSWER'], corrects: rows[0]!.seq },
    ]);
    hub.reset();
    const log = await hub.ask<{ node: { accessLog: { requestId: string; outcome: string; codes: string[] }[] } }, object>('query ($id: ID!) { node(id: $id) { ... on Worker { accessLog { requestId outcome codes } } } }', { id: data!.workers[0]!.id }, everything);
    expect(log.data!.node.accessLog.filter(({ requestId }) => requestId === id)).toEqual([{ requestId: id, outcome: 'PARTIAL', codes: ['AGENCY_INVALID_ANSWER'] }]);
    expect((await verifyAudit(hub.hub.database)).bad).toBeNull();
  });

  it('that cannot be written lets no answer leave, before the agencies have answered or after', async () => {
    const { database } = hub.hub;
    const rename = (from: string, to: string) => database.run((q) => q.execute(sql.raw(`alter table ${from} rename to ${to}`)));
    slowly(hub, { slowMs: 300 });
    await rename('audit_entry', 'audit_entry_gone');
    try {
      const { status, data } = await ask(workers, keys()).answer;
      expect([status, data]).toEqual([503, undefined]);
    } finally {
      await rename('audit_entry_gone', 'audit_entry');
    }
    // Announced while the log was there, and to be corrected when it is gone.
    hub.mocks['PERWAKILAN']!.faults.set({ slowMs: 1_500, garbage: true });
    const { id, answer } = ask(workers, keys());
    while ((await rowsOf(id)).length === 0) await pause(20);
    await rename('audit_entry', 'audit_entry_gone');
    try {
      const { status, data } = await answer;
      expect([status, data]).toEqual([503, undefined]);
    } finally {
      await rename('audit_entry_gone', 'audit_entry');
    }
    expect(await rowsOf(id)).toMatchObject([{ outcome: 'ANSWERED' }]);
  });
});

const operation = (name: string) => readFileSync(new URL(`../../schema/operations/${name}.graphql`, import.meta.url), 'utf8');
const one = () => ({ by: { nik: niks[0]! } });
const idOf = async () => (await ask<{ worker: { id: string } }>('query ($by: WorkerKey!) { worker(by: $by) { id } }', one()).answer).data!.worker.id;
const byId = async () => ({ id: await idOf() });

/** What is read, and whether its row is announced. */
const reads: readonly [what: string, document: string, variables: () => object | Promise<object>, announces: boolean][] = [
  ['workers.graphql', operation('workers'), keys, true],
  ['worker.graphql', operation('worker'), one, true],
  ['cover.graphql', operation('cover'), keys, true],
  ['protection.graphql', operation('protection'), one, true],
  ['timeline.graphql', operation('timeline'), one, true],
  ['node.graphql', operation('node'), byId, true],
  ['benefits.graphql: what it reads hangs on whether there are cases', operation('benefits'), one, false],
  ['several fields', 'query ($by: WorkerKey!, $id: ID!) { one: worker(by: $by) { phone placements { job } } other: node(id: $id) { ... on Worker { cases { number } } } }', async () => ({ ...one(), ...(await byId()) }), true],
  ['one field in two parts', 'query ($by: WorkerKey!) { worker(by: $by) { phone } worker(by: $by) { placements { passport } identifiers { value } } }', one, true],
  ['a number of a class of its own', 'query ($kpj: String!) { worker(by: { kpj: $kpj }) { placements { job } } }', () => ({ kpj: Array.from({ length: 1_000 }, (_, i) => hub.world.person(i)).find(({ truth }) => truth.nik === niks[0])!.records.flatMap(({ coverages }) => coverages)[0]!.kpj }), true],
  ['what is left out under @include', 'query ($by: WorkerKey!, $links: Boolean = false) { worker(by: $by) { name placements { job } links @include(if: $links) { agency } } }', one, true],
  ['a number that nobody has', 'query { worker(by: { nik: "3507104101909999" }) { name placements { job } } }', () => ({}), false],
  ['a field besides', 'query ($by: WorkerKey!) { worker(by: $by) { placements { job } } viewer { name } }', one, false],
  ['fields in a fragment', 'query ($by: WorkerKey!) { ...both } fragment both on Query { worker(by: $by) { placements { job } } viewer { name } }', one, false],
  ['nodes', 'query ($id: ID!) { nodes(ids: [$id]) { ... on Worker { placements { job } } } }', byId, false],
  ['the log itself', 'query ($by: WorkerKey!) { worker(by: $by) { placements { job } accessLog { requestId } } }', one, false],
  ['her links', 'query ($by: WorkerKey!) { worker(by: $by) { placements { job } links { agency } } }', one, false],
  ['a placement’s passport alone', 'query ($by: WorkerKey!) { worker(by: $by) { placements { passport } } }', one, false],
  ['whose a placement is', 'query ($by: WorkerKey!) { worker(by: $by) { placements { worker { name } } } }', one, false],
];

describe.each(reads)('%s', (_what, document, variables, announces) => {
  it('has one row where the agencies answer, and is corrected where they fail only if it was announced', async () => {
    const given = await variables();
    const well = ask(document, given);
    expect((await well.answer).errors).toEqual([]);
    expect(await rowsOf(well.id)).toMatchObject([{ outcome: 'ANSWERED', corrects: null }]);
    slowly(hub, { garbage: true });
    const ill = ask(document, given);
    expect((await ill.answer).errors.length).toBeGreaterThan(0);
    const rows = await rowsOf(ill.id);
    expect(rows.map(({ outcome, corrects }) => [outcome, corrects])).toEqual(announces ? [['ANSWERED', null], ['PARTIAL', rows[0]!.seq]] : [['PARTIAL', null]]);
  });
});

it('who lacks a scope of what is selected has one row, with what is missing', async () => {
  const { id, answer } = ask(workers, keys(), { as: 'steward' });
  await answer;
  expect(await rowsOf(id)).toMatchObject([{ outcome: 'PARTIAL', codes: ['FORBIDDEN'], denied: ['case:read', 'placement:read'], corrects: null }]);
});

it('who may not ask by a number has one row too', async () => {
  const { coverages } = hub.world.person(0).records.find((record) => record.coverages.length > 0)!;
  const { id, answer } = ask('query ($by: [WorkerKey!]!) { workers(by: $by) { name } }', { by: [{ nik: niks[0] }, { kpj: coverages[0]!.kpj }] }, { as: 'steward' });
  await answer;
  expect(await rowsOf(id)).toMatchObject([{ outcome: 'PARTIAL', denied: ['insurance:read'], agencies: ['BP2MI'], corrects: null }]);
});

it('a read that meets somebody whose processing is restricted has one row', async () => {
  const restrict = (field: string, reason: string, id: string) => ask(`mutation ($id: ID!) { ${field}(input: { id: $id${reason} }) { done } }`, { id }).answer;
  const her = await idOf();
  await restrict('restrictWorker', ', reason: SUBJECT_REQUEST', her);
  const { id, answer } = ask(workers, keys());
  expect((await answer).errors.length).toBe(1);
  expect(await rowsOf(id)).toMatchObject([{ outcome: 'PARTIAL', codes: ['PROCESSING_RESTRICTED'], corrects: null }]);
  expect((await restrict('liftRestriction', '', her)).errors).toEqual([]);
});

it('where an agency is known to be down there is nothing to correct', async () => {
  await using small = await startTestHub({ people: 60, settings: { AGENCY_BREAKER_THRESHOLD: '1', AGENCY_ATTEMPTS: '1' } });
  slowly(small);
  small.mocks['PERWAKILAN']!.faults.set({ down: true });
  const by = [{ nik: small.world.person(0).truth.nik }];
  const corrected = async (id: string) => {
    const { errors } = await small.ask(workers, { by }, { headers: { 'x-request-id': id } });
    expect(errors.length).toBe(1);
    return (await small.hub.database.run((q) => q.execute<{ corrects: string | null }>(sql`select corrects from audit_entry where request_id = ${id} order by seq`))).map(({ corrects }) => corrects !== null);
  };
  expect([await corrected('first'), await corrected('second')]).toEqual([[false, true], [false]]);
});

describe('look-ahead', () => {
  const worker = schema.getType('Worker') as GraphQLObjectType;
  const valueOf = ({ type }: GraphQLArgument): string => {
    const named = getNamedType(type);
    return named instanceof GraphQLEnumType ? named.getValues()[0]!.name : '"2026-01-01"';
  };
  const written = (field: GraphQLField<unknown, unknown>, depth: number): string => {
    const given = field.args.filter(isRequiredArgument).map((argument) => `${argument.name}: ${valueOf(argument)}`);
    const type = getNamedType(field.type);
    const below = type instanceof GraphQLObjectType ? `{ ${selection(type, depth)} }` : '';
    return `${field.name}${given.length > 0 ? `(${given.join(', ')})` : ''} ${below}`;
  };
  /** Every field of a type and of what hangs on it, but for the way back to the worker. */
  const selection = (type: GraphQLObjectType, depth: number): string =>
    ['__typename', ...Object.values(type.getFields()).flatMap((field) => (getNamedType(field.type) === worker || (depth === 0 && getNamedType(field.type) instanceof GraphQLObjectType) ? [] : [written(field, depth - 1)]))].join(' ');

  it.each(Object.values(worker.getFields()).filter((field) => getNamedType(field.type) !== worker).map((field) => [field.name, written(field, 3)]))('foretells what reading Worker.%s reads, with all that hangs on it', async (_name, text) => {
    const { id, answer } = ask(`query ($by: [WorkerKey!]!) { workers(by: $by) { ${text} sources { agency } } }`, keys());
    expect((await answer).errors).toEqual([]);
    expect(await rowsOf(id)).toMatchObject([{ outcome: 'ANSWERED', corrects: null }]);
  });
});
