import { readFileSync } from 'node:fs';
import { generate } from '@graphql-codegen/cli';
import { expect, test } from 'vitest';
import codegen from '../../codegen.ts';
import { errorsPage } from '../../scripts/errors.ts';
import { errorCodes } from '../../src/domain/failure.ts';

const committed = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

test('docs/errors.md is the registry’s (else: npm run schema)', () => {
  expect(committed('docs/errors.md')).toBe(errorsPage());
  for (const code of Object.keys(errorCodes)) expect(committed('docs/errors.md')).toContain(`| \`${code}\` |`);
});

test('the typed operations are those of schema/operations against schema/schema.graphql (else: npm run schema)', async () => {
  const files = (await generate({ ...codegen, silent: true, errorsOnly: true }, false)) as { filename: string; content: string }[];
  expect(files.map((file) => file.filename)).toEqual(['tests/support/operations.ts']);
  expect(committed('tests/support/operations.ts')).toBe(files[0]!.content);
});
