import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { samplePeople } from './people.ts';

const script = new URL('../../scripts/link.ts', import.meta.url).pathname;
const columns = ['nik', 'passport', 'phone', 'name', 'sex', 'dateOfBirth', 'area'];
const map = { id: 'no', attributes: Object.fromEntries(columns.map((column) => [column, column])) };
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'payung-link-'));
});
afterAll(() => rm(folder, { recursive: true }));

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly clusters: () => Promise<string>;
  readonly pairs: () => Promise<string>;
}

/** Runs the command on files with the given content. */
async function run(files: Readonly<Record<string, string | Buffer>>, mapping: unknown = map, more: readonly string[] = []): Promise<Run> {
  const here = await mkdtemp(join(folder, 'run-'));
  const at = (name: string) => join(here, name);
  for (const [name, content] of Object.entries(files)) await writeFile(at(name), content);
  await writeFile(at('map.json'), typeof mapping === 'string' ? mapping : JSON.stringify(mapping));
  const inputs = Object.keys(files).flatMap((name) => ['--input', at(name)]);
  const child = spawn(process.execPath, [script, ...inputs, '--map', at('map.json'), '--out', at('clusters.csv'), '--pairs', at('pairs.csv'), ...more]);
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => (stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, stdout, stderr, clusters: () => readFile(at('clusters.csv'), 'utf8'), pairs: () => readFile(at('pairs.csv'), 'utf8') };
}

const sample = samplePeople(60).records;
const rows = (source: string) => sample.filter((record) => record.source === source).map(({ id, values }) => [id, ...columns.map((column) => values[column]?.[0] ?? '')]);
const csv = (list: readonly (readonly string[])[], separator = ',') => [['no', ...columns], ...list].map((row) => row.join(separator)).join('\n');

/** Clusters as sets of ids, whatever they are numbered. */
function grouped(text: string): string[] {
  const groups = Map.groupBy(text.trim().split('\n').slice(1).map((line) => line.split(',') as [string, string]), ([, cluster]) => cluster);
  return [...groups.values()].map((members) => members.map(([id]) => id).toSorted().join(' ')).toSorted();
}

describe('npm run link', () => {
  it('links two files, writes clusters and pairs, and explains the hardest', async () => {
    const { code, stdout, stderr, clusters, pairs } = await run({ 'a.csv': csv(rows('A')), 'b.csv': csv(rows('B')) }, map, ['--explain', '2']);
    expect(stderr).toContain('a.csv: ');
    expect(code).toBe(0);
    const text = await clusters();
    expect(text.split('\n')[0]).toBe('record_id,cluster');
    expect(text.trim().split('\n')).toHaveLength(sample.length + 1);
    expect(grouped(text).filter((group) => group.includes(' ')).length).toBeGreaterThan(30);
    expect((await pairs()).split('\n')[0]).toBe('id_a,id_b,probability,zone');
    expect((await pairs()).split('\n')[1]).toMatch(/^[AB]-\d+,[AB]-\d+,1\.000000,LINK$/);
    expect(stdout).toContain('prior');
  });

  it('gives the same for semicolons, CRLF, a byte order mark, Latin-1 and UTF-16', async () => {
    const list = rows('A').concat(rows('B')).map((row) => row.map((cell, i) => (i === 4 ? cell.replace('RINA', 'RENÉE') : cell)));
    const plain = await run({ 'f.csv': csv(list) });
    const expected = grouped(await plain.clusters());
    const forms = {
      semicolons: csv(list, ';'), crlf: csv(list).replaceAll('\n', '\r\n'), mark: `\uFEFF${csv(list)}`, latin1: Buffer.from(csv(list), 'latin1'),
      utf16: Buffer.from(`\uFEFF${csv(list)}`, 'utf16le'),
    };
    for (const [form, content] of Object.entries(forms)) {
      const { code, stderr, clusters } = await run({ 'f.csv': content });
      expect(code, `${form}: ${stderr}`).toBe(0);
      expect(grouped(await clusters()), form).toEqual(expected);
    }
  });

  it('does not compare inside a file that is said to have nobody twice', async () => {
    const twice = rows('A').flatMap((row) => [row, [`${row[0]}x`, ...row.slice(1)]]);
    const { clusters } = await run({ 'a.csv': csv(twice), 'b.csv': csv(rows('B')) }, { ...map, linkOnly: true });
    const pairs = grouped(await clusters()).map((group) => group.split(' '));
    expect(pairs.every((group) => group.length < 3)).toBe(true);
  });

  it('takes attributes of its own and from other columns per file', async () => {
    const [a, b] = [rows('A'), rows('B')];
    const other = csv(b).replace('no,nik', 'nomor,ktp');
    const { code, stderr, clusters } = await run({ 'a.csv': csv(a), 'b.csv': other }, {
      id: 'no', attributes: { nik: 'nik', name: 'name', born: { column: 'dateOfBirth', kind: 'date' } }, files: { 'b.csv': { id: 'nomor', attributes: { nik: 'ktp' } } },
    });
    expect(stderr).toContain('b.csv');
    expect(code).toBe(0);
    expect(grouped(await clusters()).filter((group) => group.includes(' ')).length).toBeGreaterThan(25);
  });
});

