import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const src = fileURLToPath(new URL('../src', import.meta.url));

/** Which folders of src each folder may import from (design.md 3). Files at the top of src put the parts together and may import all. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  areas: ['domain'],
  store: ['domain'],
  agencies: ['domain', 'areas'],
  events: ['domain', 'store'],
  identity: ['domain', 'agencies', 'store', 'events'],
  tracing: ['domain', 'agencies', 'store'],
  access: ['domain', 'agencies', 'store', 'events'],
  protection: ['domain'],
  records: ['domain', 'agencies', 'store', 'identity'],
  index: ['domain', 'agencies', 'store', 'identity', 'access', 'protection'],
  webhooks: ['domain', 'store', 'events'],
  referrals: ['domain', 'store', 'events', 'access'],
  gaps: ['domain', 'agencies', 'store', 'events', 'protection'],
  sync: ['domain', 'agencies', 'store', 'events', 'identity', 'index'],
  graph: ['domain', 'areas', 'agencies', 'store', 'events', 'webhooks', 'identity', 'access', 'protection', 'records', 'index', 'referrals', 'tracing'],
  server: ['domain', 'agencies', 'access', 'graph', 'tracing'],
};

/** Folders of `agencies` that are not an agency of their own. */
const sharedByAgencies = new Set(['transport', 'mocking', 'world']);

interface Import {
  /** Paths relative to src. */
  readonly from: string;
  readonly to: string;
}

function importsOf(folder: string): Import[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return files.flatMap((file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    return [...text.matchAll(/(?:\bfrom\s+|\bimport\s*\(\s*|\bimport\s+)'(\.[^']+)'/g)].map((match) => ({ from: file, to: relative(folder, resolve(folder, dirname(file), match[1]!)) }));
  });
}

/** Why an import is against the design; null when it is not. */
function offence({ from, to }: Import): string | null {
  const [fromTop, fromAgency] = from.split('/') as [string, string];
  const [toTop, toAgency] = to.split('/') as [string, string];
  if (to.startsWith('..')) return 'leaves src';
  if (!from.includes('/')) return null;
  if (!to.includes('/')) return 'imports a file at the top of src';
  if (toTop !== fromTop && !mayImport[fromTop]?.includes(toTop)) return `${fromTop} may not import ${toTop}`;
  if (toTop === 'agencies' && toAgency && !toAgency.endsWith('.ts') && !sharedByAgencies.has(toAgency)) {
    const inside = fromTop === 'agencies' && fromAgency === toAgency;
    const registers = from === 'agencies/index.ts' && to === `agencies/${toAgency}/index.ts`;
    if (!inside && !registers) return 'reaches into an agency';
  }
  return null;
}

describe('import arrows', () => {
  it('point one way, and nothing outside an agency knows its wire', () => {
    const imports = importsOf(src);
    expect(imports.length).toBeGreaterThan(100);
    expect(imports.map((i) => [i, offence(i)] as const).filter(([, why]) => why !== null).map(([i, why]) => `${i.from} -> ${i.to}: ${why}`)).toEqual([]);
  });

  it('know every folder of src', () => {
    const folders = readdirSync(src, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name);
    expect(folders.filter((folder) => !(folder in mayImport))).toEqual([]);
  });

  it.each([
    [{ from: 'domain/record.ts', to: 'store/tables.ts' }, 'domain may not import store'],
    [{ from: 'agencies/bp2mi/client.ts', to: 'graph/schema.ts' }, 'agencies may not import graph'],
    [{ from: 'graph/worker/worker.ts', to: 'agencies/bp2mi/contract.ts' }, 'reaches into an agency'],
    [{ from: 'agencies/perwakilan/map.ts', to: 'agencies/bp2mi/contract.ts' }, 'reaches into an agency'],
    [{ from: 'records/reader.ts', to: 'config.ts' }, 'imports a file at the top of src'],
    [{ from: 'agencies/index.ts', to: 'agencies/bp2mi/index.ts' }, null],
    [{ from: 'agencies/bp2mi/client.ts', to: 'agencies/attach.ts' }, null],
  ])('tells %o: %s', (given, why) => {
    expect(offence(given)).toBe(why);
  });

  it('have no cycle between folders', () => {
    const edges = new Map<string, Set<string>>();
    for (const { from, to } of importsOf(src)) {
      const [a, b] = [from.split('/')[0]!, to.split('/')[0]!];
      if (from.includes('/') && to.includes('/') && a !== b) edges.set(a, (edges.get(a) ?? new Set()).add(b));
    }
    const reaches = (a: string, seen = new Set<string>()): Set<string> => {
      for (const b of edges.get(a) ?? []) if (!seen.has(b)) reaches(b, seen.add(b));
      return seen;
    };
    expect([...edges.keys()].filter((folder) => reaches(folder).has(folder))).toEqual([]);
  });
});
