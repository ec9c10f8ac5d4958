// Twenty kills of a hub under load: every answer that left must have its row in the audit log. `npm run bench -- kill`
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '../../src/store/embedded.ts';
import { killUnderLoad } from '../access/kill.ts';
import { startProcess } from './measure.ts';

export async function kill(quick: boolean): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'payung-bench-'));
  await using parts = new AsyncDisposableStack();
  parts.defer(() => rm(dataDir, { recursive: true, force: true }));
  const database = parts.adopt(await startEmbedded({ dataDir }), (server) => server.stop());
  const { child, ready } = await startProcess<{ urls: Record<string, string>; niks: string[] }>('replay.ts', 1, {});
  parts.defer(() => void child.kill('SIGKILL'));
  const rounds = quick ? 3 : 20;
  const { answered, missing, verification } = await killUnderLoad({ databaseUrl: database.url, agencyUrls: ready.urls, niks: ready.niks.slice(0, 3), rounds, answers: 60 });
  return `${rounds} kills, ${answered} answers, ${missing.length} without a row; the chain of ${verification.rows} rows ${verification.bad ? `breaks at ${verification.bad.seq}` : 'holds'}.\n`;
}