describe('a bad file', () => {
  const good = rows('A');
  it.each<[string, Record<string, string>, unknown, RegExp]>([
    ['that is empty', { 'a.csv': '' }, map, /a\.csv is empty/],
    ['of blank lines', { 'a.csv': '\n\n  \n' }, map, /a\.csv is empty/],
    ['without a column that the map names', { 'a.csv': csv(good).replace(',phone', ',telepon') }, map, /has no column `phone`.*Its columns are: no, nik/],
    ['without the id column', { 'a.csv': csv(good).replace('no,', 'x,') }, map, /has no column `no`, which the map names for the record id/],
    ['with a column twice', { 'a.csv': csv(good).replace('sex', 'name') }, map, /two columns `name`/],
    ['with an id twice', { 'a.csv': csv([...good, good[0]!]) }, map, /line \d+ was used before, at a\.csv line 2/],
    ['with ids of another file', { 'a.csv': csv(good), 'b.csv': csv(good) }, map, /used before, at a\.csv line 2.*prefixIds/],
    ['with a record that has no id', { 'a.csv': csv([['', ...good[0]!.slice(1)]]) }, map, /line 2 has no record id/],
    ['with a row that is too long', { 'a.csv': csv([...good, [...good[0]!, 'more', 'more']]) }, map, /cells where the header has 8/],
    ['with a quote that never closes', { 'a.csv': `${csv(good)}\nz,"${'x\n'.repeat(100)}` }, map, /double quote is opened and never closed/],
    ['whose map is no JSON', { 'a.csv': csv(good) }, '{"id": ', /map is not JSON/],
    ['whose map has an unknown word', { 'a.csv': csv(good) }, { ...map, kolom: 1 }, /map is not right/],
    ['whose map has an unknown attribute without a kind', { 'a.csv': csv(good) }, { id: 'no', attributes: { suburb: 'area' } }, /`suburb` is none of the linker's own.*kind/],
    ['whose map names nothing to compare', { 'a.csv': csv(good) }, { id: 'no', attributes: {} }, /nothing to compare/],
  ])('%s is refused with one clear line', async (_, files, mapping, message) => {
    const { code, stderr } = await run(files, mapping);
    expect(stderr.trim().split('\n').at(-1)).toMatch(message);
    expect(code).toBe(1);
    expect(stderr).not.toContain('    at ');
    // Values out of records are nobody's business on a screen.
    const values = good.flatMap((row) => row.slice(1, 4)).filter((cell) => cell.length > 8);
    expect(values.filter((value) => stderr.includes(value))).toEqual([]);
  });

  it('that does not exist is named', async () => {
    const { code, stderr } = await run({}, map, ['--input', join(folder, 'none.csv')]);
    expect(stderr).toContain('none.csv does not exist');
    expect(code).toBe(1);
  });

  it('with a header alone gives no cluster', async () => {
    const { code, clusters } = await run({ 'a.csv': csv([]) });
    expect(code).toBe(0);
    expect(await clusters()).toBe('record_id,cluster\n');
  });

  it('with rows that are too short is read, and says so', async () => {
    const { code, stderr, clusters } = await run({ 'a.csv': csv([...good, ['short', '']]) });
    expect(code).toBe(0);
    expect(stderr).toContain('1 rows have fewer cells');
    expect(grouped(await clusters())).toContain('short');
  });

  it('of many rows with one and the same name ends, links nobody, and reports the key that was too common', async () => {
    const same = Array.from({ length: 20_000 }, (_, i) => `r${i},SITI AMINAH`);
    const { code, stderr, clusters } = await run({ 'a.csv': ['no,name', ...same].join('\n') }, { id: 'no', attributes: { name: 'name' } });
    expect(code).toBe(0);
    expect(stderr).toMatch(/too common and dropped, the largest shared by 20000 records \(name\)/);
    expect(grouped(await clusters())).toHaveLength(20_000);
  });
});
