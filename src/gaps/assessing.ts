import { setTimeout as pause } from 'node:timers/promises';
import { analyzeGrown } from '../store/planner.ts';
import { type AssessingOptions, passOn, prepareShards } from './pass.ts';

export interface AssessingLoopOptions extends AssessingOptions {
  /** How often it is looked whether a day has begun or a feed was read to its end, milliseconds. Default 5000. */
  readonly lookMs?: number;
  /** Told when a step failed; it is tried again. */
  readonly onFault: (error: unknown) => void;
}

/** Assesses everybody whenever that is due; who has changed meanwhile is followed up elsewhere. */
export interface Assessing {
  /** Assesses whoever is due; joins a run that is under way. */
  run(): Promise<void>;
  /** Runs whenever something is due, until closed. */
  start(): void;
  /** Stops after the step under way. */
  close(): Promise<void>;
}

export async function createAssessing(options: AssessingLoopOptions): Promise<Assessing> {
  const { database, lookMs = 5_000, onFault } = options;
  await prepareShards(database);
  const stop = new AbortController();
  let running: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;

  async function work(): Promise<void> {
    for (let steps = 0; !stop.signal.aborted; ) {
      const began = performance.now();
      if (await passOn(options)) steps += 1;
      else if (steps === 0) return;
      else {
        // What has become due meanwhile is assessed too.
        await analyzeGrown(database);
        steps = 0;
      }
      // Requests have the other half of the processor.
      await pause(Math.min(200, performance.now() - began), undefined, { signal: stop.signal }).catch(() => {});
    }
  }
  const run = (): Promise<void> => (running ??= work().finally(() => (running = null)));

  return {
    run,
    start() {
      const look = () => void run().catch(onFault);
      timer = setInterval(look, lookMs);
      timer.unref();
      look();
    },
    async close() {
      stop.abort();
      if (timer) clearInterval(timer);
      await running?.catch(() => {});
    },
  };
}
