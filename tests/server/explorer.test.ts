import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readOperations, readyMade } from '../../src/server/explorer/operations.ts';
import { startLibrary } from '../support/library-server.ts';

async function operationsDir(files: Record<string, string>): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'payung-operations-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  await mkdir(join(dir, 'deeper'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text);
  return dir;
}

describe('ready-made operations', () => {
  test('each file is one, with its comment as description and its example variables', async () => {
    const dir = await operationsDir({
      'b.graphql': '# One worker,\n# by NIK.\n# variables: {"by": {"nik": "x"}}\nquery Worker($by: Key!) { book(by: $by) { id } }\n',
      'deeper/a.graphql': 'query Plain { genre }',
      'notes.txt': 'not one',
    });
    expect(await readOperations(dir)).toEqual([
      { name: 'Worker', description: 'One worker, by NIK.', query: expect.stringContaining('query Worker'), variables: '{\n  "by": {\n    "nik": "x"\n  }\n}' },
      { name: 'Plain', description: '', query: 'query Plain { genre }', variables: '' },
    ]);
  });

  test('no folder, no operations', async () => {
    expect(await readOperations('/nowhere/at/all')).toEqual([]);
  });

  test.each(['{ genre }', 'query A { genre } query B { genre }', 'fragment F on Book { id }'])('a file with %s is an error that names it', (text) => {
    expect(() => readyMade('x.graphql', text)).toThrow('x.graphql: an operations file holds exactly one named operation');
  });
});

describe('the explorer', () => {
  /** Addresses that HTML or CSS would load; links a person may follow are no loads. */
  const loads = (text: string): string[] =>
    [...text.matchAll(/(?:\bsrc|\bhref|\bfrom|@import|url\()\s*=?\s*\(?["']?((?:https?:)?\/\/[^"'\s)]+)/g)].map((match) => match[1]!);

  test('its page loads nothing from elsewhere, and its policy would not let it', async () => {
    await using server = await startLibrary({ operationsDir: await operationsDir({ 'a.graphql': '# <b>Bold</b> "words"\nquery Genre { genre } # </script>' }) });
    const response = await fetch(`${server.url}/explorer`);
    const html = await response.text();
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(html).not.toMatch(/https?:\/\//);
    expect(html).toContain('Bearer YOUR_KEY');
    expect(html).toContain('x-purpose');
    expect(html).toContain('title="&lt;b&gt;Bold&lt;/b&gt; &quot;words&quot;"');
    expect(html).not.toContain('# </script>');
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain(`default-src 'none'`);
    expect(policy).toContain(`connect-src 'self'`);
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval|script-src[^;]*unsafe-inline/);
    expect(policy.match(/'sha256-/g)).toHaveLength(html.match(/<script/g)!.length);
  });

  test('every script and style the page names is served from here', async () => {
    await using server = await startLibrary();
    const html = await (await fetch(`${server.url}/explorer`)).text();
    const paths = new Set([...html.matchAll(/"(\/explorer\/static\/[\w.]+)"/g)].map((match) => match[1]!));
    expect([...paths].toSorted()).toEqual(['/explorer/static/ruru.css', '/explorer/static/ruru.js']);
    for (const path of [...paths, '/explorer/static/graphqlWorker.js', '/explorer/static/jsonWorker.js', '/explorer/static/editorWorker.js']) {
      const response = await fetch(server.url + path);
      expect([path, response.status]).toEqual([path, 200]);
      expect([path, loads(await response.text()).filter((address) => !address.startsWith('//# '))]).toEqual([path, []]);
    }
  });

  test('a file that is not there is a 404 problem, and one unchanged is not sent again', async () => {
    await using server = await startLibrary();
    const missing = await fetch(`${server.url}/explorer/static/../../package.json`);
    expect(missing.status).toBe(404);
    expect((await fetch(`${server.url}/explorer/static/nope.js`)).headers.get('content-type')).toContain('application/problem+json');
    const etag = (await fetch(`${server.url}/explorer/static/ruru.css`)).headers.get('etag')!;
    expect((await fetch(`${server.url}/explorer/static/ruru.css`, { headers: { 'if-none-match': etag } })).status).toBe(304);
  });
});
