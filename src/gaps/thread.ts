import { parentPort, workerData } from 'node:worker_threads';
import { openDatabase } from '../store/database.ts';
import { type AssessingOptions, passOn } from './pass.ts';

/** What a thread that assesses is given. */
export interface ThreadData extends Omit<AssessingOptions, 'database' | 'now'> {
  readonly url: string;
}

const { url, ...options } = workerData as ThreadData;
const tell = parentPort?.postMessage.bind(parentPort);
const database = await openDatabase({ url, connections: 1 });
try {
  for (let step = await passOn({ ...options, database }); step; step = await passOn({ ...options, database })) tell?.(step);
} finally {
  await database.close();
}
