import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LinkRecord } from '../../src/identity/attributes.ts';
import { layoutOf, parseMap, schemaOf } from '../../src/identity/file/map.ts';
import { readRecords, separatorOf } from '../../src/identity/file/read.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'payung-read-'));
});
afterAll(() => rm(folder, { recursive: true }));

const map = parseMap(JSON.stringify({ id: 'no', attributes: { name: ['depan', 'belakang'], nik: 'nik' } }));

async function read(content: string | Buffer): Promise<LinkRecord[]> {
  const path = join(folder, 'f.csv');
  await writeFile(path, content);
  const records: LinkRecord[] = [];
  await readRecords(path, map, new Map(), (record) => records.push(record), () => undefined);
  return records;
}

describe('a file', () => {
  const text = 'no,depan,belakang,nik\n1,Ren\u00e9e,"Sari, S.E.",3507105203909001\n2,,Dewi,\n';

  it.each<[string, string | Buffer]>([
    ['UTF-8', text], ['UTF-8 with a mark', `\uFEFF${text}`], ['Latin-1', Buffer.from(text, 'latin1')], ['UTF-16', Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['CRLF', text.replaceAll('\n', '\r\n')], ['old Mac line ends', text.replaceAll('\n', '\r')], ['blank lines', `\n${text}\n\n`],
  ])('in %s gives its values as written', async (_, content) => {
    expect(await read(content)).toEqual([
      { id: '1', source: 'f.csv', values: { name: ['Ren\u00e9e', 'Sari, S.E.'], nik: ['3507105203909001'] } },
      { id: '2', source: 'f.csv', values: { name: ['Dewi'] } },
    ]);
  });

  it('has the separator that its header uses', () => {
    expect(['a,b;c', 'a;b;c', 'a\tb', 'a|b|c,d', 'a'].map(separatorOf)).toEqual([',', ';', '\t', '|', ',']);
  });
});

describe('a map', () => {
  it('gives attributes of the linker their meaning, and keeps links between those that are there', () => {
    expect(schemaOf(parseMap('{"id": "no", "attributes": {"nik": "nik", "dateOfBirth": "lahir", "name": "nama"}}'))).toEqual([
      { name: 'nik', kind: 'identifier', form: 'nik' }, { name: 'name', kind: 'name' }, { name: 'dateOfBirth', kind: 'date', encodedIn: 'nik' },
    ]);
    expect(schemaOf(parseMap('{"id": "no", "attributes": {"dateOfBirth": "lahir", "desa": {"column": "desa", "kind": "text"}}}'))).toEqual([
      { name: 'dateOfBirth', kind: 'date' }, { name: 'desa', kind: 'text' },
    ]);
  });

  it('lets a file differ', () => {
    const special = parseMap('{"id": "no", "attributes": {"nik": "nik", "phone": "hp"}, "files": {"b.csv": {"id": "nomor", "attributes": {"nik": "ktp", "phone": null}}}}');
    expect(layoutOf(special, 'a.csv', ['no', 'nik', 'hp'])).toEqual({ id: 0, attributes: [{ name: 'nik', columns: [1] }, { name: 'phone', columns: [2] }] });
    expect(layoutOf(special, 'b.csv', ['ktp', 'nomor'])).toEqual({ id: 1, attributes: [{ name: 'nik', columns: [0] }] });
  });
});
