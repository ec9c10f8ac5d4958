import { chmod, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bounds, unbounded } from './access/bounds.ts';
import type { Keys } from './access/keys.ts';
import { grantWithin, type Scope } from './access/scopes.ts';

interface DemoGrant {
  readonly scopes: readonly Scope[];
  readonly bounds: Bounds;
}

const reads = ['identity:read', 'contact:read', 'placement:read', 'insurance:read', 'health:read', 'case:read', 'case:sensitive'] as const;

/** The callers that the default mode makes keys for. The desk hands cases over for the missions, and admin can take them for any agency. The partner is the placement company of the synthetic world's stories. */
export const demoCallers = {
  admin: { scopes: [...reads, 'workers:list', 'statistics:read', 'statistics:exact', 'events:read', 'referral:send', 'referral:handle', 'schema:read', 'keys:manage', 'audit:read', 'restriction:manage'], bounds: unbounded },
  desk: { scopes: [...reads, 'workers:list', 'events:read', 'referral:send'], bounds: { agencies: ['PERWAKILAN'] } },
  analyst: { scopes: ['statistics:read', 'case:sensitive'], bounds: unbounded },
  steward: { scopes: ['identity:read', 'contact:read', 'links:review'], bounds: unbounded },
  partner: { scopes: ['placement:read', 'insurance:read', 'workers:list', 'events:read'], bounds: { p3mis: ['P3MI-017'] } },
} as const satisfies Record<string, DemoGrant>;
export type DemoCaller = keyof typeof demoCallers;

const year = 365 * 86_400_000;

/** The demo keys: those of the last start where the database still knows them, else new ones. Kept in `demo-keys.json` of the data folder. */
export async function demoKeys(keys: Keys, dataDir: string, now: Date): Promise<Record<DemoCaller, string>> {
  const file = join(dataDir, 'demo-keys.json');
  const kept = await readKept(file);
  const entries: [string, string][] = [];
  for (const [name, { scopes, bounds }] of Object.entries(demoCallers)) {
    const old = kept[name];
    const caller = typeof old === 'string' ? await keys.identify(old) : null;
    // A key of an older version may be allowed less, or more, than its caller is now.
    const grant = { scopes: new Set<Scope>(scopes), bounds, purposes: null };
    const fits = caller !== null && grantWithin(caller, grant) && grantWithin(grant, caller);
    entries.push([name, fits ? (old as string) : (await keys.create({ name, scopes, bounds, environment: 'test', expiresAt: new Date(now.getTime() + year) })).key]);
  }
  const made = Object.fromEntries(entries) as Record<DemoCaller, string>;
  if (entries.some(([name, key]) => kept[name] !== key)) {
    // Written beside and renamed, so that a reader never finds half a file.
    await writeFile(`${file}.new`, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 });
    await chmod(`${file}.new`, 0o600);
    await rename(`${file}.new`, file);
  }
  return made;
}

async function readKept(file: string): Promise<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(await readFile(file, 'utf8'));
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
