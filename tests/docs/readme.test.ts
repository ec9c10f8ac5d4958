import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withSettings } from '../../scripts/settings.ts';
import { startTestHub, type TestHub } from '../support/hub.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const after = (mark: string, fence: string) => new RegExp(`<!-- ${mark} -->\\n\`\`\`${fence}\\n([\\s\\S]*?)\n\`\`\``).exec(readme)![1]!;

let hub: TestHub;
beforeAll(async () => {
  // The day on which the answer in the README was taken; the cast's dates count back from it.
  hub = await startTestHub({ people: 2_000, now: new Date('2026-11-22T03:00:00Z') });
});
afterAll(() => hub[Symbol.asyncDispose]());

it('shows the answer that its first query really gets', async () => {
  const command = after('first query', 'sh');
  const { query } = JSON.parse(/-d '(\{[\s\S]*\})'/.exec(command)![1]!) as { query: string };
  const headers = Object.fromEntries([...command.matchAll(/-H ['"]([a-z-]+): ([^'"]+)['"]/g)].filter(([, name]) => name !== 'authorization').map((match) => [match[1]!, match[2]!]));
  const { data, errors } = await hub.ask(query, {}, { headers });
  expect(errors).toEqual([]);
  expect({ data }).toEqual(JSON.parse(after('first answer', 'json')));
});

it('lists every setting with its default (else: npm run schema)', () => {
  expect(withSettings(readme)).toBe(readme);
});
