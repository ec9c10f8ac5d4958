import { chmod, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Keys } from './access/keys.ts';
import type { Scope } from './access/scopes.ts';

/** The callers that the default mode makes keys for. */
export const demoCallers = {
  admin: ['identity:read', 'placement:read', 'insurance:read', 'health:read', 'case:read'],
  desk: ['identity:read', 'placement:read', 'insurance:read', 'health:read', 'case:read'],
  analyst: [],
  steward: ['identity:read'],
  partner: ['placement:read', 'insurance:read'],
} as const satisfies Record<string, readonly Scope[]>;
export type DemoCaller = keyof typeof demoCallers;

const year = 365 * 86_400_000;

/** The demo keys: those of the last start where the database still knows them, else new ones. Kept in `demo-keys.json` of the data folder. */
export async function demoKeys(keys: Keys, dataDir: string, now: Date): Promise<Record<DemoCaller, string>> {
  const file = join(dataDir, 'demo-keys.json');
  const kept = await readKept(file);
  const entries: [string, string][] = [];
  for (const [name, scopes] of Object.entries(demoCallers)) {
    const old = kept[name];
    const caller = typeof old === 'string' ? await keys.identify(old) : null;
    // A key of an older version may lack scopes that its caller has now.
    const fits = caller !== null && caller.scopes.size === scopes.length && scopes.every((scope) => caller.scopes.has(scope));
    entries.push([name, fits ? (old as string) : await keys.create({ name, scopes, environment: 'test', expiresAt: new Date(now.getTime() + year) })]);
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
