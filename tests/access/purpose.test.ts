import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestHub, type TestHub } from '../support/hub.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ people: 60 });
});
afterAll(() => hub[Symbol.asyncDispose]());
beforeEach(() => hub.reset());

const worker = 'query ($nik: NIK!) { worker(by: { nik: $nik }) { name } }';
const variables = () => ({ nik: hub.world.person(0).truth.nik });

describe('the purpose of a read', () => {
  it.each([
    ['none', {}],
    ['one that is none of the list', { 'x-purpose': 'CURIOSITY' }],
    ['a case reference that is a person’s number', { 'x-purpose': 'SERVICE', 'x-case-reference': '5202055103849991' }],
  ])('%s: refused with 403 before anything is called', async (_what, headers) => {
    const { status, data, errors } = await hub.ask(worker, variables(), { headers: { 'x-purpose': '', ...headers } });
    expect({ status, data }).toEqual({ status: 403, data: undefined });
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['PURPOSE_REQUIRED']);
    expect(JSON.stringify(errors)).not.toContain('5202055103849991');
    expect(Object.values(hub.calls())).toEqual([0, 0, 0, 0]);
  });

  it('is asked for by node and nodes too, and by whatever hides in a fragment', async () => {
    for (const query of ['{ node(id: "V29ya2VyOng=") { id } }', '{ nodes(ids: []) { id } }', '{ ...F } fragment F on Query { worker(by: { pmiId: "PMI-0001" }) { id } }']) {
      const { status, errors } = await hub.ask(query, {}, { headers: { 'x-purpose': '' } });
      expect([status, errors[0]!.extensions.code]).toEqual([403, 'PURPOSE_REQUIRED']);
    }
  });

  it('is not needed where nobody is identified', async () => {
    const { status, errors } = await hub.ask('{ viewer { name purposes { name basis } } agencies { name } }', {}, { headers: { 'x-purpose': '' } });
    expect({ status, errors }).toEqual({ status: 200, errors: [] });
  });

  it('can be limited for a key', async () => {
    const { key } = await hub.hub.keys.create({ name: 'insurer', scopes: ['identity:read'], purposes: ['COVER_CHECK'], expiresAt: new Date(Date.now() + 60_000), environment: 'test' });
    const ask = (purpose: string) => hub.ask<{ worker: { name: string } }, object>(worker, variables(), { as: null, headers: { 'x-api-key': key, 'x-purpose': purpose } });
    expect((await ask('SERVICE')).status).toBe(403);
    const { status, data } = await ask('COVER_CHECK');
    expect([status, data!.worker.name]).toEqual([200, 'SITI NURHAYATI']);
  });
});
