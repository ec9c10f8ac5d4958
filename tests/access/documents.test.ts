import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sql } from 'drizzle-orm';
import { parse, print } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { trustedDocumentOf } from '../../src/access/documents.ts';
import type { DocumentPolicy } from '../../src/access/terms.ts';
import { createLogger } from '../../src/logger.ts';
import { bare } from '../support/bare.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';

const lines: string[] = [];
let hub: TestHub;
let second: TestHub;
const keys = {} as Record<DocumentPolicy, string>;
beforeAll(async () => {
  hub = await startTestHub({ people: 40, logger: createLogger('warn', { write: (line) => void lines.push(line) }) });
  second = await startTestHub({ people: 40, beside: hub });
  for (const documents of ['any', 'log', 'listed'] as const) {
    keys[documents] = (await hub.hub.keys.create({ name: documents, scopes: ['identity:read'], documents, environment: 'test', expiresAt: new Date(Date.now() + 3_600_000) })).key;
  }
});
afterAll(async () => {
  await second[Symbol.asyncDispose]();
  await hub[Symbol.asyncDispose]();
});

const viewer = 'query Me($x: Boolean = true) { viewer { name @include(if: $x) } }';
const worker = 'query Her($nik: NIK!) { worker(by: { nik: $nik }) { name } }';
const [me, her] = [trustedDocumentOf(viewer), trustedDocumentOf(worker)];
beforeEach(async () => {
  await hub.hub.documents.publish([me, her], new Date());
  // The other instance hears of it.
  await vi.waitUntil(() => [me, her].every(({ id }) => second.hub.documents.find(id) !== null), { timeout: 10_000 });
});

interface Told {
  readonly status: number;
  readonly data?: Record<string, unknown> | null;
  readonly codes: readonly unknown[];
}
async function send(body: object, key: string, at: TestHub = hub): Promise<Told> {
  const response = await fetch(`${at.hub.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', 'x-purpose': 'SERVICE', authorization: `Bearer ${key}` }, body: JSON.stringify(body) });
  return told(response);
}
async function told(response: Response): Promise<Told> {
  const { data, errors = [] } = (await response.json()) as { data?: Record<string, unknown>; errors?: { extensions: { code: string } }[] };
  return { status: response.status, data, codes: errors.map(({ extensions }) => extensions.code) };
}

describe('a trusted document', () => {
  it('is run by its id, with variables, on every instance and by POST and GET', async () => {
    for (const at of [hub, second]) {
      expect(await send({ documentId: me.id }, keys.listed, at)).toEqual({ status: 200, data: { viewer: { name: 'listed' } }, codes: [] });
      expect(await send({ documentId: me.id, variables: { x: false } }, keys.listed, at)).toMatchObject({ data: { viewer: {} } });
      const search = new URLSearchParams({ documentId: me.id, variables: '{"x":true}' });
      const response = await fetch(`${at.hub.url}/graphql?${search}`, { headers: { authorization: `Bearer ${keys.any}`, 'apollo-require-preflight': 'yes' } });
      expect(await told(response)).toMatchObject({ status: 200, data: { viewer: { name: 'any' } } });
    }
  });

  it('has the SHA-256 of its normalised text for an id, and that stands in the audit log', async () => {
    expect(trustedDocumentOf(`# a comment\n${viewer.replaceAll(' ', '\n  ')}`)).toEqual(me);
    await send({ documentId: her.id, variables: { nik: hub.world.person(0).truth.nik } }, keys.listed);
    const [row] = await hub.hub.database.run((q) => q.execute<{ document_hash: string }>(sql`select document_hash from audit_entry order by seq desc limit 1`));
    expect(`sha256:${row!.document_hash}`).toBe(her.id);
  });

  it.each([
    ['DOCUMENT_NOT_FOUND', { documentId: `sha256:${'0'.repeat(64)}` }],
    ['BAD_REQUEST', { documentId: me.id.toUpperCase() }],
    ['BAD_REQUEST', { documentId: 'me' }],
    ['BAD_REQUEST', { documentId: 7 }],
    ['BAD_REQUEST', { documentId: me.id, query: viewer }],
  ])('that is asked for wrongly is %s: %j', async (code, body) => {
    for (const key of Object.values(keys)) expect(await send(body, key)).toEqual({ status: 400, codes: [code] });
  });

  it('that is not in the next publication is retired on every instance, and can come back', async () => {
    expect(await hub.hub.documents.publish([her], new Date())).toEqual({ added: [], retired: [me.id] });
    await expect.poll(() => second.hub.documents.size).toBe(1);
    for (const at of [hub, second]) expect(await send({ documentId: me.id }, keys.any, at)).toMatchObject({ codes: ['DOCUMENT_NOT_FOUND'] });
    expect(await hub.hub.documents.publish([her, me], new Date())).toEqual({ added: [me.id], retired: [] });
    expect(await hub.hub.documents.publish([her, me], new Date())).toEqual({ added: [], retired: [] });
    await expect.poll(async () => (await send({ documentId: me.id }, keys.any, second)).status).toBe(200);
  });
});

