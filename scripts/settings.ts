// Writes the table of settings into README.md: `npm run schema`.
import { readFileSync, writeFileSync } from 'node:fs';
import { settingDocs } from '../src/config.ts';

const readme = new URL('../README.md', import.meta.url);

/** The README with its table of settings as the code has it. */
export function withSettings(text: string): string {
  const rows = settingDocs().map(({ name, meaning, fallback, secret }) => `| \`${name}\` | ${fallback === '' ? '' : `\`${fallback}\``} | ${meaning}${secret ? ` Also from a file: \`${name}_FILE\`.` : ''} |`);
  const table = ['| Setting | Default | Meaning |', '|---|---|---|', ...rows].join('\n');
  const [start, end] = ['<!-- settings -->', '<!-- /settings -->'];
  return `${text.slice(0, text.indexOf(start) + start.length)}\n${table}\n${text.slice(text.indexOf(end))}`;
}

if (import.meta.main) writeFileSync(readme, withSettings(readFileSync(readme, 'utf8')));
