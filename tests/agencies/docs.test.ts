import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { agencies } from '../../src/agencies/index.ts';
import { defaultSettings, switches } from './documented.ts';
import { examples } from './examples.ts';

const page = new URL('../../docs/agencies.md', import.meta.url);

/** Puts what is generated between its markers, `<!-- NAME -->` and `<!-- /NAME -->`. */
function fill(text: string, name: string, content: string): string {
  const pattern = new RegExp(`(<!-- ${name} -->\n)[^]*?(<!-- /${name} -->)`);
  if (!pattern.test(text)) throw new Error(`docs/agencies.md lacks the markers of ${name}`);
  return text.replace(pattern, (_, start: string, end: string) => `${start}${content}\n${end}`);
}

// `npx vitest run tests/agencies/docs.test.ts -u` writes the page anew.
it('docs/agencies.md shows what the mocks really answer, and the settings and switches that there are', async () => {
  let text = readFileSync(page, 'utf8');
  for (const [name, make] of Object.entries(examples)) text = fill(text, `example ${name}`, await make());
  text = fill(text, 'settings', defaultSettings(agencies));
  text = fill(text, 'switches', switches());
  await expect(text).toMatchFileSnapshot(page.pathname);
});

it('docs/agencies.md names every agency, and says of each whether its wire form is invented', () => {
  const text = readFileSync(page, 'utf8');
  for (const { name, title, inventedWire } of agencies) {
    const heading = new RegExp(`^### ${name}: (invented|public) wire form$`, 'm').exec(text);
    expect(heading?.[1], name).toBe(inventedWire ? 'invented' : 'public');
    expect(text).toContain(title);
    expect(Object.keys(examples)).toContain(name);
  }
});