describe('a key that may run', () => {
  const unlisted = '{ viewer { kind } }';

  it('only listed documents: others are refused before they are parsed, whatever they are, and that is a row', async () => {
    for (const query of [unlisted, '{ nope }', '{', '{ __schema { queryType { name } } }', `${viewer} query Other { viewer { kind } }`]) {
      expect(await send({ query }, keys.listed)).toEqual({ status: 403, codes: ['DOCUMENT_NOT_LISTED'] });
    }
    const [row] = await hub.hub.database.run((q) => q.execute(sql`select caller_name, outcome, codes from audit_entry order by seq desc limit 1`));
    expect(row).toEqual({ caller_name: 'listed', outcome: 'REFUSED', codes: ['DOCUMENT_NOT_LISTED'] });
    const search = new URLSearchParams({ query: unlisted });
    expect(await told(await fetch(`${hub.hub.url}/graphql?${search}`, { headers: { authorization: `Bearer ${keys.listed}`, 'apollo-require-preflight': 'yes' } }))).toMatchObject({ status: 403 });
  });

  it('only listed documents may send the text of one, however it is spaced', async () => {
    expect(await send({ query: print(parse(viewer)) }, keys.listed)).toMatchObject({ status: 200 });
    expect(await send({ query: `  ${viewer}  # mine` }, keys.listed)).toMatchObject({ status: 200, data: { viewer: { name: 'listed' } } });
  });

  it('any, with unlisted ones noted: once in the log for each, without its text, and each time in the metrics', async () => {
    lines.length = 0;
    for (const query of [unlisted, unlisted, viewer]) expect(await send({ query }, keys.log)).toMatchObject({ status: 200 });
    expect(lines.filter((line) => line.includes('not on the list'))).toHaveLength(1);
    expect(lines.join('')).not.toContain('viewer');
    expect(await (await fetch(`${hub.hub.url}/metrics`)).text()).toContain('payung_unlisted_documents_total{outcome="noted"} 2');
  });

  it('any document is not asked about the list', async () => {
    expect(await send({ query: unlisted }, keys.any)).toMatchObject({ status: 200 });
  });

  it('nothing that it registers itself', async () => {
    const { id } = trustedDocumentOf(unlisted);
    const extensions = { persistedQuery: { version: 1, sha256Hash: id.slice(7) } };
    expect(await send({ query: unlisted, extensions }, keys.any)).toMatchObject({ codes: ['BAD_REQUEST'] });
    expect(await send({ documentId: id }, keys.any)).toMatchObject({ codes: ['DOCUMENT_NOT_FOUND'] });
    expect(hub.hub.documents.size).toBe(2);
  });
});

describe('npm run operations:publish', { timeout: 60_000 }, () => {
  const script = new URL('../../scripts/operations-publish.ts', import.meta.url).pathname;
  const run = (...args: string[]) => promisify(execFile)(process.execPath, [script, ...args], { env: { ...bare, DATABASE_URL: hub.databaseUrl } });

  it('makes schema/operations the list, tells their ids and what is new or retired', async () => {
    const { stdout } = await run();
    expect(stdout).toMatch(/^sha256:[0-9a-f]{64} {2}Viewer {2}\(new\)$/m);
    expect(stdout).toContain(`${me.id}  retired\n`);
    const [id] = /^(\S+) {2}Viewer/m.exec(stdout)!.slice(1);
    await expect.poll(() => second.hub.documents.find(id!)).toContain('query Viewer');
    expect((await run()).stdout).not.toMatch(/new|retired/);
  });

  it('publishes nothing where one does not fit the schema', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'payung-operations-'));
    await writeFile(join(folder, 'wrong.graphql'), 'query Wrong { nope }');
    await expect(run('--from', folder)).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(/^Wrong cannot be published: Cannot query field "nope"[^\n]*\n$/) });
    expect(hub.hub.documents.size).toBeGreaterThan(1);
    await rm(folder, { recursive: true });
  });
});
