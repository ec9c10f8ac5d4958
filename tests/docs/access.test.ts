import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withAccessTables } from '../../scripts/accessTables.ts';
import { trustedDocumentOf } from '../../src/access/documents.ts';
import { bare } from '../support/bare.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';

const page = readFileSync(new URL('../../docs/access.md', import.meta.url), 'utf8');
const after = (mark: string) => new RegExp(`<!-- ${mark} -->\\n\`\`\`\\w*\\n([\\s\\S]*?)\n\`\`\``).exec(page)![1]!;

let hub: TestHub;
beforeAll(async () => {
  // The day on which the answer on the page was taken; the cast's dates count back from it.
  hub = await startTestHub({ people: 2_000, now: new Date('2026-11-22T03:00:00Z') });
});
afterAll(() => hub[Symbol.asyncDispose]());

it('takes a partner from key to first answer', async () => {
  const [, args] = /^npm run --silent keys -- (.*)$/.exec(after('make a key'))!;
  const script = new URL('../../scripts/keys.ts', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...args!.split(' ')], { env: { ...bare, DATABASE_URL: hub.databaseUrl } });
  const shape = (text: string) => text.trim().replaceAll(/test_\w{8}_\w{33}/g, 'KEY').replaceAll(/^\w{8} /gm, 'ID ').replace(/until \S+/, 'until DAY');
  expect(shape(stdout)).toBe(shape(after('key made')));

  const command = after('first query');
  const { query } = JSON.parse(/-d '(\{[\s\S]*\})'/.exec(command)![1]!) as { query: string };
  const headers = Object.fromEntries([...command.matchAll(/-H ['"]([a-z-]+): ([^'"]+)['"]/g)].map(([, name, value]) => [name!, value!.replace('$KEY', stdout.split('\n')[0]!)]));
  const { data, errors } = await hub.ask(query, {}, { as: null, headers });
  expect(errors).toEqual([]);
  expect({ data }).toEqual(JSON.parse(after('first answer')));
});

it('shows the id that is published', () => {
  const text = readFileSync(new URL('../../schema/operations/viewer.graphql', import.meta.url), 'utf8');
  expect(after('published')).toBe(`${trustedDocumentOf(text).id}  Viewer`);
});

it('lists every scope and purpose (else: npm run schema)', () => {
  expect(withAccessTables(page)).toBe(page);
});
