// Writes the tables of scopes and purposes into docs/access.md: `npm run schema`.
import { readFileSync, writeFileSync } from 'node:fs';
import { allPurposes, purposes } from '../src/access/purposes.ts';
import { allScopes, scopes } from '../src/access/scopes.ts';

const page = new URL('../docs/access.md', import.meta.url);

function between(text: string, mark: string, lines: readonly string[]): string {
  const [start, end] = [`<!-- ${mark} -->`, `<!-- /${mark} -->`];
  return `${text.slice(0, text.indexOf(start) + start.length)}\n${lines.join('\n')}\n${text.slice(text.indexOf(end))}`;
}

/** docs/access.md with its tables as the code has them. */
export function withAccessTables(text: string): string {
  const ofScopes = ['| Scope | Lets its holder read, or do |', '|---|---|', ...allScopes.map((scope) => `| \`${scope}\` | ${scopes[scope]} |`)];
  const ofPurposes = ['| `x-purpose` | For | Basis |', '|---|---|---|', ...allPurposes.map((purpose) => `| \`${purpose}\` | ${purposes[purpose].meaning} | ${purposes[purpose].basis.toLowerCase().replace('_', ' ')} |`)];
  return between(between(text, 'scopes', ofScopes), 'purposes', ofPurposes);
}

if (import.meta.main) writeFileSync(page, withAccessTables(readFileSync(page, 'utf8')));
