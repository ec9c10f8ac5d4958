import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type Database, openDatabase } from '../store/database.ts';
import { type AssessingOptions, prepareShards, reassessAll, type Step } from './pass.ts';
import type { ThreadData } from './thread.ts';

export interface AssessAllOptions extends Omit<AssessingOptions, 'database' | 'now'> {
  /** Address of the database; each thread has a connection of its own. */
  readonly url: string;
  /** Default: one for each core. */
  readonly threads?: number;
  /** Told after each step. */
  readonly onStep?: (step: Step) => void;
}

/** Assesses everybody by the index, on all cores, whether or not a hub runs. Whoever dies meanwhile leaves what is done; the next run, or the hub, goes on. */
export async function assessAll({ url, threads = availableParallelism(), onStep, ...rest }: AssessAllOptions): Promise<void> {
  const database: Database = await openDatabase({ url, connections: 2 });
  try {
    await prepareShards(database);
    await reassessAll(database);
  } finally {
    await database.close();
  }
  const data: ThreadData = { ...rest, agencies: rest.agencies.map(({ name, holds }) => ({ name, holds })), url };
  await Promise.all(
    Array.from({ length: threads }, async () => {
      const thread = new Worker(new URL('./thread.ts', import.meta.url), { workerData: data });
      if (onStep) thread.on('message', onStep);
      const [code] = (await once(thread, 'exit')) as [number];
      if (code !== 0) throw new Error('a thread that assesses has failed');
    }),
  );
}
