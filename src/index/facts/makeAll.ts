import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import type { Manifest } from './files.ts';
import type { Delivered, Order } from './making.ts';
import { type Made, writeAll, type WriteOptions } from './write.ts';

export interface MakeOptions extends WriteOptions {
  readonly databaseUrl: string;
  /** From how many workers on a process of its own makes them. Default 20,000: fewer take less time than to start one. */
  readonly processFrom?: number;
}

/** Makes all facts anew, of many workers in a process of its own, which is ended when `signal` says so. */
export async function makeAll(options: MakeOptions, before: Manifest | null, signal: AbortSignal): Promise<Made> {
  const { databaseUrl, processFrom = 20_000, database, ...write } = options;
  const [row] = await database.run((q) => q.execute<{ last: number }>(sql`select coalesce(max(serial), 0)::int last from worker`));
  return row!.last < processFrom ? writeAll({ ...write, database }, before) : ordered({ ...write, databaseUrl, before }, signal);
}

async function ordered(order: Order, signal: AbortSignal): Promise<Made> {
  const child = fork(fileURLToPath(new URL('making.ts', import.meta.url)), { serialization: 'advanced', execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'], signal, killSignal: 'SIGKILL' });
  // Where there is no process, nothing else will be told.
  if (child.pid === undefined) throw (await once(child, 'error'))[0];
  const told: { delivered: Delivered } = { delivered: { fault: 'the process that makes them has ended' } };
  child.once('message', (delivered: Delivered) => (told.delivered = delivered));
  child.once('error', (error) => (told.delivered = { fault: error.message }));
  // Where it cannot be sent the process is gone, which is told by its end.
  child.send(order, () => {});
  // Nobody else may work on the files before it is gone; what it has told is read before it is disconnected.
  await Promise.all(['disconnect', 'exit'].map((event) => new Promise((done) => child.once(event, done))));
  if ('made' in told.delivered) return told.delivered.made;
  throw new Error(`Facts could not be made: ${told.delivered.fault}`);
}
