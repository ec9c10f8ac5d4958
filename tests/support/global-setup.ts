import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbedded } from '../../src/store/embedded.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the server on which tests make their databases. */
    databaseUrl: string;
  }
}

/** One PostgreSQL server for the whole run: the one that DATABASE_URL names, else an embedded one that lives as long as the run. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env['DATABASE_URL'];
  if (given) {
    project.provide('databaseUrl', given);
    return undefined;
  }
  const folder = await mkdtemp(join(tmpdir(), 'payung-tests-'));
  // As root, the server runs as another user, which must be able to pass; else the database would go to the shared place and stay there.
  await chmod(folder, 0o711);
  const server = await startEmbedded({ dataDir: join(folder, 'data') });
  project.provide('databaseUrl', server.url);
  return async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
